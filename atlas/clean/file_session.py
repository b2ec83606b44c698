"""The work on one file: what was changed, what was put aside, and what has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.check.bbox_rules import Box, box_of
from atlas.check.strips import Strip
from atlas.clean.actions import action_of
from atlas.clean.ledger import REJECTED, Ledger
from atlas.clean.model import Coordinates, Document, Feature
from atlas.clean.options import Options
from atlas.geojson.model import Item


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can answer; ``remedy`` names the options."""

    rule: str
    message: str
    remedy: str


@dataclass(slots=True)
class FileSession:
    """A document, what the user said, and what came of it."""

    document: Document
    options: Options
    ledger: Ledger
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # areas that were seen to match after the last mending: if they are all that the file has, check need not look again
    matched: tuple[Coordinates, ...] = ()
    # how many decimals new positions have; nothing where the user keeps all that there are
    decimals: int | None = None
    # whether the outer rings of the file were anticlockwise before any was reversed; empty until somebody asks
    right_handed: tuple[bool | None, ...] = ()
    # gaps and overlaps that are left at the end
    strips: list[Strip] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name, as the ledger has it."""
        return self.document.path.name

    @property
    def box(self) -> Box | None:
        """The bbox of the whole file, where it has a sound one."""
        return box_of(Item(None, 1, self.document.root), self.document.root, None)

    def change(
        self,
        feature: Feature | None,
        rule: str,
        before: object,
        after: object,
        *,
        path: Sequence[str | int] = (),
    ) -> None:
        """Write down a change of members or texts."""
        if feature is None:
            self.document.rebuilt = True
            self.ledger.add(self.name, rule, None, before, after, path=path)
            return
        feature.rebuilt = True
        whole = ("features", feature.index, *path)
        self.ledger.add(self.name, rule, feature.name, before, after, path=whole)

    def move(  # noqa: PLR0913 - what a change has
        self,
        feature: Feature,
        rule: str,
        before: str,
        after: str,
        *,
        area_m2: float | None = None,
        moved_m: float | None = None,
    ) -> None:
        """Write down a change of coordinates."""
        feature.moved = True
        path = ("features", feature.index, "geometry")
        self.ledger.add(self.name, rule, feature.name, before, after, path=path, area_m2=area_m2, moved_m=moved_m)

    def reject(self, feature: Feature, rule: str, why: str) -> None:
        """Put a feature aside, as it was in the file."""
        if feature.rejected is None:
            feature.rejected, feature.why = rule, why
            self.ledger.add(self.name, rule, feature.name, why, REJECTED, path=("features", feature.index))

    def ask(self, rule: str, message: str, *, whole_file: bool = False) -> None:
        """Leave a decision to the user; what is about the whole file cannot be put aside."""
        if not any(one.rule == rule for one in self.questions):
            self.questions.append(Question(rule, message, remedy(rule, whole_file=whole_file)))


def remedy(rule: str, *, whole_file: bool = False) -> str:
    """The options that answer a question on a rule."""
    action = action_of(rule)
    answers = [action.options] if action.options else []
    if action.usual:
        answers.append(f"--repair {rule} ({action.usual})")
    if not whole_file:
        answers.append(f"--reject {rule} (put these features aside)")
    answers.append(f"--keep {rule} (leave it)")
    return " or ".join(part for part in (", ".join(answers[:-1]), answers[-1]) if part)


def inner(value: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401 - whatever JSON may hold
    """What stands at a path.

    Raises
    ------
    LookupError, TypeError
        Nothing does: an earlier repair took it away.
    """
    for step in path:
        value = value[step]
    return value
