"""A run that leaves a release in the repository fails, and says what it left."""

from __future__ import annotations

import pytest

LEAVES = """
from pathlib import Path

def test_releases():
    (Path("geodata") / "{folder}").mkdir(parents=True, exist_ok=True)
    (Path("geodata") / "{folder}" / "ledger.json").write_text("{{}}")
"""


@pytest.mark.parametrize("folder", ["private", "released"])
@pytest.mark.parametrize("before", [True, False])
def test_what_is_left_in_the_repository_fails_the_run(pytester: pytest.Pytester, folder: str, *, before: bool) -> None:
    path = pytester.makepyfile(LEAVES.format(folder=folder))
    if before:
        kept = pytester.path / "geodata" / folder
        kept.mkdir(parents=True)
        (kept / "other.json").write_text("{}")
    run = pytester.runpytest_inprocess("-p", "tests.leftovers", str(path))
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.assert_outcomes(passed=1)
    run.stdout.fnmatch_lines([f"FAILED: a test left geodata/{folder}/ledger.json (of *) in the repository: release *"])
    assert "other.json" not in run.stdout.str()


def test_a_release_somewhere_else_is_no_fault(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile(LEAVES.format(folder="layers"))
    assert pytester.runpytest_inprocess("-p", "tests.leftovers", str(path)).ret == pytest.ExitCode.OK
