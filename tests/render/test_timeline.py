"""The timeline: every event once, drawn no finer than its date; tables and charts that are the fact tables."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from atlas.evidence import citations
from atlas.evidence.historical_records import Event, Flow
from atlas.render.build_context import BuildContext
from atlas.render.chronology import Axis, Part, marks
from atlas.render.flow_charts import all_series

AXIS = Axis(2000, 2019)
YEAR = 5.0
SVG = "{http://www.w3.org/2000/svg}"


def _event(start: str | None, end: str | None = None, *, lasting: bool = False, basis: str = "printed") -> Event:
    return Event(
        event_id="x",
        kind="programme",
        title="X",
        date_from=start,
        date_to=end,
        duration="lasting" if lasting else "moment",
        date_basis=basis,
        area="Mexico",
        states=(),
        source_ids=("ramos2020",),
        confidence="seen",
        note=None,
    )


def _forms(parts: Sequence[Part]) -> list[str]:
    return [part.form for part in parts]


def _flow(period: str, value: int, *, series: str = "deportations", kind: str = "months", unit: str = "people") -> Flow:
    return Flow(
        flow_id=period,
        series=series,
        item=None,
        period=period,
        period_kind=kind,
        value=value,
        unit=unit,
        place="Mexico",
        claimant="Allison Fedirka",
        printed_in="gpf2019",
        bound="=",
        date_basis="printed",
        hedge=None,
        source_ids=("gpf2019",),
        confidence="seen",
        note=None,
    )


@pytest.fixture(scope="module")
def page(pages: Mapping[str, bytes]) -> Element:
    tree = html5lib.parse(pages["timeline.html"].decode(), namespaceHTMLElements=False)
    assert isinstance(tree, Element)
    return tree


@pytest.fixture(scope="module")
def written(repo: Path) -> Mapping[str, list[dict[str, str]]]:
    tables = {}
    for name in ("events", "institutions", "deployments", "flows"):
        with (repo / "geodata" / "evidence" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    return tables


def _words(node: Element) -> str:
    return "".join(node.itertext())


def test_a_day_is_a_point_and_nothing_else_is() -> None:
    (day,) = marks(_event("2014-07-07"), AXIS)
    assert (day.form, day.width) == ("day", 0)
    assert 14 * YEAR + 2 < day.x < 14 * YEAR + 3
    for coarser in (_event("2014"), _event("2014-07"), _event("2014-07-07", "2014-07-09"), _event("2014", "2016")):
        assert _forms(marks(coarser, AXIS)) == ["within"]


def test_a_date_to_the_year_is_a_bar_over_all_of_it() -> None:
    (bar,) = marks(_event("2002"), AXIS)
    assert bar.x == pytest.approx(2 * YEAR, abs=0.02)
    assert bar.width == pytest.approx(YEAR, abs=0.02)


def test_what_lasted_is_soft_over_what_its_ends_may_mean() -> None:
    parts = marks(_event("2001", "2003", lasting=True), AXIS)
    assert _forms(parts) == ["rise", "solid", "fall"]
    assert [part.width for part in parts] == pytest.approx([YEAR] * 3, abs=0.02)
    assert _forms(marks(_event("2001", "2002", lasting=True), AXIS)) == ["rise", "fall"]


def test_a_date_that_nobody_states_is_an_outline_or_nothing() -> None:
    assert _forms(marks(_event("2001", "2019", basis="not stated"), AXIS)) == ["unknown"]
    assert marks(_event(None, basis="not stated"), AXIS) == ()


def test_no_mark_of_the_page_is_finer_than_its_date(page: Element, written: Mapping[str, list[dict[str, str]]]) -> None:
    points = {
        node.get("id", "").removeprefix("event-")
        for node in page.iter("details")
        if any("day" in circle.get("class", "") for circle in node.iter(f"{SVG}circle"))
    }
    days = {row["event_id"] for row in written["events"] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["date_from"])}
    assert points == days


def test_every_event_stands_once_with_a_source_its_year_and_the_basis_of_its_date(
    page: Element, written: Mapping[str, list[dict[str, str]]], edition: BuildContext
) -> None:
    events = {node.get("id"): node for node in page.iter("details")}
    assert len(events) == len(list(page.iter("details")))
    assert set(events) == {f"event-{row['event_id']}" for row in written["events"]}
    for row in written["events"]:
        words = _words(events[f"event-{row['event_id']}"])
        assert row["title"] in words
        for source_id in row["source_ids"].split(";"):
            source = edition.evidence.sources[source_id]
            assert (citations.who(source, "en") or citations.headline(source, "en")) in words, row["event_id"]
            assert str(source.year or "no date") in words, row["event_id"]
        keys = {node.get("data-t") for node in events[f"event-{row['event_id']}"].iter("span")}
        assert f"timeline.basis.{row['date_basis'].replace(' ', '_')}.what" in keys


def test_tables_of_the_page_are_the_fact_tables(page: Element, written: Mapping[str, list[dict[str, str]]]) -> None:
    rows = {node.get("data-row"): node for node in page.iter("tr") if node.get("data-row")}
    figures = {row["flow_id"]: row["value"] for row in written["flows"]}
    figures |= {row["deployment_id"]: row["number"] for row in written["deployments"]}
    assert set(rows) == set(figures)
    shown = {name: next((data.get("value") for data in row.iter("data")), "") for name, row in rows.items()}
    assert shown == figures
    bodies = [node for node in page.iter("li") if node.get("id", "").startswith("institution-")]
    assert len(bodies) == len(written["institutions"])


def test_columns_are_as_high_as_their_figures_and_as_wide_as_their_periods(
    page: Element, written: Mapping[str, list[dict[str, str]]]
) -> None:
    values = {row["flow_id"]: int(row["value"]) for row in written["flows"] if row["period_kind"] == "fiscal_year"}
    columns = {node.get("data-flow"): node.find(f"{SVG}rect") for node in page.iter(f"{SVG}g") if node.get("data-flow")}
    assert set(columns) == set(values)
    heights = {name: float(rect.get("height", "")) for name, rect in columns.items() if rect is not None}
    unit = heights["apprehensions_2014"] / values["apprehensions_2014"]
    assert heights == pytest.approx({name: value * unit for name, value in values.items()}, abs=0.02)
    widths = {name: float(rect.get("width", "")) for name, rect in columns.items() if rect is not None}
    whole = widths.pop("apprehensions_2018")
    assert widths.pop("apprehensions_2019") < 0.7 * whole
    assert list(widths.values()) == pytest.approx([whole] * 4, abs=0.02)
    parts = [node for node in page.iter(f"{SVG}rect") if "part" in node.get("class", "").split()]
    assert len(parts) == 1


def test_bars_are_drawn_only_where_lengths_can_be_compared() -> None:
    (six_and_one,) = all_series([_flow("2018-12/2019-05", 60), _flow("2019-06", 20)])
    assert not six_and_one.barred
    assert [figure.bar for figure in six_and_one.figures] == [None, None]
    (alike,) = all_series([_flow("2019-05", 10), _flow("2019-06", 20)])
    assert [figure.bar for figure in alike.figures] == [50, 100]
    (rates,) = all_series([_flow("2019-05", 10, unit="people a year"), _flow("2019", 20, unit="people a year")])
    assert rates.barred
    (mixed,) = all_series([_flow("2019-05", 10), _flow("2019-06", 20, unit="applications")])
    assert not mixed.barred


def test_a_series_of_one_year_and_of_noughts_can_be_drawn() -> None:
    (one,) = all_series([_flow("2018-10/2019-05", 3, series="us_apprehensions", kind="fiscal_year")])
    assert one.chart is not None
    assert one.figures[0].partial
    assert one.figures[0].year == 2019
    (noughts,) = all_series([_flow("2013-10/2014-09", 0, series="us_apprehensions", kind="fiscal_year")])
    assert noughts.chart is not None
    assert [column.height for column in noughts.chart.columns] == [0]


def test_tables_to_save_are_those_of_the_folder(
    pages: Mapping[str, bytes], written: Mapping[str, list[dict[str, str]]]
) -> None:
    block = re.search(rb'id="atlas-tables">(.*?)</script>', pages["timeline.html"], re.DOTALL)
    assert block is not None
    tables = json.loads(block[1])
    for name, rows in written.items():
        saved = [dict(zip(tables[name]["columns"], row, strict=True)) for row in tables[name]["rows"]]
        assert saved == rows, name


@pytest.mark.parametrize("name", ["cards.html", "containment.html"])
def test_pages_with_a_slider_of_years_hold_the_events(
    pages: Mapping[str, bytes], name: str, edition: BuildContext
) -> None:
    block = re.search(rb'id="atlas-events">(.*?)</script>', pages[name], re.DOTALL)
    assert block is not None
    events = json.loads(block[1])
    assert len(events) == sum(event.date_from is not None for event in edition.evidence.events)
    years = {event["id"]: event["years"] for event in events}
    assert years["plan_sur"] == [2001, 2003]
    assert years["guard_created"] == [2018, 2018]
