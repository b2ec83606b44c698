"""Every rule of check has an answer here: repaired, put aside, asked about with the options named, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atlas.check import RULES, Severity, check_file
from atlas.clean import ACTIONS, Strategy, clean_files, options, rules_text
from atlas.errors import InputError

DATA = Path(__file__).parent.parent / "data"
INVALID = {path.stem: path for path in sorted((DATA / "invalid").iterdir())}
VALID = sorted((DATA / "valid").iterdir())
LAYERS = Path(__file__).parent.parent.parent / "geodata" / "layers"

REPAIRED = {
    *("bbox-false", "bbox-form", "bbox-order", "code-zero-lost", "collection-nested", "crs-member"),
    *("date-not-iso", "edge-mismatch", "encoding-bom", "encoding-utf16", "feature-members", "feature-type"),
    *("geometry-empty", "geometry-type", "json-sequence", "json-trailing", "member-forbidden", "number-nan"),
    *("number-unsafe",),
    *("position-form", "precision-excessive", "ring-open", "ring-winding"),
    *("self-intersection", "text-bidi", "text-control", "text-empty", "text-mojibake", "text-not-nfc"),
    "vertex-repeated",
}
REJECTED = {
    *("geometry-members", "id-type", "key-twice", "line-short", "line-zero-length", "nesting-deep"),
    *("number-huge", "position-range", "properties-type", "ring-flat", "ring-short"),
}
KEPT = {
    "geometry-mixed",
    "geometry-null",
    "member-foreign",
    "position-3d",
    "position-extra",
    "precision-mixed",
    "schema",
}
REFUSED = {"json-syntax", "json-truncated", "root-type", "features-missing"}
# the option that the message names, and what then comes of it: repaired, put aside or left
ASKED = {
    "antimeridian": {"repair": ("antimeridian",)},
    "axes-swapped": {"swap_axes": True},
    "crs-nested": {"crs": "EPSG:4326"},
    "crs-projected": {"crs": "EPSG:32615"},
    "encoding-not-utf8": {"encoding": "cp1252"},
    "feature-twice": {"reject": ("feature-twice",)},
    "gap": {"snap_m": 150},
    "id-twice": {"reject": ("id-twice",)},
    "hole-outside": {"repair": ("hole-outside",)},
    "null-island": {"repair": ("null-island",)},
    "overlap": {"snap_m": 150},
    "overlap-parts": {"repair": ("overlap-parts",)},
    "personal-data": {"reject": ("personal-data",)},
    "polygon-invalid": {"repair": ("polygon-invalid",)},
    "position-mixed": {"repair": ("position-mixed",)},
    "sliver": {"reject": ("sliver",)},
    "spike": {"repair": ("spike",)},
    "text-lost": {"reject": ("text-lost",)},
    "type-mixed": {"repair": ("type-mixed",)},
}  # of these the whole file is another one
WHOLE_FILE = {"encoding-not-utf8", "encoding-bom", "encoding-utf16", "json-sequence", "json-trailing"}


def test_every_rule_is_decided_and_listed() -> None:
    assert set(ACTIONS) == set(RULES)
    assert REPAIRED | REJECTED | KEPT | REFUSED | set(ASKED) == set(INVALID)
    for rule in RULES:
        assert f"  {rule} " in rules_text()
        # what check only mentions may stay, and nothing else; a sequence is written as the collection that it lacks
        mentioned = RULES[rule].severity is Severity.INFO and rule != "json-sequence"
        assert (ACTIONS[rule].strategy is Strategy.KEEP) == (mentioned or rule == "schema")


def _passes(path: Path) -> bool:
    return all(RULES[rule].severity is Severity.INFO for rule in check_file(path).counts)


@pytest.mark.parametrize("rule", sorted(REPAIRED))
def test_what_has_one_right_answer_is_repaired(tmp_path: Path, rule: str) -> None:
    out = tmp_path / "out.geojson"
    done = clean_files([INVALID[rule]], out, options())
    assert done.total["by_rule"].keys() == {rule}
    assert done.rejected == 0
    assert _passes(out)
    assert check_file(out).features == max(check_file(INVALID[rule]).features, 1)
    assert not (tmp_path / "out.rejected.geojson").exists()


@pytest.mark.parametrize("rule", sorted(REJECTED))
def test_what_cannot_be_repaired_is_put_aside_as_it_was(tmp_path: Path, rule: str) -> None:
    out = tmp_path / "out.geojson"
    done = clean_files([INVALID[rule]], out, options(allow_empty=True))
    aside = json.loads((tmp_path / "out.rejected.geojson").read_bytes(), parse_constant=str)
    assert done.rejected == len(aside["features"]) == 1
    assert aside["features"][0]["rejected_rule"] == rule
    assert aside["features"][0]["rejected_reason"].endswith(".")
    ledger = json.loads((tmp_path / "out.ledger.json").read_bytes())
    assert [one["after"] for one in ledger["changes"] if one["rule"] == rule] == ["put aside"]
    assert ledger["total"]["rejected"] == 1
    assert _passes(out)


@pytest.mark.parametrize("path", [*VALID, *(INVALID[rule] for rule in sorted(KEPT))], ids=lambda path: path.stem)
def test_what_is_sound_comes_back_byte_for_byte(tmp_path: Path, path: Path) -> None:
    out = tmp_path / "out.geojson"
    done = clean_files([path], out, options())
    assert out.read_bytes() == path.read_bytes()
    assert done.total["changes"] == 0


@pytest.mark.parametrize("name", ["border", "municipalities", "checkpoints", "crossings_formal", "facilities"])
def test_layers_of_the_atlas_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    path, out = LAYERS / f"{name}.geojson", tmp_path / "out.geojson"
    clean_files([path], out, options())
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("rule", sorted(REFUSED))
def test_what_is_no_geojson_is_refused(tmp_path: Path, rule: str) -> None:
    out = tmp_path / "out.geojson"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(InputError, match=rule):
        clean_files([INVALID[rule]], out, options())
    assert [path.name for path in tmp_path.iterdir()] == ["out.geojson"]
    assert out.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("rule", sorted(ASKED))
def test_what_would_be_a_guess_is_asked_and_the_answer_taken(tmp_path: Path, rule: str) -> None:
    out = tmp_path / "out.geojson"
    ((name, answer),) = ASKED[rule].items()
    with pytest.raises(InputError, match=f"--{name.replace('_', '-')}"):
        clean_files([INVALID[rule]], out, options())
    assert not list(tmp_path.iterdir())
    done = clean_files([INVALID[rule]], out, options(**{name: answer}, allow_empty=True))
    assert _passes(out)
    assert done.rejected == (name == "reject")
    again = tmp_path / "again.geojson"
    assert clean_files([out], again, options(**{name: answer}, allow_empty=True)).total["changes"] == 0
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("rule", sorted({*ASKED, *REPAIRED} - WHOLE_FILE))
def test_what_the_user_keeps_stays_byte_for_byte(tmp_path: Path, rule: str) -> None:
    out = tmp_path / "out.geojson"
    done = clean_files([INVALID[rule]], out, options(keep=(rule,)))
    assert out.read_bytes() == INVALID[rule].read_bytes()
    assert any("left as it is" in note for note in done.notes)
