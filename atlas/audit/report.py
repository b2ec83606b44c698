"""The audit as JSON, as CSV, or as text for a terminal."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from atlas.audit.claims import Finding, Verdict
from atlas.errors import UsageError

_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.AGREES: "agrees",
        Verdict.DIFFERS: "differs",
        Verdict.CONFLICT: "in conflict with another source",
        Verdict.NOT_CHECKABLE: "not checkable here",
    },
)


def as_row(found: Finding) -> dict[str, Any]:
    """A finding as plain values; nothing is left out, what is unknown is None."""
    claim = found.claim
    return {
        "claim_id": claim.claim_id,
        "subject": claim.subject,
        "claim": claim.what_is_claimed,
        "value": claim.value,
        "unit": claim.unit,
        "place": claim.place,
        "as_of": claim.as_of,
        "source_ids": list(claim.source_ids),
        "locator": claim.locator,
        "verdict": found.verdict.value,
        "compared": found.compared,
        "measured": found.measured,
        "measured_unit": found.unit,
        "difference": found.difference,
        "difference_pct": found.difference_pct,
        "others": [
            {"value": r.value, "as_of": r.as_of, "universe": r.universe, "source_ids": list(r.source_ids)}
            for r in found.rivals
        ],
        "page": found.page,
        "note": {"en": found.note_en, "es": found.note_es},
    }


def render(findings: Sequence[Finding], form: str) -> str:
    """The audit as ``text``, ``json`` or ``csv``.

    Raises
    ------
    UsageError
        There is no such form.
    """
    if form not in _FORMS:
        msg = f"there is no format {form!r}; the formats are {', '.join(_FORMS)}"
        raise UsageError(msg)
    return _FORMS[form](findings)


def _json(findings: Sequence[Finding]) -> str:
    return json.dumps([as_row(found) for found in findings], ensure_ascii=False, indent=2) + "\n"


def _csv(findings: Sequence[Finding]) -> str:
    rows = [_flat(as_row(found)) for found in findings]
    out = io.StringIO()
    names = list(rows[0]) if rows else ["claim_id"]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of cells: lists joined by ``;`` as in the fact tables, numbers as JSON writes them."""
    others = [f"{_number(o['value'])} ({'; '.join(o['source_ids'])}, {o['as_of'] or 'no date'})" for o in row["others"]]
    cells = {**row, "source_ids": ";".join(row["source_ids"]), "others": " | ".join(others)}
    note = cells.pop("note")
    return {key: _number(value) for key, value in {**cells, "note_en": note["en"], "note_es": note["es"]}.items()}


def _text(findings: Sequence[Finding]) -> str:
    counts = Counter(found.verdict for found in findings)
    blocks = ["\n".join(_lines(found)) for found in findings]
    summary = ", ".join(f"{counts[verdict]} {words}" for verdict, words in _WORDS.items() if counts[verdict])
    return "\n\n".join([*blocks, f"{len(findings)} claims: {summary}."]) + "\n"


def _lines(found: Finding) -> list[str]:
    claim = found.claim
    value = "" if claim.value is None else f": {_number(claim.value)} {claim.unit}"
    head = f"{claim.claim_id}  {_WORDS[found.verdict]}"
    said = f"{claim.what_is_claimed}{value} ({'; '.join(claim.source_ids)}, {claim.as_of})"
    lines = [head, *_wrapped(said)]
    if found.measured is not None:
        against = "" if found.difference is None else f"; differs by {found.difference:+,.1f}"
        percent = "" if found.difference_pct is None else f" ({found.difference_pct:+.1f} %)"
        compared = "" if found.compared is None else f" against {_number(found.compared)}"
        lines += _wrapped(f"Measured: {_number(found.measured)} {found.unit}{compared}{against}{percent}")
    for rival in found.rivals:
        lines += _wrapped(
            f"Also printed: {_number(rival.value)} ({'; '.join(rival.source_ids)}, {rival.as_of}): {rival.universe}"
        )
    return [*lines, *(_wrapped(found.note_en) if found.note_en else [])]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, width=100, initial_indent="     ", subsequent_indent="     ")


def _number(value: object) -> str:
    """A figure as people write it: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_FORMS: Mapping[str, Callable[[Sequence[Finding]], str]] = MappingProxyType({"text": _text, "json": _json, "csv": _csv})
