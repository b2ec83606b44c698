"""What a check speaks in: rules, findings, the place of a finding, the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.geojson.model import Item, Mark
from atlas.geojson.path import json_path, shown
from atlas.geojson.text_offset import line_of

if TYPE_CHECKING:
    from atlas.check.strips import Strip

SHOWN_PER_RULE = 20
_LOCATED_CHARS = 50_000_000


class Severity(StrEnum):
    """How bad it is: an error breaks readers, a warning misleads people, an info is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for."""

    id: str
    severity: Severity
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: ``position`` is (longitude, latitude) as the file has it, ``line`` counts from 1."""

    rule: str
    severity: Severity
    json_path: str
    line: int | None
    feature_id: str | None
    position: tuple[float, float] | None
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check has to say about one file; ``findings`` holds the first of each rule, ``counts`` all."""

    path: Path
    size: int
    features: int
    positions: int
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    # whether places are rows of a layer and not lines of a text
    rows: bool = False
    strips: tuple[Strip, ...] = ()

    def total(self, severity: Severity, rules: Mapping[str, Rule]) -> int:
        """How many findings of one severity there are, shown or not."""
        return sum(count for rule, count in self.counts.items() if rules[rule].severity is severity)


@dataclass(slots=True)
class Findings:
    """Collects findings: counts all, keeps the first of each rule."""

    rules: Mapping[str, Rule]
    cap: int = SHOWN_PER_RULE
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _located: int = 0

    def add(  # noqa: PLR0913 - what a finding has
        self,
        rule: str,
        at: Item | Mark | None,
        message: str,
        *,
        path: Sequence[str | int] = (),
        position: tuple[float, float] | None = None,
        line: int | None = None,
    ) -> None:
        """Count a finding, and keep it while there are few of its rule; ``paths`` lead on from the feature."""
        self.counts[rule] += 1
        if self.counts[rule] > self.cap:
            return
        whole = (*(at.path if at else ()), *path)
        if at is not None and line is None:
            line = self._line(at, path)
        feature_id = at.feature_id if at else None
        self.kept.append(
            Finding(
                rule=rule,
                severity=self.rules[rule].severity,
                json_path=json_path(whole),
                line=line,
                feature_id=None if feature_id is None else shown(feature_id, quoted=False),
                position=position,
                message=message,
            )
        )

    def _line(self, at: Item | Mark, path: Sequence[str | int]) -> int | None:
        """The line of a member inside a feature; that of the feature where looking closer would take too long."""
        if isinstance(at, Mark):
            return at.line
        line, text = at.line, at.text
        if path and path[0] in at.members:
            line, text = at.members[str(path[0])]
            path = path[1:]
        if line is None or "\n" not in text or self._located + len(text) > _LOCATED_CHARS:
            return line
        self._located += len(text)
        return line + line_of(text, path)
