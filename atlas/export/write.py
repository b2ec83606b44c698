"""Makes the files of an export in memory and puts them into the folder together: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atlas.errors import InputError, UsageError
from atlas.export.csv_file import column_types, delimited
from atlas.export.data_package import CHECKSUMS, checksums, datapackage, readme, stated_digests
from atlas.export.dcat import dcat
from atlas.export.export_formats import ALL, BY_VECTOR, MEDIA, wanted_formats
from atlas.export.flatgeobuf import flatgeobuf
from atlas.export.geojson_file import collection
from atlas.export.geopackage_file import geopackage
from atlas.export.kml_file import kml
from atlas.export.layer_tables import Table, split_tables, table_title, titles, whole_table
from atlas.export.material import Exported, Layer, Material, Output
from atlas.export.parquet import parquet
from atlas.export.plain_files import flat_files, plain_file
from atlas.export.qgis import project
from atlas.export.reprojection import Places, places
from atlas.export.server_files import CONFIGURATION, SCRIPT, postgis_script, pygeoapi
from atlas.files import sha256_hex, sha256_of_file, write_set
from atlas.geojson.collection import bounding_box
from atlas.work_steps import PartOfWork

GEOPACKAGE, PROJECT = "atlas.gpkg", "atlas.qgs"
_KML_NOTE = "KML knows degrees only, so its files are in EPSG:4326"
_JSON_NOTE = "GeoJSON in {code} is not RFC 7946, which knows degrees only; file names and the member crs say so"
_INDEX_NOTE = "FlatGeobuf's index puts the features of each file in order of place, not in that of the layer"
_DEGREES_NOTE = "{forms} are in degrees (EPSG:4326), not in {code}"
_CITATION_NOTE = "there is no CITATION.cff beside geodata/ to copy"

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The flat edition or the layers as they are, hashtags in CSV, and whether all formats were asked for."""

    flat: bool = False
    hxl: bool = False
    all_formats: bool = False


@dataclass(slots=True)
class _Run:
    """One export: tables are made once and shared by the formats."""

    material: Material
    places: Places
    wanted: Sequence[str]
    options: ExportOptions
    # what was left out or shortened
    remarks: list[str] = field(default_factory=list)
    # how much was made before the outputs that are made now
    share: float = 0.0

    def outputs(self) -> Iterator[Output]:
        """The files of data, in the order of the formats; of all formats, those that can be made."""
        for number, form in enumerate(self.wanted):
            self.share = number / len(self.wanted)
            try:
                yield from list(self._of(form))
            except (UsageError, InputError) as error:
                if not self.options.all_formats:
                    raise
                self.remarks.append(f"left out {form}: {error}")

    def _of(self, form: str) -> Iterator[Output]:
        if self.options.flat or form in BY_VECTOR:
            yield from self._by_vector(form)
        elif form in {"gpkg", "qgs"}:
            yield from self._together(form)
        elif form == "pygeoapi":
            yield from self._server()
        elif form == "postgis":
            script = postgis_script(self._split(), self.places)
            yield Output(SCRIPT, script, "loads PostGIS · carga PostGIS", MEDIA[form])
        else:
            yield from self._by_format(form)

    def _by_format(self, form: str) -> Iterator[Output]:
        if form == "geojson":
            yield from self._each(form, lambda t: collection(t, self.places), named=self.places.suffix)
        elif form == "fgb":
            for table in self._split():
                data, title = flatgeobuf(table, self.places), table_title(table)
                yield Output(f"fgb/{table.name}.fgb", data, title, MEDIA["fgb"], table.layer.name)
        elif form == "parquet":
            yield from self._each(form, lambda t: parquet(t, self.material, self.places))
        elif form == "csv":
            yield from self._each(form, lambda t: delimited(t, hxl=self.options.hxl), named=self.places.suffix)
            yield from self._each(form, column_types, named=self.places.suffix, suffix="csvt")
        else:
            for layer in self.material.layers:
                yield self._output(layer, form, f"kml/{layer.name}.kml", kml(whole_table(layer, places(None))))

    def _by_vector(self, form: str) -> Iterator[Output]:
        for layer in self.material.layers:
            files = flat_files(layer, form) if self.options.flat else [plain_file(layer, form)]
            try:
                for output, remarks in files:
                    self.remarks += remarks
                    yield output
            except InputError as error:
                if not self.options.all_formats:
                    raise
                self.remarks.append(f"left out {layer.name} as {form}: {error}")

    def _server(self) -> Iterator[Output]:
        """The configuration, and the files that it serves, which are in degrees."""
        folder = "geojson"
        if not (self.places.native and "geojson" in self.wanted):
            folder = "pygeoapi"
            for layer in self.material.layers:
                data = collection(whole_table(layer, places(None)), places(None))
                yield self._output(layer, "geojson", f"{folder}/{layer.name}.geojson", data)
        title = "pygeoapi's configuration · configuración de pygeoapi"
        yield Output(CONFIGURATION, pygeoapi(self.material, folder), title, MEDIA["pygeoapi"])

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
            if forms := [form for form in self.wanted if form in BY_VECTOR]:
                yield _DEGREES_NOTE.format(forms=", ".join(forms), code=self.places.code)
        if "fgb" in self.wanted and not self.options.flat:
            yield _INDEX_NOTE
        if self.material.citation is None:
            yield _CITATION_NOTE
        yield from dict.fromkeys(self.remarks)

    def _each(
        self, form: str, make: Callable[[Table], bytes], *, named: str = "", suffix: str | None = None
    ) -> Iterator[Output]:
        for layer in self.material.layers:
            table = whole_table(layer, self.places)
            yield self._output(layer, form, f"{form}/{layer.name}{named}.{suffix or form}", make(table))

    def _together(self, form: str) -> Iterator[Output]:
        tables = self._split()
        if form == "gpkg" or "gpkg" not in self.wanted:
            data = geopackage(tables, self.material, self.places)
            yield Output(GEOPACKAGE, data, "all layers as GeoPackage · todas las capas en GeoPackage", MEDIA["gpkg"])
        if form == "qgs":
            drawn = project(tables, self.material, self.places, geopackage=GEOPACKAGE)
            yield Output(PROJECT, drawn, "QGIS project over it · proyecto de QGIS sobre él", MEDIA["qgs"])

    def _split(self) -> list[Table]:
        return [table for layer in self.material.layers for table in split_tables(layer, self.places)]

    @staticmethod
    def _output(layer: Layer, form: str, path: str, data: bytes) -> Output:
        return Output(path, data, titles(layer.record), MEDIA[form], layer.name)


def export(  # noqa: PLR0913 - each is a choice of the one who exports
    material: Material,
    folder: Path,
    *,
    formats: Sequence[str],
    crs: str | None = None,
    flat: bool = False,
    hxl: bool = False,
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
    flat
        A file for each kind of shape, with lists and dates as text, instead of the layers as they are.
    hxl
        A second row of HXL's hashtags in CSV.
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
        A format or the coordinate reference system does not exist, or does not go with the other; or the folder holds
        a README, record or list of checksums that no export wrote.
    GeometryError
        The layers have no place in the coordinate reference system.
    OutputError
        The folder cannot be written; what was there is as it was.
    """
    wanted, target = wanted_formats(formats, flat=flat), places(crs)
    if flat and not target.native:
        msg = f"--flat does not go with --crs {crs!r}; its files are in degrees"
        raise UsageError(msg)
    if hxl and (flat or "csv" not in wanted):
        msg = "--hxl is for --format csv, and not for --flat; add that format"
        raise UsageError(msg)
    if not target.native and wanted == ("kml",):
        msg = f"--crs {crs!r} does not go with --format kml, which knows degrees only; leave --crs out"
        raise UsageError(msg)
    if folder.is_file():
        msg = f"{str(folder)!r} is a file; name a folder with -o"
        raise UsageError(msg)
    run = _Run(material, target, wanted, ExportOptions(flat=flat, hxl=hxl, all_formats=ALL in formats))
    outputs = []
    for output in run.outputs():
        outputs.append(output)
        if on_step:
            on_step(PartOfWork(output.path, run.share))
    notes = tuple(run.notes())
    files = _files(run, outputs, notes)
    _refuse_other_folder(folder, {path: files[path] for path in files.keys() - {output.path for output in outputs}})
    if inspect:
        inspect(files)
    stale = tuple(_stale(folder, files))
    changed = write_set(folder, files)
    return Exported(folder, {path: len(data) for path, data in files.items()}, tuple(changed), (*notes, *stale))


def _refuse_other_folder(folder: Path, beside: Mapping[str, bytes]) -> None:
    """What stands beside the data has names that many folders use: only that of an earlier export is replaced."""
    stated = stated_digests(folder)
    # a deposit has such a list, too
    earlier = {} if "ro-crate-metadata.json" in stated or "datapackage.json" not in stated else stated
    others = [
        path
        for path, data in sorted(beside.items())
        if (folder / path).is_file()
        and (digest := sha256_of_file(folder / path)) != sha256_hex(data)
        and digest != earlier.get(path)
        and not (path == CHECKSUMS and earlier)
    ]
    if others:
        what = f"has a file {others[0]} that no export wrote, or that was changed since"
        msg = f"{str(folder)!r} {what}; name another folder with -o, or move the file away"
        raise UsageError(msg)


def _stale(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """A note when files of an earlier export stay in the folder, of which the new records say nothing."""
    left = sorted(path for path in stated_digests(folder).keys() - files.keys() if (folder / path).is_file())
    if left:
        yield f"files of an earlier export stay in the folder ({len(left)}): {left[0]}, …; {CHECKSUMS} is not of them"


def _files(run: _Run, outputs: Sequence[Output], notes: Sequence[str]) -> dict[str, bytes]:
    material = run.material
    digests = {output.path: sha256_hex(output.data) for output in outputs}
    files = {output.path: output.data for output in outputs}
    files["datapackage.json"] = datapackage(material, outputs, digests, hxl=run.options.hxl)
    files["dcat.jsonld"] = dcat(material, outputs, digests)
    files["README.md"] = readme(material, outputs, run.places, notes, hxl=run.options.hxl)
    if material.citation is not None:
        files["CITATION.cff"] = material.citation
    files[CHECKSUMS] = checksums({path: sha256_hex(data) for path, data in files.items()})
    return files
