"""Long tables are read in parts, of which never more than one is in memory, with the same findings."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.disclosure import archives, columnar, row_blocks, sqlite_tables
from atlas.disclosure.byte_view import Budget
from atlas.disclosure.finding import Finding
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.disclosure.twice_standing import SIZE, standing_twice
from atlas.project import Project
from tests.disclosure import plants

LON, LAT = plants.PLACES[0]
# the last row is a secret
ROWS = [(f"n{number}", -91 - number / 1e4, 16.5, None) for number in range(95)] + [("last", LON, LAT, b"x" * 20)]


def _database(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE few (id INTEGER, lon REAL, lat REAL, sensitivity TEXT)")
    base.execute("INSERT INTO few VALUES (1, -91.5, 16.5, 'open')")
    base.execute("CREATE TABLE visits (visit TEXT, lon REAL, lat REAL, extra BLOB)")
    base.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", ROWS)
    base.commit()
    base.close()


def _parquet(path: Path) -> None:
    pyarrow.parquet.write_table(
        pa.table(dict(zip(("visit", "lon", "lat", "extra"), zip(*ROWS, strict=True), strict=True))), path
    )


@pytest.mark.parametrize("write", [_database, _parquet])
def test_what_is_judged_in_parts_is_what_is_judged_at_once(
    project: Project, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "visits.dat"
    write(path)
    search = Search(secrets_of([plants.record(plants.PLACES[0], 0)], limits), limits, public_pairs(project))

    def audited() -> dict[str, tuple[int, list[Finding]]]:
        scan = Scan(limits, search)
        scan_paths(scan, [path])
        rules: dict[str, tuple[int, list[Finding]]] = {}
        for one in scan.findings.all():
            count, listed = rules.get(one.rule, (0, []))
            rules[one.rule] = count + one.count, [*listed, one]
        return rules

    whole = audited()
    assert {"secret-position", "field", "unclassified", "decimals"} <= whole.keys()
    monkeypatch.setattr(sqlite_tables, "_MOST_ROWS", 40)
    monkeypatch.setattr(columnar, "_MOST_ROWS", 40)
    parts = audited()
    assert {rule: count for rule, (count, _) in parts.items()} == {rule: count for rule, (count, _) in whole.items()}
    for rule in ("field", "unclassified", "decimals"):
        assert parts[rule] == whole[rule]
    assert any("part 3" in one.where for one in parts["secret-position"][1])


def test_no_more_rows_are_taken_at_once_than_the_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _database(tmp_path / "a.db")
    monkeypatch.setattr(sqlite_tables, "_MOST_ROWS", 40)
    listed = list(sqlite_tables.batches(tmp_path / "a.db"))
    assert [[(table.name, table.first, len(table.rows)) for table in batch] for batch in listed] == [
        [("few", 0, 1), ("visits", 0, 39)],
        [("visits", 39, 40)],
        [("visits", 79, 17)],
    ]


@settings(max_examples=60, deadline=None)
@given(data=st.text("ab", max_size=90), tail=st.text("ab\x00", max_size=30))
def test_a_piece_stands_twice_where_it_can_be_counted_twice(data: str, tail: str) -> None:
    whole = (data + tail).encode()
    pieces = [whole[at : at + SIZE] for at in range(len(whole) - SIZE + 1)] + [b"0123456789", b"aaaaaaaaaa"]
    assert standing_twice(whole, pieces).tolist() == [whole.count(piece) > 1 for piece in pieces]


def test_a_large_member_is_read_piece_by_piece_with_the_same_findings(
    scanned_member: Callable[[], dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = scanned_member()
    assert {"secret-position", "field", "unclassified", "decimals"} <= whole.keys()
    assert "unread" not in whole
    for name, value in (("LARGE", 1000), ("LEAST_PACKED", 100)):
        monkeypatch.setattr(archives, name, value)
    monkeypatch.setattr(row_blocks, "_BLOCK", 5_000)
    assert scanned_member() == whole
    # smaller than the budget, a member of any size is read
    monkeypatch.setattr(Budget, "allow", lambda _self: 10)
    assert scanned_member() == whole


@pytest.fixture
def scanned_member(project: Project, limits: Limits, tmp_path: Path) -> Callable[[], dict[str, int]]:
    path = tmp_path / "visits.zip"
    lines = [f"{name},{lon},{lat}" for name, lon, lat, _ in ROWS[:-1] * 40 + ROWS[-1:]]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("visits.csv", "\n".join(["visit,lon,lat", *lines]) + "\n")
    search = Search(secrets_of([plants.record(plants.PLACES[0], 0)], limits), limits, public_pairs(project))

    def counts() -> dict[str, int]:
        scan = Scan(limits, search)
        scan_paths(scan, [path])
        totals: dict[str, int] = {}
        for one in scan.findings.all():
            totals[one.rule] = totals.get(one.rule, 0) + one.count
        return totals

    return counts
