"""Times in their order, tables with a row for each, widths of lines, and the coarse world."""

from __future__ import annotations

import pytest
import shapely

from atlas.admission.user_features import UserFeature
from atlas.cartography.composition import Join
from atlas.cartography.line_widths import line_widths
from atlas.cartography.table_join import join_table
from atlas.cartography.time_steps import MOST_STEPS, time_steps
from atlas.cartography.world import countries, home, reaches_beyond
from atlas.errors import InputError, UsageError


def test_years_are_in_order_and_gaps_have_none() -> None:
    times = time_steps("year", ["2021", 999, None, "2020.0", "n/d", "2021"])
    assert times.steps == ("999", "2020", "2021")
    assert times.of == (2, 0, None, 1, None, 2)
    assert times.untimed == 2


def test_many_days_become_months_and_then_years() -> None:
    days = [f"2024-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    assert time_steps("date", days).steps[:2] == ("2024-01", "2024-02")
    months = [f"{year}-{month:02d}" for year in range(2000, 2020) for month in range(1, 13)]
    assert time_steps("date", months).steps[0] == "2000"
    with pytest.raises(UsageError, match=f"at most {MOST_STEPS}: write years"):
        time_steps("when", [f"moment {number}" for number in range(MOST_STEPS + 1)])
    with pytest.raises(UsageError, match="is empty, so there is no time"):
        time_steps("when", ["", None, "n/d"])


def test_a_table_with_times_makes_each_feature_once_for_each() -> None:
    features = [{"type": "Feature", "geometry": None, "properties": {"k": key}} for key in ("01", "02", "03")]
    columns = {"k": ["1", "02", "02"], "year": ["2020", "2020", "2021"], "n": ["7", "8.50", "9"]}
    made, report = join_table(columns, features, Join("layer", "k"), "t.csv", "year")
    cells = [(f["properties"]["k"], f["properties"]["year"], f["properties"]["n"]) for f in made["features"]]
    assert cells[2:4] == [("02", "2020", "8.50"), ("02", "2021", "9")]
    assert len(cells) == 6
    assert (report.gaps, report.bare) == (1, ["03"])
    again = {**columns, "year": ["2020", "2021", "2021"]}
    with pytest.raises(InputError, match=r"more than one row for a feature at a time.*\n.*in 2021: rows 3, 4"):
        join_table(again, features, Join("layer", "k"), "t.csv", "year")
    with pytest.raises(InputError, match="has no year in row 3"):
        join_table({**columns, "year": ["2020", "", "2021"]}, features, Join("layer", "k"), "t.csv", "year")
    with pytest.raises(UsageError, match="has no column 'when' that says when"):
        join_table(columns, features, Join("layer", "k"), "t.csv", "when")


def _line(flow: object) -> UserFeature:
    return UserFeature(1, shapely.LineString([(0, 0), (1, 1)]), {"flow": flow}, {})


def test_the_width_of_a_line_is_proportional_to_its_number() -> None:
    widths = line_widths([_line(100), _line("25"), _line(None), _line(-3)], "flow")
    assert widths.shares == (1.0, 0.25, None, 0.0)
    assert widths.steps[0] == (1.0, "100")
    point = UserFeature(1, shapely.Point(0, 0), {"flow": 3}, {})
    with pytest.raises(UsageError, match="no lines whose width could show 'flow'"):
        line_widths([point], "flow")
    with pytest.raises(UsageError, match="no number above zero"):
        line_widths([_line(0)], "flow")


def test_the_world_leaves_the_region_to_the_base_map() -> None:
    assert not reaches_beyond((-92.0, 14.0, -90.0, 18.0))
    assert reaches_beyond((29.0, -1.3, 36.8, 41.0))
    region = shapely.box(*home())
    around = countries((-120.0, -10.0, -60.0, 40.0))
    assert {"Mexico", "Colombia"} <= {one.name["en"] for one in around}
    assert all(shapely.intersection(one.shape, region).area < 1e-9 for one in around)
    assert all(shapely.is_valid(one.shape) for one in around)
    assert {one.name["es"] for one in countries((25.0, 35.0, 45.0, 42.0))} >= {"Turquía"}


def test_no_land_runs_around_the_world_where_it_crosses_180_degrees() -> None:
    land = {one.name["en"]: one for one in countries((-180.0, -85.0, 180.0, 85.0))}
    # Kamchatka and Chukotka, the west of Fiji, and the open sea between them and the other end of the map
    for name, east, sea in (("Russia", (160.0, 56.0), (-100.0, 70.0)), ("Fiji", (178.0, -17.8), (124.3, -16.4))):
        assert shapely.intersects_xy(land[name].shape, *east), name
        assert not shapely.intersects_xy(land[name].shape, *sea), name
        assert shapely.intersects_xy(land[name].shape, *land[name].at), name
    assert shapely.intersects_xy(land["Russia"].shape, -175.0, 66.5)
    assert not shapely.intersects_xy(land["Russia"].shape, 10.0, 67.0)
