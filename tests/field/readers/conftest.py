"""What the tests of the readers share: reading a file into good rows, bad rows and what was said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from atlas.field.readers import ReadOptions, read_file
from atlas.field.row import FieldRow, Rejected


@dataclass(frozen=True)
class Came:
    good: list[FieldRow]
    bad: list[Rejected]
    notes: list[str]

    @property
    def only(self) -> FieldRow:
        assert not self.bad, self.bad
        (row,) = self.good
        return row


Reading = Callable[..., Came]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read(content: Path | str | bytes, name: str = "file.csv", **options: Any) -> Came:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        notes: list[str] = []
        rows = list(read_file(path, options=replace(ReadOptions(), notify=notes.append, **options)))
        good = [row for row in rows if isinstance(row, FieldRow)]
        return Came(good, [row for row in rows if isinstance(row, Rejected)], notes)

    return read


@pytest.fixture
def files(repo: Path) -> Path:
    return repo / "tests" / "data" / "field"
