"""Measure the tests that run: ``pytest --weigh`` writes their seconds of a core and keeps those of the rest."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

import pytest

from tests.selection import WEIGHTS, function_of, weights_by_function

# tests that take less altogether are not worth a line
_LIGHT_S = 0.1
_PROPERTY = "core_s"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--weigh", action="store_true", help=f"measure the tests that run and write {WEIGHTS.name}")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("weigh"):
        config.pluginmanager.register(Stopwatch())
        # side by side, the process that the others report to writes
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Scales(config.rootpath))


class Stopwatch:
    """Seconds of a core, of this process and of those that it has waited for; browsers and servers live on."""

    def __init__(self) -> None:
        self.begun = 0.0
        self.ended: float | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self.begun = _core_s()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """What tests share is the time of none of them."""
        before = _core_s()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                self.begun += _core_s() - before

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> None:
        """The last test ends before what all have shared is put away: a browser's whole life is counted there."""
        self.ended = _core_s() if nextitem is None else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        if call.when == "teardown":
            ended = _core_s() if self.ended is None else self.ended
            item.user_properties.append((_PROPERTY, ended - self.begun))
        return (yield)


class Scales:
    """What was measured, by function."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.measured: dict[str, list[float]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.measured[function_of(report.nodeid)] += [s for name, s in report.user_properties if name == _PROPERTY]

    def pytest_sessionfinish(self) -> None:
        weights = merged(self.root, weights_by_function(), self.measured)
        WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def merged(root: Path, known: Mapping[str, float], measured: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """What is known with what was measured; of tests that are no more, nothing."""
    seconds = {function: times for function, times in measured.items() if times}
    heavy = {function: round(fmean(times), 3) for function, times in seconds.items() if sum(times) >= _LIGHT_S}
    kept = {function: weight for function, weight in known.items() if function not in seconds}
    return {function: weight for function, weight in sorted((kept | heavy).items()) if _exists(root, function)}


def _exists(root: Path, function: str) -> bool:
    name, _, test = function.partition("::")
    return (root / name).is_file() and f"def {test}(" in (root / name).read_text(encoding="utf-8")


def _core_s() -> float:
    return sum(os.times()[:4])
