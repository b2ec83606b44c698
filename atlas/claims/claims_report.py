"""The audit as JSON, as CSV, or as text for a terminal."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from atlas.claims.measures import Rival
from atlas.claims.verdicts import Finding, Verdict
from atlas.errors import UsageError
from atlas.evidence.records import Claim

_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.MEASURED: "measured",
        Verdict.AGREES: "agrees with another source",
        Verdict.CONSISTENT: "consistent in itself",
        Verdict.DIFFERS: "differs",
        Verdict.CONFLICT: "in conflict with another source",
        Verdict.NOT_CHECKABLE: "not checkable here",
    },
)


_BOUNDS: Mapping[str, str] = MappingProxyType({"≈": "about", "≥": "at least", ">": "more than", "≤": "at most"})


def as_row(finding: Finding) -> dict[str, Any]:
    """A finding as plain values; nothing is left out, what is unknown is None."""
    claim = finding.claim
    return {
        "claim_id": claim.claim_id,
        "subject": claim.subject,
        "claim": claim.what_is_claimed,
        "bound": claim.bound,
        "hedge": claim.hedge,
        "value": claim.value,
        "unit": claim.unit,
        "place": claim.place,
        "place_basis": claim.place_basis,
        "as_of": claim.as_of,
        "date_basis": claim.date_basis,
        **_validity(finding),
        "claimant": claim.claimant,
        "source_ids": list(claim.source_ids),
        "printed_in": claim.printed_in,
        "locator": claim.locator,
        "confidence": claim.confidence,
        "verdict": finding.verdict.value,
        "compared": finding.compared,
        "measured": finding.measured,
        "measured_unit": finding.unit,
        "difference": finding.difference,
        "difference_pct": finding.difference_pct,
        "others": [_other(rival) for rival in finding.rivals],
        "page": finding.page,
        "note": {"en": finding.note_en, "es": finding.note_es},
        "differs_if": {"en": finding.differs_if_en, "es": finding.differs_if_es},
    }


def _validity(finding: Finding) -> dict[str, Any]:
    """From when until when a claim holds, and the sources of that; all None where nothing is known."""
    held = finding.validity
    return {
        "valid_from": held.valid_from if held else None,
        "valid_until": held.valid_until if held else None,
        "superseded": {"en": held.superseded_en, "es": held.superseded_es} if held else {"en": None, "es": None},
        "validity_source_ids": list(held.source_ids) if held else [],
    }


def _other(rival: Rival) -> dict[str, Any]:
    return {**asdict(rival), "source_ids": list(rival.source_ids)}


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
    return json.dumps([as_row(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n"


def _csv(findings: Sequence[Finding]) -> str:
    rows = [_flat(as_row(finding)) for finding in findings]
    out = io.StringIO()
    names = list(rows[0]) if rows else ["claim_id"]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of cells: lists joined by ``;`` as in the fact tables, numbers as JSON writes them."""
    others = [
        f"{_hedged(o['value'], o['hedge'], o['bound'])} ({'; '.join(o['source_ids'])}, {o['as_of'] or 'no date'})"
        for o in row["others"]
    ]
    cells = {**row, "source_ids": ";".join(row["source_ids"]), "others": " | ".join(others)}
    cells["validity_source_ids"] = ";".join(row["validity_source_ids"])
    for name in ("superseded", "note", "differs_if"):
        texts = cells.pop(name)
        cells |= {f"{name}_en": texts["en"], f"{name}_es": texts["es"]}
    return {key: _number(value) for key, value in cells.items()}


def _text(findings: Sequence[Finding]) -> str:
    if not findings:
        return "There are no claims yet; they would be rows of geodata/evidence/claims.csv.\n"
    counts = Counter(finding.verdict for finding in findings)
    blocks = ["\n".join(_lines(finding)) for finding in findings]
    summary = ", ".join(f"{counts[verdict]} {words}" for verdict, words in _WORDS.items() if counts[verdict])
    return "\n\n".join([*blocks, f"{len(findings)} claims: {summary}."]) + "\n"


def _lines(finding: Finding) -> list[str]:
    claim = finding.claim
    value = "" if claim.value is None else f": {_hedged(claim.value, claim.hedge, claim.bound)} {claim.unit}"
    head = f"{claim.claim_id}  {_WORDS[finding.verdict]}"
    lines = [head, *_wrapped(f"{claim.what_is_claimed}{value} ({_stated(claim)})")]
    if finding.measured is not None:
        against = "" if finding.difference is None else f"; differs by {finding.difference:+,.1f}"
        percent = "" if finding.difference_pct is None else f" ({finding.difference_pct:+.1f} %)"
        compared = "" if finding.compared is None else f" against {_number(finding.compared)}"
        lines += _wrapped(f"Measured: {_number(finding.measured)} {finding.unit}{compared}{against}{percent}")
    if finding.validity:
        held = finding.validity
        lines += _wrapped(
            f"Holds: {held.valid_from or '…'} to {held.valid_until or '…'}. {held.superseded_en or ''}".rstrip()
        )
    for rival in finding.rivals:
        value = _hedged(rival.value, rival.hedge, rival.bound)
        where = f"{'; '.join(rival.source_ids)}, {rival.as_of or 'no date stated'}"
        lines += _wrapped(f"Also published: {value} ({where}): {rival.universe}")
    lines += _wrapped(finding.note_en) if finding.note_en else []
    return [*lines, *(_wrapped(f"Different outcome: {finding.differs_if_en}") if finding.differs_if_en else [])]


def _stated(claim: Claim) -> str:
    """Claimant, source and date: ``Foreign Ministry, in gpf2019, 2019-06``."""
    preposition = "from" if claim.confidence == "computed" else "in"
    return f"{claim.claimant}, {preposition} {'; '.join(claim.source_ids)}, {_dated(claim)}"


def _dated(claim: Claim) -> str:
    if claim.as_of is None:
        return "no date stated"
    return f"{claim.as_of}, inferred" if claim.date_basis == "inferred" else claim.as_of


def _hedged(value: object, hedge: str | None, bound: str | None) -> str:
    """A figure with the hedge of its source or, without one, the word for its bound."""
    word = hedge or (_BOUNDS.get(bound) if bound else None)
    return f"{word} {_number(value)}" if word else _number(value)


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
