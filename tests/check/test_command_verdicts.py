"""One table says what each command does with each fault; every door is held to it, with a file for each fault."""

from __future__ import annotations

import codecs
import json
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from atlas.admission.user_features import read_user_layer
from atlas.check import RULES, Severity, check_file
from atlas.check.command_verdicts import Command, Verdict, rulings
from atlas.errors import InputError
from atlas.field.importing import import_files
from atlas.field.readers import ReadOptions, read_file
from atlas.field.row import Rejected
from atlas.field.store import open_store
from atlas.release.record_reader import read_records
from tools.faults import PAGE, page_text

pytestmark = pytest.mark.slow

INVALID = {path.stem: path for path in sorted((Path(__file__).parent.parent / "data" / "invalid").iterdir())}
# what the readers of field notes say in words of their own, of every format
IN_OTHER_WORDS = {
    "encoding-not-utf8": "Windows-1252",
    "encoding-utf16": "UTF-16",
    "ring-open": "was not closed",
    "feature-twice": "likely duplicates",
}
Outcome = tuple[Verdict, list[str]]


def _strictly(take: Callable[[Path, Callable[[str], None]], object], path: Path) -> Outcome:
    notes: list[str] = []
    try:
        take(path, notes.append)
    except InputError:
        return Verdict.REFUSED, notes
    return (Verdict.NOTED if notes else Verdict.TAKEN), notes


def _drawn(path: Path, say: Callable[[str], None]) -> None:
    for remark in read_user_layer(path).remarks:
        say(remark)


def _imported(path: Path) -> Outcome:
    """Into a store of its own, since a row may be refused as late as there."""
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.gpkg")
        store.create()
        try:
            (done,), aside = import_files(store, [path], partial(read_file, options=ReadOptions(notify=notes.append)))
        except InputError:
            return Verdict.REFUSED, notes
    if done.proposed:
        notes.append("likely duplicates")
    return (Verdict.ASIDE if aside else Verdict.NOTED if notes else Verdict.TAKEN), notes


DOORS: dict[Command, Callable[[Path], Outcome]] = {
    Command.MAP: partial(_strictly, _drawn),
    Command.IMPORT: _imported,
    Command.RELEASE: partial(_strictly, lambda path, say: read_records(path, on_note=say)),
}


def test_every_rule_has_a_ruling_and_no_error_is_taken_silently() -> None:
    assert list(rulings()) == list(RULES)
    for rule, ruling in rulings().items():
        verdicts = set(ruling.verdicts.values())
        assert ruling.verdicts[Command.MAP] is not Verdict.ASIDE
        assert ruling.verdicts[Command.RELEASE] is not Verdict.ASIDE
        assert ruling.done or Verdict.NOTED not in verdicts, f"{rule} is noted, and nothing says what is done"
        # a schema is another's wish; the commands here know none
        if RULES[rule].severity is Severity.ERROR and rule != "schema":
            assert Verdict.TAKEN not in verdicts, f"{rule} breaks readers and one command says nothing"
        if Verdict.REFUSED in verdicts or Verdict.ASIDE in verdicts:
            assert Verdict.TAKEN not in verdicts, f"{rule} is refused by one command and taken silently by another"


@pytest.mark.parametrize("command", list(Command))
@pytest.mark.parametrize("rule", sorted(INVALID))
def test_every_door_does_what_the_table_says(command: Command, rule: str) -> None:
    expected = rulings()[rule].verdicts[command]
    verdict, notes = DOORS[command](INVALID[rule])
    assert verdict is expected, notes
    if verdict is Verdict.NOTED:
        word = IN_OTHER_WORDS.get(rule, f"({rule})") if command is Command.IMPORT else f"({rule})"
        assert any(word in note for note in notes), notes


@pytest.mark.parametrize("command", list(Command))
def test_numbers_in_quotes_are_no_position_anywhere(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "quoted.geojson"
    geometry = {"type": "LineString", "coordinates": [["-92.15", "14.68"], [-92.1, 14.7]]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    assert DOORS[command](path)[0] in {Verdict.REFUSED, Verdict.ASIDE}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("form", ["collection", "lines", "sequence"])
def test_the_same_features_come_in_through_every_door(encoding: str, form: str, tmp_path: Path) -> None:
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"name": f"Río {n}"}, "geometry": {"type": "Point", "coordinates": [-92, n]}}
        for n in (14, 15, 16)
    ]
    mark = "\x1e" if form == "sequence" else ""
    lines = "".join(f"{mark}{json.dumps(one, ensure_ascii=False)}\n" for one in features)
    whole = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path = tmp_path / "file.geojson"
    path.write_bytes((whole if form == "collection" else lines).encode(encoding))
    assert [one.properties["name"] for one in read_user_layer(path).features] == ["Río 14", "Río 15", "Río 16"]
    assert len(read_records(path)) == 3
    rows = list(read_file(path))
    assert len(rows) == 3
    assert not any(isinstance(row, Rejected) for row in rows)


FEATURE = (
    '{"type":"Feature","properties":{"category":"checkpoint"},"geometry":{"type":"Point","coordinates":[-92.15,14.68]}}'
)
FILE = '{"type":"FeatureCollection","features":[%s]}'
WHOLE = FILE % FEATURE
UTM = '"crs":{"type":"name","properties":{"name":"EPSG:32615"}}'
RING = "[-92,15],[-91,15],[-91,16]"


def _at(position: str) -> str:
    return WHOLE.replace("-92.15,14.68", position)


def _area(rings: str) -> str:
    return WHOLE.replace('"Point"', '"Polygon"').replace("[-92.15,14.68]", rings)


SIBLINGS: dict[str, str | bytes] = {
    "mark twice": codecs.BOM_UTF8 * 2 + WHOLE.encode(),
    "mark twice, UTF-16": ("\ufeff" + WHOLE).encode("utf-16"),
    "UTF-16 cut": WHOLE.encode("utf-16")[:-1],
    "null after the end": WHOLE + "\0",
    "second of a sequence damaged": f"{FEATURE}\n{{broken\n",
    "sequence of several lines": "\n".join([json.dumps(json.loads(FEATURE), indent=1)] * 2),
    "sequence with a repeated member": FEATURE + "\n" + FEATURE.replace('"type"', '"id":1,"id":2,"type"', 1),
    "degrees in a file of metres": WHOLE[:-1] + f",{UTM}}}",
    "degrees in a feature of metres": FEATURE[:-1] + f",{UTM}}}",
    "degrees in a geometry of metres": '{"type":"Point","coordinates":[-92.15,14.68],' + UTM + "}",
    "crs of the feature": FILE % (FEATURE[:-1] + f",{UTM}}}"),
    "crs without a name": WHOLE[:-1] + ',"crs":{"type":"EPSG","properties":{"code":32615}}}',
    "metres without a crs": _at("591545,1623128"),
    "height NaN": _at("-92.15,14.68,NaN"),
    "height null": _at("-92.15,14.68,null"),
    "height of 400 digits": _at("-92.15,14.68," + "1" * 400),
    "longitude of 400 digits": _at("1" * 400 + ",14"),
    "longitude of 5,000 digits": _at("1" * 5000 + ",14"),
    "exponent": _at("1e999999999,14"),
    "in quotes, with spaces": _at('" -92.15 ","14.68"'),
    "true": _at("true,14.68"),
    "arrays too deep": _at("[" * 500 + "-92" + "]" * 500 + ",14"),
    "id NaN": WHOLE.replace('{"type":"Feature",', '{"type":"Feature","id":NaN,'),
    "id of 5,000 digits": WHOLE.replace('{"type":"Feature",', '{"type":"Feature","id":' + "7" * 5000 + ","),
    "NaN outside of the features": WHOLE[:-1] + ',"x":{"y":[NaN]}}',
    "NaN in a box": WHOLE[:-1] + ',"bbox":[NaN,1,2,3]}',
    "category too deep": WHOLE.replace('"checkpoint"', '{"a":' * 70 + "1" + "}" * 70),
    "features twice": WHOLE[:-1] + ',"features":[]}',
    "open ring of three": _area(f"[[{RING}]]"),
    "ring of two": _area("[[[-92,15],[-91,15]]]"),
    "ring of none": _area("[[]]"),
    "hole of one": _area(f"[[{RING},[-92,15]],[[-91.5,15.2]]]"),
    "null in a collection": WHOLE.replace(
        '"Point","coordinates":[-92.15,14.68]', '"GeometryCollection","geometries":[null]'
    ),
    "half a pair": WHOLE.replace("checkpoint", r"\ud800"),
}
STRICTNESS = (Verdict.TAKEN, Verdict.NOTED, Verdict.ASIDE, Verdict.REFUSED)


@pytest.mark.parametrize("command", list(Command))
@pytest.mark.parametrize("name", SIBLINGS)
def test_no_door_takes_what_the_table_does_not(command: Command, name: str, tmp_path: Path) -> None:
    content = SIBLINGS[name]
    path = tmp_path / "file.geojson"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    broken = check_file(path).counts
    least = max((rulings()[rule].verdicts[command] for rule in broken), key=STRICTNESS.index, default=Verdict.TAKEN)
    verdict, notes = DOORS[command](path)
    # each line of a sequence of field notes stands by itself
    if command is Command.IMPORT and name.startswith("second of a sequence"):
        least = Verdict.ASIDE
    assert STRICTNESS.index(verdict) >= STRICTNESS.index(least), (sorted(broken), notes)


@pytest.mark.parametrize("name", ["degrees in a file of metres", "degrees in a feature of metres"])
@pytest.mark.parametrize("command", list(Command))
def test_degrees_are_not_moved_as_metres(command: Command, name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.geojson"
    path.write_text(str(SIBLINGS[name]), encoding="utf-8")
    assert DOORS[command](path)[0] in {Verdict.REFUSED, Verdict.ASIDE}


def test_a_crossing_of_lines_does_not_make_an_area_vanish(tmp_path: Path) -> None:
    bowtie = [[[-92, 15], [-91, 16], [-91, 15], [-92, 16], [-92, 15]]]
    path = tmp_path / "bowtie.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": bowtie}), encoding="utf-8")
    layer = read_user_layer(path)
    assert layer.features[0].shape is not None
    assert "self-intersection" in " ".join(layer.remarks)


def test_the_page_about_faults_is_what_the_tables_say() -> None:
    assert PAGE.read_text("utf-8") == page_text(), "make it again: python -m tools.faults"


@pytest.mark.parametrize(
    "name", ["sequence with a repeated member", "in quotes, with spaces", "height NaN", "open ring of three"]
)
def test_a_zip_opens_no_other_door(name: str, tmp_path: Path) -> None:
    plain, packed = tmp_path / "file.geojson", tmp_path / "file.zip"
    plain.write_text(str(SIBLINGS[name]), encoding="utf-8")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(plain, plain.name)
    for command in (Command.MAP, Command.IMPORT):
        assert DOORS[command](packed)[0] is DOORS[command](plain)[0]
