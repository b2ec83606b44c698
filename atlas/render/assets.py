"""Scripts and styles as they go into a page: own styles from ``static/``, scripts bundled, Leaflet from ``vendor/``.

Both folders below ``static/`` are made when the package is built: the modules of ``web/src/`` become one bundle a page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from atlas.errors import InputError
from atlas.files import read_text

STATIC = Path(__file__).parent / "static"
VENDOR = "vendor/"
BUNDLES = "bundles/"
LEAFLET = f"{VENDOR}leaflet.js"
# Leaflet's own wrapping: an engine compiles a function in brackets at once, and reads any other twice
_CALLED, _CALL_END = "(this,function(t){", "});"
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S+\s*$")


def _without_pictures(style: str) -> str:
    """A style sheet without the lines that name a picture; Leaflet's are never shown, and lie beside no page."""
    lines = style.splitlines(keepends=True)
    return "".join(line for line in lines if ")" not in line.partition("url(")[2])


@cache
def asset(name: str) -> str:
    """The text of a file in ``static/``, ready to stand inside ``<script>`` or ``<style>``.

    Raises
    ------
    InputError
        The file is missing, which for a library or a bundle means that the package was not built.
    """
    vendored = name.startswith(VENDOR)
    text = read_text(STATIC / name, remedy=_remedy(name))
    if vendored:
        text = _without_pictures(text) if name.endswith(".css") else _with_licence(_compiled_at_once(text))
    if "</script" in text.lower() or "</style" in text.lower():
        msg = f"{STATIC / name} has a closing tag inside and cannot stand in a page; split the string"
        raise InputError(msg)
    # an HTML parser turns CRLF into LF, and the policy's hash is of what the parser sees
    return text.replace("\r\n", "\n")


def bundle(page: str) -> str:
    """The name of the script that the modules of a page are bundled into."""
    return f"{BUNDLES}{page}.js"


def _remedy(name: str) -> str:
    if name.startswith(VENDOR):
        return "run `pip install .` again: it fetches the browser libraries"
    if name.startswith(BUNDLES):
        return "run `pip install .` again, or in a clone `make atlas`: they bundle the browser code"
    return "install the atlas again"


def _compiled_at_once(code: str) -> str:
    code = _SOURCE_MAP.sub("\n", code).rstrip() + "\n"
    before, called, body = code.partition(_CALLED)
    if not called or not body.endswith(f"{_CALL_END}\n"):
        return code
    return f"{before}(this,(function(t){{{body.removesuffix(f'{_CALL_END}{chr(10)}')}}}));\n"


def _with_licence(code: str) -> str:
    licence = read_text(STATIC / VENDOR / "LICENSE.leaflet", remedy="run `pip install .` again")
    return f"/*! Leaflet is distributed under this licence:\n{licence.strip()}\n*/\n{code}"
