"""Small multiples of figures in time: each figure over its own months, gaps empty, what differs dashed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from atlas.evidence import Evidence, load_evidence
from atlas.publishers.edition_tables import EditionFigure
from atlas.render.publisher_tables import EditionCell, EditionRow, EditionTable
from atlas.render.series import indicators
from atlas.render.series_multiples import Multiples, indicator_multiples, publisher_multiples, row_id


@pytest.fixture(scope="module")
def evidence(repo: Path) -> Evidence:
    return load_evidence(repo / "geodata" / "evidence")


@pytest.fixture(scope="module")
def events(evidence: Evidence) -> Multiples:
    (table,) = (one for one in indicators(evidence.observations) if one.key == "detention_events")
    drawn = indicator_multiples(table)
    assert drawn
    return drawn


def test_every_dated_figure_is_a_block_over_its_own_months(evidence: Evidence, events: Multiples) -> None:
    rows = [row for row in evidence.observations if row.indicator == "detention_events" and not row.unconfirmed]
    assert sum(len(panel.blocks) for panel in events.panels) == len([row for row in rows if row.period])
    assert events.months == ("2019-01", "2025-08")
    tapachula = next(panel for panel in events.panels if panel.name == "Tapachula")
    # 80 months in 200: January to April of 2024 are months 60 to 63, of 2023 months 48 to 51; nothing between them
    assert [(one.left, one.width, one.words) for one in tapachula.blocks] == [
        (150.0, 10.0, "2024-01 – 2024-04: 56,801"),
        (120.0, 10.0, "2023-01 – 2023-04: 18,440"),
    ]
    assert events.years[:2] == [0.0, 30.0]


def test_places_of_one_level_share_a_height(events: Multiples) -> None:
    heights = {(panel.level, panel.name): panel.blocks[0].height for panel in events.panels if not panel.item}
    assert heights["municipality", "Tapachula"] == 60.0
    assert heights["municipality", "Centro"] == pytest.approx(25921 / 56801 * 60, abs=0.05)
    assert heights["state", "Chiapas"] == 60.0


def test_figures_that_differ_are_dashed(events: Multiples) -> None:
    assert [one.differs for panel in events.panels if panel.level == "states" for one in panel.blocks] == [True]


def test_units_are_never_drawn_on_one_scale(evidence: Evidence) -> None:
    (row, *_) = (row for row in evidence.observations if row.observation_id == "traffic_talisman_2021_04")
    other = replace(row, observation_id="other", period="2022", unit="vehicles a month", value=28800)
    (table,) = indicators([row, other])
    drawn = indicator_multiples(table)
    assert drawn
    assert [(panel.unit, panel.blocks[0].height) for panel in drawn.panels] == [
        ("vehicles an hour", 60.0),
        ("vehicles a month", 60.0),
    ]


def test_figures_of_one_period_are_no_series(evidence: Evidence) -> None:
    drawn = [indicator_multiples(one) for one in indicators(evidence.observations) if len(one.periods) == 1]
    assert drawn
    assert set(drawn) == {None}


def test_what_an_earlier_edition_had_stands_dashed_in_its_month() -> None:
    def cell(period: str, value: int, earlier: list[tuple[str, int]]) -> EditionCell:
        place = {"place_level": "municipality", "place_code": "1", "place": "A", "within": ""}
        figure = EditionFigure(
            edition="2", indicator="deaths", period=period, value=value, unit="people", footnote="", cell="B2", **place
        )
        return EditionCell(figure, earlier, dropped=False)

    cells = {"2024-01": cell("2024-01", 0, []), "2024-03": cell("2024-03", 8, [("1", 4)])}
    drawn = publisher_multiples(EditionTable("deaths", list(cells), [EditionRow("A", "municipality", "1", cells)]), "x")
    assert drawn
    (panel,) = drawn.panels
    assert [(one.months[0], one.height, one.differs) for one in panel.blocks] == [
        ("2024-03", 60.0, False),
        ("2024-03", 30.0, True),
        ("2024-01", 0.0, False),
    ]
    assert panel.row == row_id("x-deaths", 0)
