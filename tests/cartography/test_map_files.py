"""Map files: what is written reads back as the same, and a mistake is named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.cartography.composition import Composition, Join, MapLayer, Style, bilingual, parsed_join, parsed_names
from atlas.cartography.map_toml import map_file_text, read_map_file
from atlas.errors import InputError, UsageError


def test_a_map_reads_back_as_the_same(tmp_path: Path) -> None:
    hostile = 'a"b\\c\n\x7f\x00é😀 = [['
    layer = MapLayer(
        tmp_path / "a b.csv",
        Style("rate", "n", breaks=(1.0, 2.5), midpoint=-1, palette="PuOr", opacity=0.5),
        popup=("a,b", hostile),
        join=Join("municipalities", "cvegeo", "code"),
        title=bilingual({"es": hostile}, "t"),
        where=((hostile, "2024"),),
        sensitivity_field="none",
    )
    texts = {"title": bilingual(hostile, "t"), "credit": bilingual({"en": "A", "es": "B"}, "c")}
    made = Composition((layer, MapLayer("border")), texts, (bilingual("INM", "s"),), (-94.0, 14.0, -88.0, 19.0))
    path = tmp_path / "map.toml"
    path.write_bytes(map_file_text(made).encode())
    assert read_map_file(path) == made


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel = 'x'", "has no 'titel'; did you mean 'title'"),
        ("[[layers]]\ncolour = 'x'", "layer 1 names no source"),
        ("[[layers]]\nsource = 'x'\nclasses = 'five'", "layer 1: classes = 'five' is not a number"),
        ("[[layers]]\nsource = 'x'\njoin = 3", "join is not such as"),
        ("[[layers]]\nsource = 'x'\nbreaks = ['a']", "breaks are not numbers"),
        ("extent = [1, 2, 3]", "is not west, south, east, north"),
        ("title = 3", "title is 3"),
        ("= 3", "is not TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_map_file(path)


def test_names_with_commas_stand_in_quotes() -> None:
    assert parsed_names(['"a,b",c', "a.b", "__proto__"]) == ("a,b", "c", "a.b", "__proto__")
    assert parsed_join("lim: a.geojson:KEY=col") == Join("lim: a.geojson", "KEY", "col")
    with pytest.raises(UsageError, match="expected LAYER:KEY"):
        parsed_join("municipalities")
