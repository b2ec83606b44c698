from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.errors import EvidenceError
from atlas.evidence import load_evidence

pytestmark = pytest.mark.slow

Spoil = Callable[[str, str, str], Path]

MUNICIPALITY = "07006,Amatenango de la Frontera,Chiapas,Amatenango de la Frontera,GTM,31735,7580,inegi2020\n"
P01 = (
    'P01,52,,"partial: municipality of Suchiate, points along 24 km",2019,televisa2019,seen,partial count: not summed,'
    "Televisa,televisa2019,=,printed,\n"
)

# table, what stands there, what is put in its place, what the message must say
EDITS = {
    "lost zero": ("municipalities.csv", "\n07006,", "\n7006,", "line 2, column 'cvegeo': '7006'.*zero"),
    "code with a letter": ("places.csv", ",07040,", ",07O40,", "'07O40', expected.* 5 digits"),
    "no such state": (
        "checkpoint_areas.csv",
        "within,07087",
        "within,99087",
        "'99087', expected an INEGI municipality",
    ),
    "state without its zero": ("containment_shapes.csv", ",27,", ",7,", "column 'states': '7'.*leading zero"),
    "no source": ("municipalities.csv", "7580,inegi2020", "7580,", "line 2, column 'source_id': ''.*a source"),
    "no source for what was seen": ("facilities.csv", "2015,24horas2015,seen", "2015,,seen", "'source_ids'.*a source"),
    "unknown source": ("claims.csv", "gpf2019", "gpf2091", "line 2, column 'source_id': 'gpf2091' is unknown"),
    "source for what was not found": ("border_lengths.csv", ",,,,not_found", ",,,rtmg,not_found", "expected no source"),
    "duplicate id": ("municipalities.csv", "07015,Caca", "07006,Caca", "line 3, .*'07006' is already in line 2"),
    "duplicate row": ("municipalities.csv", MUNICIPALITY, MUNICIPALITY * 2, "already in line 2"),
    "not a number": ("municipalities.csv", ",31735,", ',"31,735",', "'31,735', expected a whole number"),
    "not finite": ("border_lengths.csv", "MX-GT,869,", "MX-GT,nan,", "'length_km': 'nan', expected a number"),
    "negative": ("corridor_readings.csv", ",15,5,", ",-15,5,", "'-15', expected a number of at least 0"),
    "claim with its unit": ("claims.csv", ",540,", ",540 mi,", "'value': '540 mi', expected a number"),
    "outside the region": ("crossings_formal.csv", "-92.1482", "-82.1482", "'longitude': '-82.1482'.*-98 to -86"),
    "swapped axes": ("crossings_formal.csv", "-92.1482,14.9628", "14.9628,-92.1482", "look swapped"),
    "longitude alone": ("crossings_formal.csv", "-92.1482,14.9628", "-92.1482,", "'latitude': ''.*beside longitude"),
    "latitude alone": ("crossings_formal.csv", "-92.1482,14.9628", ",14.9628", "'longitude': ''.*beside latitude"),
    "unknown confidence": (
        "places.csv",
        "geonames,seen",
        "geonames,sure",
        "'confidence': 'sure', expected one of seen",
    ),
    "unknown kind": ("crossings_formal.csv", ",rail,", ",train,", "'kind': 'train', expected one of road_bridge"),
    "unknown status": ("crossings_formal.csv", "true,open", "true,Open", "'status': 'Open', expected one of open"),
    "unknown vehicular": ("crossings_formal.csv", "road,true", "road,yes", "'vehicular': 'yes', expected one of true"),
    "unknown neighbour": ("municipalities.csv", ",GTM;BLZ,", ",GTM;BZ,", "'neighbours': 'GTM;BZ', expected one of GTM"),
    "empty item": ("municipalities.csv", ",GTM;BLZ,", ",GTM;;BLZ,", "'GTM;;BLZ', expected a list without empty items"),
    "item twice": ("municipalities.csv", ",GTM;BLZ,", ",GTM;GTM,", "expected a list without repetitions"),
    "unknown place": ("corridor_route.csv", "1,tapachula", "1,tapachulo", "'tapachulo' is unknown.*places.csv"),
    "unknown crossing": (
        "crossing_places.csv",
        "la_union,la",
        "la_onion,la",
        "'la_onion' is unknown.*crossings_formal.csv",
    ),
    "unknown checkpoint": ("checkpoint_areas.csv", "CP01", "CP77", "'CP77' is unknown.*checkpoints.csv"),
    "unknown total": ("totals_extent.csv", "T01,", "T77,", "'T77' is unknown.*crossings_totals.csv"),
    "unknown item": ("containment_shapes.csv", "plan_2011", "plan_2012", "'plan_2012' is unknown.*containment.csv"),
    "drawing what has no source": ("totals_extent.csv", "T01,", "T14,", "'T14' has no source in crossings_totals.csv"),
    "mojibake": ("municipalities.csv", "Cacahoatán", "CacahoatÃ¡n", "'CacahoatÃ¡n', .*mojibake"),
    "lost letter": ("municipalities.csv", "Cacahoatán", "Cacahoat\ufffdn", "mojibake"),
    "letter in pieces": ("municipalities.csv", "Cacahoatán", "Cacahoata\u0301n", "composed letters"),
    "line break": ("municipalities.csv", "07015,Cacahoatán", '07015,"Cacaho\natán"', "line 3, .*one line"),
    "stray space": ("sources.csv", "\ngpf2019,", "\ngpf2019 ,", "'gpf2019 ', expected no spaces"),
    "nothing where something must be": ("places.csv", ",Huixtla,", ",,", "'name': '', expected a value"),
    "bad date": ("checkpoints.csv", "2023-05", "2023-13", "'as_of': '2023-13', expected a date"),
    "distance without its figure": (
        "corridor_readings.csv",
        ",200,20,",
        ",,20,",
        "'distance_km': ''.*reading is 'dist",
    ),
    "short row": (
        "municipalities.csv",
        ",31735,7580,inegi2020",
        ",31735",
        "line 2, column 'dwellings_2020': .*ends after",
    ),
    "long row": ("municipalities.csv", ",inegi2020", ",inegi2020,more", "line 2, after column 'source_id': 'more'"),
    "missing column": ("places.csv", "geonameid", "geoname", "line 1: column 'geonameid' is missing"),
    "unknown column": ("places.csv", "confidence,note", "confidence,memo", "line 1: column 'memo' is unknown"),
    "column twice": ("places.csv", "confidence,note", "confidence,name", "column 'name' appears 2 times"),
    "unclosed quote": ("places.csv", "tapachula,3516266,Tap", 'tapachula,3516266,"Tap', "line 2: .*unclosed quote"),
    "position of an informal crossing": (
        "crossings_informal_counts.csv",
        "by raft or",
        "at 14.68 N; by raft or",
        "line 2, column 'note': .*position in degrees",
    ),
    "coordinates for informal crossings": (
        "crossings_informal_named.csv",
        "name,municipality_cvegeo",
        "name,longitude",
        "column 'longitude' is unknown",
    ),
    "partial under a whole id": (
        "crossings_totals.csv",
        "P02,7",
        "T22,7",
        "'partial: municipality of Suchiate' for 'T22'",
    ),
    "whole under a partial id": ("crossings_totals.csv", "T09,,45", "P09,,45", "'Chiapas–Guatemala' for 'P09'"),
    "partial over the whole": ("totals_extent.csv", "P02,municipality:07087", "P02,whole", "a part is not the whole"),
    "a declared sum": ("crossings_totals.csv", "seen,second-hand copy of", "seen,sum of P01 and P03;", "'sum of' says"),
    "a declared sum in Spanish": ("crossings_totals.csv", "Chiapas–Guatemala", "suma de parciales", "'suma de' says"),
    "a sum of its own": (
        "crossings_totals.csv",
        P01,
        P01
        + "T20,56,,border with Guatemala,2019,own_computation_inegi2023,computed,,"
        + "this project,own_computation_inegi2023,=,printed,\n",
        "column 'total': '56' is what partial counts add up to",
    ),
    "a sum without a source": (
        "crossings_totals.csv",
        P01,
        P01 + "T20,73,,border with Guatemala,2019,,general,,,,,,\n",
        "column 'total': '73' is what partial counts add up to",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "message"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_refused_and_named(spoil: Spoil, table: str, old: str, new: str, message: str) -> None:
    folder = spoil(table, old, new)
    with pytest.raises(EvidenceError, match=rf"{re.escape(table)}, line.*{message}|{re.escape(table)}, {message}"):
        load_evidence(folder)


def test_a_figure_that_happens_to_be_a_sum_is_kept_when_a_source_printed_it(spoil: Spoil) -> None:
    folder = spoil("crossings_totals.csv", "T13,300,", "T13,56,")
    assert "T13" in {row.total_id for row in load_evidence(folder).crossings_totals}


def test_a_missing_table_is_named(copy: Path) -> None:
    (copy / "places.csv").unlink()
    with pytest.raises(EvidenceError, match=r"\(1 fault\)(.|\n)*places.csv: the table is missing"):
        load_evidence(copy)


def test_an_empty_table_is_named(copy: Path) -> None:
    (copy / "sources.csv").write_bytes(b"")
    with pytest.raises(EvidenceError, match=r"sources.csv, line 1: the file is empty"):
        load_evidence(copy)


def test_a_table_in_another_encoding_is_named_with_its_line(copy: Path) -> None:
    path = copy / "municipalities.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(EvidenceError, match=r"municipalities.csv, line 3: b'\\xe1' is not UTF-8"):
        load_evidence(copy)


def test_a_byte_order_mark_is_no_fault(copy: Path) -> None:
    path = copy / "municipalities.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_evidence(copy).municipalities) == 23


@pytest.mark.parametrize("table", ["sources.csv", "claims.csv", "crossings_totals.csv", "municipalities.csv"])
def test_a_table_cut_anywhere_is_refused(copy: Path, table: str) -> None:
    path = copy / table
    data = path.read_bytes()
    whole_rows = [place for place in range(len(data)) if data[place : place + 1] == b"\n"]
    for size in {len(data) * share // 10 for share in range(1, 10)} - {place + 1 for place in whole_rows}:
        path.write_bytes(data[:size])
        with pytest.raises(EvidenceError, match=re.escape(table)):
            load_evidence(copy)


def test_a_folder_of_nothing_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="is not a folder of fact tables"):
        load_evidence(tmp_path / "nowhere")


def test_all_faults_come_in_one_error(spoil: Spoil) -> None:
    spoil("municipalities.csv", "\n07006,", "\n7006,")
    spoil("places.csv", "geonames,seen", "geonames,sure")
    folder = spoil("corridor_route.csv", "1,tapachula", "1,tapachulo")
    with pytest.raises(EvidenceError, match=r"\(3 faults\)") as caught:
        load_evidence(folder)
    assert [word in str(caught.value) for word in ("'7006'", "'sure'", "'tapachulo'")] == [True] * 3
