"""Whether a command takes a GeoJSON file: one table of verdicts, held before anything is drawn, kept or released.

Every command that takes somebody's GeoJSON reads it by rules of its own: a page draws, a store keeps, a release counts.
What is wrong in the file is the same for all of them, so it is found by the rules of ``atlas check`` and judged by one
table (``verdicts.toml``). A fault that one command refuses is therefore never taken by another without a word.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import BinaryIO

from atlas.check.checker import Checker
from atlas.check.duplicate_features import DuplicateFeatures
from atlas.check.member_rules import is_in_degrees
from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.errors import InputError, listed
from atlas.garbage import without_collector
from atlas.geojson.document import Document
from atlas.geojson.model import Item, Mark
from atlas.geojson.nesting import is_deep
from atlas.geojson.streaming import Reader

_TABLE = Path(__file__).parent / "verdicts.toml"
_ROWS_NAMED = 5
# what can only be said of numbers that are degrees
_OF_DEGREES = frozenset({"position-range", "axes-swapped", "crs-projected", "null-island", "antimeridian"})


class Command(StrEnum):
    """A command that takes somebody's GeoJSON and makes something of it."""

    MAP = "map"
    IMPORT = "import"
    RELEASE = "release"


class Verdict(StrEnum):
    """What a command does about a fault."""

    TAKEN = "taken"
    NOTED = "noted"
    ASIDE = "aside"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a fault in each command.

    Attributes
    ----------
    verdicts
        By command.
    done
        What is done where the fault is taken with a note, as the end of a sentence.
    why
        The reason, for the documentation.
    """

    verdicts: Mapping[Command, Verdict]
    done: str
    why: str


@dataclass(slots=True)
class _NumberedFindings(Findings):
    """Findings with the numbers, from 1, of the features that break each rule; none stands for the file."""

    numbers: defaultdict[str, list[int | None]] = field(default_factory=lambda: defaultdict(list))

    def add(  # noqa: PLR0913 - as in `Findings`
        self,
        rule: str,
        at: Item | Mark | None,
        message: str,
        *,
        path: Sequence[str | int] = (),
        position: tuple[float, float] | None = None,
        line: int | None = None,
    ) -> None:
        """Count a finding; what it says is left to ``atlas check``."""
        del message, position, line
        self.counts[rule] += 1
        index = at.index if at is not None else _feature_index(path)
        self.numbers[rule].append(None if index is None else index + 1)


def _feature_index(path: Sequence[str | int]) -> int | None:
    """The feature that a path from the outermost object leads into."""
    return next((step for step in path[:2] if isinstance(step, int)), None)


@cache
def rulings() -> Mapping[str, Ruling]:
    """The table: what each command does about each rule of ``atlas check``."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return {
        rule: Ruling({each: Verdict(row[each]) for each in Command}, row.get("done", ""), row["why"])
        for rule, row in table.items()
    }


def admit_document(document: Document, name: str, command: Command) -> tuple[str, ...]:
    """Hold a document, read strictly, against the table, and give the notes on what is taken all the same.

    Parameters
    ----------
    document
        The document; where it names a system other than degrees, its numbers are not judged as degrees.
    name
        How messages call it.
    command
        Who wants to take it.

    Returns
    -------
    tuple of str
        One sentence for each rule that is broken and noted, without content of the file.

    Raises
    ------
    InputError
        It breaks a rule that the command refuses.
    """
    findings = _NumberedFindings(RULES)
    for rule in document.rules:
        findings.add(rule, None, "")
    check = Checker(findings, alone=True)
    check.twins = DuplicateFeatures(findings)
    value = document.value
    features = value.get("features") if isinstance(value, dict) else None
    with without_collector():
        for index, feature in enumerate(features if isinstance(features, list) else ()):
            item = Item(index, None, feature, path=("features", index))
            if is_deep(feature):
                findings.add("nesting-deep", item, "")
            check.feature(item)
    root = {key: member for key, member in value.items() if key != "features"} if isinstance(value, dict) else value
    check.root(Item(None, None, root), has_features=isinstance(features, list))
    check.finish()
    judged = _judged(findings, root, command)
    if refused := [rule for rule, verdict in judged.items() if verdict is Verdict.REFUSED]:
        raise InputError(_refusal(name, refused, findings))
    return _notes(findings, judged, name)


class StreamVerdicts:
    """A file that is read feature by feature, each held against the table on the way.

    Parameters
    ----------
    stream
        The bytes of the file from the start; they are gone through once.
    name, command
        As in `admit_document`.
    twins
        Compare the features with each other as well.
    """

    def __init__(self, stream: BinaryIO, name: str, command: Command, *, twins: bool = False) -> None:
        self._findings = _NumberedFindings(RULES)
        self._reader = Reader(stream, self._findings)
        self._check = Checker(self._findings, alone=True)
        if twins:
            self._check.twins = DuplicateFeatures(self._findings)
        self._name, self._command = name, command
        self._finished = False

    @property
    def members(self) -> Mapping[str, object]:
        """What the file says of all features, once they have been gone through."""
        return self._reader.root.members

    @property
    def is_collection(self) -> bool:
        """Whether the outermost value is an object with a list of features."""
        return self._reader.root.has_features

    @property
    def is_sequence(self) -> bool:
        """Whether features stand one after the other, without an outermost object."""
        return self._reader.root.is_sequence

    @property
    def is_whole(self) -> bool:
        """Whether the text was JSON and nothing else to its end, once the features have been gone through."""
        root = self._reader.root
        return root.whole and (root.is_sequence or not self._findings.counts["json-trailing"])

    def items(self) -> Iterator[Item]:
        """Each feature; it ends where the text stops being JSON."""
        with without_collector():
            for item in self._reader.items():
                if not item.plain and is_deep(item.value):
                    self._findings.add("nesting-deep", item, "")
                self._check.feature(item)
                yield item

    def notes(self, *, spoken: Collection[str] = ()) -> tuple[str, ...]:
        """The notes on what is taken all the same, but for rules whose notes the command gives itself."""
        judged = self._verdicts()
        return _notes(
            self._findings, {rule: verdict for rule, verdict in judged.items() if rule not in spoken}, self._name
        )

    def refuse(self) -> None:
        """Stop where a rule is broken that the command refuses.

        Raises
        ------
        InputError
            There is one.
        """
        if refused := [rule for rule, verdict in self._verdicts().items() if verdict is Verdict.REFUSED]:
            raise InputError(_refusal(self._name, refused, self._findings))

    def _verdicts(self) -> Mapping[str, Verdict]:
        root = self._reader.root
        if not self._finished:
            if root.whole:
                self._check.root(root.item(), has_features=root.has_features, is_sequence=root.is_sequence)
            self._check.finish()
            self._finished = True
        return _judged(self._findings, root.members, self._command)


def notes_on(stream: BinaryIO, name: str, command: Command, *, spoken: Collection[str] = ()) -> tuple[str, ...]:
    """The notes on a file that is read row by row by a command with its own way of refusing and putting aside.

    Parameters
    ----------
    stream, name, command
        As in `StreamVerdicts`.
    spoken
        Rules whose notes the command gives itself.
    """
    verdicts = StreamVerdicts(stream, name, command)
    for _ in verdicts.items():
        pass
    return verdicts.notes(spoken=spoken)


def _judged(findings: _NumberedFindings, root: object, command: Command) -> Mapping[str, Verdict]:
    ignored = frozenset[str]() if is_in_degrees(root) else _OF_DEGREES
    broken = [rule for rule in RULES if findings.counts[rule] and rule not in ignored]
    return {rule: rulings()[rule].verdicts[command] for rule in broken}


def _notes(findings: _NumberedFindings, judged: Mapping[str, Verdict], name: str) -> tuple[str, ...]:
    noted = [rule for rule, verdict in judged.items() if verdict is Verdict.NOTED]
    return tuple(f"{name}: {_what(rule, findings)}; {rulings()[rule].done}" for rule in noted)


def _refusal(name: str, refused: Sequence[str], findings: _NumberedFindings) -> str:
    head = f"{name} cannot be taken; `atlas check` says where each fault is, `atlas clean` mends what has one answer:"
    return listed(head, [f"{_what(rule, findings)}: {RULES[rule].description}" for rule in refused])


def _what(rule: str, findings: _NumberedFindings) -> str:
    """A rule and where it is broken: ``ring not closed (ring-open) in feature 3, 7 …``."""
    title = RULES[rule].title
    name = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    numbers = list(dict.fromkeys(number for number in findings.numbers[rule] if number is not None))
    if not numbers:
        return f"{name} ({rule})"
    rest = " …" if len(numbers) > _ROWS_NAMED else ""
    return f"{name} ({rule}) in feature {', '.join(map(str, numbers[:_ROWS_NAMED]))}{rest}"
