"""The courier's page by itself, for phones that carry what other phones sealed."""

from __future__ import annotations

from atlas.admission.published_atlas import PublishedAtlas
from atlas.garbage import without_collector
from atlas.render.build_context import BuildContext
from atlas.render.pages.courier import render


def render_courier_page(release: PublishedAtlas) -> bytes:
    """The page of a phone that carries the sealed notes of others.

    Parameters
    ----------
    release
        The atlas, for its name and languages; none of its layers is in the page.

    Returns
    -------
    bytes
        The page as a file.
    """
    with without_collector():
        return render(BuildContext(release)).encode()
