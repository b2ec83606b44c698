"""The library's one object, an open project with the words of the command line, and the types that it speaks in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from atlas.contents import Contents
from atlas.derivation import Derivation
from atlas.project import Project, SourceOverride, find_project
from atlas.published import open_published_layers
from atlas.releasing import Releasing

if TYPE_CHECKING:
    import geopandas

    from atlas.claims import Finding as ClaimFinding
    from atlas.disclosure import Report as AuditReport
    from atlas.evidence import Evidence
    from atlas.export import Exported
    from atlas.pipeline.build import Built
    from atlas.pipeline.composed_map import ComposedMap
    from atlas.pipeline.notebook import MapView
    from atlas.pipeline.publish_options import PublishOptions, Sealing
    from atlas.pipeline.refresh import Refreshed
    from atlas.pipeline.verify import Verified
    from atlas.release.box_project import MadeBoxes
    from atlas.release.release_files import Published
    from atlas.release.risk import Sheet as RiskSheet

__all__ = [
    "Atlas",
    "AuditReport",
    "Built",
    "ClaimFinding",
    "ComposedMap",
    "Evidence",
    "Exported",
    "MadeBoxes",
    "MapView",
    "Project",
    "PublishOptions",
    "Published",
    "Refreshed",
    "RiskSheet",
    "Sealing",
    "SourceOverride",
    "Verified",
]

Step = Callable[[str], None]

# the types that methods take and return: where each is, loaded when somebody asks for it
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "AuditReport": "atlas.disclosure.Report",
        "Built": "atlas.pipeline.build.Built",
        "ClaimFinding": "atlas.claims.Finding",
        "ComposedMap": "atlas.pipeline.composed_map.ComposedMap",
        "Evidence": "atlas.evidence.Evidence",
        "Exported": "atlas.export.Exported",
        "MadeBoxes": "atlas.release.box_project.MadeBoxes",
        "MapView": "atlas.pipeline.notebook.MapView",
        "PublishOptions": "atlas.pipeline.publish_options.PublishOptions",
        "Published": "atlas.release.release_files.Published",
        "Refreshed": "atlas.pipeline.refresh.Refreshed",
        "RiskSheet": "atlas.release.risk.Sheet",
        "Sealing": "atlas.pipeline.publish_options.Sealing",
        "Verified": "atlas.pipeline.verify.Verified",
    }
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a type
    if name not in _TYPES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module, _, kind = _TYPES[name].rpartition(".")
    return getattr(import_module(module), kind)


@dataclass(frozen=True, slots=True)
class Atlas(Contents, Derivation, Releasing):
    """An open project: its layers, sources and facts, and what can be done with them.

    Attributes
    ----------
    project
        Where the project's folders are, and its settings.

    Examples
    --------
    >>> import atlas
    >>> sorted(atlas.open().layers)[:2]
    ['basemap', 'border']
    """

    project: Project

    @classmethod
    def at(cls, folder: Path | str | None = None) -> Atlas:
        """Open a project, as ``atlas.open`` does.

        Parameters
        ----------
        folder
            A folder with ``geodata/``; without it, that of the working folder, or the embedded data.

        Returns
        -------
        Atlas
            The open project.

        Raises
        ------
        UsageError
            ``folder`` is not a project.
        InputError
            Its settings file cannot be used.
        """
        return cls(find_project(None if folder is None else Path(folder)))

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
        from atlas.pipeline.notebook import make_map  # noqa: PLC0415 - as above

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
        from atlas.pipeline.composed_map import composed  # noqa: PLC0415 - as above

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

    def export(  # noqa: PLR0913 - each is a choice of the one who exports
        self,
        folder: Path | str,
        *,
        layers: Sequence[str] = (),
        formats: Sequence[str] = ("gpkg",),
        crs: str | None = None,
        flat: bool = False,
        hxl: bool = False,
        on_step: Step | None = None,
    ) -> Exported:
        """Write layers as files for GIS programs into a folder: all of them, or none.

        Parameters
        ----------
        folder
            Where the files go; made if it is not there.
        layers
            Names of layers; if none are given, all.
        formats
            Any of geojson, geojsons, geojsonl, gpkg, fgb, shp, parquet, parquet2, topojson, csv, xlsx, kml, pmtiles,
            qgs, pygeoapi, postgis, or all.
        crs
            Code of a coordinate reference system, such as ``EPSG:6372``; if not given, degrees.
        flat
            A file for each kind of shape, with lists and dates as text, for libraries that know plain columns only.
        hxl
            A second row of HXL's hashtags in CSV.
        on_step
            Is called with the path of each file before any is written.

        Returns
        -------
        Exported
            The folder, the size of each file in bytes, which files changed, and what a reader should know.

        Raises
        ------
        UsageError
            A layer, format or coordinate reference system does not exist, or pyarrow is missing for Parquet.
        OutputError
            The folder cannot be written.
        PolicyError
            The audit found in a file what must not be published; nothing is written.
        """
        from atlas._version import __version__  # noqa: PLC0415 - as above
        from atlas.disclosure import audit_published, refuse_findings  # noqa: PLC0415 - as above
        from atlas.export import Layer, Material, export  # noqa: PLC0415 - as above
        from atlas.pipeline.export_audit import auditable  # noqa: PLC0415 - as above

        def inspect(files: Mapping[str, bytes]) -> None:
            refuse_findings(audit_published(self.project, auditable(files, columns)), what="the export")

        release = open_published_layers(self.project)
        # the same layer named twice is one layer
        names = tuple(dict.fromkeys(layers)) or release.names
        chosen = [Layer(release.record(name), release.features(name)) for name in names]
        columns = {one.name: ["id", *(field["name"] for field in one.fields)] for one in chosen}
        cff = self.project.geodata.parent / "CITATION.cff"
        citation = cff.read_bytes() if cff.is_file() else None
        material = Material(chosen, release.sources, release.inputs, __version__, citation)
        return export(
            material, Path(folder), formats=formats, crs=crs, flat=flat, hxl=hxl, on_step=on_step, inspect=inspect
        )

    def export_files(
        self,
        files: Sequence[Path | str],
        output: Path | str,
        *,
        formats: Sequence[str] = (),
        sensitivity_field: str | None = None,
    ) -> Exported:
        """Write map files of your own in other formats: by the ending of ``output``, or several into a folder.

        Parameters, what is returned and errors are those of `atlas.pipeline.export_files.export_files`.
        """
        from atlas.pipeline.export_files import export_files  # noqa: PLC0415 - as above

        paths = [Path(one) for one in files]
        release = open_published_layers(self.project)
        return export_files(paths, Path(output), release, formats=formats, sensitivity_field=sensitivity_field)
