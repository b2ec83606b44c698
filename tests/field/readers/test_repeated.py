"""A row that says two things is put aside with both of them; a file that says two things of all its rows is refused."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.merge import merge
from atlas.field.readers import features, read_file
from atlas.field.store import open_store

Reading = Callable[..., Any]
ID = "6f0d1c1e-8f2b-4a94-9d6a-3c1b7a52e0d4"
POINT = '"geometry":{"type":"Point","coordinates":[-92.15,14.68]}'
GOOD = f'{{"type":"Feature",{POINT},"properties":{{"note":"good"}}}}'
BAD = f'{{"type":"Feature",{POINT},"properties":{{"sensitivity":"withheld",\n"sensitivit\\u0079":"generalised"}}}}'


def _collection(*parts: str, more: str = "") -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(parts)}]{more}}}'


@pytest.mark.parametrize("name", ["duplicate-sensitivity", "duplicate-sensitivity-escaped"])
def test_a_class_that_stands_twice_is_never_half_taken(reading: Reading, repo: Path, name: str) -> None:
    came = reading(repo / "tests" / "data" / "layers" / f"{name}.geojson")
    assert not came.good
    assert [row.where for row in came.bad] == [f"feature {number}" for number in range(1, 7)]
    assert "“sensitivity” stands twice in $.properties; take out one" in came.bad[0].reason
    assert "withheld" in came.bad[0].raw
    assert "generalised" in came.bad[0].raw


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("whole.geojson", _collection(GOOD, BAD)),
        ("lines.geojsonl", f"{GOOD}\n{BAD.replace(chr(10), '')}\n"),
        ("rfc8142.geojsons", f"\x1e{GOOD}\n\x1e{BAD.replace(chr(10), '')}\n"),
    ],
)
def test_the_sound_rows_beside_it_come_in(reading: Reading, name: str, content: str) -> None:
    came = reading(content, name)
    assert [row.fields["note"] for row in came.good] == ["good"]
    assert ["“sensitivity” stands twice" in row.reason for row in came.bad] == [True]


def test_so_it_is_in_a_file_that_is_read_a_feature_at_a_time(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_WHOLE_BYTES", 10)
    came = reading(_collection(GOOD, BAD), "long.geojson")
    assert (len(came.good), len(came.bad)) == (1, 1)
    with pytest.raises(InputError, match=r"says two things: .*crs.* stands twice in the outermost object"):
        reading(_collection(GOOD, more=',"crs":null,"crs":null'), "long.geojson")


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (f'{{"type":"Feature",{POINT},{POINT},"properties":{{}}}}', r"“geometry” stands twice in \$;"),
        (GOOD.replace('"coordinates"', '"coordinates":[0,0],"coordinates"'), r"“coordinates” .* \$\.geometry;"),
        (GOOD.replace('"note"', '"a":[{"b":1,"b":2}],"note"'), r"“b” stands twice in \$\.properties\.a\[0\];"),
        (GOOD.replace('"note"', '"_uuid":"1","g":{"x":1,"x":2},"note"'), r"“x” stands twice in \$\.properties\.g;"),
        (
            GOOD.replace('"properties"', '"atlas":{"changes":[{"field":"note","value":1,"value":2}]},"properties"'),
            r"“value” stands twice in \$\.atlas\.changes\[0\];",
        ),
    ],
)
def test_any_member_of_a_feature_counts(reading: Reading, feature: str, message: str) -> None:
    came = reading(_collection(GOOD, feature), "some.geojson")
    assert len(came.good) == 1
    (bad,) = came.bad
    assert re.search(message, bad.reason), bad.reason


@pytest.mark.parametrize(
    "more", [',"features":[]', ',"crs":null,"crs":null', ',"atlas":{"media":[{"name":1,"name":2}]}']
)
def test_a_file_that_says_two_things_of_all_its_features_is_refused(reading: Reading, more: str) -> None:
    with pytest.raises(InputError, match=r"all\.geojson says two things: “\w+” stands twice .*; take out one"):
        reading(_collection(GOOD, more=more), "all.geojson")


def test_a_sealed_bundle_with_a_member_twice_is_refused(reading: Reading) -> None:
    with pytest.raises(InputError, match="“data” stands twice"):
        reading('{"format":"atlas-field-notes-sealed","version":1,"data":"","data":""}', "notes.atlasnotes")


def test_json_in_a_cell_says_one_thing(reading: Reading) -> None:
    base = f'{{"record":"{ID}","fields":{{}},"fields":{{}}}}'.replace('"', '""')
    came = reading(f'id,latitude,longitude,note,atlas_base\n{ID},14.68,-92.15,x,"{base}"\n')
    assert ["atlas_base says two things: “fields” stands twice" in row.reason for row in came.bad] == [True]


@pytest.mark.parametrize("second", ["sensitivity", "Sensibilidad", "group/sensitivity"])
def test_two_columns_of_class_have_to_agree(reading: Reading, second: str) -> None:
    rows = "withheld,generalised\n14.69,-92.15,b,open,abierto\n14.7,-92.15,c,open,\n14.71,-92.15,d,,restricted\n"
    came = reading(f"latitude,longitude,note,sensitivity,{second}\n14.68,-92.15,a,{rows}")
    assert [(row.fields["note"], row.fields["sensitivity"]) for row in came.good] == [
        ("b", "open"),
        ("c", "open"),
        ("d", "restricted"),
    ]
    assert [row.reason for row in came.bad] == ["it states 2 classes, 'generalised', 'withheld'; leave the true one"]


def test_data_of_a_placemark_says_one_thing(reading: Reading) -> None:
    data = '<Data name="sensitivity"><value>{}</value></Data>'
    place = "<Placemark><ExtendedData>{}</ExtendedData><Point><coordinates>-92.1,14.7</coordinates></Point></Placemark>"
    two, same = (place.format(data.format(a) + data.format(b)) for a, b in (("withheld", "open"), ("open", "open")))
    came = reading(f"<kml><Document>{two}{same}</Document></kml>", "places.kml")
    assert [row.fields["sensitivity"] for row in came.good] == ["open"]
    assert "'sensitivity' stands twice with different values" in came.bad[0].reason


def test_a_submission_says_one_thing(reading: Reading) -> None:
    answers = "<position>14.68 -92.15 0 0</position><sensitivity>withheld</sensitivity><sensitivity>open</sensitivity>"
    meta = f"<meta><instanceID>uuid:{ID}</instanceID></meta>"
    came = reading(f'<data id="atlas">{answers}{meta}</data>', "submission.xml")
    assert not came.good
    assert "'sensitivity' stands twice with different values" in came.bad[0].reason


def test_a_store_in_which_a_value_says_two_things_is_not_taken(tmp_path: Path) -> None:
    store, other = open_store(str(tmp_path / "store.gpkg")), open_store(str(tmp_path / "other.gpkg"))
    for each in (store, other):
        each.create()
    feature = json.loads(GOOD) | {"id": ID}
    feature["properties"]["where"] = {"x": 1}
    path = tmp_path / "one.geojson"
    path.write_text(_collection(json.dumps(feature)), encoding="utf-8")
    import_files(store, [path], read_file)
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(export(store, "gpkg", exact=True)[0])
    with closing(sqlite3.connect(tmp_path / "store.gpkg")) as database, database:
        database.execute("DROP TRIGGER changes_is_not_altered")
        database.execute("""UPDATE changes SET value = '{"x":0,"x":1}' WHERE field = 'where'""")
    with pytest.raises(InputError, match="is not written as the atlas writes it"):
        merge(other, [store])
    rejected = [row.reason for row in read_file(tmp_path / "store.gpkg") if hasattr(row, "reason")]
    assert ["“x” stands twice in $" in reason for reason in rejected] == [True]


def test_extra_values_of_a_copy_are_never_dropped_for_being_unreadable(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.gpkg"))
    store.create()
    path = tmp_path / "one.geojson"
    path.write_text(_collection(GOOD.replace('"note"', '"who":"Synthetic","note"')), encoding="utf-8")
    import_files(store, [path], read_file)
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(export(store, "gpkg", exact=True)[0])
    for extra, message in (
        ('{"who":"a","who":"b"}', "“who” stands twice"),
        ('{"who":', "is not JSON"),
        ("[1]", "holds"),
    ):
        with closing(sqlite3.connect(copy)) as database, database:
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f'DROP TRIGGER "{name}"')
            if "extra" not in {row[1] for row in database.execute("PRAGMA table_info(annotations)")}:
                database.execute("ALTER TABLE annotations ADD COLUMN extra TEXT")
            database.execute("UPDATE annotations SET extra = ?", [extra])
        (row,) = read_file(copy)
        assert message in getattr(row, "reason", "")
