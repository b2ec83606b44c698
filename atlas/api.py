"""The library's one object: an open project, with the same words as the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.project import Project, SourceOverride, find_project
from atlas.published import open_published_layers
from atlas.releasing import Releasing

if TYPE_CHECKING:
    import geopandas

    from atlas.claims import Finding
    from atlas.evidence import Evidence
    from atlas.export import Exported
    from atlas.pipeline.build import Built
    from atlas.pipeline.notebook import MapView
    from atlas.pipeline.refresh import Refreshed
    from atlas.pipeline.verify import Verified

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Atlas(Releasing):
    """An open project: its layers, sources and facts, and what can be done with them."""

    project: Project

    @classmethod
    def at(cls, folder: Path | str | None = None) -> Atlas:
        """Open the project in ``folder``; without one, that of the working folder, or the embedded data."""
        return cls(find_project(None if folder is None else Path(folder)))

    @property
    def layers(self) -> Mapping[str, Mapping[str, Any]]:
        """The registry's records of the layers, by name."""
        release = open_published_layers(self.project)
        return {name: release.record(name) for name in release.names}

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The sources that the layers cite, by id."""
        return open_published_layers(self.project).sources

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The packages or files that the geometry was read from: version, hash, licence, accuracy."""
        return open_published_layers(self.project).inputs

    @property
    def evidence(self) -> Evidence:
        """The fact tables, typed."""
        from atlas.evidence import load_evidence  # noqa: PLC0415 - opening a project must stay light

        return load_evidence(self.project.evidence_dir)

    def claims(self) -> list[Finding]:
        """Every published claim with its verdict against the layers."""
        from atlas.claims import MEASURED, audit_claims  # noqa: PLC0415 - opening a project must stay light

        release = open_published_layers(self.project)
        return audit_claims(self.evidence, {name: release.features(name) for name in MEASURED})

    def layer(self, name: str) -> geopandas.GeoDataFrame:
        """A layer as GeoDataFrame in EPSG:4326, indexed by feature id; features without a place have no geometry.

        Raises
        ------
        UsageError
            There is no such layer.
        """
        import geopandas  # noqa: PLC0415 - opening a project must stay light

        features = open_published_layers(self.project).features(name)
        frame = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
        frame.index = [str(feature["id"]) for feature in features]
        return frame.rename_axis("id")

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

        Raises
        ------
        UsageError
            Neither or both of page and layer are named, or something named does not exist.
        InputError
            The layer cannot be used.
        PolicyError
            A feature says something else than that it is open, and nothing shows that it was released.
        """
        from atlas.pipeline.notebook import make_map  # noqa: PLC0415 - as above

        return make_map(
            self.project, page, layer=layer, fields=fields, tiles=tiles, sensitivity_field=sensitivity_field
        )

    def build(self, *, on_page: Step | None = None) -> Built:
        """Make the pages in ``maps/``."""
        from atlas.pipeline.build import build  # noqa: PLC0415 - as above

        return build(self.project, on_page=on_page)

    def figure(self, page: str, path: Path | str, *, width_mm: float = 170, dpi: int = 300, lang: str = "en") -> Path:
        """Draw a page as .png, .svg or .pdf, ``width_mm`` millimetres wide.

        Raises
        ------
        UsageError
            There is no figure of the page, or a size or language is not possible.
        OutputError
            The file cannot be written.
        """
        from atlas.figure import draw_figure  # noqa: PLC0415 - matplotlib is loaded only for figures

        return draw_figure(open_published_layers(self.project), page, Path(path), width_mm=width_mm, dpi=dpi, lang=lang)

    def export(
        self,
        folder: Path | str,
        *,
        layers: Sequence[str] = (),
        formats: Sequence[str] = ("gpkg",),
        crs: str | None = None,
        on_step: Step | None = None,
    ) -> Exported:
        """Write layers as files for GIS programs into a folder: all of them, or none.

        Parameters
        ----------
        layers
            Names of layers; if none are given, all.
        formats
            Any of geojson, gpkg, fgb, parquet, csv, kml, qgs, or all.
        crs
            Code of a coordinate reference system, such as ``EPSG:6372``; if not given, degrees.

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

        def inspect(files: Mapping[str, bytes]) -> None:
            refuse_findings(audit_published(self.project, files), what="the export")

        release = open_published_layers(self.project)
        # the same layer named twice is one layer
        names = tuple(dict.fromkeys(layers)) or release.names
        chosen = [Layer(release.record(name), release.features(name)) for name in names]
        cff = self.project.geodata.parent / "CITATION.cff"
        citation = cff.read_bytes() if cff.is_file() else None
        material = Material(chosen, release.sources, release.inputs, __version__, citation)
        return export(material, Path(folder), formats=formats, crs=crs, on_step=on_step, inspect=inspect)

    def refresh(
        self, *, overrides: Mapping[str, SourceOverride] | None = None, on_step: Step | None = None
    ) -> Refreshed:
        """Derive ``geodata/`` from the sources and the facts."""
        from atlas.pipeline.refresh import refresh  # noqa: PLC0415 - as above

        return refresh(self.project, overrides=overrides, on_step=on_step)

    def verify(self, *, overrides: Mapping[str, SourceOverride] | None = None, on_step: Step | None = None) -> Verified:
        """Make everything derived again and compare."""
        from atlas.pipeline.verify import verify  # noqa: PLC0415 - as above

        return verify(self.project, overrides=overrides, on_step=on_step)
