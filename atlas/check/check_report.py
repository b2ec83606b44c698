"""A report as text for people, JSON for programs, annotations for a forge."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from atlas.check.messages import place, several
from atlas.check.model import Finding, Report, Severity
from atlas.check.rule_catalogue import EVERY_RULE, FILE_RULES, FILE_THEME, THEMES
from atlas.errors import UsageError

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_FEATURE = re.compile(r"^\$\.features\[\d+\]")
_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def failed(report: Report, threshold: Severity) -> bool:
    """Whether a report has anything as bad as the threshold, or worse.

    Parameters
    ----------
    report
        What `check_file` gave.
    threshold
        The least severity that counts.

    Returns
    -------
    bool
        True if a finding is as bad as the threshold, or worse.
    """
    return any(_RANKS[EVERY_RULE[rule].severity] <= _RANKS[threshold] for rule in report.counts)


def render(reports: Sequence[Report], form: str) -> str:
    """Reports in one of three forms, with a line end.

    Parameters
    ----------
    reports
        What `check_file` gave, one a file.
    form
        ``text``, ``json`` or ``github``.

    Returns
    -------
    str
        The reports as one text.

    Raises
    ------
    UsageError
        There is no such form.
    """
    if form not in FORMS:
        msg = f"--format {form!r}: expected one of {', '.join(FORMS)}"
        raise UsageError(msg)
    return FORMS[form](reports)


def rules_text() -> str:
    """All rules by theme, for a terminal.

    Returns
    -------
    str
        A line a rule, with its severity and remedy.
    """
    width = max(map(len, EVERY_RULE))
    lines = []
    for theme, rules in {**THEMES, FILE_THEME: tuple(FILE_RULES.values())}.items():
        lines.append(f"{theme}")
        lines.extend(f"  {rule.id:<{width}}  {rule.severity:<7}  {rule.description}" for rule in rules)
    return "\n".join(lines) + "\n"


def _text(reports: Sequence[Report]) -> str:
    return "\n".join("\n".join(_text_of(report)) for report in reports) + "\n"


def _text_of(report: Report) -> list[str]:
    lines = [f"{_path(report)}: {_summary(report)}"]
    worst_first = sorted(report.findings, key=lambda one: _RANKS[one.severity])
    for rule, group in groupby(worst_first, key=lambda one: one.rule):
        findings = list(group)
        count = report.counts[rule]
        lines.append(f"  {EVERY_RULE[rule].severity} {rule}: {EVERY_RULE[rule].title} ({count:,})")
        lines.extend(f"    {_where(one, report)}{one.message}" for one in findings)
        if count > len(findings):
            lines.append(f"    … and {count - len(findings):,} more (`atlas --all-faults check …` lists them)")
    lines.extend(f"  note: {note}" for note in report.notes)
    return lines


def _summary(report: Report) -> str:
    size = f"{several(report.features, 'feature', 'features')}, {several(report.positions, 'position', 'positions')}"
    totals = {severity: report.total(severity, EVERY_RULE) for severity in Severity}
    if not any(totals.values()):
        return f"nothing found ({size})"
    errors = several(totals[Severity.ERROR], "error", "errors")
    warnings = several(totals[Severity.WARNING], "warning", "warnings")
    return f"{errors}, {warnings}, {totals[Severity.INFO]:,} for information ({size})"


def _where(one: Finding, report: Report) -> str:
    if report.rows:
        inner = _FEATURE.sub("", one.json_path).removeprefix("$").removeprefix(".")
        row = f"row {one.line:,}" if one.line is not None else ""
        parts = [row, one.feature_id or "", inner.removeprefix("properties.")]
    else:
        parts = [f"line {one.line}" if one.line is not None else "", one.feature_id or "", one.json_path]
    where = " ".join(part for part in parts if part)
    return f"{where}: " if where else ""


def _json(reports: Sequence[Report]) -> str:
    document = {"files": [_member(report) for report in reports]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _member(report: Report) -> dict[str, object]:
    return {
        "file": _path(report),
        "size_bytes": report.size,
        "features": report.features,
        "positions": report.positions,
        "counts": dict(report.counts),
        "findings": [
            {
                "rule": one.rule,
                "severity": str(one.severity),
                "json_path": one.json_path,
                "line": None if report.rows else one.line,
                **({"row": one.line} if report.rows else {}),
                "feature_id": one.feature_id,
                "position": None if one.position is None else list(one.position),
                "message": one.message,
            }
            for one in report.findings
        ],
        "notes": list(report.notes),
    }


def _github(reports: Sequence[Report]) -> str:
    lines = [_annotation(report, one) for report in reports for one in report.findings]
    return "".join(f"{line}\n" for line in lines)


def _annotation(report: Report, one: Finding) -> str:
    line = f",line={one.line}" if one.line is not None and not report.rows else ""
    row = f"row {one.line:,} " if one.line is not None and report.rows else ""
    at = f" at {place(one.position)}" if one.position is not None else ""
    head = f"::{_COMMANDS[one.severity]} file={_escaped(_path(report))}{line},title={one.rule}::{row}"
    return head + f"{one.message} [{one.json_path}{at}]".replace("%", "%25")


def _escaped(value: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(char, code)
    return value


def _path(report: Report) -> str:
    """The path on one line; a name that is no text is shown with escapes."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(report.path))


FORMS: Mapping[str, Callable[[Sequence[Report]], str]] = MappingProxyType(
    {"text": _text, "json": _json, "github": _github}
)
