"""The desk's page by itself, for the server of `atlas field desk`."""

from __future__ import annotations

from atlas.admission.published_atlas import PublishedAtlas
from atlas.garbage import without_collector
from atlas.render.build_context import BuildContext
from atlas.render.pages.desk import map_page


def render_desk_page(release: PublishedAtlas) -> bytes:
    """The page that a store is reviewed on.

    Parameters
    ----------
    release
        The atlas' layers, for the ground under the records.

    Returns
    -------
    bytes
        The page as a file.
    """
    with without_collector():
        return map_page().render(BuildContext(release)).encode()
