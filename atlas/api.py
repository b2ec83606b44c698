"""The library's one object, an open project with the words of the command line, and the types that it speaks in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from atlas.border_project.expected_region import region_of
from atlas.contents import Contents
from atlas.depiction import Depiction
from atlas.derivation import Derivation
from atlas.placing import Placing
from atlas.project import Project, SourceOverride, find_project
from atlas.published import open_published_layers
from atlas.releasing import Releasing

if TYPE_CHECKING:
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
    from atlas.points.counting import Counted
    from atlas.points.locating import Located
    from atlas.release.box_project import MadeBoxes
    from atlas.release.release_files import Published
    from atlas.release.risk import Sheet as RiskSheet

__all__ = [
    "Atlas",
    "AuditReport",
    "Built",
    "ClaimFinding",
    "ComposedMap",
    "Counted",
    "Evidence",
    "Exported",
    "Located",
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
        "Counted": "atlas.points.counting.Counted",
        "Evidence": "atlas.evidence.Evidence",
        "Exported": "atlas.export.Exported",
        "Located": "atlas.points.locating.Located",
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
class Atlas(Contents, Depiction, Derivation, Placing, Releasing):
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
        from atlas.disclosure import audit_published, refuse_findings  # noqa: PLC0415 - as above
        from atlas.export import export  # noqa: PLC0415 - as above
        from atlas.pipeline.export_audit import auditable  # noqa: PLC0415 - as above

        def inspect(files: Mapping[str, bytes]) -> None:
            refuse_findings(audit_published(self.project, auditable(files, columns)), what="the export")

        material = self._material(layers)
        columns = {one.name: ["id", *(field["name"] for field in one.fields)] for one in material.layers}
        with region_of(self.project.described):
            return export(
                material, Path(folder), formats=formats, crs=crs, flat=flat, hxl=hxl, on_step=on_step, inspect=inspect
            )

    def export_files(  # noqa: PLR0913 - as above
        self,
        files: Sequence[Path | str],
        output: Path | str,
        *,
        formats: Sequence[str] = (),
        flat: bool = False,
        sensitivity_field: str | None = None,
        on_step: Step | None = None,
    ) -> Exported:
        """Write map files of your own in other formats: by the ending of ``output``, or several into a folder.

        Parameters
        ----------
        files
            Of any format that is read; ``FILE|layername=NAME`` for a layer of several.
        output
            A file, if one format of one file is wanted; else a folder.
        formats
            Names of formats, or ``all``; if none are given, the ending of the output says it.
        flat
            Whether to write a file for each kind of shape, with lists as text, into a folder.
        sensitivity_field
            As in `map`.
        on_step
            Is called with the name of each file before it is read.

        Returns
        -------
        Exported
            What was written, and notes on what a format shortens.

        Raises
        ------
        UsageError
            The formats and paths do not fit together.
        InputError
            A file cannot be read, is not in degrees, or cannot be written in a format.
        PolicyError
            A feature is neither open nor shown to be released.
        OutputError
            Something cannot be written; what was there before is intact.
        """
        from atlas.pipeline.export_files import export_files  # noqa: PLC0415 - as above

        paths = [Path(one) for one in files]
        release = open_published_layers(self.project)
        return export_files(
            paths,
            Path(output),
            release,
            formats=formats,
            flat=flat,
            sensitivity_field=sensitivity_field,
            on_step=on_step,
        )
