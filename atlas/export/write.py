"""Makes the files of an export in memory and puts them into the folder together: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from atlas.errors import UsageError
from atlas.export.csv_file import column_types, delimited
from atlas.export.data_package import checksums, datapackage, readme
from atlas.export.dcat import dcat
from atlas.export.flatgeobuf import flatgeobuf
from atlas.export.geojson_file import collection
from atlas.export.geopackage_file import geopackage
from atlas.export.kml_file import kml
from atlas.export.layer_tables import Table, split_tables, table_title, titles, whole_table
from atlas.export.material import Exported, Layer, Material, Output
from atlas.export.parquet import parquet
from atlas.export.qgis import project
from atlas.export.reprojection import Places, places
from atlas.files import sha256_hex, write_set
from atlas.geojson.collection import bounding_box

FORMATS = ("geojson", "gpkg", "fgb", "parquet", "csv", "kml", "qgs")
ALL = "all"
_CHECKSUMS = "checksums.sha256"
GEOPACKAGE, PROJECT = "atlas.gpkg", "atlas.qgs"
_MEDIA: Mapping[str, str] = MappingProxyType(
    {
        "geojson": "application/geo+json",
        "gpkg": "application/geopackage+sqlite3",
        "fgb": "application/vnd.flatgeobuf",
        "parquet": "application/vnd.apache.parquet",
        "csv": "text/csv",
        "kml": "application/vnd.google-earth.kml+xml",
        "qgs": "application/x-qgis-project",
    }
)
_KML_NOTE = "KML knows degrees only, so its files are in EPSG:4326"
_JSON_NOTE = "GeoJSON in {code} is not RFC 7946, which knows degrees only; file names and the member crs say so"
_CITATION_NOTE = "there is no CITATION.cff beside geodata/ to copy"

Step = Callable[[str], None]


@dataclass(slots=True)
class _Run:
    """One export: tables are made once and shared by the formats."""

    material: Material
    places: Places
    wanted: Sequence[str]

    def outputs(self) -> Iterator[Output]:
        """The files of data, in the order of the formats."""
        if "geojson" in self.wanted:
            yield from self._each("geojson", lambda t: collection(t, self.places), named=self.places.suffix)
        if {"gpkg", "qgs"} & set(self.wanted):
            yield from self._together()
        if "fgb" in self.wanted:
            for table in self._split():
                data, title = flatgeobuf(table, self.places), table_title(table)
                yield Output(f"fgb/{table.name}.fgb", data, title, _MEDIA["fgb"], table.layer.name)
        if "parquet" in self.wanted:
            yield from self._each("parquet", lambda t: parquet(t, self.material, self.places))
        if "csv" in self.wanted:
            yield from self._each("csv", delimited, named=self.places.suffix)
            yield from self._each("csv", column_types, named=self.places.suffix, suffix="csvt")
        if "kml" in self.wanted:
            for layer in self.material.layers:
                yield self._output(layer, "kml", f"kml/{layer.name}.kml", kml(whole_table(layer, places(None))))

    def notes(self) -> Iterator[str]:
        """What a reader of the files must know."""
        if not self.places.native:
            box = bounding_box([feature for layer in self.material.layers for feature in layer.features])
            if box and (note := self.places.outside(box)):
                yield note
            if "geojson" in self.wanted:
                yield _JSON_NOTE.format(code=self.places.code)
            if "kml" in self.wanted:
                yield _KML_NOTE
        if self.material.citation is None:
            yield _CITATION_NOTE

    def _each(
        self, form: str, make: Callable[[Table], bytes], *, named: str = "", suffix: str | None = None
    ) -> Iterator[Output]:
        for layer in self.material.layers:
            table = whole_table(layer, self.places)
            yield self._output(layer, form, f"{form}/{layer.name}{named}.{suffix or form}", make(table))

    def _together(self) -> Iterator[Output]:
        tables = self._split()
        data = geopackage(tables, self.material, self.places)
        yield Output(GEOPACKAGE, data, "all layers as GeoPackage · todas las capas en GeoPackage", _MEDIA["gpkg"])
        if "qgs" in self.wanted:
            drawn = project(tables, self.material, self.places, geopackage=GEOPACKAGE)
            yield Output(PROJECT, drawn, "QGIS project over it · proyecto de QGIS sobre él", _MEDIA["qgs"])

    def _split(self) -> list[Table]:
        return [table for layer in self.material.layers for table in split_tables(layer, self.places)]

    @staticmethod
    def _output(layer: Layer, form: str, path: str, data: bytes) -> Output:
        return Output(path, data, titles(layer.record), _MEDIA[form], layer.name)


def export(  # noqa: PLR0913 - each is a choice of the one who exports
    material: Material,
    folder: Path,
    *,
    formats: Sequence[str],
    crs: str | None = None,
    on_step: Step | None = None,
    inspect: Callable[[Mapping[str, bytes]], None] | None = None,
) -> Exported:
    """Write layers in the formats named, with everything that must stand beside them.

    Parameters
    ----------
    material
        Layers with their records, sources and inputs.
    folder
        Where the files go; those of the same name are replaced, all together.
    formats
        Out of ``FORMATS``, or ``all``; ``qgs`` brings the GeoPackage that it shows.
    crs
        Code of a coordinate reference system, such as ``EPSG:6372``; without one, degrees of WGS 84.
    on_step
        Is called with the path of each file before any is written.
    inspect
        Called with all files before any is written; what it raises stops the export.

    Returns
    -------
    Exported
        The folder, the size of each file in bytes, which files changed, and what a reader should know.

    Raises
    ------
    UsageError
        A format or the coordinate reference system does not exist, or does not go with the other.
    GeometryError
        The layers have no place in the coordinate reference system.
    OutputError
        The folder cannot be written; what was there is as it was.
    """
    wanted, target = _wanted(formats), places(crs)
    if not target.native and wanted == ("kml",):
        msg = f"--crs {crs!r} does not go with --format kml, which knows degrees only; leave --crs out"
        raise UsageError(msg)
    if folder.is_file():
        msg = f"{str(folder)!r} is a file; name a folder with -o"
        raise UsageError(msg)
    run = _Run(material, target, wanted)
    outputs = []
    for output in run.outputs():
        outputs.append(output)
        if on_step:
            on_step(output.path)
    notes = tuple(run.notes())
    files = _files(material, outputs, target, notes)
    if inspect:
        inspect(files)
    stale = tuple(_stale(folder, files))
    changed = write_set(folder, files)
    return Exported(folder, {path: len(data) for path, data in files.items()}, tuple(changed), (*notes, *stale))


def _stale(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """A note when files of an earlier export stay in the folder, of which the new records say nothing."""
    try:
        lines = (folder / _CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    former = {path for _, mark, path in (line.partition("  ") for line in lines) if mark}
    left = sorted(path for path in former - set(files) if (folder / path).is_file())
    if left:
        yield f"files of an earlier export stay in the folder ({len(left)}): {left[0]}, …; {_CHECKSUMS} is not of them"


def _wanted(formats: Sequence[str]) -> tuple[str, ...]:
    if not formats or (unknown := [name for name in formats if name not in {*FORMATS, ALL}]):
        bad = ", ".join(repr(name) for name in unknown) if formats else "nothing"
        msg = f"--format: {bad} is no format; give one or more of {', '.join(FORMATS)}, or {ALL}"
        raise UsageError(msg)
    return tuple(name for name in FORMATS if name in formats or ALL in formats)


def _files(material: Material, outputs: Sequence[Output], target: Places, notes: Sequence[str]) -> dict[str, bytes]:
    digests = {output.path: sha256_hex(output.data) for output in outputs}
    files = {output.path: output.data for output in outputs}
    files["datapackage.json"] = datapackage(material, outputs, digests)
    files["dcat.jsonld"] = dcat(material, outputs, digests)
    files["README.md"] = readme(material, outputs, target, notes)
    if material.citation is not None:
        files["CITATION.cff"] = material.citation
    files[_CHECKSUMS] = checksums({path: sha256_hex(data) for path, data in files.items()})
    return files
