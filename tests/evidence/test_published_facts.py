"""Each of the published facts that the tables were asked for has its row, or says why it is no fact yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlas.evidence import Evidence, load_evidence
from atlas.evidence.tables import TABLES

KEYS = {table.name: table.key[0] for table in TABLES if table.key}

# the number of the fact, and the rows that hold it: table/key
FACTS = {
    1: "observations/tvr_posts_2017_05 events/tvr_posts_2017",
    2: "crossing_hours/talisman_card_2017",
    3: "observations/tvr_posts_2023_10",
    4: "observations/tvr_posts_2014_08 events/tvr_posts_2014",
    5: "observations/tvr_holders_2014_08",
    6: "events/tvr_seven_days claim_validity/C42",
    7: "events/tvr_five_states",
    8: "observations/regional_visitors_2017_q1",
    9: "observations/tvr_cards_2022_10",
    10: "observations/tvr_cards_belizeans",
    11: "observations/points_of_entry_mx_all_2020",
    12: "observations/review_points_2019",
    13: "observations/formal_crossings_2019_06 observations/formal_crossings_2019_06_quintana_roo",
    14: "observations/formal_crossings_2023_gt",
    15: "observations/formal_crossings_2003",
    16: "events/crossings_added_2004",
    17: "crossing_hours/el_ceibo_2019",
    18: "events/el_ceibo_opened",
    19: "observations/traffic_el_ceibo_2011",
    20: "observations/traffic_talisman_2021_04",
    21: "observations/toll_talisman_2021_04",
    22: "events/chactemal_opened",
    23: "crossing_hours/chactemal_freight_2013 crossing_hours/chactemal_vehicles_2013",
    24: "crossing_hours/old_bridge_foot_2013 crossing_hours/old_bridge_vehicles_2013",
    25: "events/old_bridge_2017",
    26: "observations/traffic_chactemal_2022",
    27: "published_statements/la_union_no_port published_statements/la_union_crossing",
    28: "events/xcalak_2022 published_statements/xcalak_port",
    29: "observations/monuments_2017_04",
    30: "observations/monuments_cila published_statements/monuments_in_sight",
    31: "observations/monuments_off_the_line",
    32: "observations/monuments_deviation",
    33: "published_statements/cleared_strip",
    34: "published_statements/delimitation_ended",
    35: "observations/comar_2022_tapachula observations/comar_2022_mexico",
    36: "observations/comar_2022_palenque",
    37: "observations/comar_2022_tabasco",
    38: "observations/comar_2022_south",
    39: "observations/comar_2021_tapachula observations/comar_2021_tabasco",
    40: "observations/comar_2024_02_mexico observations/comar_2024_02_saltillo",
    41: "observations/comar_2024_mexico observations/comar_2024_haiti",
    42: "observations/comar_2024_10_mexico",
    43: "events/comar_palenque observations/comar_2021_palenque",
    44: "observations/comar_2023_registrations",
    45: "observations/events_2024_04_chiapas observations/events_2023_04_chiapas",
    46: "observations/events_2024_04_tapachula observations/events_2023_04_tapachula",
    47: "observations/events_2023_08_chiapas observations/events_2023_08_mexico",
    48: "observations/events_2025_08_tenosique observations/events_2025_08_cardenas",
    49: "observations/events_2023_tabasco_inm observations/events_2024_05_tabasco_inm",
    50: "observations/events_2019_mexico observations/events_2019_2024_chiapas_tabasco",
    51: "crossings_totals/P05",
    52: "events/freight_train_2020",
    53: "events/line_k_2025 railways/line_k_1",
    54: "observations/line_k_length railways/line_ka",
    55: "railways/line_k_1 railways/line_k_2 railways/line_k_3",
    56: "events/rail_study_2025",
    57: "events/priority_crossings_2024",
    58: "events/customs_decree_2025",
    59: "published_statements/suchiate_2_two_days",
    60: "events/guatemala_closed_2020",
    61: "observations/station_tapachula_2023_03 events/siglo_xxi_2006",
    62: "observations/station_huixtla_2019_11",
    63: "observations/station_tenosique_2019_06",
    64: "observations/shelter_tapachula_2022_05",
    65: "observations/shelter_tapachula_2023_03",
    66: "observations/mmp_2014_2023_mexico observations/mmp_2014_2023_mexico_transport",
    67: "observations/mmp_2024_americas observations/mmp_2022_americas",
    68: "published_statements/mmp_approximate",
    69: "observations/flow_monitoring_2024_12",
    70: "observations/reverse_flow_2024_07",
    71: "observations/reverse_flow_2025_08 observations/humanitarian_stays_2025_08",
    72: "published_statements/bay_of_chetumal_2003",
}
# those of which the copy that was read is second-hand, or the year inferred or not printed, or the figure to be checked
UNCONFIRMED = {
    "second_hand": (3, 26, 72),
    "year_inferred": (9, 42, 62, 63, 64),
    "year_unknown": (10, 59),
    "check": (49,),
}


@pytest.fixture(scope="module")
def rows(repo: Path) -> dict[str, Any]:
    evidence: Evidence = load_evidence(repo / "geodata" / "evidence")
    keyed = {}
    for name in {row.partition("/")[0] for rows in FACTS.values() for row in rows.split()}:
        for row in getattr(evidence, name):
            keyed[f"{name}/{getattr(row, KEYS[name])}"] = row
    return keyed


def test_every_fact_has_its_rows_each_with_a_source(rows: dict[str, Any]) -> None:
    assert list(FACTS) == list(range(1, 73))
    named = [name for names in FACTS.values() for name in names.split()]
    assert sorted(set(named) - rows.keys()) == []
    assert [name for name in named if not rows[name].source_ids] == []


def test_what_is_no_fact_yet_says_which_of_the_four_reasons(rows: dict[str, Any]) -> None:
    for reason, numbers in UNCONFIRMED.items():
        for number in numbers:
            held = [rows[name] for name in FACTS[number].split() if hasattr(rows[name], "unconfirmed")]
            assert held
            assert {row.unconfirmed for row in held} == {reason}, number
    others = set(FACTS) - {number for numbers in UNCONFIRMED.values() for number in numbers}
    for number in others:
        assert {getattr(rows[name], "unconfirmed", None) for name in FACTS[number].split()} == {None}, number
