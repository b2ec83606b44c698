from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from atlas.evidence import Evidence, PartialCount, ReportedTotal
from atlas.evidence.tables import TABLES

STATES = {"Chiapas": 18, "Tabasco": 2, "Campeche": 2, "Quintana Roo": 1}


def test_every_file_is_read_and_every_row_is_somewhere(evidence: Evidence, tables: Path) -> None:
    files = {path.stem: path for path in tables.glob("*.csv")}
    assert set(files) == {table.name for table in TABLES}
    apart = Counter(row.table for row in evidence.unsourced)
    for name, path in files.items():
        with path.open(encoding="utf-8", newline="") as stream:
            written = sum(1 for _ in csv.DictReader(stream))
        assert len(getattr(evidence, name)) + apart[name] == written, name


def test_the_municipalities_are_the_23(evidence: Evidence) -> None:
    assert Counter(row.state for row in evidence.municipalities) == STATES
    calakmul = next(row for row in evidence.municipalities if row.name == "Calakmul")
    assert calakmul.cvegeo == "04010"
    assert calakmul.neighbours == ("GTM", "BLZ")
    assert calakmul.population_2020 == 31714


def test_every_fact_names_known_sources(evidence: Evidence) -> None:
    for table in TABLES:
        if not any(column.refers == "sources" for column in table.columns):
            continue
        for row in getattr(evidence, table.name):
            assert row.source_ids, row
            assert set(row.source_ids) <= set(evidence.sources), row


def test_what_no_source_says_is_kept_apart(evidence: Evidence) -> None:
    apart = {next(iter(row.row.values())) for row in evidence.unsourced}
    assert {"T14", "T15", "caitf_centla", "distance_30_100_160"} <= apart
    assert {row.row["confidence"] for row in evidence.unsourced} <= {"not_found", "general", "computed"}
    assert not any(row.total_id in apart for row in evidence.crossings_totals)
    assert not any(row.facility_id in apart for row in evidence.facilities)


def test_an_empty_cell_is_none_and_numbers_are_numbers(evidence: Evidence) -> None:
    by_id = {row.crossing_id: row for row in evidence.crossings_formal}
    assert by_id["suchiate_2"].longitude is None
    assert by_id["suchiate_2"].coordinate_uncertainty_m is None
    assert by_id["talisman"].longitude == pytest.approx(-92.1482)
    assert by_id["talisman"].vehicular == "true"
    assert by_id["union_juarez"].kind is None
    assert evidence.containment_shapes[5].municipalities == ("07040", "07019", "07065", "07016")
    assert evidence.claims[0].value == 540
    assert evidence.checkpoints[0].on_corridor is False
    assert evidence.border_definition[0].from_ == "Pacific Ocean, three leagues offshore"


def test_partial_counts_cannot_be_added(evidence: Evidence) -> None:
    partial = [row for row in evidence.crossings_totals if isinstance(row, PartialCount)]
    whole = [row for row in evidence.crossings_totals if isinstance(row, ReportedTotal)]
    assert [row.total_id[0] for row in (*whole, *partial)] == ["T"] * len(whole) + ["P"] * len(partial)
    assert partial
    with pytest.raises(TypeError, match="unsupported operand"):
        sum(partial)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="not supported between"):
        max(partial)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="int"):
        int(partial[0])  # type: ignore[call-overload]


def test_records_cannot_be_changed(evidence: Evidence) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="name"):
        evidence.municipalities[0].name = "another"  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        evidence.sources["mine"] = evidence.sources["rtmg"]  # type: ignore[index]
