"""A run of tests leaves nothing of a release in the repository: the next run would take it for real."""

from __future__ import annotations

from pathlib import Path

import pytest

# what a release keeps and what it publishes, in a project
RELEASED = ("geodata/private", "geodata/released")
BEFORE = pytest.StashKey[frozenset[str]]()
LEFT = pytest.StashKey[list[str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[BEFORE] = _files(session.config.rootpath)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    left = sorted(_files(session.config.rootpath) - session.config.stash.get(BEFORE, frozenset()))
    # side by side, the process that the others report to looks last
    if left and not hasattr(session.config, "workerinput"):
        session.config.stash[LEFT] = left
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in config.stash.get(LEFT, []):
        line = f"FAILED: a test left {name} in the repository: release from a project of its own (fixture releasing)"
        terminalreporter.write_line(line, red=True)


def _files(root: Path) -> frozenset[str]:
    """Folders, and files with their time: one that was there before and was written again is another."""
    return frozenset(
        f"{path.relative_to(root)} ({'folder' if path.is_dir() else f'of {path.stat().st_mtime_ns} ns'})"
        for name in RELEASED
        for path in (root / name, *(root / name).rglob("*"))
        if path.exists()
    )
