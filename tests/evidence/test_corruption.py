from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import EvidenceError
from atlas.evidence import Evidence, load_evidence
from atlas.evidence.spec import Table
from atlas.evidence.tables import TABLES

TREE = Path(__file__).resolve().parents[2] / "geodata" / "evidence"
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[-0-9.;/ ,\"\n]{0,12}", fullmatch=True),
    st.sampled_from(["", ";", "P01", "T01", "nan", "inf", "-0", "9" * 5000, "2019/", "\x00", "\r", "Ã³", "<script>"]),
)


def _rewrite(path: Path, row: int, column: int, cell: str) -> bool:
    """Put a cell into a table; whether the table is another one now."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    line = rows[row % len(rows)]
    place = column % len(line)
    changed = line[place] != cell
    line[place] = cell
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    return changed


def _attempt(folder: Path) -> Evidence | EvidenceError:
    try:
        return load_evidence(folder)
    except EvidenceError as error:
        return error


@settings(max_examples=60, deadline=None)
@given(table=st.sampled_from(TABLES), row=st.integers(0, 200), column=st.integers(0, 20), cell=HOSTILE)
def test_a_spoiled_cell_loads_or_is_refused_and_nothing_else(table: Table, row: int, column: int, cell: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(TREE, Path(scratch) / "evidence"))
        changed = _rewrite(folder / table.file, row, column, cell)
        outcome = _attempt(folder)
    if isinstance(outcome, EvidenceError):
        assert changed, str(outcome)
        assert ".csv" in str(outcome)
    else:
        assert changed or outcome == load_evidence(TREE)


@settings(max_examples=40, deadline=None)
@given(table=st.sampled_from(TABLES), data=st.binary(max_size=80), at=st.integers(0, 3000))
def test_spoiled_bytes_load_or_are_refused_and_nothing_else(table: Table, data: bytes, at: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(TREE, Path(scratch) / "evidence"))
        path = folder / table.file
        whole = path.read_bytes()
        place = at % len(whole)
        path.write_bytes(whole[:place] + data + whole[place + len(data) :])
        outcome = _attempt(folder)
    assert isinstance(outcome, Evidence) or ".csv" in str(outcome)
