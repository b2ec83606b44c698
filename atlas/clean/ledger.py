"""Every change of a cleaning: which rule, which feature, what it was and became, how much area, how far."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas.geojson.path import json_path

_LONGEST = 500
COLUMNS = ("file", "rule", "feature", "path", "before", "after", "area_change_m2", "greatest_displacement_m")


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``area_m2`` is how much area the feature won, ``moved_m`` how far anything moved at most."""

    file: str
    rule: str
    feature: str | None
    path: str
    before: str
    after: str
    area_m2: float | None = None
    moved_m: float | None = None

    def record(self) -> dict[str, object]:
        """The change as the ledger writes it: millimetres, and square metres to the dm²."""
        area = None if self.area_m2 is None else round(self.area_m2, 2) + 0.0
        moved = None if self.moved_m is None else round(self.moved_m, 3) + 0.0
        values = (self.file, self.rule, self.feature, self.path, self.before, self.after, area, moved)
        return dict(zip(COLUMNS, values, strict=True))


@dataclass(slots=True)
class Ledger:
    """Collects changes."""

    changes: list[Change] = field(default_factory=list)

    def add(  # noqa: PLR0913 - what a change has
        self,
        file: str,
        rule: str,
        feature: str | None,
        before: object,
        after: object,
        *,
        path: Iterable[str | int] = (),
        area_m2: float | None = None,
        moved_m: float | None = None,
    ) -> None:
        """Write a change down; ``before`` and ``after`` are text, or a value that is written as JSON."""
        where = json_path(tuple(path))
        self.changes.append(Change(file, rule, feature, where, _text(before), _text(after), area_m2, moved_m))

    def total(self) -> dict[str, object]:
        """Sums over all changes: how many, of how many features, by rule, area and distance."""
        areas = [one.area_m2 for one in self.changes if one.area_m2 is not None]
        moved = [one.moved_m for one in self.changes if one.moved_m is not None]
        rules: dict[str, int] = {}
        features: dict[str, set[str]] = {}
        for one in self.changes:
            rules[one.rule] = rules.get(one.rule, 0) + 1
            if one.feature is not None:
                features.setdefault(one.file, set()).add(one.feature)
        return {
            "changes": len(self.changes),
            "features": sum(map(len, features.values())),
            "rejected": sum(one.after == REJECTED for one in self.changes),
            "by_rule": dict(sorted(rules.items())),
            "area_change_m2": round(sum(areas), 2) + 0.0,
            "area_changed_m2": round(sum(map(abs, areas)), 2) + 0.0,
            "greatest_displacement_m": round(max(moved, default=0.0), 3) + 0.0,
        }

    def as_json(self, head: Mapping[str, object]) -> bytes:
        """The ledger as a JSON document, one change a line."""
        out = io.BytesIO()
        # piece by piece, as there may be a million
        between = b"{\n "
        for key, value in head.items():
            out.write(between + _line(key, value))
            between = b",\n "
        out.write(between + b'"changes": [')
        for n, one in enumerate(self.changes):
            out.write((b",\n  " if n else b"\n  ") + json.dumps(one.record(), ensure_ascii=False).encode())
        out.write(b"\n ],\n " if self.changes else b"],\n ")
        out.write(_line("total", self.total()) + b"\n}\n")
        return out.getvalue()

    def as_csv(self) -> bytes:
        """The ledger as a table; its last line is the total."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _harmless(value) for key, value in one.record().items()} for one in self.changes)
        total = self.total()
        last = {
            "rule": "total",
            "after": f"{total['changes']} changes in {total['features']} features, {total['rejected']} rejected",
            "area_change_m2": total["area_change_m2"],
            "greatest_displacement_m": total["greatest_displacement_m"],
        }
        writer.writerow(last)
        return out.getvalue().encode()


REJECTED = "put aside"


def _line(key: str, value: object) -> bytes:
    return f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}".encode()


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=True, default=_described)
    if not text.isascii():
        # what a file holds may be no text at all, such as half of a pair of surrogates
        text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _described(value: Any) -> str:  # noqa: ANN401 - whatever a feature holds
    return f"<{type(value).__name__}>"


def _harmless(value: object) -> object:
    """A cell that a spreadsheet takes as text and not as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
