"""What an audit finds: one line a fault, with the place, the remedy, and never the secret itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

_SHOWN = 2
_LONG = 80


class Severity(StrEnum):
    """An error stops a publication; a warning is for a person to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of fault: its severity and what to do about it."""

    severity: Severity
    remedy: str


_E, _W = Severity.ERROR, Severity.WARNING
_AGAIN = "release the records again with `atlas release` and publish only what it wrote"
_UNNAMED = (
    "publish how many there are in the municipality instead of the name, or record a decision with its four answers "
    "in geodata/evidence/publication_decisions.csv"
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "unclassified": Rule(_E, "give each feature a sensitivity; without one it counts as restricted"),
        "not-published-class": Rule(_E, "take the feature out, or release it with `atlas release`"),
        "repeated": Rule(_E, "take out one of the two: another program reads the other one"),
        "point": Rule(_E, "such a feature is a stretch of the border or an area, never a point: " + _AGAIN),
        "too-fine": Rule(_E, "generalise to a coarser place: " + _AGAIN),
        "unknown-place": Rule(_E, "the place is none that the policy makes: " + _AGAIN),
        "decimals": Rule(_E, "round the coordinates to what the class allows"),
        "cell": Rule(_E, "use cells no finer than the policy's"),
        "field": Rule(_E, "take the field out, or declare it in the layer's schema or the policy"),
        "time": Rule(_E, "give the month only (YYYY-MM)"),
        "note": Rule(_E, "take it out, or mark it reviewed in the records once somebody has looked at it"),
        "phone": Rule(_E, "take the number out"),
        "email": Rule(_E, "take the address out"),
        "curp": Rule(_E, "take the personal code out"),
        "name": Rule(_W, "read the text: a word before it sounds as if it named a person"),
        "exif": Rule(_E, "save the picture again without metadata"),
        "thumbnail": Rule(_E, "save the picture again without its thumbnail"),
        "hidden-bytes": Rule(_E, "write the file anew (GeoPackage: VACUUM), so that nothing deleted stays in it"),
        "journal": Rule(_E, "close the database, so that its journal is merged and gone, and publish the file alone"),
        "ledger": Rule(
            _E, "publish the release as `atlas release` wrote it; of two that went different ways, take one down"
        ),
        "private": Rule(
            _E, "it is for the team alone: take it out of what is published, and look whether it was shared"
        ),
        "sealed": Rule(_E, "move the sealed copy out of what is published"),
        "unread": Rule(
            _E, "what cannot be read cannot be cleared: publish it unpacked, whole and open, or leave it out"
        ),
        "secret-position": Rule(_E, _AGAIN),
        "secret-cell": Rule(_E, _AGAIN),
        "secret-id": Rule(_E, _AGAIN),
        "secret-hash": Rule(_E, "use ids that cannot be computed from the records': " + _AGAIN),
        "secret-text": Rule(_E, _AGAIN),
        "secret-contact": Rule(_E, _AGAIN),
        "secret-time": Rule(_E, _AGAIN),
        "secret-photo": Rule(_E, "take the photo out: " + _AGAIN),
        "distance": Rule(_E, "make the places coarser or raise the policy's floor: " + _AGAIN),
        "k": Rule(_E, "merge the place with its neighbours until enough records share it: " + _AGAIN),
        "counts": Rule(_E, "suppress a further cell of the same row and column: " + _AGAIN),
        "re-identified": Rule(_E, _UNNAMED),
        "undecided-name": Rule(_E, _UNNAMED),
        "unknown-name": Rule(_W, "give a fuller list with --gazetteer FILE, or leave the name out"),
        "order": Rule(_E, "sort the records by what is public of them: " + _AGAIN),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: which rule, in which file and where in it, what it is, and how often.

    Attributes
    ----------
    distance_m
        How near to a true position the fault leads, in metres.
    k
        Among how many records it leaves one.
    """

    rule: str
    file: str
    where: str
    what: str
    count: int = 1
    distance_m: float | None = None
    k: int | None = None

    @property
    def severity(self) -> Severity:
        """As its rule has it."""
        return RULES[self.rule].severity

    @property
    def remedy(self) -> str:
        """As its rule has it."""
        return RULES[self.rule].remedy


@dataclass(slots=True)
class Findings:
    """Collects; the same fault of the same file is kept a few times and counted always."""

    shown: int = _SHOWN
    _kept: dict[tuple[str, str, str], list[Finding]] = field(default_factory=dict)
    _counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, finding: Finding, *, kind: str = "") -> None:
        """Take a finding; ``kind`` sets those apart that should not be counted together."""
        key = (finding.rule, finding.file, kind)
        kept = self._kept.setdefault(key, [])
        self._counts[key] = self._counts.get(key, 0) + finding.count
        if len(kept) < self.shown:
            kept.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several."""
        for finding in findings:
            self.add(finding)

    def take(self, later: Findings) -> None:
        """Take what was found in what comes after."""
        for key, kept in later._kept.items():
            mine = self._kept.setdefault(key, [])
            mine += kept[: max(0, self.shown - len(mine))]
            self._counts[key] = self._counts.get(key, 0) + later._counts[key]

    def all(self) -> tuple[Finding, ...]:
        """What was found, errors first; the last that is shown of a kind stands for those that are not."""
        listed: list[Finding] = []
        for key, kept in self._kept.items():
            *first, last = kept
            rest = self._counts[key] - sum(one.count for one in first)
            listed += [*first, replace(last, count=rest)]
        return tuple(sorted(listed, key=lambda one: one.severity != Severity.ERROR))


def masked(secret: object) -> str:
    """Enough of a secret to find it again, and no more: two characters and the length."""
    text = " ".join(str(secret).split())
    return f"{text[:2]!r}… ({len(text)} characters)"


def shortened(text: str) -> str:
    """A place in a file, on one line of bearable length, with nothing that moves a terminal's cursor."""
    line = "".join(character if character.isprintable() else "�" for character in text)
    return line if len(line) <= _LONG else f"{line[: _LONG // 2]}…{line[-_LONG // 2 :]}"
