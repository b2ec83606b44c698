"""Every claim of ``claims.csv`` against what the layers measure and what other sources print.

How a claim is checked is in ``claim_checks.csv``; what a check measures is in ``measures``. A claim is *measured* where
layers come to the same, *agrees* with another source that prints the same, and is *consistent* where figures of its own
source bear it out, which is no evidence. The first two are refused where claim and evidence share a source.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from atlas.claims.measures import Layers, Measure, Rival, measure
from atlas.errors import EvidenceError
from atlas.evidence import Evidence
from atlas.evidence.observed import ClaimValidity
from atlas.evidence.placings import ClaimCheck
from atlas.evidence.records import Claim

KM_PER_MILE = 1.609344


class Verdict(StrEnum):
    """What became of a claim."""

    MEASURED = "measured"
    AGREES = "agrees"
    CONSISTENT = "consistent"
    DIFFERS = "differs"
    CONFLICT = "conflict"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with its verdict.

    Attributes
    ----------
    claim
        The claim as its table has it.
    verdict
        What became of it.
    compared, measured, difference
        What the claim comes to in ``unit``, what the layers say, and measured less compared, all in ``unit``.
    unit
        The unit of the figures, such as ``km``.
    difference_pct
        The difference as a percentage of what was claimed.
    rivals
        What other sources print in its place.
    page
        The page that shows the measurement.
    note_en, note_es
        What a reader should know, in both languages.
    validity
        From when until when the claim holds, and what has taken its place; None where that is not known.
    differs_if_en, differs_if_es
        What would have made the check come out differently; None without a check.
    """

    claim: Claim
    verdict: Verdict
    compared: float | str | None = None
    measured: float | str | None = None
    unit: str | None = None
    difference: float | None = None
    difference_pct: float | None = None
    rivals: tuple[Rival, ...] = ()
    page: str | None = None
    note_en: str | None = None
    note_es: str | None = None
    differs_if_en: str | None = None
    differs_if_es: str | None = None
    validity: ClaimValidity | None = None


def audit_claims(evidence: Evidence, layers: Layers) -> list[Finding]:
    """A finding for each claim, in the order of the table; a claim without a check is not checkable.

    Parameters
    ----------
    evidence
        The fact tables.
    layers
        Features by layer name, as the release gives them.

    Returns
    -------
    list of Finding
        One for each claim.

    Raises
    ------
    EvidenceError
        A claim would be confirmed by layers that rest on its own source, or a check lacks what it needs.
    """
    checks = {check.claim_id: check for check in evidence.claim_checks}
    claims = {claim.claim_id: claim for claim in evidence.claims}
    held = {row.claim_id: row for row in evidence.claim_validity}
    findings = [_finding(claim, checks.get(claim.claim_id), claims, layers) for claim in evidence.claims]
    return [replace(finding, validity=held.get(finding.claim.claim_id)) for finding in findings]


def _finding(claim: Claim, check: ClaimCheck | None, claims: Mapping[str, Claim], layers: Layers) -> Finding:
    blank = Finding(claim, Verdict.NOT_CHECKABLE)
    if check is None:
        return blank
    blank = replace(blank, page=check.page, note_en=check.note_en, note_es=check.note_es)
    if check.check == "none":
        return blank
    blank = replace(blank, differs_if_en=check.differs_if_en, differs_if_es=check.differs_if_es)
    if check.check == "other_claim":
        return _against_claim(blank, check, claims[str(check.argument)])
    measured = measure(check, claim, claims, layers)
    if measured is None:
        return blank
    if measured.rivals:
        return _against_rivals(blank, measured)
    return _against_measure(blank, check, measured)


def _against_claim(blank: Finding, check: ClaimCheck, other: Claim) -> Finding:
    """Two documents, or two places of one, that speak of the same thing."""
    ours = blank.claim.value
    if not isinstance(ours, float | int) or not isinstance(other.value, float | int):
        return blank
    holds = _RELATIONS[check.relation or "equal"](float(ours), float(other.value))
    rival = Rival(
        float(other.value),
        other.as_of,
        other.what_is_claimed,
        other.source_ids,
        other.bound,
        other.hedge,
        other.claimant,
        other.date_basis,
    )
    if _shares_source(blank.claim, other.source_ids):
        verdict = Verdict.CONSISTENT if holds else Verdict.DIFFERS
    else:
        verdict = Verdict.AGREES if holds else Verdict.CONFLICT
    return replace(blank, verdict=verdict, rivals=(rival,))


def _against_rivals(blank: Finding, measured: Measure) -> Finding:
    """A count that can't be measured, beside the counts that other sources print for the same stretch."""
    rivals = measured.rivals
    alike = all(rival.value == blank.claim.value for rival in rivals)
    return replace(blank, verdict=Verdict.AGREES if alike else Verdict.CONFLICT, rivals=rivals)


def _shares_source(claim: Claim, source_ids: Collection[str]) -> bool:
    return not set(claim.source_ids).isdisjoint(source_ids)


def _confirmed(claim: Claim, measured: Measure) -> Verdict:
    """What a check that holds is worth: by layers it is measured, by figures of the same source only consistent.

    Raises
    ------
    EvidenceError
        The layers rest on the source of the claim, which would be tested against itself.
    """
    shared = _shares_source(claim, measured.source_ids)
    if not measured.by_layers:
        return Verdict.CONSISTENT if shared else Verdict.AGREES
    if shared:
        sources = ", ".join(sorted(set(claim.source_ids) & set(measured.source_ids)))
        msg = (
            f"claim_checks.csv: {claim.claim_id} is held against features that rest on its own source {sources}; "
            "set its check to 'none'"
        )
        raise EvidenceError(msg)
    return Verdict.MEASURED


def _against_measure(blank: Finding, check: ClaimCheck, measure: Measure) -> Finding:
    if isinstance(measure.value, str):
        same = _words(measure.value) == _words(str(blank.claim.value))
        verdict = _confirmed(blank.claim, measure) if same else Verdict.DIFFERS
        return replace(blank, verdict=verdict, compared=blank.claim.value, measured=measure.value, unit=measure.unit)
    wanted = check.reference if check.reference is not None else in_unit(blank.claim, measure.unit)
    measured = replace(blank, measured=measure.value, unit=measure.unit, compared=wanted)
    if check.relation == "part" or wanted is None:
        return measured
    difference = measure.value - wanted
    relation = check.relation or "equal"
    if relation == "equal":
        holds = abs(difference) <= abs(wanted) * (check.tolerance_pct or 0) / 100
    else:
        holds = _RELATIONS[relation](measure.value, wanted)
    percent = round(100 * difference / wanted, 1) if wanted else None
    verdict = _confirmed(blank.claim, measure) if holds else Verdict.DIFFERS
    return replace(measured, verdict=verdict, difference=round(difference, 1), difference_pct=percent)


_RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "equal": lambda a, b: a == b,
    "more": lambda a, b: a > b,
    "less": lambda a, b: a < b,
    "at_least": lambda a, b: a >= b,
    "at_most": lambda a, b: a <= b,
}


def in_unit(claim: Claim, unit: str) -> float | None:
    """The claimed number in the unit of the measure: miles become kilometres.

    Parameters
    ----------
    claim
        What a source states, in its own unit.
    unit
        Unit of the measure, such as ``km``.

    Returns
    -------
    float or None
        The number in ``unit``; ``None`` where the claim states no number.
    """
    if not isinstance(claim.value, float | int):
        return None
    if unit == "km" and claim.unit == "mile":
        return round(float(claim.value) * KM_PER_MILE, 1)
    return float(claim.value)


def _words(text: str) -> list[str]:
    return text.replace("–", "-").lower().split()
