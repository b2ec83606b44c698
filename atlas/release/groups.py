"""Which kinds of things are counted together: groups of categories, and what everybody knows of each on a map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CROSSINGS, HELP, HARM, CONTROL, OTHER = "crossings", "help", "harm", "control", "other"
ELSE = "all_else"

_FIVE: Mapping[str, str] = MappingProxyType(
    {
        "informal_crossing": CROSSINGS,
        "vehicular_crossing": CROSSINGS,
        "formal_crossing": CROSSINGS,
        "shelter": HELP,
        "service": HELP,
        "incident": HARM,
        "hazard": HARM,
        "checkpoint": CONTROL,
        "infrastructure": OTHER,
        "observation": OTHER,
        "other": OTHER,
    }
)
# each grouping is coarser than the one before it, so that two books of one team never cut across each other
GROUPINGS = ("five", "two")
_COARSER: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "five": MappingProxyType({group: group for group in (CROSSINGS, HELP, HARM, CONTROL, OTHER)}),
        "two": MappingProxyType({CROSSINGS: CROSSINGS, **dict.fromkeys((HELP, HARM, CONTROL, OTHER), ELSE)}),
    }
)
ALL_GROUPS = (CROSSINGS, HELP, HARM, CONTROL, OTHER, ELSE)


def group_of(category: str, grouping: str) -> str:
    """The group of a category; a category that a policy adds counts with the rest."""
    return _COARSER[grouping][_FIVE.get(category, OTHER)]


def groups_of(grouping: str) -> tuple[str, ...]:
    """All groups of a grouping, in their order."""
    return tuple(dict.fromkeys(_COARSER[grouping].values()))


def overlapping(group: str) -> frozenset[str]:
    """The groups of any grouping that count something which a group counts, and the group itself."""
    return frozenset(each for each in ALL_GROUPS if _fine(each) & _fine(group))


def _fine(group: str) -> frozenset[str]:
    """The groups of five that a group holds."""
    return frozenset(each for coarser in _COARSER.values() for each, name in coarser.items() if group in {each, name})


def candidates_in(counts: Mapping[str, int], group: str, grouping: str) -> int:
    """How many things of a group are on public maps, from how many there are of each of the five."""
    return sum(number for each, number in counts.items() if _COARSER[grouping][each] == group)
