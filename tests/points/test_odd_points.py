"""Points as people have them: nothing is dropped in silence, and what cannot be read is named."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def _located(command_line: Run, source: Path, output: Path) -> tuple[str, list[dict[str, str]]]:
    done = command_line("locate", source, "-o", output)
    assert done.returncode == 0, done.stderr
    with output.open(encoding="utf-8", newline="") as stream:
        return done.stdout, list(csv.DictReader(stream))


@pytest.mark.parametrize(
    "text",
    [
        "lon;lat;who\n-92,15;14,91;a\n-92,16;14,92;b\n",
        'lon,lat,who\n"-92,15","14,91",a\n-92.16,14.92,b\n',
        "lon\tlat\twho\n92°09'00\"W\t14°54'36\"N\ta\n92°09'36\"O\t14.92\tb\n",
    ],
    ids=["semicolons", "quoted", "degrees"],
)
def test_numbers_are_read_however_they_are_written(command_line: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    _, rows = _located(command_line, tmp_path / "p.csv", tmp_path / "out.csv")
    assert [row["side"] for row in rows] == ["MEX", "MEX"]
    assert all(row["chainage_km"] and row["reach"] for row in rows)
    plain = tmp_path / "plain.csv"
    plain.write_text("lon,lat,who\n-92.15,14.91,a\n-92.16,14.92,b\n")
    _, expected = _located(command_line, plain, tmp_path / "plain-out.csv")
    added = ("cvegeo", "reach", "chainage_km", "border_distance_m", "side")
    assert [[row[name] for name in added] for row in rows] == [[row[name] for name in added] for row in expected]


def test_rows_without_a_place_are_kept_and_counted(command_line: Run, tmp_path: Path) -> None:
    bad = ["nan,14.9", "-92,inf", ",14.9", "None,14.9", "14.9,-92", "1e400,3", "200,95", "1_0,14", "TRUE,14", "x,y"]
    (tmp_path / "p.csv").write_text("lon,lat\n-92.15,14.91\n" + "\n".join(bad), encoding="utf-8")
    stdout, rows = _located(command_line, tmp_path / "p.csv", tmp_path / "out.csv")
    assert "Located 11 rows" in stdout
    # 14.9, -92 is on no globe: a latitude of 92 degrees
    assert "10 rows have no longitude and latitude" in stdout
    assert [f"{row['lon']},{row['lat']}" for row in rows] == ["-92.15,14.91", *bad]
    assert [row["side"] for row in rows[1:]] == [""] * 10


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("head", ["lon,lat,niño", "lon,lat,who"])
def test_texts_that_are_not_utf8_are_named(command_line: Run, tmp_path: Path, encoding: str, head: str) -> None:
    (tmp_path / "p.csv").write_bytes(f"{head}\n-92,14.9,mañana\n".encode(encoding))
    done = command_line("locate", tmp_path / "p.csv", "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert "is not in UTF-8; save it so" in done.stderr
    assert not (tmp_path / "out.csv").exists()
