"""Events, institutions, deployments and flows: what their rows may say of dates, periods, figures and places."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence
from atlas.evidence.periods import first_day, last_day, months_in

Spoil = Callable[[str, str, str], Path]

# table, what stands there, what is put in its place, what the message must say
EDITS = {
    "an event without a source": ("events.csv", ",ramos2020,seen,", ",,seen,", "'source_ids': ''.*a source"),
    "an event of an unknown source": ("events.csv", "ramos2020", "ramos1920", "'ramos1920' is unknown"),
    "a printed date that is not there": (
        "events.csv",
        ",2014-07-07,",
        ",,",
        "'date_from': ''.*date_basis is 'printed'",
    ),
    "what lasts without an end": ("events.csv", ",2001,2003,", ",2001,,", "'date_to': ''.*duration is 'lasting'"),
    "an end before the start": ("events.csv", ",2001,2003,", ",2004,2003,", "'2003' is before date_from '2004'"),
    "an interval in one cell": ("events.csv", ",2001,2003,", ",2001/2002,2003,", "'2001/2002', expected one date"),
    "an end alone": ("events.csv", "2001,2020,moment,not", ",2020,moment,not", "'date_from': ''.*beside date_to"),
    "a day that no calendar has": ("events.csv", "2014-07-07", "2014-06-31", "'2014-06-31', expected a day such as"),
    "a raid to the day": (
        "events.csv",
        ",2014-01,2015-05,",
        ",2014-01-12,2015-05,",
        "'2014-01-12' of kind 'enforcement'",
    ),
    "an unknown basis": ("events.csv", "printed", "certain", "'certain', expected one of printed, inferred"),
    "an unknown kind": ("events.csv", ",programme,", ",plan,", "'plan', expected one of programme"),
    "a state without its zero": ("events.csv", ",04;07,", ",4;7,", "'4;7'.*leading zero"),
    "a position of an event": ("events.csv", "places not listed", "at 14.68 N", "position in degrees"),
    "a deployment to the day": (
        "deployments.csv",
        ",2019-06,",
        ",2019-06-18,",
        "'2019-06-18', expected a value such as",
    ),
    "a number without its unit": ("deployments.csv", ",6000,people,", ",6000,,", "'unit': ''.*beside number"),
    "a figure that nobody gives": ("flows.csv", "Earl Anthony Wayne", "", "'claimant': ''.*with a source"),
    "a figure without its bound": ("flows.csv", ",wayne2019,=,", ",wayne2019,,", "'bound': ''.*how the figure binds"),
    "a number that is not one": ("deployments.csv", ",6000,", ',"6,000",', "'6,000', expected a whole number"),
    "a position of a deployment": ("deployments.csv", "advanced stations", "92.15° W", "position in degrees"),
    "an unknown bound": ("flows.csv", ",>,", ",more,", "'more', expected one of ="),
    "a fiscal year that begins in January": (
        "flows.csv",
        "2013-10/2014-09",
        "2014-01/2014-09",
        "'2014-01/2014-09' for period_kind 'fiscal_year'",
    ),
    "a fiscal year of two years": ("flows.csv", "2013-10/2014-09", "2013-10/2015-09", "longer than a fiscal year"),
    "months called years": (
        "flows.csv",
        "2018-12/2019-05,months",
        "2018-12/2019-05,calendar_years",
        "expected 2019 or",
    ),
    "a period that ends before it begins": ("flows.csv", "2001/2018", "2018/2001", "ends before it begins"),
    "an unknown series": ("flows.csv", ",deportations,", ",expulsions,", "'expulsions', expected one of"),
    "an institution without its Spanish name": (
        "institutions.csv",
        ",Guardia Nacional,",
        ",,",
        "'name_es': '', expected a value",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "message"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_refused_and_named(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=rf"{re.escape(table)}, line.*{message}"):
        load_evidence(folder)


def test_every_event_has_a_source_and_a_basis_of_its_date(evidence: Evidence) -> None:
    assert len(evidence.events) > 30
    for event in evidence.events:
        assert event.source_ids, event.event_id
        assert event.date_basis in {"printed", "inferred", "not stated"}
        if event.date_basis == "inferred":
            assert event.note, f"{event.event_id} does not say from what its date is inferred"


def test_what_has_to_be_there_is_there(evidence: Evidence) -> None:
    dates = {event.event_id: (event.date_from, event.date_to, event.date_basis) for event in evidence.events}
    assert dates["plan_sur"] == ("2001", "2003", "printed")
    assert dates["gansef"] == ("2002", None, "printed")
    assert dates["merida_initiative"][2] == "not stated"
    assert dates["southern_border_programme"] == ("2014-07-07", None, "printed")
    assert dates["raids_2014_2015"] == ("2014-01", "2015-05", "printed")
    assert dates["isthmus_2019"] == ("2019-02", None, "printed")
    assert dates["us_agreement"][0] == "2019-06-07"
    assert dates["guard_presented"][0] == "2019-06-30"
    assert (dates["guard_created"][0], dates["guard_approved"][0]) == ("2018-12", "2019-03")
    assert dates["review_45_days"][2] == dates["review_90_days"][2] == "inferred"


def test_the_fiscal_year_that_is_not_over_is_a_part_of_one(evidence: Evidence) -> None:
    months = [months_in(flow.period) for flow in evidence.flows if flow.period_kind == "fiscal_year"]
    assert months == [12, 12, 12, 12, 12, 8]


def test_what_is_computed_names_the_figures_that_it_is_made_of(evidence: Evidence) -> None:
    values = {flow.flow_id: flow.value for flow in evidence.flows}
    assert values["repatriations_2008_2018"] == values["repatriations_2001_2018"] - values["repatriations_2001_2007"]
    assert round(values["deported_2019_06"] / values["deported_2019_05"], 2) == 1.33
    claims = {claim.claim_id: claim.value for claim in evidence.claims}
    assert values["entries_chiapas"] == claims["C20"]
    assert values["deported_2018_12_2019_05"] == claims["C32"]


@pytest.mark.parametrize(
    ("period", "first", "last", "months"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), 12),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28), 1),
        ("2014-07-07", date(2014, 7, 7), date(2014, 7, 7), 1),
        ("2018-12/2019-05", date(2018, 12, 1), date(2019, 5, 31), 6),
        ("2001/2018", date(2001, 1, 1), date(2018, 12, 31), 216),
    ],
)
def test_a_period_is_the_days_that_it_may_mean(period: str, first: date, last: date, months: int) -> None:
    assert (first_day(period), last_day(period), months_in(period)) == (first, last, months)
