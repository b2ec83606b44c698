"""What is done about each rule of ``atlas check``: repaired, put aside, asked about, kept, or the file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from atlas.check import FILE_RULES, FILE_THEME, THEMES


class Strategy(StrEnum):
    """What happens where a rule is broken."""

    REPAIR = "repair"
    REJECT = "reject"
    ASK = "ask"
    KEEP = "keep"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Action:
    """What happens, in words; ``usual`` is what ``--repair RULE`` does where it would be asked about.

    ``safe`` says that the usual answer loses no feature, value, position or area, so that ``all-safe`` takes it.
    """

    strategy: Strategy
    meaning: str
    usual: str = ""
    options: str = ""
    # what happens where the repair is not certain
    rest: Strategy = Strategy.ASK
    safe: bool = False


_REPAIR, _REJECT, _ASK, _KEEP, _REFUSE = Strategy.REPAIR, Strategy.REJECT, Strategy.ASK, Strategy.KEEP, Strategy.REFUSE

_CRS = "--crs EPSG:CODE"
_SNAP = "--snap-m METRES"

_JSON = {
    "json-syntax": Action(_REFUSE, "what was meant is a guess: mend the text, or export it again"),
    "json-truncated": Action(_REFUSE, "the rest is missing: copy or download it again"),
    "json-trailing": Action(_REPAIR, "features one a line become a collection; any other second value is refused"),
    "json-sequence": Action(_REPAIR, "the features become a collection"),
    "encoding-bom": Action(_REPAIR, "the mark is removed"),
    "encoding-utf16": Action(_REPAIR, "decoded and written as UTF-8"),
    "encoding-not-utf8": Action(_ASK, "which encoding it was is a guess", options="--encoding cp1252"),
    "key-twice": Action(_REPAIR, "one of two equal values is kept; unequal ones put the feature aside", rest=_REJECT),
    "number-nan": Action(
        _REPAIR, "NaN becomes null; Infinity, or either in coordinates, puts the feature aside", rest=_REJECT
    ),
    "number-huge": Action(_REJECT, "no program can hold the number"),
    "number-unsafe": Action(_REPAIR, "the field becomes text; where it has decimals too, it is asked about"),
    "nesting-deep": Action(_REJECT, "readers crash on it"),
    "feature-large": Action(_ASK, "one feature is too long for many readers"),
}

_STRUCTURE = {
    "root-type": Action(_REFUSE, "this is not GeoJSON: convert it first"),
    "features-missing": Action(_REFUSE, "the features are not in the file"),
    "feature-type": Action(
        _REPAIR, "a bare geometry is wrapped, the type spelt; anything else is put aside", rest=_REJECT
    ),
    "feature-members": Action(_REPAIR, "the missing member is added as null"),
    "properties-type": Action(_REJECT, "what the values belong to is a guess"),
    "id-type": Action(_REPAIR, "null is left out; any other puts the feature aside", rest=_REJECT),
    "geometry-type": Action(
        _REPAIR, "the type is spelt as it should be; an unknown one puts the feature aside", rest=_REJECT
    ),
    "geometry-members": Action(_REJECT, "there are no coordinates"),
    "geometry-null": Action(_KEEP, "allowed"),
    "geometry-empty": Action(_REPAIR, "nothing becomes null, an empty part is left out", rest=_REJECT),
    "geometry-mixed": Action(_KEEP, "allowed"),
    "collection-nested": Action(_REPAIR, "the inner geometries move into the outer collection"),
    "member-forbidden": Action(_REPAIR, "a repetition is left out; a member with content of its own is asked about"),
    "member-foreign": Action(_KEEP, "allowed"),
    "crs-member": Action(
        _REPAIR, "removed after reprojecting from it; unknown or contrary ones are asked about", options=_CRS
    ),
    "crs-nested": Action(
        _REPAIR, "removed after reprojecting from it; unknown or contrary ones are asked about", options=_CRS
    ),
    "bbox-form": Action(_REPAIR, "computed again"),
    "bbox-order": Action(_REPAIR, "computed again"),
    "bbox-false": Action(_REPAIR, "computed again"),
    "schema": Action(_KEEP, "clean knows no schema"),
}

_POSITIONS = {
    "position-form": Action(
        _REPAIR, "numbers in quotes and a missing bracket are mended; else put aside", rest=_REJECT
    ),
    "position-3d": Action(_KEEP, "allowed, heights stay"),
    "position-extra": Action(_KEEP, "allowed, all numbers stay", usual="numbers after the third are left out"),
    "position-mixed": Action(
        _ASK, "the heights of the others are a guess", usual="the heights that only some positions have are left out"
    ),
    "position-range": Action(
        _REPAIR, "0 to 360° becomes ±180°, cut where it goes on beyond; anything else is put aside", rest=_REJECT
    ),
    "axes-swapped": Action(
        _ASK, "which features are wrong is a guess", options="--swap-axes", usual="longitude and latitude are swapped"
    ),
    "crs-projected": Action(_ASK, "the projection is a guess", options=_CRS),
    "null-island": Action(_ASK, "somebody may have meant the place", usual="geometry becomes null"),
    "precision-excessive": Action(_REPAIR, "rounded to --precision"),
    "precision-mixed": Action(_KEEP, "how exact each feature is can't be repaired"),
    "antimeridian": Action(
        _REPAIR,
        "cut at 180° where winding, bbox or neighbours show that it crosses; else asked about",
        usual="cut at 180°",
    ),
}

_SHAPES = {
    "line-short": Action(_REJECT, "its end is unknown; of several lines only this one is left out"),
    "line-zero-length": Action(_REJECT, "its end is unknown; of several lines only this one is left out"),
    "ring-short": Action(
        _REPAIR, "three positions are closed; fewer are left out, alone they are put aside", rest=_REJECT
    ),
    "ring-open": Action(_REPAIR, "the first position is repeated at the end", rest=_REJECT),
    "ring-flat": Action(_REJECT, "it has no area; a hole or one of several parts is left out"),
    "ring-winding": Action(_REPAIR, "reversed"),
    "vertex-repeated": Action(_REPAIR, "one of them is kept"),
    "spike": Action(_REPAIR, "when narrower than --snap-m; else asked about", usual="the tip is removed"),
    "self-intersection": Action(
        _REPAIR,
        "when every way of filling it gives the same area; else asked about",
        usual="all that an outline goes around is inside",
        options="--repair self-intersection=linework (what it goes around twice is outside)",
    ),
    "hole-outside": Action(
        _REPAIR,
        "a hole that turns as its outer ring becomes a part; else asked about",
        usual="rings become outlines and holes as they lie in each other",
        safe=True,
    ),
    "polygon-invalid": Action(
        _REPAIR,
        "when every way of filling it gives the same area, or a part in another turns as a hole; else asked about",
        usual="rings become outlines and holes as they lie in each other, parts in parts are merged",
        options="--repair polygon-invalid=linework (parts in parts are holes)",
    ),
    "overlap-parts": Action(
        _REPAIR,
        "when what they share is narrower than --snap-m; else asked about",
        usual="the parts are merged",
        options="--repair overlap-parts=linework (what they share is outside)",
        safe=True,
    ),
    "sliver": Action(_ASK, "what it belongs to is a guess"),
}

_NEIGHBOURS = {
    "id-twice": Action(_ASK, "which feature owns the id is a guess"),
    "feature-twice": Action(_REJECT, "the later of two equal features is put aside; with other ids, asked about"),
    "gap": Action(
        _REPAIR,
        "closed when narrower than --snap-m, open at its ends or not; else asked about",
        options=_SNAP,
    ),
    "overlap": Action(_REPAIR, "settled when narrower than --snap-m; else asked about", options=_SNAP),
    "edge-mismatch": Action(_REPAIR, "both get the same positions", options=_SNAP),
}

_TEXT = {
    "text-mojibake": Action(_REPAIR, "decoded when that is exact; else asked about"),
    "text-lost": Action(_ASK, "which letters were lost is a guess"),
    "text-not-nfc": Action(_REPAIR, "composed (NFC)"),
    "text-control": Action(_REPAIR, "removed, line ends kept; what may be a letter is asked about"),
    "text-bidi": Action(_REPAIR, "removed where nothing is written from right to left; else asked about"),
    "text-empty": Action(_REPAIR, "nothing and words of programs become null; None, N/A are asked about", usual="null"),
    "code-zero-lost": Action(_REPAIR, "where the project's widths of codes leave one answer; else asked about"),
    "type-mixed": Action(_ASK, "which type was meant is a guess", usual="all become text", safe=True),
    "date-not-iso": Action(_REPAIR, "when the field has one order; else asked about", usual="the day comes first"),
    "personal-data": Action(_ASK, "never altered, and not passed on without a word"),
}

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {**_JSON, **_STRUCTURE, **_POSITIONS, **_SHAPES, **_NEIGHBOURS, **_TEXT}
)

# of files of other formats
FILE_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "crs-missing": Action(_ASK, "what the numbers are is a guess", options="--crs EPSG:CODE"),
        "crs-other": Action(_REPAIR, "reprojected to degrees; the ledger has the operation and its accuracy"),
        "crs-disagrees": Action(_ASK, "which of them is true is a guess", options="--crs EPSG:CODE"),
        "file-encoding": Action(_ASK, "read as UTF-8 where all texts are; else asked about", options="--encoding NAME"),
        "file-incomplete": Action(_ASK, "an index is made again; what else is missing is asked about"),
        "name-cut": Action(_KEEP, "how the names went on is a guess"),
        "name-twice": Action(_KEEP, "the second is renamed"),
        "text-cut": Action(_KEEP, "how the texts went on is a guess"),
        "value-lost": Action(_ASK, "what was meant is a guess", usual="the value becomes empty"),
        "shape-lost": Action(_ASK, "what was meant is a guess", usual="geometry becomes null"),
        "measures-lost": Action(_REPAIR, "left out"),
        "curve-straight": Action(_REPAIR, "read as straight pieces, one every 4° of the arc"),
        "link-unfollowed": Action(_KEEP, "nothing is fetched"),
        "picture-outline": Action(_REPAIR, "read as the areas that they cover"),
        "shape-second": Action(_REPAIR, "read as well-known text"),
        "code-meaning": Action(_KEEP, "the codes are read"),
        "row-deleted": Action(_KEEP, "they are not in what is written"),
        "row-blank": Action(_KEEP, "they are not in what is written"),
        "cells-hidden": Action(_KEEP, "they are in what is written"),
        "cells-merged": Action(_KEEP, "which cells the value was meant for is a guess"),
        "date-serial": Action(_KEEP, "that they count days is a guess"),
        "zeros-shown": Action(_REPAIR, "read as the cells show them"),
        "row-hashtags": Action(_REPAIR, "left out"),
        "decimal-comma": Action(_REPAIR, "read as decimal points"),
        "reader-warning": Action(_KEEP, "it is mentioned"),
        "axis-order": Action(_KEEP, "longitude is read first"),
        "layer-table": Action(_KEEP, "the layer with shapes is read"),
    }
)


def action_of(rule: str) -> Action:
    """What is done about a rule of any format."""
    return FILE_ACTIONS[rule] if rule in FILE_ACTIONS else ACTIONS[rule]


_ALL_SAFE = "or all-safe"


def rules_text() -> str:
    """What is done about each rule, by theme, for a terminal.

    Returns
    -------
    str
        A line a rule.
    """
    width = max(map(len, {**ACTIONS, **FILE_ACTIONS}))
    lines = []
    for theme, rules in {**THEMES, FILE_THEME: tuple(FILE_RULES.values())}.items():
        lines.append(theme)
        for rule in rules:
            action = action_of(rule.id)
            mark = f", {_ALL_SAFE}" if action.safe else ""
            usual = f" (--repair {rule.id}{mark}: {action.usual})" if action.usual else ""
            lines.append(f"  {rule.id:<{width}}  {action.strategy:<6}  {action.meaning}{usual}")
    return "\n".join(lines) + "\n"
