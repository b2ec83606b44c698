"""Each command that may take long hands on how much of its work is done, so that what is left can be said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType

import pytest
import typer
from typer.testing import CliRunner

from atlas import terminal, work_steps
from atlas.cli import app
from atlas.release import record_reader
from atlas.work_steps import PartOfWork
from tests.rounds import first

pytestmark = pytest.mark.slow


# how many steps a run of each command has that nobody stops, once that is known
COUNTED: dict[str, int] = {}


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """The steps of the commands that a test runs, each with the share that it states."""
    steps: list[tuple[str, float]] = []

    class Work(terminal._Work):
        def __call__(self, step: str) -> None:
            super().__call__(step)
            steps.append((str(step), step.share if isinstance(step, PartOfWork) else -1.0))

    monkeypatch.setattr(terminal, "_Work", Work)
    monkeypatch.setattr(work_steps, "_EVERY", 1)
    return steps


def _points(path: Path, count: int) -> Path:
    lines = (
        json.dumps(
            {
                "type": "Feature",
                "id": f"{path.stem} {n}",
                "geometry": {"type": "Point", "coordinates": [round(-92.0 + n * 1e-6, 6), 14.9]},
                "properties": {"category": "checkpoint", "observed_at": "2024-05-03", "note": "of a test"},
            }
        )
        for n in range(count)
    )
    path.write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return path


def _areas(path: Path, west: float) -> Path:
    ring = [[west, 14.0], [west + 0.5, 14.0], [west + 0.5, 15.0], [west, 15.0], [west, 14.0]]
    feature = {
        "type": "Feature",
        "properties": {"cvegeo": f"{west}", "name": "one"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


# commands that take no longer, whatever they are given: each looks up some rows, or makes an empty file
QUICK = frozenset(
    {"layers", "claims", "cite", "field new", "field show", "field history", "field key", "field receipt"}
)


def _commands(typer_app: typer.Typer, above: str = "") -> Iterator[tuple[str, FunctionType]]:
    for command in typer_app.registered_commands:
        assert isinstance(command.callback, FunctionType)
        yield above + (command.name or command.callback.__name__.rstrip("_")), command.callback
    for group in typer_app.registered_groups:
        assert group.typer_instance is not None
        yield from _commands(group.typer_instance, f"{group.typer_instance.info.name} ")


def _names_in(function: FunctionType) -> set[str]:
    """What a function names, and what those of the command line name that it calls."""
    names: set[str] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        fresh = set(one.__code__.co_names)
        called = (one.__globals__.get(name) for name in fresh - names)
        waiting += [
            each for each in called if isinstance(each, FunctionType) and each.__module__.startswith("atlas.cli")
        ]
        names |= fresh
    return names


def test_every_command_shows_its_progress_unless_it_is_always_quick() -> None:
    silent = {name for name, function in _commands(app) if not {"progress", "estimated"} & _names_in(function)}
    assert silent == QUICK


def _two(folder: Path) -> list[str]:
    return [str(_points(folder / f"{name}.geojson", 3)) for name in "ab"]


def _neighbours(folder: Path) -> list[str]:
    return [
        str(_areas(folder / name, west))
        for name, west in (("a.geojson", -92.0), ("b.geojson", -91.5), ("c.geojson", -91.0))
    ]


FAMILIES: dict[str, Callable[[Path], list[str]]] = {
    "check": lambda folder: ["check", *_two(folder)],
    "check one": lambda folder: ["check", str(_points(folder / "a.geojson", 12_000))],
    "clean": lambda folder: ["clean", *_two(folder), "-o", str(folder / "out")],
    "clean one": lambda folder: ["clean", str(_points(folder / "a.geojson", 6_000)), "-o", str(folder / "out.geojson")],
    "export files": lambda folder: ["export", *_two(folder), "--format", "csv", "-o", str(folder / "out")],
    "export": lambda folder: [
        "export",
        "checkpoints",
        "--format",
        "csv",
        "--format",
        "geojson",
        "-o",
        str(folder / "out"),
    ],
    "diff": lambda folder: ["diff", *_two(folder), "--no-page", "-o", str(folder / "out")],
    "edgematch": lambda folder: ["edgematch", *_neighbours(folder), "-o", str(folder / "out")],
    "figure": lambda folder: ["figure", _two(folder)[0], "-o", str(folder / "out.png"), "--dpi", "30"],
    "audit": lambda folder: ["audit", *_two(folder)],
    "merge": lambda folder: ["field", "merge", _filled(folder, "a"), _filled(folder, "b")],
    "field export": lambda folder: [
        *("field", "export", "--store", _filled(folder, "a"), "--exact", "-o", str(folder / "copy.csv"))
    ],
    "field list": lambda folder: ["field", "list", "--store", _filled(folder, "a")],
    "review": lambda folder: [
        *("field", "review", *(f"00000000-0000-4000-8000-{n:012d}" for n in range(3))),
        *("--store", _filled(folder, "a"), "--accept", "--by", "synthetic"),
    ],
    "import": lambda folder: ["field", "import", _large(folder), "--store", _store(folder)],
}


def _filled(folder: Path, name: str) -> str:
    """A store of three records."""
    path, store = folder / f"{name}.csv", str(folder / f"{name}.gpkg")
    rows = (f"00000000-0000-4000-8000-{n:012d},{name} {n},14.9,-92.2\n" for n in range(3))
    path.write_text("id,note,lat,lon\n" + "".join(rows), encoding="utf-8")
    for words in (["new", store], ["import", str(path), "--store", store]):
        made = CliRunner().invoke(app, ["field", *words])
        assert made.exit_code == 0, made.output
    return store


def _large(folder: Path) -> str:
    return str(_points(folder / "notes.geojson", 5_400))


def _store(folder: Path) -> str:
    made = CliRunner().invoke(app, ["field", "new", str(folder / "store.gpkg")])
    assert made.exit_code == 0, made.output
    return str(folder / "store.gpkg")


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_steps_of_a_command_say_how_much_is_done(
    family: str, tmp_path: Path, repo: Path, shares: list[tuple[str, float]]
) -> None:
    words = FAMILIES[family](tmp_path)
    shares.clear()
    result = CliRunner().invoke(app, ["--project", str(repo), *words])
    assert result.exit_code in {0, 1}, result.output
    COUNTED[family] = len(shares)
    known = [share for _, share in shares if share >= 0]
    assert any(0 < share <= 1 for share in known), shares
    assert max(known) <= 1


def test_a_release_says_how_much_of_a_large_file_it_has_read(
    tmp_path: Path, releasing: Path, shares: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_reader, "_WHOLE_BYTES", 1_000)
    monkeypatch.setattr(record_reader, "_EVERY", 500)
    exact = str(_points(tmp_path / "exact.geojson", 12_000))
    result = CliRunner().invoke(app, ["--project", str(releasing), "release", exact, "-o", str(tmp_path / "public")])
    assert result.exit_code == 0, result.output
    read = [share for step, share in shares if step.startswith(exact)]
    assert read == sorted(read)
    assert any(0 < share < 1 for share in read)


@pytest.mark.parametrize("at", first([1, -1], [2]))
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_command_that_is_stopped_leaves_all_as_it_was(
    family: str, at: int, tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = FAMILIES[family](tmp_path)
    before = _everything(tmp_path)
    steps: list[str] = []
    wanted = at

    class Work(terminal._Work):
        def __call__(self, step: str) -> None:
            super().__call__(step)
            steps.append(step)
            if len(steps) == wanted:
                raise KeyboardInterrupt

    monkeypatch.setattr(terminal, "_Work", Work)
    monkeypatch.setattr(work_steps, "_EVERY", 1)
    if at < 0:
        # the last step of a run that nobody stops, in a folder of its own
        if family not in COUNTED:
            apart = tmp_path / "apart"
            apart.mkdir()
            others = FAMILIES[family](apart)
            steps.clear()
            CliRunner().invoke(app, ["--project", str(repo), *others])
            shutil.rmtree(apart)
            COUNTED[family] = len(steps)
        wanted, steps[:] = COUNTED[family], []
    result = CliRunner().invoke(app, ["--project", str(repo), *words])
    assert len(steps) == wanted, result.output
    assert result.exit_code not in {0, 2}
    assert _everything(tmp_path) == before


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
