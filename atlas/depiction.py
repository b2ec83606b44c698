"""What an open project draws: pages, maps of one's own, and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.project import Project
from atlas.published import open_published_layers

if TYPE_CHECKING:
    import geopandas

    from atlas.pipeline.composed_map import ComposedMap
    from atlas.pipeline.notebook import MapView


class Depiction:
    """The words of a project that have to do with drawing; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    def map(
        self,
        page: str | None = None,
        *,
        layer: Path | str | Mapping[str, Any] | geopandas.GeoDataFrame | None = None,
        fields: Sequence[str] | None = None,
        tiles: str | None = None,
        sensitivity_field: str | None = None,
    ) -> MapView:
        """A page of the atlas, or a layer of your own over its base map, for a notebook or to save.

        Parameters
        ----------
        page
            Name of a page, such as ``border``.
        layer
            A GeoJSON file, a GeoDataFrame or a dictionary of GeoJSON, instead of a page.
        fields
            Its properties that may reach the page; if not given, one that sounds like a name, and no other.
        tiles
            Name of a tile provider in xyzservices, whose server will then see what a reader looks at.
        sensitivity_field
            The property that holds the class of sensitivity, where others sound like it; ``none`` where no property
            of the layer is such a class.

        Returns
        -------
        MapView
            The page. A notebook shows it in a frame; ``save(path)`` writes it.

        Raises
        ------
        UsageError
            Neither or both of page and layer are named, or something named does not exist.
        InputError
            The layer cannot be used.
        PolicyError
            A feature says something else than that it is open, and nothing shows that it was released.

        Examples
        --------
        >>> import atlas
        >>> point = {"type": "Point", "coordinates": [-92.26, 14.9]}
        >>> feature = {"type": "Feature", "geometry": point, "properties": {"name": "Plaza"}}
        >>> view = atlas.open().map(layer={"type": "FeatureCollection", "features": [feature]})
        >>> b"Plaza" in view.html
        True
        """
        from atlas.pipeline.notebook import make_map  # noqa: PLC0415 - loaded only where it is drawn

        return make_map(
            self.project, page, layer=layer, fields=fields, tiles=tiles, sensitivity_field=sensitivity_field
        )

    def compose(  # noqa: PLR0913 - each is a thing that a map may have
        self,
        *,
        file: Path | str | None = None,
        title: str | Mapping[str, str] | None = None,
        lead: str | Mapping[str, str] | None = None,
        credit: str | Mapping[str, str] | None = None,
        licence: str | Mapping[str, str] | None = None,
        sources: Sequence[str | Mapping[str, str]] = (),
        extent: Sequence[float] | None = None,
        tiles: str | None = None,
    ) -> ComposedMap:
        """Begin a map of your own; each text is one for both languages, or ``{"en": …, "es": …}``.

        Parameters
        ----------
        file
            A map file in TOML to begin from.
        title, lead, credit, licence
            What the map says of itself; without them the page says that they are missing.
        sources
            What it was made from.
        extent
            West, south, east, north in degrees; that of its layers if not given.
        tiles
            As in `map`.

        Returns
        -------
        ComposedMap
            The map: ``add`` layers, then show, ``save`` or draw it.

        Raises
        ------
        UsageError
            A text or an extent is impossible.
        InputError
            The map file cannot be used.

        Examples
        --------
        >>> import atlas
        >>> made = atlas.open().compose(title="People").add("municipalities", colour="population_2020")
        >>> "population_2020" in made.as_toml()
        True
        """
        from atlas.pipeline.composed_map import composed  # noqa: PLC0415 - loaded only where it is drawn

        return composed(
            self.project,
            file=file,
            title=title,
            lead=lead,
            credit=credit,
            licence=licence,
            sources=sources,
            extent=extent,
            tiles=tiles,
        )

    def figure(  # noqa: PLR0913 - what a figure can be asked for
        self,
        page: str,
        path: Path | str,
        *,
        width_mm: float = 170,
        dpi: int | None = None,
        lang: str = "en",
        titled: bool = True,
    ) -> Path:
        """Draw a page as a figure for a paper.

        Parameters
        ----------
        page
            Name of a page that has a figure, such as ``border``.
        path
            A file that ends in .png, .svg, .pdf or .tiff.
        width_mm
            Width on paper in millimetres; the height follows from the page.
        dpi
            Pixels an inch, of a .png (300 if not given) or a .tiff (600).
        lang
            Language of the words: ``en`` or ``es``.
        titled
            Whether title and lead stand above the figure.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        UsageError
            There is no figure of the page, or a size or language is not possible.
        OutputError
            The file cannot be written.
        """
        from atlas.figure import draw_figure  # noqa: PLC0415 - matplotlib is loaded only for figures

        release = open_published_layers(self.project)
        return draw_figure(release, page, Path(path), width_mm=width_mm, dpi=dpi, lang=lang, titled=titled)
