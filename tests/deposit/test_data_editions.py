"""Two data editions: what is new, changed and gone by permanent id, as notes in both languages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.deposit.data_editions import edition_notes, write_edition_notes
from atlas.errors import InputError, UsageError

OBSERVATIONS = "observation_id,indicator,value,note\n{}"
TOMBSTONES = "withdrawn_id,cause,withdrawn_on,replaced_by,reason_en,reason_es\n{}"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, rows: str, *, graves: str = "", features: Any = ()) -> Path:
        folder = tmp_path / name
        (folder / "evidence").mkdir(parents=True)
        (folder / "layers").mkdir()
        (folder / "registry.json").write_text("{}", "utf-8")
        (folder / "datapackage.json").write_text(json.dumps({"version": name}), "utf-8")
        (folder / "evidence" / "observations.csv").write_text(OBSERVATIONS.format(rows), "utf-8")
        (folder / "evidence" / "tombstones.csv").write_text(TOMBSTONES.format(graves), "utf-8")
        layer = {"type": "FeatureCollection", "features": list(features)}
        (folder / "layers" / "posts.geojson").write_text(json.dumps(layer), "utf-8")
        return folder

    return written


def _post(name: str, longitude: float, **properties: Any) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [longitude, 15.0]}
    return {"type": "Feature", "id": name, "properties": properties, "geometry": shape}


def test_notes_name_what_is_new_changed_and_gone_with_its_reason(write: Write, tmp_path: Path) -> None:
    old = write("2026.11", "a,deaths,4,\nb,deaths,5,\nc,deaths,6,\n", features=[_post("p", -92), _post("q", -91)])
    new = write(
        "2026.12",
        "a,deaths,4,\nb,deaths,7,a | b\nd,deaths,1,\n",
        graves="observations/c,withdrawn,2026-12-01,observations/d,Read twice.,Se leyó dos veces.\n",
        features=[_post("p", -92.5), _post("q", -91, status="closed")],
    )
    notes = write_edition_notes(old, new, tmp_path / "notes")
    text = (tmp_path / "notes" / "release-notes.md").read_text("utf-8")
    assert text.startswith("# Data edition 2026.11 → 2026.12 · Edición de datos 2026.11 → 2026.12\n")
    assert "New · Nuevas: `observations/d`." in text
    assert "| `observations/b` | `value` | 5 | 7 |" in text
    assert r"| `observations/b` | `note` |  | a \| b |" in text
    assert "- `observations/c`: Read twice. · Se leyó dos veces. → `observations/d`" in text
    assert "observations/a" not in text
    assert [(one.name, list(one.fields)) for one in notes.parts[1].changed] == [
        ("layers/posts/p", ["geometry"]),
        ("layers/posts/q", ["status"]),
    ]
    # coordinates of features are in no note
    assert "-92" not in text
    assert json.loads((tmp_path / "notes" / "changes.json").read_text("utf-8"))["new"] == "2026.12"


def test_what_is_gone_without_a_tombstone_is_called_so(write: Write, tmp_path: Path) -> None:
    write_edition_notes(write("1", "a,deaths,4,\n"), write("2", ""), tmp_path / "notes")
    text = (tmp_path / "notes" / "release-notes.md").read_text("utf-8")
    assert "- `observations/a`: gone without a tombstone · retirada sin lápida" in text


def test_two_editions_of_one_name_that_differ_are_called_so(write: Write, tmp_path: Path) -> None:
    old, new = write("one/2026.11", "a,deaths,4,\n"), write("two/2026.11", "a,deaths,5,\n")
    for folder in (old, new):
        (folder / "datapackage.json").write_text(json.dumps({"version": "2026.11"}), "utf-8")
    notes = write_edition_notes(old, new, tmp_path / "notes")
    assert "Both are called 2026.11 and differ" in notes.summary()
    text = (tmp_path / "notes" / "release-notes.md").read_text("utf-8")
    assert "Ambas ediciones se llaman 2026.11 y difieren" in text


def test_an_edition_and_itself_are_the_same(write: Write, tmp_path: Path) -> None:
    one = write("1", "a,deaths,4,\n", features=[_post("p", -92)])
    assert not write_edition_notes(one, one, tmp_path / "notes").parts
    assert "The two editions are the same." in (tmp_path / "notes" / "release-notes.md").read_text("utf-8")


@pytest.mark.slow
def test_the_tables_of_the_repository_keep_their_ids(repo: Path, tmp_path: Path) -> None:
    shutil.copytree(repo / "geodata" / "evidence", tmp_path / "new" / "evidence")
    table = tmp_path / "new" / "evidence" / "observations.csv"
    table.write_bytes(table.read_bytes().replace(b",76239,", b",76240,"))
    notes = edition_notes(repo / "geodata", tmp_path / "new")
    (part,) = (part for part in notes.parts if not part.part.startswith("layers/"))
    assert [(one.name, dict(one.fields)) for one in part.changed] == [
        ("observations/comar_2022_tapachula", {"value": ("76239", "76240")})
    ]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "evidence" / "observations.csv").write_bytes(b"\xff"), r"is no table in UTF-8"),
        (
            lambda folder: (folder / "evidence" / "observations.csv").write_text("observation_id,value\na,1,2\n"),
            r"observations\.csv, row 1 has more or fewer cells than the header",
        ),
        (
            lambda folder: (folder / "layers" / "posts.geojson").write_text('{"features": [{"properties": 3}]}'),
            r"posts\.geojson is no layer: it has no list of features",
        ),
        (lambda folder: (folder / "layers" / "posts.geojson").write_text("{"), r"posts\.geojson is not JSON"),
    ],
)
def test_a_spoilt_edition_is_one_error_and_nothing_is_written(
    spoil: Any, message: str, write: Write, tmp_path: Path
) -> None:
    old, new = write("1", "a,deaths,4,\n"), write("2", "")
    spoil(new)
    with pytest.raises(InputError, match=message):
        write_edition_notes(old, new, tmp_path / "notes")
    assert not (tmp_path / "notes").exists()


def test_a_folder_that_is_no_edition_and_one_within_an_edition_are_refused(write: Write, tmp_path: Path) -> None:
    edition = write("1", "")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"empty is no data edition: it has no registry\.json; give the folder of"):
        write_edition_notes(edition, tmp_path / "empty", tmp_path / "notes")
    with pytest.raises(UsageError, match=r"lies in the edition .*; give a folder of its own by -o DIR"):
        write_edition_notes(edition, edition, edition / "notes")


def test_the_command_ends_with_one_where_editions_differ(write: Write, tmp_path: Path, command_line: Any) -> None:
    old, new = write("1", "a,deaths,4,\n"), write("2", "a,deaths,5,\n")
    done = command_line("diff", old, new, "-o", tmp_path / "notes")
    assert (done.returncode, "Data edition 1 → 2" in done.stdout) == (1, True)
    assert command_line("diff", old, old, "-o", tmp_path / "notes").returncode == 0
    done = command_line("diff", old, new, "--key", "x", "-o", tmp_path / "notes")
    assert done.returncode == 2
    assert "the rows of a data edition have ids" in done.stderr
