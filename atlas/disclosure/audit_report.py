"""An audit's report as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from atlas.disclosure.finding import Finding, Severity, shortened
from atlas.errors import UsageError


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack that was tried, and how near it came.

    Attributes
    ----------
    size_m
        Least place, in metres along a line or across an area, in which it leaves a record; none: it found nothing.
    distance_m
        Least distance of a best guess to a true position, where these are known.
    k
        Fewest records among which it leaves one.
    """

    name: str
    what: str
    size_m: float | None = None
    distance_m: float | None = None
    k: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit read, what it found, and what the attacks reached.

    Attributes
    ----------
    files
        How many files were read, archives opened.
    size
        Their size in bytes.
    floor_m
        The least size of a public place by the policy, in metres.
    k
        The least number of records that share one, by the policy.
    policy_sha256
        Hash of the policy.
    against
        How many exact records were looked for; None without any.
    findings
        What was found, worst first.
    attacks
        What was tried, and what it reached.
    notes
        What a reader of the report should know.
    """

    files: int
    size: int
    floor_m: float
    k: int
    policy_sha256: str
    against: int | None
    findings: Sequence[Finding]
    attacks: Sequence[Attack] = ()
    notes: Sequence[str] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must not be published."""
        return tuple(one for one in self.findings if one.severity == Severity.ERROR)

    @property
    def failed(self) -> bool:
        """Whether anything must not be published."""
        return bool(self.errors)

    @property
    def smallest_distance_m(self) -> float | None:
        """The nearest that anything leads to a true position: a secret that was found, or the least place."""
        distances = [one.distance_m for one in self.findings if one.distance_m is not None]
        distances += [one.size_m for one in self.attacks if one.size_m is not None]
        return min(distances, default=None)

    @property
    def smallest_k(self) -> int | None:
        """The fewest records among which anything leaves one."""
        sizes = [one.k for one in self.findings if one.k is not None]
        sizes += [one.k for one in self.attacks if one.k is not None]
        return min(sizes, default=None)


def render(report: Report, form: str) -> str:
    """A report in one of the forms, with a line end.

    Parameters
    ----------
    report
        What `audit` gave.
    form
        ``text`` or ``json``.

    Returns
    -------
    str
        The report as text.

    Raises
    ------
    UsageError
        There is no such form.
    """
    if form not in FORMS:
        msg = f"--format {form!r}: expected one of {', '.join(FORMS)}"
        raise UsageError(msg)
    return FORMS[form](report)


def _text(report: Report) -> str:
    lines: list[str] = []
    by_rule = sorted(report.findings, key=lambda one: (one.severity != Severity.ERROR, one.file, one.rule))
    for (_, file, rule), group in groupby(by_rule, key=lambda one: (one.severity, one.file, one.rule)):
        findings = list(group)
        lines.append(f"{shortened(file)}: {findings[0].severity} {rule} ({sum(one.count for one in findings):,})")
        lines += [f"  {shortened(one.where)}: {shortened_what(one)}" for one in findings]
        lines.append(f"  → {findings[0].remedy}")
    lines += [f"attack {one.name}: {one.what}" for one in report.attacks]
    lines += report.notes
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def shortened_what(one: Finding) -> str:
    """What was found, on one line."""
    return "".join(character if character.isprintable() else "�" for character in one.what)


def _summary(report: Report) -> str:
    errors = sum(one.count for one in report.errors)
    warnings = sum(one.count for one in report.findings) - errors
    read = f"{report.files:,} files, {report.size / 1000:,.0f} kB"
    against = f" against {report.against:,} exact records" if report.against is not None else ""
    parts = [f"Audited {read}{against}: {errors:,} errors, {warnings:,} warnings."]
    if (distance := report.smallest_distance_m) is not None:
        parts.append(f"Smallest distance reached {distance:,.0f} m (floor {report.floor_m:,.0f} m).")
    if (k := report.smallest_k) is not None:
        parts.append(f"Smallest k {k} (policy {report.k}).")
    return " ".join(parts)


def _json(report: Report) -> str:
    document = {
        "passed": not report.failed,
        "files": report.files,
        "bytes": report.size,
        "policy": {"sha256": report.policy_sha256, "floor_m": report.floor_m, "k": report.k},
        "against": report.against,
        "smallest_distance_m": report.smallest_distance_m,
        "smallest_k": report.smallest_k,
        "findings": [_member(one) for one in report.findings],
        "attacks": [
            {"name": a.name, "what": a.what, "size_m": a.size_m, "distance_m": a.distance_m, "k": a.k}
            for a in report.attacks
        ],
        "notes": list(report.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _member(one: Finding) -> dict[str, object]:
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        "file": one.file,
        "where": one.where,
        "what": one.what,
        "count": one.count,
        "distance_m": one.distance_m,
        "k": one.k,
        "remedy": one.remedy,
    }


FORMS: Mapping[str, Callable[[Report], str]] = MappingProxyType({"text": _text, "json": _json})
