"""A release that follows others shows no record more finely than they did, whatever changed in between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.api import Atlas
from atlas.errors import InputError, PolicyError, UsageError
from atlas.pipeline.publish import PublishOptions
from atlas.project import Project
from atlas.release.terms_reader import default_policy_text

Record = dict[str, Any]
Released = Callable[..., Counter[tuple[Any, ...]]]

# between the border and the corridor: distances of a policy decide on which of them it is placed
RANGED = (-92.206042, 14.939396)
SPARSE, BESIDE, ALSO = (-90.670005, 16.654088), (-90.785365, 16.769701), (-90.924843, 16.829924)
ELSEWHERE = (
    (-92.070695, 15.498701),
    (-91.955215, 15.694958),
    (-92.162914, 15.341646),
    (-92.143256, 14.91401),
    (-92.068366, 15.05525),
)


def _record(name: str, at: tuple[float, float], **properties: Any) -> Record:
    said = {"category": "informal_crossing", "sensitivity": "generalised", "observed_at": "2026-05-10", **properties}
    return {"type": "Feature", "id": name, "geometry": {"type": "Point", "coordinates": list(at)}, "properties": said}


def _first() -> list[Record]:
    """One record that is alone in its municipality and six that are not, with others that it is put together with."""
    alone = [_record("a-0", SPARSE)]
    together = [_record(f"{at}-{number}", at) for at in (BESIDE, ALSO) for number in range(3)]
    return [*alone, *together, *(_record(f"o-{number}", at) for number, at in enumerate(ELSEWHERE))]


@pytest.fixture
def released(project: Project, write: Callable[..., Path], tmp_path: Path) -> Released:
    """Release records under the default policy with some of its text changed; how many are at each place and time."""

    def made(
        name: str, records: list[Record], *, since: tuple[str, ...] = (), changed: tuple[tuple[str, str], ...] = ()
    ) -> Counter[tuple[Any, ...]]:
        text = default_policy_text()
        for old, new in changed:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
        terms = PublishOptions(policy=tmp_path / "policy.toml", since=tuple(tmp_path / each for each in since))
        Atlas(project).release([write(records)], tmp_path / name, terms)
        features = json.loads((tmp_path / name / "records.geojson").read_bytes())["features"]
        keys = ("place", "category", "month")
        return Counter(tuple(found["properties"].get(key) for key in keys) for found in features)

    return made


def _at(shown: Counter[tuple[Any, ...]]) -> Counter[str]:
    places: Counter[str] = Counter()
    for (place, *_), number in shown.items():
        places[place] += number
    return places


RANGING = [
    (("border_within_m = 2000", "border_within_m = 2500"), r"places\.border_within_m: was 2000\.0, is 2500\.0"),
    (("border_within_m = 2000", "border_within_m = 100"), r"places\.border_within_m: was 2000\.0, is 100\.0"),
    (("corridor_within_m = 6000", "corridor_within_m = 0"), r"places\.corridor_within_m: was 6000\.0, is 0\.0"),
    (("crossing_within_m = 5000", "crossing_within_m = 5001"), r"places\.crossing_within_m: was"),
    (("grid_resolution = 5", "grid_resolution = 4"), r"places\.grid_resolution: was 5, is 4"),
    (("k = 5", "k = 4"), r"k: was 5, is 4; less strict"),
    (('shelter = "generalised"', 'shelter = "open"'), r"categories\.shelter: was generalised, is open; less strict"),
    (('shelter = "generalised"', 'shelter = "generalised"\nhouse = "generalised"'), r"categories\.house: is new"),
    (('["category", "month"', '["month"'), r"fields\.allow: .*groups records otherwise"),
    (("decimals = 4", "decimals = 5"), r"open\.decimals: was 4, is 5; less strict"),
]


@pytest.mark.parametrize(("change", "reason"), RANGING, ids=[change[1] for change, _ in RANGING])
def test_rules_that_could_show_more_are_refused(
    released: Released, tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    records = [_record(f"p-{number}", RANGED, category="shelter") for number in range(6)]
    released("first", records)
    with pytest.raises(
        PolicyError, match=rf"(?s)first was released under other rules.*Release under the policy.*{reason}"
    ):
        released("second", records, since=("first",), changed=(change,))
    assert not (tmp_path / "second").exists()


def test_every_release_of_a_chain_is_looked_at_and_the_one_that_is_replaced_as_well(released: Released) -> None:
    records = [_record(f"p-{number}", RANGED, category="shelter") for number in range(6)]
    other = (("border_within_m = 2000", "border_within_m = 2500"),)
    released("first", records)
    released("second", records, changed=other)
    with pytest.raises(PolicyError, match="first was released under other rules"):
        released("third", records, since=("second", "first"), changed=other)
    with pytest.raises(PolicyError, match="second was released under other rules"):
        released("third", records, since=("first", "second"))
    with pytest.raises(PolicyError, match="first was released under other rules"):
        released("first", records, changed=other)


STRICTER = [
    ("k = 5", "k = 6"),
    ("floor_m = 10000", "floor_m = 20000"),
    ('shelter = "generalised"', 'shelter = "restricted"'),
    ('"year", ', ""),
    ("decimals = 4", "decimals = 3"),
    ("review_by = 2028-11-22", "review_by = 2028-10-22"),
    ('"low", "seen"', '"seen", "low"'),
    ("[places]", "# moved about\n[places]"),
]


@pytest.mark.parametrize("change", STRICTER, ids=[change[1] for change in STRICTER])
def test_stricter_rules_and_other_words_are_no_obstacle(released: Released, change: tuple[str, str]) -> None:
    released("first", _first())
    released("second", _first(), since=("first",), changed=(change,))


def test_times_that_were_not_shown_stay_so(released: Released) -> None:
    released("first", _first(), changed=(('"month", ', ""),))
    with pytest.raises(PolicyError, match=r"month would be shown of records that were shown without"):
        released("second", _first(), since=("first",))


def test_a_release_that_does_not_say_its_rules_is_followed_under_the_same_policy_only(
    released: Released, tmp_path: Path
) -> None:
    released("first", _first())
    path = tmp_path / "first" / "release.json"
    record = json.loads(path.read_bytes())
    del record["rules"]
    path.write_text(json.dumps(record), encoding="utf-8")
    released("second", _first(), since=("first",))
    changed = (("k = 5", "k = 6"),)
    with pytest.raises(PolicyError, match=r"does not say under which rules\. Release under the policy of then"):
        released("third", _first(), since=("first",), changed=changed)
    # of before there was a record at all
    path.unlink()
    released("second", _first(), since=("first",))
    with pytest.raises(PolicyError, match="does not say under which rules"):
        released("third", _first(), since=("first",), changed=changed)


def test_an_earlier_release_must_be_what_was_released(released: Released, tmp_path: Path) -> None:
    released("first", _first())
    records = tmp_path / "first" / "records.geojson"
    whole = records.read_bytes()
    records.write_bytes(whole + b"\n")
    with pytest.raises(InputError, match=r"records\.geojson is not as it was released.*restore both"):
        released("second", _first(), since=("first",))
    record = json.loads((tmp_path / "first" / "release.json").read_bytes())
    document = json.loads(whole)
    for feature in document["features"]:
        feature["geometry"]["coordinates"].reverse()
    records.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "first" / "release.json").unlink()
    with pytest.raises(PolicyError, match="shows places that this project draws otherwise"):
        released("second", _first(), since=("first",))
    assert record["rules"]["k"] == "5"
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="none holds no release"):
        released("second", _first(), since=("none",))


def test_a_record_that_gets_company_stays_where_it_was(released: Released) -> None:
    assert _at(released("first", _first())) == {"border-07059": 6, "border-07": 6}
    more = [*_first(), _record("n-0", SPARSE), _record("n-1", SPARSE)]
    assert _at(released("alone", more)) == {"border-07059": 9, "border-07": 5}
    assert _at(released("second", more, since=("first",))) == {"border-07": 14}
    # nor does one more elsewhere hide that it went
    masked = [*more, _record("o-9", ELSEWHERE[0])]
    assert _at(released("third", masked, since=("first",))) == {"border-07": 15}


@pytest.mark.parametrize(
    "edit",
    [
        {"category": "vehicular_crossing"},
        {"observed_at": "2026-06-11"},
        {"observed_at": "2026"},
        {"observed_at": None},
        {"confidence": "high"},
    ],
    ids=str,
)
def test_a_record_that_was_edited_stays_as_coarse(released: Released, edit: dict[str, Any]) -> None:
    records = _first()
    first = released("first", records)
    others = [_record(f"n-{number}", SPARSE, **edit) for number in range(5)]
    edited = [_record("a-0", SPARSE, **edit), *records[1:], *others]
    second = released("second", edited, since=("first",))
    finer = {"border-07059", *(f"border-07059-{number:06.1f}" for number in range(400))}
    gained = {each: number - first[each] for each, number in second.items() if number > first[each]}
    assert not [each for each in gained if each[0] in finer], second


def test_a_record_that_was_moved_by_metres_or_opened_stays_as_coarse(released: Released) -> None:
    records = _first()
    released("first", records)
    lon, lat = SPARSE
    moved = [_record("a-0", (lon + 0.0002, lat - 0.0001)), *records[1:], *(_record(f"n-{n}", SPARSE) for n in range(5))]
    assert set(_at(released("second", moved, since=("first",)))) == {"border-07"}
    shelters = [_record(f"s-{number}", RANGED, category="formal_crossing") for number in range(6)]
    listed = (('formal_crossing = "generalised"\ncheck', 'formal_crossing = "open"\ncheck'),)
    before = _at(released("coarse", shelters, changed=listed))
    shelters[0]["properties"]["sensitivity"] = "open"
    after = _at(released("later", shelters, since=("coarse",), changed=listed))
    assert after == before
    # what was a point stays one
    opened = released("opened", shelters, changed=listed)
    assert released("again", shelters, since=("opened",), changed=listed) == opened


def test_what_is_new_in_a_new_month_is_shown_as_finely_as_ever(released: Released) -> None:
    may = [*_first(), _record("b-3", BESIDE), _record("b-4", BESIDE)]
    first = released("first", may)
    june = [_record(f"j-{number}", BESIDE, observed_at="2026-06-02") for number in range(6)]
    second = released("second", [*may, *june], since=("first",))
    (fine,) = {place for place, _, _ in first} - {"border-07", "border-07059"}
    assert second == first + Counter({(fine, "informal_crossing", "2026-06"): 6})


def test_the_same_records_after_several_releases_are_the_same(released: Released) -> None:
    first = released("first", _first())
    assert released("second", _first(), since=("first",)) == first
    assert released("third", _first(), since=("first", "second")) == first
    fewer = released("fourth", _first()[:-1], since=("first", "second", "third"))
    assert set(_at(fewer)) <= {"border-07", "border-07059"}
