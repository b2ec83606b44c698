"""`atlas field …` as people use it: exit codes, messages, and what a terminal may show."""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import atlas.cli
from atlas import terminal
from atlas.cli.field_commands import field

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
COMMANDS = sorted(str(command.name or command.callback.__name__) for command in field.registered_commands)
ANSWERS = ("--who-could-be-harmed", "nobody", "--how", "not", "--already-public", "yes", "--what-is-gained", "a test")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Exit code, standard output and standard error of a command, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATLAS_STORE", "notes.gpkg")
    monkeypatch.setenv("COLUMNS", "160")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["atlas", "field", *map(str, arguments)])
        code: Any = 0
        try:
            atlas.cli.main()
        except SystemExit as done:
            code = done.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def store(run: Run, files: Any) -> str:
    """A store with three records, one of them open, and one row in quarantine."""
    assert run("new", "notes.gpkg")[0] == 0
    source = files.write(
        "phone.geojson",
        files.feature(1, note="told at 15.12345 -92.12345 \x1b[31mred", at=(-92.12345, 15.12345), told="15.12345"),
        files.feature(2, note="open", sensitivity="open", at=(-91.98765, 15.5)),
        files.feature(3, note="by reach", at=None, reach="R012"),
        files.feature(4, observed_at="yesterday"),
    )
    code, output, warned = run("import", source)
    assert code == 1
    assert "3 new records" in output
    assert "feature 4" in warned
    return "notes.gpkg"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_comes_with_examples(run: Run, command: str) -> None:
    code, output, _ = run(command, "--help")
    assert code == 0
    assert f"Examples: atlas field {command}" in re.sub(r"\s+", " ", output)


def test_bad_rows_lie_beside_the_file_with_the_reason(store: str, files: Any) -> None:
    assert store
    with (files.folder / "phone.quarantine.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["file"], row["where"]) == ("phone.geojson", "feature 4")
    assert "yesterday" in row["reason"]
    assert files.id(4) in row["raw"]


def test_an_import_ends_with_what_nothing_used(run: Run, files: Any) -> None:
    assert run("new", "notes.gpkg")[0] == 0
    with zipfile.ZipFile(files.folder / "phone.zip", "w") as packed:
        packed.writestr("f.csv", "lat,lon,altitude,note\n14.9,-92.2,8,a\n")
        for number in range(20):
            packed.writestr(f"left-{number:02d}.bin", "x")
    code, output, warned = run("import", "phone.zip")
    assert (code, "1 new records" in output) == (0, True)
    assert warned.splitlines()[-2:] == [
        "Note: phone.zip: nothing used 1 column: altitude",
        f"Note: phone.zip: nothing used 20 files: {', '.join(f'left-{n:02d}.bin' for n in range(12))} and 8 more",
    ]


def test_a_second_import_says_that_nothing_is_new(store: str, run: Run, files: Any) -> None:
    before = (files.folder / store).read_bytes()
    code, output, _ = run("import", "phone.geojson", "--quarantine", "elsewhere.csv")
    assert (code, "nothing new" in output) == (1, True)
    assert (files.folder / "elsewhere.csv").is_file()
    assert (files.folder / store).read_bytes() == before


def test_a_list_shows_positions_of_open_records_only(store: str, run: Run) -> None:
    assert store
    for form in ("table", "json", "geojson"):
        code, output, _ = run("list", "--format", form)
        assert code == 0
        assert "15.12345" not in output
        assert "92.12345" not in output
        assert "\x1b" not in output
        assert ("-91.98765" in output) == (form != "table")
        assert "15.12345" in run("list", "--format", form, "--exact")[1]
    document = json.loads(run("list", "--format", "geojson")[1])
    assert {feature["type"] for feature in document["features"]} == {"Feature"}
    assert document["atlas"]["counts"]["positions_hidden"] == 1
    assert "expected table, json, geojson" in run("list", "--format", "yaml")[2]


def test_one_record_and_its_history_keep_positions_back(store: str, run: Run, files: Any) -> None:
    assert store
    for command in ("show", "history"):
        for form in ("text", "json"):
            code, output, _ = run(command, files.id(1), "--format", form)
            assert code == 0
            assert "15.12345" not in output
            assert "\x1b" not in output
            assert "15.12345" in run(command, files.id(1), "--format", form, "--exact")[1]
    assert "no record 'x'" in run("show", "x")[2]
    assert "several ids" in run("show", "0000")[2]


def test_a_review_is_complete_or_nothing(store: str, run: Run, files: Any) -> None:
    assert store
    first = files.id(1)
    assert run("review", first, "--accept")[0] == 2
    code, _, warned = run("review", first, "--classify", "open", "--by", "Ana", "--reason", "synthetic")
    assert code == 2
    assert "--who-could-be-harmed" in warned
    assert run("review", first, "--accept", "--reject", "--by", "Ana")[0] == 2
    assert run("review", first, "--keep", "note", "--by", "Ana")[0] == 2
    assert json.loads(run("history", first, "--format", "json")[1])["changes"][0]["author"] is None
    code, output, _ = run("review", first, "--accept", "--classify", "open", "--by", "Ana", "--reason", "ok", *ANSWERS)
    assert (code, "3 changes" in output) == (0, True)
    assert "decided_by" in run("show", first)[1]
    assert "decided so already" in run("review", first, "--accept", "--by", "Ana")[1]


def test_an_exact_copy_leaves_only_when_somebody_says_so(store: str, run: Run, files: Any) -> None:
    assert store
    code, _, warned = run("export", "-o", "copy.geojson")
    assert code == 2
    assert "--sealed" in warned
    assert not (files.folder / "copy.geojson").exists()
    assert run("export", "-o", "open.csv", "--only", "open")[0] == 0
    assert files.id(2) in (files.folder / "open.csv").read_text(encoding="utf-8")
    assert run("export", "-o", "copy.geojson", "--exact")[0] == 0
    assert (files.folder / "copy.geojson").stat().st_mode & 0o077 == 0
    (files.folder / "maps").mkdir()
    assert run("export", "-o", "maps/copy.geojson", "--exact")[0] == 2
    assert run("new", "maps/notes.gpkg")[0] == 2
    assert not list((files.folder / "maps").iterdir())
    assert "does not say the format" in run("export", "-o", "copy.xyz", "--exact")[2]
    assert "-o FILE" in run("export", "--exact")[2]


def test_a_sealed_copy_opens_for_its_recipient_and_comes_home(store: str, run: Run, files: Any) -> None:
    import pyrage

    assert store
    key = pyrage.x25519.Identity.generate()
    (files.folder / "key.txt").write_text(f"{key}\n", encoding="utf-8")
    assert run("export", "--sealed", "copy.geojson.age", "--recipient", str(key.to_public()))[0] == 0
    assert b"15.12345" not in (files.folder / "copy.geojson.age").read_bytes()
    code, output, _ = run("import", "copy.geojson.age", "--identity", "key.txt")
    assert (code, "nothing new" in output) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["geojson", "csv", "gpkg"])
def test_an_export_comes_home_without_anything_new(store: str, run: Run, form: str) -> None:
    assert store
    assert run("export", "-o", f"copy.{form}", "--exact")[0] == 0
    code, output, _ = run("import", f"copy.{form}")
    assert (code, "3 known, nothing new" in output) == (0, True)


def test_an_edited_table_supersedes_what_it_was_exported_from(store: str, run: Run, files: Any) -> None:
    assert store
    run("export", "-o", "copy.csv", "--exact")
    path = files.folder / "copy.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("by reach", "by reach and seen again"), encoding="utf-8"
    )
    code, output, _ = run("import", "copy.csv", "--by", "Luis")
    assert (code, "1 new changes" in output) == (0, True)
    record = json.loads(run("show", files.id(3), "--format", "json", "--exact")[1])
    assert record["properties"]["note"] == "by reach and seen again"
    assert not run("list", "--conflicts", "--format", "json")[1].count('"id"')


@pytest.mark.parametrize("command", ["merge", "export", "review", "list"])
def test_a_command_that_is_stopped_in_the_middle_leaves_all_as_it_was(
    command: str, store: str, run: Run, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.take_in(files.holding(), files.write("b.geojson", files.feature(7)))
    other = next(path.name for path in files.folder.glob("store-*.gpkg"))
    words = {
        "merge": ("merge", store, other, "-o", "new.gpkg"),
        "export": ("export", "-o", "copy.geojson", "--exact"),
        "review": ("review", files.id(1), files.id(2), "--accept", "--by", "synthetic"),
        "list": ("list",),
    }[command]
    (files.folder / "copy.geojson").write_text("earlier", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in files.folder.iterdir() if path.is_file()}
    steps = 0

    def step(_self: Any, _step: str) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(terminal._Work, "__call__", step)
    code, _, warned = run(*words)
    assert code == 130
    assert "Stopped; every file is whole." in warned
    assert {path.name: path.read_bytes() for path in files.folder.iterdir() if path.is_file()} == before


def test_stores_merge_into_the_first_or_into_a_new_one(store: str, run: Run, files: Any) -> None:
    assert store
    run("new", "other.gpkg")
    run("import", files.write("b.geojson", files.feature(9)), "--store", "other.gpkg")
    digests = set()
    for order in (("notes.gpkg", "other.gpkg"), ("other.gpkg", "notes.gpkg")):
        code, output, _ = run("merge", *order, "-o", f"all-{order[0]}")
        assert code == 0
        digests.add(output.rsplit("digest ", 1)[1].strip())
    assert run("merge", "notes.gpkg", "other.gpkg")[1].rsplit("digest ", 1)[1].strip() in digests
    assert len(digests) == 1
    assert run("merge", "notes.gpkg")[0] == 2
    assert run("merge", "notes.gpkg", "notes.gpkg")[0] == 2
    assert run("merge", "notes.gpkg", "none.gpkg", "-o", "new.gpkg")[0] == 2
    assert not (files.folder / "new.gpkg").exists()


def test_a_store_that_is_not_there_is_explained(run: Run) -> None:
    for command in (["list"], ["show", "a"], ["import", __file__], ["export", "-o", "a.csv"], ["history", "a"]):
        code, _, warned = run(*command)
        assert code == 2
        assert "there is no store notes.gpkg; make it with `atlas field new notes.gpkg`" in re.sub(r"\s+", " ", warned)
