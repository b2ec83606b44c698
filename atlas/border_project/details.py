"""What a project file may say besides its border: citation, projections and hours of the region, telephones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from atlas.border_project.model import Box, Citation, Projection, TelephoneForm

Tables = Mapping[str, Any]

_DEGREES_PER_HOUR = 15
_HALF_TURN, _TURN = 180.0, 360.0
_DECIMALS = 6


def citation_of(tables: Tables) -> Citation:
    """How the project is cited; by its own title where it does not say."""
    table, title = tables.get("citation", {}), tables["project"]["title"]
    return Citation(
        title=MappingProxyType(dict(table.get("title", title))),
        place=table.get("place", title["en"]),
        description=MappingProxyType(dict(table.get("description", title))),
        keywords=tuple(table.get("keywords", ())),
    )


def around_of(tables: Tables) -> Box:
    """The box in which every file about the border lies: as stated, else the region and its countries."""
    table = tables["project"]
    if "around" in table:
        return box_of(table["around"])
    sides = [tables["here"], *tables["neighbours"]]
    boxes = [box_of(table["box"]), *(box_of(side["box"]) for side in sides if "box" in side)]
    if (beyond := boxes[0][2]) > _HALF_TURN:
        # the others lie where the region does
        start = (beyond - _TURN + boxes[0][0]) / 2
        boxes = [box if box[0] >= start else (box[0] + _TURN, box[1], box[2] + _TURN, box[3]) for box in boxes]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def box_of(values: Sequence[float]) -> Box:
    """A box as a file has it; its east is beyond 180° where it goes across (RFC 7946, 5.2)."""
    west, south, east, north = (float(value) for value in values)
    return west, south, east if west < east else round(east + _TURN, _DECIMALS), north


def projections_of(tables: Tables) -> tuple[Projection, ...]:
    """Frames in metres that the project names."""
    return tuple(
        Projection(
            name=each["name"],
            crs=each["crs"],
            about=each.get("about", each["name"]),
            common=each.get("common", False),
        )
        for each in tables.get("projections", ())
    )


def telephones_of(tables: Tables) -> tuple[TelephoneForm, ...]:
    """How telephone numbers of the region are written."""
    return tuple(
        TelephoneForm(
            begins=each["begins"],
            groups=tuple(each.get("groups", ())),
            digits=int(each.get("digits", 0)),
            after=tuple(each.get("after", ())),
        )
        for each in tables.get("telephones", ())
    )


def offsets_of(tables: Tables) -> tuple[int, ...]:
    """Hours that clocks of the region are ahead of UTC: as stated, else those of the sun in its middle."""
    west, _, east, _ = box_of(tables["project"]["box"])
    middle = (west + east) / 2
    middle = middle - _TURN if middle > _HALF_TURN else middle
    return tuple(tables["project"].get("utc_offsets_h", (round(middle / _DEGREES_PER_HOUR),)))
