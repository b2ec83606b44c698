"""Tables as they come: codes that a program took for numbers, names that are misspelt, rates in whole numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.admission.user_features import UserFeature, UserLayer
from atlas.cartography.classification import classify
from atlas.cartography.composition import Join, Style
from atlas.cartography.fields import chosen_fields
from atlas.cartography.map_toml import read_map_file
from atlas.cartography.numeric_field import are_numbers, figures_of
from atlas.cartography.rates import names_rate
from atlas.cartography.table_join import join_table
from atlas.errors import InputError, UsageError

LAYER = [{"type": "Feature", "geometry": None, "properties": {"k": key}} for key in ("04010", "07089", "23004")]


@pytest.mark.parametrize(
    "keys", [["4010.0", "7089.0", "23004.0"], [4010.0, 7089.0, None], ["4010", "07089", "23004.00"]]
)
def test_codes_that_became_numbers_find_their_features(keys: list[object]) -> None:
    made, report = join_table({"k": keys, "rate": [1, 2, 3]}, LAYER, Join("layer", "k"), "t.csv", None)
    assert [one["properties"]["rate"] for one in made["features"]][:2] == [1, 2]
    assert report.padded[0] == (str(keys[0]).removesuffix(".0") if isinstance(keys[0], float) else keys[0], "04010")


def test_a_number_with_decimals_is_no_code() -> None:
    with pytest.raises(InputError, match=r"no row of t.csv matches layer:k; the table has 4010.5"):
        join_table({"k": ["4010.5"], "rate": [1]}, LAYER, Join("layer", "k"), "t.csv", None)


@pytest.mark.parametrize("field", ["rate", "Tasa", "rate_2020", "pct homes", "Índice", "% of homes"])
def test_a_rate_in_whole_numbers_is_known_by_its_name(field: str) -> None:
    assert names_rate(field)


@pytest.mark.parametrize("field", ["cases", "people", "migrate", "operations", "personas"])
def test_a_count_is_not_taken_for_a_rate(field: str) -> None:
    assert not names_rate(field)


def test_a_field_that_is_not_there_names_the_nearest_and_the_others() -> None:
    file = UserLayer("t.csv", {}, [UserFeature(1, None, {f"field_{n}": 1 for n in range(10)}, {})])
    with pytest.raises(UsageError, match=r"no field 'feld_3'; did you mean 'field_3'\? It has field_0, .* and 2 more"):
        chosen_fields(file, ["feld_3"])
    with pytest.raises(UsageError, match=r"no field 'zzz'; it has field_0, .* and 2 more"):
        chosen_fields(file, ["zzz"])


def test_a_map_file_takes_a_join_as_the_command_line_has_it(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    for join in ('"municipalities:cvegeo=code"', '{ layer = "municipalities", key = "cvegeo", column = "code" }'):
        path.write_text(f'[[layers]]\nsource = "t.csv"\njoin = {join}\n', encoding="utf-8")
        assert read_map_file(path).layers[0].join == Join("municipalities", "cvegeo", "code")
    path.write_text('[[layers]]\nsource = "t.csv"\njoin = "municipalities"\n', encoding="utf-8")
    with pytest.raises(InputError, match="expected LAYER:KEY"):
        read_map_file(path)


@pytest.mark.parametrize("scheme", ["quantiles", "equal_interval", "fisher_jenks", "head_tail", "std_mean"])
def test_breaks_of_billions_have_no_decimals_and_round_ends(scheme: str) -> None:
    values = [73_731_913_647.9366 * 1.19**n for n in range(23)]
    made = classify(values, Style("money", scheme=scheme))
    assert made.decimals == 0
    inner = [one.high for one in made.intervals[:-1]]
    assert inner
    assert all(high % 100 == 0 for high in inner)
    # every value is in the class that its legend says
    assert all(
        made.intervals[n].low <= value <= made.intervals[n].high for value, n in zip(values, made.of, strict=True)
    )


def test_breaks_of_small_numbers_keep_their_digits() -> None:
    values = [1.346e-9, 2.6e-9, 3.5e-9, 4.9e-9, 8.978e-9]
    made = classify(values, Style("rate", classes=3))
    assert made.decimals >= 10
    assert classify([0.5, 12345.678, 20.25], Style("rate", classes=2)).decimals == 3


@pytest.mark.parametrize("values", [["45%", "7 %", None], ["0,5 %", "12,25 %", "n/d"]])
def test_numbers_with_a_percent_sign_are_numbers(values: list[str | None]) -> None:
    assert are_numbers("share", values)
    figures = figures_of("share", values)
    assert figures.percent
    assert len(figures.known) == 2
    assert figures.foreign == ()


def test_a_percent_sign_on_some_numbers_alone_is_none_of_ours_to_guess() -> None:
    figures = figures_of("share", ["45%", "0.45", "7"])
    assert not figures.percent
    assert figures.foreign == ("45%",)


@pytest.mark.parametrize("field", ["founded", "Año de fundación", "year-built", "desde"])
def test_years_are_known_by_what_is_said_of_them(field: str) -> None:
    assert figures_of(field, [1867, 1994]).years


@pytest.mark.parametrize(
    ("field", "values"), [("founded", [12, 1994]), ("opened", [2500, 4000]), ("people", [1867, 1994])]
)
def test_counts_are_no_years(field: str, values: list[int]) -> None:
    assert not figures_of(field, values).years
