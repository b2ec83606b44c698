"""The independent reading of RFC 7946, which is no module of a package."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def faults_of(repo: Path) -> Callable[[bytes], list[str]]:
    spec = importlib.util.spec_from_file_location("rfc7946", repo / "tests" / "geojson" / "rfc7946.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checker: Callable[[bytes], list[str]] = module.faults_of
    return checker
