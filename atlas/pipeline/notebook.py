"""One map by itself: it shows itself in a notebook, and can be saved as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from atlas.admission.layer_input import IN_MEMORY
from atlas.errors import OutputError, UsageError
from atlas.files import write_atomically
from atlas.project import Project

HEIGHT_PX = 640


@dataclass(frozen=True, slots=True, repr=False)
class MapView:
    """A finished page.

    Attributes
    ----------
    title
        The page's key, or the name of the user's own file.
    html
        The page as it would stand in a file.
    notes
        What was done to a user's own file to draw it.
    """

    title: str
    html: bytes
    notes: Sequence[str] = ()

    def __repr__(self) -> str:
        """Name and size: the page itself is long."""
        return f"<MapView {self.title}, {len(self.html) / 1000:,.0f} kB; .save(FILE) writes it>"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which can reach nothing outside it but save files."""
        page = escape(self.html.decode(), quote=True)
        name = escape(self.title, quote=True)
        return (
            f'<iframe title="{name}" srcdoc="{page}" sandbox="allow-scripts allow-popups allow-downloads" '
            f'width="100%" height="{HEIGHT_PX}" frameborder="0"></iframe>'
        )

    def save(self, path: Path | str, *, private: bool = False) -> Path:
        """Write the page; a private one can be read by its owner alone.

        Parameters
        ----------
        path
            The file to write, ending in .html.
        private
            Whether its owner alone may read it.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        target = Path(path).expanduser()
        if target.is_dir():
            msg = f"{str(path)!r} is a folder; name a file in it, such as {target / 'map.html'}"
            raise OutputError(msg)
        write_atomically(target, self.html, private=private)
        return target


def make_map(  # noqa: PLR0913 - as `Atlas.map`
    project: Project,
    page: str | None = None,
    *,
    layer: object | None = None,
    fields: Sequence[str] | None = None,
    tiles: str | None = None,
    sensitivity_field: str | None = None,
) -> MapView:
    """A page of the atlas, or a user's own layer in its style; see ``Atlas.map``.

    Raises
    ------
    UsageError
        Neither or both are named, or what is named does not exist.
    InputError
        The layer cannot be used.
    PolicyError
        A feature of it is neither open nor shown to be released.
    """
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as below
    from atlas.render import render_layer, render_page  # noqa: PLC0415 - folium is loaded only when a page is made

    if (page is None) == (layer is None):
        msg = "name a page, such as 'border', or a layer, a GeoJSON file of your own; one of the two"
        raise UsageError(msg)
    if page is not None:
        if fields is not None:
            msg = f"fields are chosen for a file of your own; the page {page!r} has its own"
            raise UsageError(msg)
        if sensitivity_field is not None:
            msg = f"a field of sensitivity is named for a file of your own; the page {page!r} has its own"
            raise UsageError(msg)
        return MapView(page, render_page(open_published_atlas(project), page, tiles=tiles))
    source = Path(layer).expanduser() if isinstance(layer, str | Path) else layer
    html, notes = render_layer(
        source, release=open_published_atlas(project), fields=fields, tiles=tiles, sensitivity_field=sensitivity_field
    )
    return MapView(source.name if isinstance(source, Path) else IN_MEMORY, html, notes)
