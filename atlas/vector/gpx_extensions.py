"""Fields of GPX that programs add: GDAL makes numbers of codes whose texts begin with zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_MOST_BYTES = 500_000_000
_VALUE = re.compile(
    rb"<(?:([A-Za-z_][\w.-]{0,60}):)?([A-Za-z_][\w.-]{0,60})(?:\s[^<>]{0,300})?>\s{0,20}(0\d{1,40})\s{0,20}</"
)


def with_zeros(columns: dict[str, Sequence[Any]], path: Path) -> None:
    """Write the whole numbers of a column as text, with the zeros that stand in the file before one of them.

    A column is put back only where every number has one text in the file, so that none is guessed.
    """
    whole = [name for name, values in columns.items() if any(type(value) is int for value in values)]
    if not whole or path.stat().st_size > _MOST_BYTES:
        return
    data = path.read_bytes()
    zeros: dict[str, dict[int, set[str]]] = {}
    for prefix, name, text in _VALUE.findall(data):
        column = f"{prefix.decode()}_{name.decode()}" if prefix else name.decode()
        zeros.setdefault(column, {}).setdefault(int(text), set()).add(text.decode())
    for column in whole:
        texts = zeros.get(column)
        if texts is not None and all(len(one) == 1 for one in texts.values()):
            columns[column] = [
                None if value is None else next(iter(texts.get(value, ())), str(value)) for value in columns[column]
            ]
