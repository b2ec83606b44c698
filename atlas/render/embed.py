"""Putting data, styles and scripts into one HTML file so that nothing in them can break out."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

# inside <script> only these can end the block or, in old parsers, the line
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

# all that an installed page needs beyond a single file; no program can be fetched by any of them
_OF_A_SITE = {"worker-src": ["'self'"], "manifest-src": ["'self'"], "media-src": ["blob:"]}


def json_block(value: Any) -> Markup:  # noqa: ANN401 - whatever JSON can say
    """JSON that may stand inside a ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=dict)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - escaped above


def csp_hash(code: str) -> str:
    """The hash by which a Content-Security-Policy allows one inline script or style."""
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def content_security_policy(
    *, scripts: Sequence[str], styles: Sequence[str], hosts: Sequence[str] = (), site: bool = False
) -> str:
    """A policy that allows exactly these inline scripts and styles, pictures inside the file or of these hosts.

    A page that is installed from a site (``site``) has its worker, its manifest and its icons beside it.
    """
    directives = {
        "default-src": ["'none'"],
        "script-src": [csp_hash(code) for code in scripts] or ["'none'"],
        "style-src": [csp_hash(code) for code in styles] or ["'none'"],
        "img-src": [*(["'self'"] if site else []), "data:", *(f"https://{host}" for host in hosts)],
        **(_OF_A_SITE if site else {}),
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())
