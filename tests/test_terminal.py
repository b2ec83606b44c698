"""Without a terminal, long work writes a line every so often, also while one step takes long."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from atlas import terminal
from atlas.work_steps import PartOfWork, each_in_turn, part_of_file, shares_of_files


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


@dataclass
class _Clock:
    """The time of a test's own."""

    monotonic: Callable[[], float]


def _left(work: Any) -> str:
    return str(work.left())


def test_steps_that_know_their_share_say_what_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(terminal, "time", _Clock(lambda: now))
    with terminal.progress("Releasing") as step:
        work = step
        step("reading")
        assert _left(work) == ""
        step(part_of_file("a.geojson", 0.0))
        now += 30
        step(part_of_file("a.geojson", 0.25))
        assert _left(work) == ", about 90 s left"
        # of a step that says nothing for long, more has gone since
        now += 10
        assert _left(work) == ", about 120 s left"
        step(part_of_file("b.geojson", 0.0))
        assert _left(work) == ""
        now += 5
        step(part_of_file("b.geojson", 0.5))
        assert _left(work) == ", about 5 s left"
        step("writing")
        assert _left(work) == ""
    assert capsys.readouterr().err == ""


def test_items_in_turn_are_named_with_their_number() -> None:
    steps: list[str] = []
    assert list(each_in_turn("abc", steps.append)) == ["a", "b", "c"]
    assert steps == ["a, 1 of 3", "b, 2 of 3", "c, 3 of 3"]
    assert [round(one.share, 2) for one in steps if isinstance(one, PartOfWork)] == [0.0, 0.33, 0.67]


def test_files_count_by_their_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "small", tmp_path / "large"]
    paths[0].write_bytes(b"1")
    paths[1].write_bytes(b"123")
    steps: list[str] = []
    for _, tell in shares_of_files(paths, steps.append):
        tell(1.0)
    assert steps == ["small: 0%", "small: 25%", "large: 25%", "large: 100%"]
