"""One page by itself, to write anywhere: a page of the atlas, or a user's own file in its style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.admission.published_atlas import PublishedAtlas
from atlas.cartography.composition import Composition, MapLayer
from atlas.cartography.world_grid import LEAST_POINTS
from atlas.errors import UsageError
from atlas.garbage import without_collector
from atlas.render.build_context import BuildContext
from atlas.render.cloud_blocks import heavy_fields
from atlas.render.contract import Publishable
from atlas.render.page_texts import FOLDER, read_catalogue
from atlas.render.pages import PAGES, user_layer
from atlas.render.tiles import Tiles, find_tiles
from atlas.render.user_layer import UserLayerContext

if TYPE_CHECKING:
    from atlas.cartography.point_cloud import Share

# what a telephone still opens at once
HEAVY_BYTES = 10_000_000


def render_page(release: Publishable, key: str, *, tiles: str | None = None) -> bytes:
    """One page of the atlas, the same as a build makes it, or with online tiles under it.

    Parameters
    ----------
    release
        The layers that may be published.
    key
        Name of the page, such as ``border``.
    tiles
        Name of a tile provider in xyzservices; none, as in all pages that the atlas builds, if not given.

    Returns
    -------
    bytes
        The page as a file.

    Raises
    ------
    UsageError
        There is no such page or provider, or the page has no map to put tiles under.
    """
    pages = {page.key: page for page in PAGES}
    page = pages.get(key.removesuffix(".html"))
    if page is None:
        near = get_close_matches(key, pages, n=3, cutoff=0.5)
        msg = (
            f"there is no page {key!r}; "
            + (f"did you mean {near[0]!r}? " if near else "")
            + f"Pages: {', '.join(pages)}"
        )
        raise UsageError(msg)
    edition = BuildContext(release, _tiles(tiles))
    with without_collector():
        text = page.render(edition)
    if edition.tiles and 'id="atlas-tiles"' not in text:
        msg = f"the page {key!r} has no map to put tiles under; leave the tiles out"
        raise UsageError(msg)
    return text.encode()


def render_layer(
    source: object,
    *,
    release: PublishedAtlas,
    fields: Sequence[str] | None = None,
    tiles: str | None = None,
    sensitivity_field: str | None = None,
) -> tuple[bytes, Sequence[str]]:
    """A page of a user's own GeoJSON file over the atlas' base map, and what was done to the file, in English.

    Parameters
    ----------
    source
        A file, a GeoDataFrame or a dictionary of GeoJSON: degrees, or any coordinate system that it names.
    release
        The atlas' layers, for the ground under it.
    fields
        Properties that may reach the page; if not given, one that sounds like a name, and no other.
    tiles
        As in ``render_page``.
    sensitivity_field
        As in `open_user_layer`.

    Returns
    -------
    bytes
        The page as a file.
    Sequence of str
        What was done to the layer to draw it.

    Raises
    ------
    InputError
        The file cannot be used; the message says where and what to do.
    UsageError
        It has no such field, or there is no such tile provider.
    PolicyError
        A feature is neither open nor shown to be released.
    """
    popup = None if fields is None else tuple(fields)
    layer = MapLayer(source, popup=popup, sensitivity_field=sensitivity_field)
    return render_composition(Composition((layer,)), release=release, tiles=tiles)


def render_composition(
    composition: Composition, *, release: PublishedAtlas, tiles: str | None = None, share: Share | None = None
) -> tuple[bytes, Sequence[str]]:
    """A page of a user's own map over the atlas' base map, and what a reader has to know of it, in English.

    Parameters
    ----------
    composition
        The map.
    release
        The atlas' layers, for the ground under it.
    tiles
        As in ``render_page``.
    share
        Called with how much of many points has been read, from 0 to 1.

    Returns
    -------
    bytes
        The page as a file.
    Sequence of str
        What was done to the layers to draw them, and what the map cannot show.

    Raises
    ------
    InputError, UsageError, PolicyError
        As `atlas.cartography.assembly.assemble`; also where there is no such tile provider.
    """
    with without_collector():
        edition = user_layer.edition_of(composition, release=release, tiles=_tiles(tiles), share=share)
        text = user_layer.render(edition)
    page = text.encode()
    return page, [*_notes(edition), *_weight(page, edition)]


def render_folder(
    composition: Composition,
    *,
    release: PublishedAtlas,
    work: Path,
    tiles: str | None = None,
    share: Share | None = None,
) -> tuple[bytes, Sequence[str], Path]:
    """A page of a user's own map that reads many points out of an archive beside it.

    Parameters
    ----------
    composition, release
        As in ``render_composition``.
    work
        A folder on the disk of the page, which the caller removes in the end.
    tiles, share
        As in ``render_composition``.

    Returns
    -------
    bytes
        The page as a file.
    Sequence of str
        As in ``render_composition``.
    Path
        The archive, in ``work``; it belongs beside the page under the same name.

    Raises
    ------
    InputError, UsageError, PolicyError
        As ``render_composition``; also where no layer has so many points.
    """
    with without_collector():
        edition = user_layer.edition_of(composition, release=release, tiles=_tiles(tiles), share=share, folder=work)
        archives = [one.archived for one in edition.release.composed.values() if one.archived is not None]
        if not archives:
            msg = f"no layer of the map has {LEAST_POINTS:,} points; name a file for its page, as in -o map.html"
            raise UsageError(msg)
        text = user_layer.render(edition)
    return text.encode(), _notes(edition), archives[0].staged


def _notes(edition: UserLayerContext) -> list[str]:
    notes: list[str] = []
    for layer in edition.release.composed.values():
        drawn = layer.drawn
        notes += [*drawn.file.remarks, *_in_words(drawn.file.notes), *(note["en"] for note in drawn.notes)]
    return notes


def _weight(page: bytes, edition: UserLayerContext) -> Sequence[str]:
    """A note on a page that is slow to send, with the fields that weigh most."""
    heavy = [pair for layer in edition.release.composed.values() for pair in heavy_fields(layer.cloud)]
    if len(page) <= HEAVY_BYTES or not heavy:
        return []
    fields = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in heavy[:4])
    return [f"The page has {len(page) / 1e6:.1f} MB; leave out what no reader needs, by --popup: {fields}."]


def _tiles(name: str | None) -> Tiles | None:
    return None if name is None else find_tiles(name)


def _in_words(notes: Mapping[str, int | str]) -> Sequence[str]:
    words = read_catalogue(FOLDER / "en" / "own.json")
    return [words[f"own.note.{key}"].replace("{value}", str(value)) for key, value in notes.items()]
