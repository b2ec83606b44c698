"""Whatever is wrong with a file of any format: a verdict, a file that is whole, or one clear error and no file."""

from __future__ import annotations

import itertools
import shutil
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.admission.user_features import read_user_layer
from atlas.check import check_path
from atlas.clean import clean_files, options
from atlas.editions.command import diff_files
from atlas.errors import AtlasError
from atlas.pipeline.export_files import export_files
from atlas.project import find_project
from atlas.published import PublishedLayers, open_published_layers
from tests.vector.mutated import damaged, real_files

LONGEST_S = 20
LONGEST_MESSAGE = 8000
# `make fuzz` asks for many
EXAMPLES = settings().max_examples
FEW = EXAMPLES if EXAMPLES > 60 else 3
KINDS = (
    "areas.csv", "areas.geojson", "areas.geojsonl", "areas.gpkg", "areas.kml", "areas.kmz", "areas.parquet",
    "areas.topojson", "areas.xlsx", "areas.zip", "esri.json", "one.gml", "one.gpx", "points-gdb.zip", "points.fgb",
)  # fmt: skip
numbers = itertools.count()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    files = {path.name: path for path in real_files(tmp_path_factory.mktemp("real") / "files")}
    assert tuple(files) == KINDS
    return files


@pytest.fixture(scope="module")
def release(repo: Path) -> PublishedLayers:
    return open_published_layers(find_project(repo))


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_ends_in_a_verdict_or_one_clear_error(
    kind: str, real: dict[str, Path], release: PublishedLayers, tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / str(next(numbers))
    out = folder / "out"
    out.mkdir(parents=True)
    path = damaged(real[kind], folder, seed)
    tried: dict[str, Callable[[], object]] = {
        "check": lambda: check_path(path),
        "map": lambda: read_user_layer(path),
        "clean": lambda: clean_files([path], out / "c.geojson", options()),
        "export": lambda: export_files([path], out / "e.gpkg", release),
        "diff": lambda: diff_files(real[kind], path, out / "diff"),
    }
    for name, run in tried.items():
        start = time.process_time()
        error = _error_of(run)
        assert time.process_time() - start < LONGEST_S, name
        if error is not None:
            assert 0 < len(error) < LONGEST_MESSAGE, name
            assert not [left for left in out.rglob("*") if left.is_file()], name
        shutil.rmtree(out)
        out.mkdir()
    shutil.rmtree(folder)


def _error_of(run: Callable[[], object]) -> str | None:
    with warnings.catch_warnings():
        # none may reach a terminal; those about a library's own future never do
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            run()
        except AtlasError as error:
            return str(error)
    return None


def test_a_damaged_zip_is_named_without_its_bytes(real: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(real["areas.zip"].read_bytes())
    # the length of the first member's name in its local head
    data[26:28] = b"\xff\x03"
    path = tmp_path / "areas.zip"
    path.write_bytes(data)
    error = _error_of(lambda: check_path(path))
    assert error is not None
    assert "not a readable zip file (File name in directory" in error
    assert len(error) < len(str(path)) + 250


def test_what_is_missing_in_a_geodatabase_is_said_by_the_name_of_the_zip(real: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "points-gdb.zip"
    with zipfile.ZipFile(real["points-gdb.zip"]) as before, zipfile.ZipFile(path, "w") as after:
        tables = sorted(name for name in before.namelist() if name.endswith(".gdbtablx"))
        for name in before.namelist():
            if name != tables[-1]:
                after.writestr(name, before.read(name))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (report,) = check_path(path)
    (finding,) = (one for one in report.findings if one.rule == "reader-warning")
    assert "points-gdb.zip/" in finding.message
    assert "tmp" not in finding.message
