"""Without a terminal, long work writes a line every so often, also while one step takes long."""

from __future__ import annotations

import re
import time

import pytest

from atlas import terminal


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_LINE_S", 0.1)


def test_a_step_that_says_nothing_for_long_still_has_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress("Matching") as step:
        time.sleep(0.25)
        step("b.gpkg")
        time.sleep(0.25)
    lines = capsys.readouterr().err.splitlines()
    # a second on a machine that has other work too
    assert re.fullmatch(r"Matching, \d s so far", lines[0])
    assert re.fullmatch(r"Matching b\.gpkg, \d s so far", lines[-1])


def test_a_known_share_gives_an_estimate_between_two_reports(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.estimated("Counting") as share:
        time.sleep(0.15)
        share(0.01)
        time.sleep(0.25)
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"Counting, \d s so far", lines[0])
    assert lines[-1].startswith("Counting: 1%, about ")
    assert int(lines[-1].split()[3]) > 15


def test_work_that_is_quick_or_fails_writes_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress("Checking"):
        pass
    with pytest.raises(ZeroDivisionError, match="division"), terminal.progress("Checking"):
        _ = 1 / 0
    time.sleep(0.2)
    assert capsys.readouterr().err == ""
