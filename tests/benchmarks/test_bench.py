"""The benchmark runs and prints its ratios; the seconds themselves are nobody's gate."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_the_benchmark_runs_and_no_page_is_too_large(repo: Path) -> None:
    if importlib.util.find_spec("mapclassify") is None:
        pytest.skip("the page to compare with needs the extra `bench`")
    command = [sys.executable, str(repo / "benchmarks" / "run.py"), "--runs", "1"]
    paths = os.pathsep.join(filter(None, [str(repo), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"ratio \d+\.\d\d \(at most", done.stdout)) == 3
    assert "TOO LARGE" not in done.stdout
