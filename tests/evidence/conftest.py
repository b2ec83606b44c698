"""The real tables, and copies of them that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.evidence import Evidence, load_evidence

Spoil = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def tables(repo: Path) -> Path:
    return repo / "geodata" / "evidence"


@pytest.fixture(scope="session")
def evidence(tables: Path) -> Evidence:
    return load_evidence(tables)


@pytest.fixture
def copy(tables: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tables, tmp_path / "evidence"))


@pytest.fixture
def spoil(copy: Path) -> Spoil:
    def replace_once(table: str, old: str, new: str) -> Path:
        path = copy / table
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is no longer in {table}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
        return copy

    return replace_once
