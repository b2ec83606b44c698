"""What a project file may say besides its border: citation, projections and hours of the region, telephones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project.model import Box, Citation, Projection, SourceFile, TelephoneForm, Text, on_disk
from atlas.border_project.overlays import Terms

Tables = Mapping[str, Any]

ACCURACY_M = 100.0
NOT_STATED = "not stated by the project"
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


def terms_of(tables: Tables) -> Terms | None:
    """The terms of the project's own tables, where it states them."""
    if (table := tables.get("tables")) is None:
        return None
    return Terms(_in_both(table["licence"]), _in_both(table["attribution"]))


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


def offsets_of(tables: Tables) -> tuple[float, ...]:
    """Hours that clocks of the region are ahead of UTC: as stated, else those of the sun in its middle."""
    west, _, east, _ = box_of(tables["project"]["box"])
    middle = (west + east) / 2
    middle = middle - _TURN if middle > _HALF_TURN else middle
    return tuple(tables["project"].get("utc_offsets_h", (round(middle / _DEGREES_PER_HOUR),)))


def source_of(folder: Path, key: str, table: Tables) -> SourceFile:
    """A file that a project reads; ``folder`` is that of its own files."""
    package, path = table.get("package"), Path(table["file"])
    title = table.get("title", on_disk(path).stem)
    edition = f"the file {on_disk(path).name}" if package is None else f"as shipped in {package}"
    return SourceFile(
        key=key,
        path=path if package else (folder / path).resolve(),
        sha256=table.get("sha256"),
        title=title,
        publisher=table.get("publisher", NOT_STATED),
        edition=table.get("edition", edition),
        licence=_in_both(table.get("licence", NOT_STATED)),
        attribution=_in_both(table.get("attribution", f"{title}: publisher {NOT_STATED}")),
        as_of=table.get("as_of", ""),
        accuracy_m=table.get("accuracy_m", ACCURACY_M),
        accuracy_basis=table.get("accuracy_basis", "as the project states it"),
        evidence_id=table.get("evidence_id", f"file_{key}"),
        package=package,
        version=table.get("version"),
    )


def _in_both(given: str | Mapping[str, str]) -> Text:
    """A text by language, from one for all or one for each."""
    return MappingProxyType({"en": given, "es": given} if isinstance(given, str) else dict(given))
