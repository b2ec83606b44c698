"""The page of field notes as a folder for any https address: once visited, it works without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

from markupsafe import Markup

from atlas._version import __version__
from atlas.admission.published_atlas import PublishedAtlas
from atlas.errors import InputError
from atlas.files import sha256_hex
from atlas.render.assets import asset, bundle
from atlas.render.courier_page import render_courier_page
from atlas.render.embed import json_block
from atlas.render.field_page import field_page_text
from atlas.render.page_texts import FOLDER, LANGUAGES, read_catalogue
from atlas.render.pages.annotate import KEY, VERSION_TO_COME
from atlas.render.site_icons import LAND, SEA, icons
from atlas.render.templates import template

PAGE, COURIER = "index.html", "courier.html"
MANIFEST = "manifest.webmanifest"
# written last: whoever comes by meanwhile gets the old files or the new, never some of each
WORKER = "worker.js"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
}


def render_field_site(
    release: PublishedAtlas,
    *,
    layers: Sequence[object] = (),
    form: Path | None = None,
    sensitivity_field: str | None = None,
) -> dict[str, bytes]:
    """The files of a site that phones and computers install the page of field notes from.

    Parameters
    ----------
    release, layers, form, sensitivity_field
        As in `render_field_page`.

    Returns
    -------
    dict of str to bytes
        Page, manifest, icons and worker by name. The worker has the hash of every other file, and takes no file that
        came over the network as another; the same files give the same bytes.

    Raises
    ------
    InputError
        A file cannot be used; the message says where and what to do.
    PolicyError
        A feature is neither open nor shown to be released.
    """
    text = field_page_text(release, layers=layers, form=form, sensitivity_field=sensitivity_field, site=True)
    if text.count(VERSION_TO_COME) != 1:
        msg = f"the text {VERSION_TO_COME!r} stands in a layer or in the form; change it there"
        raise InputError(msg)
    beside = {COURIER: render_courier_page(release), MANIFEST: _manifest(), **icons()}
    version = _version({PAGE: text.encode(), **beside})
    files = {PAGE: text.replace(VERSION_TO_COME, version).encode(), **beside}
    return {**files, WORKER: _worker(version, files, _policy(text))}


def _version(files: Mapping[str, bytes]) -> str:
    """The atlas' version, and what tells two folders of that version apart."""
    made_of = {**files, WORKER: asset(bundle("worker")).encode()}
    content = "\n".join(f"{name} {sha256_hex(data)}" for name, data in sorted(made_of.items()))
    return f"{__version__} · {sha256_hex(content.encode())[:10]}"


def _manifest() -> bytes:
    words = {language: read_catalogue(FOLDER / language / f"{KEY}.json") for language in LANGUAGES}

    def both(key: str) -> str:
        return " · ".join(texts[key] for texts in words.values())

    document = {
        "name": both("note.site.name"),
        "short_name": words["en"]["note.site.short"],
        "description": both("note.site.about"),
        "lang": "en",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": LAND,
        "theme_color": SEA,
        "icons": [_icon(name) for name in sorted(icons()) if name.startswith("icon")],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _icon(name: str) -> dict[str, str]:
    size = name.removesuffix(".png").rpartition("-")[2]
    return {
        "src": name,
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "maskable" if "maskable" in name else "any",
    }


def _worker(version: str, files: Mapping[str, bytes], policy: str) -> bytes:
    site = {
        "version": version,
        "policy": f"{policy}; frame-ancestors 'none'",
        "files": {name: _file(name, data) for name, data in files.items()},
    }
    script = Markup(asset(bundle("worker")))  # noqa: S704 - our own file
    return (template("worker.js.j2").render(site=json_block(site), script=script).rstrip() + "\n").encode()


def _file(name: str, data: bytes) -> dict[str, str]:
    """What the worker knows of a file; a page beside the first has a policy of its own."""
    known = {"sha256": sha256_hex(data), "type": _TYPES[Path(name).suffix]}
    if name != COURIER:
        return known
    return {**known, "policy": f"{_policy(data.decode())}; frame-ancestors 'none'"}


def _policy(text: str) -> str:
    head, _, rest = text.partition('http-equiv="Content-Security-Policy" content="')
    return unescape(rest.partition('"')[0]) if head else ""
