"""All pages from one release, and the manifest that says from what and into what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from atlas.admission.road_lines import Roads
from atlas.files import sha256_hex
from atlas.garbage import without_collector
from atlas.render.build_context import BuildContext
from atlas.render.contract import Publishable
from atlas.render.more_languages import MissingTextsError
from atlas.render.pages import pages_of
from atlas.work_steps import each_in_turn

MANIFEST = "manifest.json"
# of the manifest: a file of roads by name, with its sha256
ROADS = "roads"


def build_pages(
    release: Publishable, *, roads: Roads | None = None, on_page: Callable[[str], None] | None = None
) -> dict[str, bytes]:
    """Every page and the manifest, as bytes by file name.

    Parameters
    ----------
    release
        The layers that may be published.
    roads
        Roads of a user's own file, for the maps.
    on_page
        Called with a file name before that page is made.

    Returns
    -------
    dict of str to bytes
        The pages, by file name.

    Raises
    ------
    PolicyError
        A layer holds something that must not be drawn.
    InputError
        A browser library or a text is missing.
    """
    edition = BuildContext(release, roads=roads)
    edition.refuse_unfit_texts()
    pages: dict[str, bytes] = {}
    lacking: list[MissingTextsError] = []
    with without_collector():
        for page in each_in_turn(pages_of(release), on_page, lambda page: page.file):
            try:
                pages[page.file] = page.render(edition).encode()
            except MissingTextsError as error:
                # those of the other pages belong into the same list
                lacking.append(error)
    if lacking:
        raise MissingTextsError.of_all(lacking)
    return {**pages, MANIFEST: _manifest(release, pages, roads)}


def _manifest(release: Publishable, pages: Mapping[str, bytes], roads: Roads | None) -> bytes:
    outputs = {name: {"bytes": len(data), "sha256": sha256_hex(data)} for name, data in pages.items()}
    document = {"inputs": dict(sorted(release.hashes().items())), "outputs": dict(sorted(outputs.items()))}
    if roads:
        document[ROADS] = {roads.name: roads.sha256}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
