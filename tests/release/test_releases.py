"""Releases from the command line's own door: ledger, private state, closing, withdrawing, old releases, the sheet."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.api import Atlas
from atlas.errors import InputError, PolicyError, UsageError
from atlas.pipeline.publish_options import PublishOptions
from atlas.project import Project
from atlas.release import risk_page
from atlas.release.book import PERIODS
from atlas.release.box_levels import LEVELS
from atlas.release.boxes import BoxMap
from atlas.release.groups import ALL_GROUPS, GROUPINGS
from atlas.release.old_format import cut_boxes, old_places, refuse_cut_boxes
from atlas.release.public_ledger import Ledger, read_ledger
from atlas.release.terms_reader import default_policy_text

pytestmark = pytest.mark.slow

Record = dict[str, Any]
TODAY = date(2026, 3, 1)
TERMS = PublishOptions(today=TODAY)


def note(number: int, *, lon: float = -92.15, lat: float = 14.70, **properties: Any) -> Record:
    day = f"2025-{number // 28 + 1:02d}-{number % 28 + 1:02d}"
    stated = {"category": "shelter", "sensitivity": "generalised", "observed_at": day, **properties}
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": f"{stated['category']}-{number}-{lon}", "geometry": geometry, "properties": stated}


def notes(count: int, **more: Any) -> list[Record]:
    return [note(number, **more) for number in range(count)]


def shown(folder: Path) -> dict[str, int]:
    features = json.loads((folder / "records.geojson").read_bytes())["features"]
    return {
        f"{each['properties']['place']}|{each['properties']['group']}": each["properties"]["reports_at_least"]
        for each in features
    }


@pytest.fixture
def released(project: Project, write: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Release records into a folder of a name."""

    def made(name: str, records: list[Record], terms: PublishOptions = TERMS) -> Path:
        Atlas(project).release([write(records)], tmp_path / name, terms)
        return tmp_path / name

    return made


def test_a_release_is_a_feature_a_class_and_a_ledger_in_folder_and_project(
    project: Project, released: Callable[..., Path]
) -> None:
    folder = released("public", [*notes(13), *notes(4, category="incident")])
    assert shown(folder) == {"zone R000|help": 10}
    (feature,) = json.loads((folder / "records.geojson").read_bytes())["features"]
    assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert {"place", "level", "group", "period", "reports_at_least", "book", "map"} <= set(feature["properties"])
    ledger_path = project.geodata / "released" / "ledger.json"
    assert ledger_path.read_bytes() == (folder / "ledger.json").read_bytes()
    assert (project.geodata / "private" / ".gitignore").read_text(encoding="utf-8").endswith("*\n")
    assert (project.geodata / "private" / "release.json").stat().st_mode & 0o077 == 0


def test_a_release_before_its_time_says_from_when_on_something_is_told(
    project: Project, write: Callable[..., Path], tmp_path: Path
) -> None:
    early = PublishOptions(today=date(2025, 11, 30))
    made = Atlas(project).release([write(notes(13))], tmp_path / "out", early)
    assert made.count == 0
    assert any("book 2025: 2025 is told from 2026-03-01 on, 60 days after its end" in note for note in made.notes)
    again = Atlas(project).release([write(notes(13))], tmp_path / "out", TERMS)
    assert again.count == 1
    assert not any("told from" in note for note in again.notes)


def test_notes_of_a_year_without_a_book_are_counted_and_named(
    project: Project, write: Callable[..., Path], tmp_path: Path
) -> None:
    text = default_policy_text().replace("[books.default]", "[books.2026]")
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    terms = replace(TERMS, policy=tmp_path / "policy.toml", report=tmp_path / "sheet")
    made = Atlas(project).release([write(notes(13))], tmp_path / "out", terms)
    assert made.count == 0
    assert made.held["of a year that no book of the policy holds"] == 13
    assert "de un año que ningún libro" in (tmp_path / "sheet" / "risk.html").read_text(encoding="utf-8")


def test_releasing_again_changes_no_byte_whatever_came_meanwhile(released: Callable[..., Path]) -> None:
    first = released("a", notes(13))
    second = released("b", notes(40), replace(TERMS, today=date(2026, 4, 2)))
    for name in ("records.geojson", "counts.csv", "ledger.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_chain_holds_published_ledgers_and_no_drafts(
    project: Project, released: Callable[..., Path], write: Callable[..., Path]
) -> None:
    # B10
    folder = released("a", notes(13))
    first = read_ledger(folder / "ledger.json")
    Atlas(project).forecast([write(notes(27))], replace(TERMS, close=(2025,)))
    closed = read_ledger(released("b", notes(13), replace(TERMS, close=(2025,))) / "ledger.json")
    assert first is not None
    assert closed is not None
    assert closed.chain == (first.sha256,)
    assert closed.follows(first)


def test_a_forecast_writes_nothing_but_the_report_that_is_asked_for(
    project: Project, write: Callable[..., Path], tmp_path: Path
) -> None:
    before = sorted(path for path in project.geodata.rglob("*"))
    sheet = Atlas(project).forecast([write(notes(13))], TERMS)
    assert sheet.books[0].shown_total == 10
    assert sorted(path for path in project.geodata.rglob("*")) == before
    Atlas(project).forecast([write(notes(13))], replace(TERMS, report=tmp_path / "sheet"))
    assert {path.name for path in (tmp_path / "sheet").iterdir()} == {"risk.html", "risk.json"}
    assert sorted(path for path in project.geodata.rglob("*")) == before


def test_the_sheet_says_what_waits_what_to_look_at_and_what_other_terms_cost(
    project: Project, write: Callable[..., Path], tmp_path: Path
) -> None:
    records = [*notes(13), *notes(4, category="incident"), note(60, lon=-90.5, lat=15.5), note(61, category="no such")]
    Atlas(project).forecast([write(records)], replace(TERMS, report=tmp_path / "sheet"))
    data = json.loads((tmp_path / "sheet" / "risk.json").read_bytes())
    (book,) = data["books"]
    assert (book["days"], book["shown"], book["below"], book["beyond"], book["not_due"]) == (17, 10, 4, 3, 0)
    (row,) = book["classes"]
    assert (row["observers"], row["categories"], row["days"], row["shown"]) == (1, 1, 13, 10)
    others = {(each["level"], each["groups"], each["period"], each["k"]) for each in book["other_terms"]}
    assert others >= {("box", "five", "year", 5), ("section", "two", "year", 5), ("zone", "five", "quarter", 5)}
    assert ("zone", "five", "year", 20) in others
    assert (row["diversity"], book["fresh"]) == (1.0, ["zone R000|help|2025"])
    assert data["held"]["of a category that the policy does not list"] == 1
    page = (tmp_path / "sheet" / "risk.html").read_text(encoding="utf-8")
    for words in ("one house, one family", "una sola casa", "may be quoted", "se puede citar", "de una categoría que"):
        assert words in page
    assert "<script" not in page
    spanish = page[page.index('lang="es"') :]
    assert "zona R000 · ayuda (help) · 2025" in spanish
    assert "zone R000 · help · 2025" in page
    # every word of the ledger that the sheet can name has one in Spanish
    words = risk_page.texts()["es"]["words"]
    assert set(words) == {*LEVELS, *GROUPINGS, *PERIODS, *ALL_GROUPS}
    assert "<td>zone</td>" not in spanish
    # a phone scrolls the tables and not the page
    assert page.count("<table>") == page.count('<div class="wide" tabindex="0"') > 0


@pytest.mark.parametrize("inside", ["public", "public/deeper", "maps", "geodata/x"])
def test_the_sheet_goes_into_nothing_that_is_published(
    project: Project, released: Callable[..., Path], tmp_path: Path, inside: str
) -> None:
    released("public", notes(13))
    with pytest.raises(PolicyError, match=r"risk sheet does not go into .* is published"):
        released("public", notes(13), replace(TERMS, report=tmp_path / inside))
    with pytest.raises(PolicyError, match="risk sheet does not go into"):
        released("other", notes(13), replace(TERMS, report=tmp_path / "other"))
    assert project.geodata.is_dir()


@pytest.mark.parametrize("inside", ["geodata/private", "geodata/private/x", "geodata", "."])
def test_a_release_goes_neither_into_nor_around_what_is_private(
    project: Project, write: Callable[..., Path], inside: str
) -> None:
    root = project.geodata.parent
    before = sorted(root.rglob("*"))
    with pytest.raises(PolicyError, match=r"a release does not go into .*private"):
        Atlas(project).release([write(notes(13))], root / inside, TERMS)
    assert sorted(root.rglob("*")) == before


def test_a_lost_or_shortened_ledger_is_noticed_and_since_restores_it(
    project: Project, released: Callable[..., Path], tmp_path: Path
) -> None:
    # B9
    first = released("a", notes(13))
    second = released("b", notes(13), replace(TERMS, close=(2025,)))
    ledger_path = project.geodata / "released" / "ledger.json"
    ledger_path.write_bytes((first / "ledger.json").read_bytes())
    with pytest.raises(PolicyError, match=r"is older than the last release.*--since DIR"):
        released("c", notes(13))
    ledger_path.unlink()
    with pytest.raises(PolicyError, match=r"ledger\.json is lost.*--since DIR"):
        released("c", notes(13))
    assert not (tmp_path / "c").exists()
    third = released("c", notes(13), replace(TERMS, since=(second,)))
    assert ledger_path.read_bytes() == (third / "ledger.json").read_bytes() == (second / "ledger.json").read_bytes()
    with pytest.raises(UsageError, match="holds no release; --since names"):
        released("d", notes(13), replace(TERMS, since=(tmp_path,)))


def test_two_ways_of_one_project_are_a_fork(project: Project, released: Callable[..., Path], tmp_path: Path) -> None:
    released("a", notes(13))
    ledger_path = project.geodata / "released" / "ledger.json"
    kept, private = ledger_path.read_bytes(), project.geodata / "private"
    one = released("one", notes(13), replace(TERMS, close=(2025,)))
    ledger_path.write_bytes(kept)
    shutil.rmtree(private)
    released("two", notes(30), replace(TERMS, withdraw=("R000:help",)))
    with pytest.raises(PolicyError, match=r"went different ways: neither came after the other"):
        released("three", notes(13), replace(TERMS, since=(one,)))
    assert not (tmp_path / "three").exists()


def test_the_loss_of_what_is_private_is_told(
    project: Project, released: Callable[..., Path], write: Callable[..., Path], tmp_path: Path
) -> None:
    released("a", notes(13))
    state = project.geodata / "private" / "release.json"
    state.unlink()
    made = Atlas(project).release([write(notes(13))], tmp_path / "b", TERMS)
    assert any("release.json is lost: withdrawals, if there were any, are forgotten" in one for one in made.notes)
    released("c", notes(13), replace(TERMS, withdraw=("R000:help",)))
    state.unlink()
    with pytest.raises(PolicyError, match=r"is lost, and the ledger says that groups were withdrawn.*--withdraw"):
        released("d", notes(13))
    # the remedy that the message names
    assert shown(released("d", notes(13), replace(TERMS, withdraw=("R000:help",)))) == {}
    assert shown(released("e", notes(13))) == {}


def test_what_was_withdrawn_stays_away_from_later_books(project: Project, released: Callable[..., Path]) -> None:
    assert shown(released("a", notes(13))) == {"zone R000|help": 10}
    assert shown(released("b", notes(13), replace(TERMS, withdraw=("R000:help",)))) == {}
    later = [
        {**one, "id": f"later-{n}", "properties": {**one["properties"], "observed_at": f"2026-01-{n + 1:02d}"}}
        for n, one in enumerate(notes(13))
    ]
    folder = released("c", [*notes(13), *later], PublishOptions(today=date(2027, 3, 5), close=(2025, 2026)))
    assert shown(folder) == {}
    public = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"R000" not in public
    assert b"R000" in (project.geodata / "private" / "release.json").read_bytes()


def test_another_map_is_refused_by_a_ledger_that_names_its_own(project: Project, released: Callable[..., Path]) -> None:
    released("a", notes(13))
    path = project.geodata / "boxes.json"
    document = json.loads(path.read_bytes())
    document["both_banks"] = True
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"names the map [0-9a-f]{16}, and the project's is .*boxes\.json of then"):
        released("b", notes(13))


def test_terms_that_change_in_a_running_book_are_refused(
    project: Project, released: Callable[..., Path], tmp_path: Path
) -> None:
    released("a", notes(13))
    for old, new, what in (
        ("expected_notes = 200", "expected_notes = 2000", "level was 'zone', is 'box'"),
        ("expected_notes = 200", "expected_notes = 20", "groups was 'five', is 'two'"),
        ("k = 5", "k = 10", "k was 5, is 10"),
    ):
        (tmp_path / "other.toml").write_text(default_policy_text().replace(old, new), encoding="utf-8")
        with pytest.raises(PolicyError, match=re.escape(what)):
            released("b", notes(13), replace(TERMS, policy=tmp_path / "other.toml"))
    assert project.geodata.is_dir()


@pytest.mark.parametrize(
    "change",
    [{"format": "x"}, {"books": []}, {"books": {"2025": {}}}, {"chain": 1}, {"map_sha256": "other"}],
    ids=str,
)
def test_a_ledger_that_somebody_edited_is_refused(released: Callable[..., Path], change: dict[str, Any]) -> None:
    folder = released("a", notes(13))
    path = folder / "ledger.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), encoding="utf-8")
    with pytest.raises((InputError, PolicyError), match=r"ledger\.json"):
        released("a", notes(13))


@pytest.fixture
def old_release(tmp_path: Path, boxes: BoxMap) -> Path:
    """A release of before there were boxes: an area that cuts a box below the floor."""
    box = boxes.place("box R030").shape
    west, south, _, north = shapely.bounds(box)
    old = shapely.box(west - 0.3, south - 0.3, west + 0.03, north)
    stated = {"place": "municipality-07059", "category": "shelter", "year": 2024, "sensitivity": "generalised"}
    feature = {"type": "Feature", "id": "a", "geometry": json.loads(shapely.to_geojson(old)), "properties": stated}
    folder = tmp_path / "old"
    folder.mkdir()
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (folder / "records.geojson").write_text(text, encoding="utf-8")
    return folder


def test_a_release_beside_an_old_one_that_cuts_a_box_is_refused_with_the_command(
    project: Project, old_release: Path, released: Callable[..., Path], boxes: BoxMap
) -> None:
    # B12
    assert "box R030" in cut_boxes(boxes, old_places([old_release]))
    with pytest.raises(PolicyError, match=rf"smaller than the floor.*atlas boxes --after {old_release}"):
        released("new", notes(13), replace(TERMS, since=(old_release,)))
    with pytest.raises(PolicyError, match="of the format before there were boxes"):
        released("old", notes(13))
    shutil.copytree(old_release, project.geodata / "released")
    with pytest.raises(PolicyError, match="of the format before there were boxes"):
        released("new", notes(13))


@pytest.mark.long
def test_the_way_over_from_an_old_release_is_walked(
    project: Project, old_release: Path, released: Callable[..., Path]
) -> None:
    made = Atlas(project).make_boxes(after=[old_release])
    assert made.count > 1_000
    folder = released("new", notes(13), replace(TERMS, since=(old_release,)))
    assert sum(shown(folder).values()) == 10
    with pytest.raises(PolicyError, match="names the map"):
        Atlas(project).make_boxes()


def test_an_old_release_whose_places_hold_whole_boxes_is_no_hindrance(boxes: BoxMap, tmp_path: Path) -> None:
    whole = boxes.place("section R000")
    stated = {"place": "border-07", "category": "shelter", "sensitivity": "generalised"}
    feature = {"type": "Feature", "id": "a", "geometry": whole.geometry, "properties": stated}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "records.geojson").write_text(text, encoding="utf-8")
    refuse_cut_boxes(boxes, [tmp_path])


def test_a_ledger_has_the_same_bytes_when_it_is_read_again(tmp_path: Path) -> None:
    ledger = Ledger("id", "map", ("a", "b"))
    (tmp_path / "ledger.json").write_bytes(ledger.data)
    assert read_ledger(tmp_path / "ledger.json").data == ledger.data


def test_what_is_private_is_a_finding_wherever_it_is_published(
    project: Project, released: Callable[..., Path], tmp_path: Path
) -> None:
    folder = released("public", notes(13), replace(TERMS, report=tmp_path / "sheet"))
    assert not Atlas(project).audit([folder]).failed
    for path in (project.geodata / "private" / "release.json", *(tmp_path / "sheet").iterdir()):
        shutil.copy(path, folder / f"copy-{path.name}")
        report = Atlas(project).audit([folder])
        assert "private" in {one.rule for one in report.errors}, path
        (folder / f"copy-{path.name}").unlink()


def _rules(project: Project, *folders: Path) -> list[str]:
    return [one.rule for one in Atlas(project).audit(list(folders)).errors]


def test_a_release_is_made_again_from_its_ledger(project: Project, released: Callable[..., Path]) -> None:
    first = released("a", [*notes(13), *notes(9, category="incident")])
    second = released("b", [*notes(13), *notes(9, category="incident")], replace(TERMS, close=(2025,)))
    assert _rules(project, first, second) == []
    assert _rules(project, second, first) == ["ledger"]
    for name, old, new in (
        ("records.geojson", '"reports_at_least":10', '"reports_at_least":15'),
        ("counts.csv", ",10\n", ",15\n"),
        ("ledger.json", '": 10', '": 15'),
        # nothing that is told follows from the ledger's own id
        ("ledger.json", '"id": "', '"id": "0'),
    ):
        path = second / name
        kept = path.read_text(encoding="utf-8")
        assert old in kept
        path.write_text(kept.replace(old, new, 1), encoding="utf-8")
        assert "ledger" in _rules(project, second), name
        path.write_text(kept, encoding="utf-8")


def test_a_rest_that_is_more_than_half_is_found(project: Project, released: Callable[..., Path]) -> None:
    folder = released("a", notes(13), replace(TERMS, close=(2025,)))
    path = folder / "ledger.json"
    document = json.loads(path.read_bytes())
    document["books"]["2025"]["rest"] = {"section R000|harm": 10}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    whats = [one.what for one in Atlas(project).audit([folder]).errors]
    assert any("more than half of what its silent places can hold" in what for what in whats)
