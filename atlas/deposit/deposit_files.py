"""Makes the files of a deposit in memory and puts them into the folder together: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from atlas._version import __version__
from atlas.deposit import crate, deposit_records
from atlas.deposit.content import Piece, layer_pieces, parquet_pieces, series_pieces, table_pieces
from atlas.deposit.earlier_deposit import refuse_other_folder
from atlas.deposit.frictionless_package import data_package
from atlas.deposit.texts import page, table_descriptions
from atlas.evidence import Evidence
from atlas.export import Exported, Material, Output, imprint, parquet_files
from atlas.export.data_package import CHECKSUMS, checksums
from atlas.export.dcat import dcat
from atlas.files import sha256_hex, write_set
from atlas.geojson.collection import bounding_box
from atlas.project import Project

_NO_CITATION = "there is no CITATION.cff beside geodata/ to copy"


def deposit(
    material: Material,
    evidence: Evidence,
    project: Project,
    folder: Path,
    *,
    inspect: Callable[[Mapping[str, bytes]], None] | None = None,
) -> Exported:
    """Write a deposit; the same project gives the same bytes.

    Parameters
    ----------
    material
        All layers with their records, sources and inputs.
    evidence
        The fact tables.
    project
        Where schemas, tables and registry lie.
    folder
        Where the files go: a folder that is not there, is empty, or holds a deposit of this project and data edition
        that nobody has changed, which is replaced.
    inspect
        Called with all files before any is written; what it raises stops the deposit.

    Returns
    -------
    Exported
        The folder, the size of each file in bytes, which files changed, and what a reader should know.

    Raises
    ------
    UsageError
        The folder is a file, or holds something else than such a deposit.
    OutputError
        The folder cannot be written; what was there is as it was.
    """
    parquets, reason = parquet_files(material)
    files = _files(material, evidence, project, parquets)
    refuse_other_folder(folder, files)
    if inspect:
        inspect(files)
    changed = write_set(folder, files)
    notes = tuple(note for note in (None if material.citation else _NO_CITATION, reason) if note)
    return Exported(folder, {path: len(data) for path, data in files.items()}, tuple(changed), notes)


def _files(material: Material, evidence: Evidence, project: Project, parquets: Sequence[Output]) -> dict[str, bytes]:
    layers = {layer.name: layer for layer in material.layers}
    described = {name: layer.record for name, layer in layers.items()}
    box = bounding_box([feature for layer in material.layers for feature in layer.features]) or (0.0, 0.0, 0.0, 0.0)
    readme = project.evidence_dir / "README.md"
    pieces = [
        *layer_pieces(described, {name: layer.features for name, layer in layers.items()}, project),
        *parquet_pieces(described, parquets),
        *series_pieces(project),
        *table_pieces(evidence, project, table_descriptions(readme)),
        Piece("registry.json", (project.geodata / "registry.json").read_bytes(), "layers, inputs and sources"),
        Piece("prov.json", deposit_records.prov(described, material.inputs), "provenance of the layers, PROV-JSON"),
        *_pages(material, evidence, readme),
    ]
    pieces.append(Piece("dcat.jsonld", _catalogue(material, pieces), "catalogue of the layers, DCAT"))
    pieces.append(Piece("datapackage.json", data_package(pieces), "Frictionless data package"))
    pieces.append(Piece("datacite.json", deposit_records.datacite(evidence.sources, box), "record after DataCite 4.5"))
    pieces.append(Piece(".zenodo.json", deposit_records.zenodo(), "record for Zenodo"))
    files = {piece.path: piece.data for piece in pieces}
    files[crate.NAME] = crate.crate(pieces, box, material.inputs)
    digests = {path: sha256_hex(data) for path, data in files.items()}
    files[CHECKSUMS] = checksums(digests)
    return files


def _catalogue(material: Material, pieces: Sequence[Piece]) -> bytes:
    """The layers in DCAT with their files here."""
    held = [piece for piece in pieces if piece.layer]
    outputs = [Output(piece.path, piece.data, piece.title, piece.media_type, piece.layer) for piece in held]
    return dcat(material, outputs, {piece.path: piece.digest for piece in held})


def _pages(material: Material, evidence: Evidence, readme: Path) -> list[Piece]:
    rows = sum(len(getattr(evidence, name)) for name in evidence.__slots__ if name != "unsourced")
    counts = {"layers": len(material.layers), "rows": rows}
    pages = [
        Piece(
            "README.md",
            page(
                "readme.md.j2",
                title=imprint.both_titles(),
                edition=imprint.edition(),
                version=__version__,
                counts=counts,
            ),
            "what is here and how to use it",
        ),
        Piece(
            "LICENCES.md",
            page("licences.md.j2", layers=[layer.record for layer in material.layers]),
            "which licence is of what",
        ),
    ]
    if readme.is_file():
        pages.append(Piece("evidence/README.md", readme.read_bytes(), "the tables of facts and their rules"))
    if material.citation:
        pages.append(Piece("CITATION.cff", material.citation, "how to cite the atlas"))
    return pages
