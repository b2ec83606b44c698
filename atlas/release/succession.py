"""Whether a release may follow an earlier one: under rules that show no record more finely than those of then.

Two rules that place records differently give two places for one record, and what both have in common may be as small
as one likes. A rule may become stricter; the distances and cells by which records are placed stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from atlas.errors import PolicyError, listed
from atlas.published.sensitivity import Sensitivity
from atlas.release.terms import Policy

_TIMES = ("month", "year")
_RANKS = {str(name): rank for rank, name in enumerate(Sensitivity)}
_STRICTEST = max(_RANKS.values())


def rules_of(policy: Policy) -> dict[str, str]:
    """The rules of a policy that decide how finely records are shown, as a release keeps them in its record."""
    return {
        "k": str(policy.k),
        "floor_m": repr(policy.floor_m),
        "places.border_within_m": repr(policy.border_within_m),
        "places.crossing_within_m": repr(policy.crossing_within_m),
        "places.corridor_within_m": repr(policy.corridor_within_m),
        "places.grid_resolution": str(policy.grid_resolution),
        "open.decimals": str(policy.open_decimals),
        "fields.allow": " ".join(sorted(policy.fields)),
        **{f"categories.{name}": str(stated) for name, stated in sorted(policy.categories.items())},
    }


def refuse_finer_rules(folder: Path, record: Mapping[str, Any], policy: Policy) -> None:
    """Refuse to follow a release under rules that could show more of its records.

    Parameters
    ----------
    folder
        The earlier release.
    record
        What it says of itself.

    Raises
    ------
    PolicyError
        A rule is finer than it was or places records otherwise, or the earlier release does not say its rules.
    """
    if record.get("policy_sha256") == policy.sha256:
        return
    rules = record.get("rules")
    remedy = (
        f"Release under the policy of then, or take {folder} down wherever it was published and release into another "
        "folder without --since"
    )
    if not isinstance(rules, dict) or not all(isinstance(text, str) for text in rules.values()):
        msg = f"{folder} was released under another policy, and does not say under which rules. {remedy}"
        raise PolicyError(msg)
    if faults := list(_faults(rules, rules_of(policy))):
        headline = f"{folder} was released under other rules; both releases together could show where records are."
        raise PolicyError(listed(f"{headline} {remedy}:", faults, shown=40))


def _faults(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        was, states = before.get(name), now.get(name)
        if was is None or states is None:
            yield f"{name}: {'is new' if was is None else 'is no longer there'}; records of it were shown otherwise"
        elif was != states and (why := _finer(name, was, states)):
            yield f"{name}: was {was}, is {states}; {why}"


def _finer(name: str, was: str, states: str) -> str | None:
    """Why a changed rule could show more; nothing where it is stricter."""
    if name == "fields.allow":
        return _finer_fields(set(was.split()), set(states.split()))
    if name.startswith("categories."):
        return "less strict" if _RANKS.get(states, 0) < _RANKS.get(was, _STRICTEST) else None
    stricter = _STRICTER.get(name)
    if stricter is None:
        return "places records otherwise"
    try:
        return None if stricter(float(was), float(states)) else "less strict"
    except ValueError:
        return "the earlier rule cannot be read"


_STRICTER: Mapping[str, Callable[[float, float], bool]] = {
    "k": lambda was, states: states >= was,
    "floor_m": lambda was, states: states >= was,
    "open.decimals": lambda was, states: states <= was,
}


def _finer_fields(was: set[str], states: set[str]) -> str | None:
    if ("category" in was) != ("category" in states):
        return "groups records otherwise"
    added = sorted(set(_TIMES) & (states - was))
    return f"{' and '.join(added)} would be shown of records that were shown without" if added else None
