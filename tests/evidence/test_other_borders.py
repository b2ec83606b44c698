"""Fact tables of a project of another border go by its codes and its neighbours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region_of
from atlas.errors import EvidenceError
from atlas.evidence import load_evidence
from atlas.evidence.cells import BadCellError
from atlas.evidence.spec import AREA_CODE, EXTENT, UNIT_OR_AREA_CODE

HEADER = "cvegeo,name,state,seat,neighbours,population_2020,dwellings_2020,source_id\n"
ROW = "DE-13.2,Kehl,Baden,Kehl,{},38000,17000,file\n"
SOURCE = "source_id,title,subject_en,subject_es,author,publisher,copied_at,year,language,doi,isbn,url,kind,note\n"


def _border() -> BorderProject:
    shipped = shipped_border()
    outline = shipped.here.outline
    assert outline is not None
    here = replace(shipped.here, code="DEU", country="DE", parents={}, outline=replace(outline, code="ARS"))
    france = replace(shipped.neighbours[0], code="FRA", country="FR", name={"en": "France", "es": "Francia"})
    return replace(shipped, here=here, neighbours=(france,))


def _tables(folder: Path, neighbour: str) -> Path:
    (folder / "municipalities.csv").write_text(HEADER + ROW.format(neighbour), encoding="utf-8")
    row = "file,Kreise,,,,Somebody,,2024,,,,,other,\n"
    (folder / "sources.csv").write_text(SOURCE + row, encoding="utf-8")
    return folder


def test_codes_of_any_scheme_and_neighbours_of_its_own_are_read(tmp_path: Path) -> None:
    with region_of(_border()):
        (unit,) = load_evidence(_tables(tmp_path, "FRA"), optional=True).municipalities
    assert (unit.cvegeo, unit.state, unit.neighbours) == ("DE-13.2", "Baden", ("FRA",))


def test_a_neighbour_of_another_border_is_refused(tmp_path: Path) -> None:
    with region_of(_border()), pytest.raises(EvidenceError, match=r"expected one of FRA"):
        load_evidence(_tables(tmp_path, "GTM"), optional=True)


def test_the_shipped_borders_tables_keep_their_rules(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"expected an INEGI municipality code of 5 digits"):
        load_evidence(_tables(tmp_path, "GTM"), optional=True)


def test_figures_by_place_and_extents_go_by_its_codes_too() -> None:
    with region_of(_border()):
        assert UNIT_OR_AREA_CODE("DE-13.2") == AREA_CODE("DE-13.2") == "DE-13.2"
        assert EXTENT("municipality:DE-13.2") == "municipality:DE-13.2"
        assert EXTENT("FRA:state:67") == "FRA:state:67"
        with pytest.raises(BadCellError, match=r"whole, FRA, FRA:land, FRA:state:CODE, municipality:CODE"):
            EXTENT("GTM:land")
    assert UNIT_OR_AREA_CODE("07089") == "07089"
    for refused, parse in (("13", EXTENT), ("DE-13", AREA_CODE), ("DE-13", UNIT_OR_AREA_CODE)):
        with pytest.raises(BadCellError, match="expected"):
            parse(refused)
