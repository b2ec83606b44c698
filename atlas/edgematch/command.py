"""What ``atlas edgematch`` does, apart from parsing its options."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas._version import __version__
from atlas.edgematch.contested import Contested
from atlas.edgematch.edge_ledger import side_entry
from atlas.edgematch.edge_matching import Leader, Matched, Terms, line_between, matched, meeting_of
from atlas.edgematch.heights import with_heights
from atlas.edgematch.line_matching import matched_to_line
from atlas.edgematch.line_strip import LineElsewhereError
from atlas.edgematch.numbers_left_out import numbers_left_out
from atlas.edgematch.plane import DECIMALS, Plane
from atlas.edgematch.sides import Side, read_line, read_sides
from atlas.edgematch.tripoints import put_on_one_grid
from atlas.edgematch.written_match import WrittenMatch
from atlas.errors import GeometryError, InputError, UsageError, listed
from atlas.files import write_files
from atlas.geojson.collection import feature_texts
from atlas.geometry.geodesy import area_km2, length_km
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.work_steps import each_in_turn

TOLERANCE_M = 1_000.0
MIDDLE = "middle"
_SHOWN = 12

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class EdgematchOptions:
    """How sides are made to meet.

    Attributes
    ----------
    leader
        The letter of the file whose edge stays (A for the first), or ``middle``.
    line
        A file with the line to meet on.
    tolerance_m
        How wide a gap may be and still be closed.
    give
        Who gets what both claim: letter or ``middle`` by the name under which it was asked about, such as ``AB1``.
    contested
        The same for all that ``give`` does not name.
    """

    leader: str = "A"
    line: Path | None = None
    tolerance_m: float = TOLERANCE_M
    give: Mapping[str, str] = field(default_factory=dict)
    contested: str | None = None


def edgematch_files(
    paths: Sequence[Path],
    folder: Path,
    options: EdgematchOptions | None = None,
    *,
    on_step: Callable[[str], None] | None = None,
) -> WrittenMatch:
    """Make the outlines in several files meet; writes all files, or none.

    Parameters
    ----------
    paths
        Two files of areas or more, each of which is a coverage by itself; the first is A.
    folder
        Where each file goes under its name as ``.geojson``, with ``line.geojson`` and ``ledger.json``.
    on_step
        Is called with the files that are matched next.

    Raises
    ------
    UsageError
        The paths or options do not fit together.
    InputError
        A file cannot be read or is no coverage, or something that both sides claim has to be decided.
    """
    chosen = options or EdgematchOptions()
    _check_options(paths, folder, chosen)
    sides = read_sides(paths)
    frame = MeridianFrame.around(np.concatenate([side.old for side in sides]))
    for side in sides:
        side.turn(frame)
    plane = Plane.around(np.concatenate([side.old for side in sides]))
    pairs = _match_all(sides, read_line(chosen.line, frame) if chosen.line else None, plane, chosen, on_step)
    ledger = frame.located(_ledger(sides, pairs, plane, chosen))
    lines = [(f"{one.letter}{other.letter}", line_between(one.new, other.new)) for one, other, _ in pairs]
    lines = [(between, frame.back([line], DECIMALS)[0]) for between, line in lines]
    for side, entry in zip(sides, ledger["sides"], strict=True):
        side.turn_back(frame)
        side.new = with_heights(side.new, side.features.shapes)
        entry["heights_lost"] = int((shapely.has_z(side.features.shapes) & ~shapely.has_z(side.new)).sum())
        entry["numbers_left_out"] = numbers_left_out(side.path, side.features)
        entry.update({"remarks": list(side.features.remarks)} if side.features.remarks else {})
    files = {folder / name: _side_bytes(side) for name, side in zip(_names(sides), sides, strict=True)}
    files[folder / "line.geojson"] = _line_bytes(lines)
    files[folder / "ledger.json"] = (json.dumps(ledger, ensure_ascii=False, indent=1) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_files(files)
    return WrittenMatch(ledger, {path: len(data) for path, data in files.items()})


def _check_options(paths: Sequence[Path], folder: Path, options: EdgematchOptions) -> None:
    letters = ascii_uppercase[: len(paths)]
    if not 2 <= len(paths) <= len(ascii_uppercase):  # noqa: PLR2004 - a border has two sides
        msg = f"give two files or more (up to {len(ascii_uppercase)}) whose outlines are to meet, not {len(paths)}"
        raise UsageError(msg)
    for title, value in (("--leader", options.leader), ("--contested", options.contested), *options.give.items()):
        if value is not None and value != MIDDLE and value not in letters:
            msg = f"{title} {value}: give one of {', '.join(letters)} (the files in their order) or {MIDDLE}"
            raise UsageError(msg)
    if not 0 < options.tolerance_m <= 100_000:  # noqa: PLR2004 - a hundred kilometres
        msg = f"--tolerance-m {options.tolerance_m:g} is no width of a gap; give metres, above 0 and up to 100000"
        raise UsageError(msg)
    if folder.is_file():
        msg = f"{folder} is a file; give a folder by -o DIR"
        raise UsageError(msg)


def _match(
    pair: tuple[Side, Side],
    rest: Sequence[BaseGeometry],
    line: BaseGeometry | None,
    plane: Plane,
    options: EdgematchOptions,
) -> Matched:
    """Match a pair, in place.

    Raises
    ------
    GeometryError
        The two are no neighbours, or don't come out as a coverage.
    """
    one, other = pair
    leader = _leader(options.leader, one, other)
    terms = Terms(leader, options.tolerance_m)
    meeting = meeting_of(one.new, other.new, plane, options.tolerance_m, rest)
    try:
        made = None if line is None else matched_to_line(meeting, line, plane, terms)
    except LineElsewhereError:
        # of three sides two may meet elsewhere
        if not rest:
            raise
        made = None
    if made is None:
        decisions = _decisions(one, other, meeting.contested, plane, options)
        made = matched(meeting, plane, replace(terms, decisions=decisions))
    for side, new in ((one, made.one), (other, made.other)):
        gone = np.flatnonzero(shapely.is_empty(new))
        if len(gone):
            # what was asked about is not the leader's to have
            lead = "have it by --contested" if made.contested else "lead by --leader"
            other_side = f"which the other side covers; let {side.letter} {lead} {side.letter}, or take the feature out"
            why = (
                other_side if line is None else "all of which is beyond the line; take the feature out, or mend --line"
            )
            msg = f"{side.path}: nothing would be left of {side.titles[gone[0]]} (feature {gone[0] + 1}), {why}"
            raise InputError(msg)
        side.new = new
    return made


def _leader(stated: str, one: Side, other: Side) -> Leader:
    """Of a pair without the leading file the earlier leads."""
    if stated == MIDDLE:
        return Leader.MIDDLE
    return Leader.OTHER if stated == other.letter and one.letter != stated else Leader.ONE


def _decisions(
    one: Side, other: Side, contested: Sequence[Contested], plane: Plane, options: EdgematchOptions
) -> dict[int, Leader]:
    decided: dict[int, Leader] = {}
    asked = []
    for number, each in enumerate(contested, start=1):
        name = f"{one.letter}{other.letter}{number}"
        winner = options.give.get(name, options.contested)
        if winner in {one.letter, other.letter, MIDDLE}:
            decided[number] = _leader(str(winner), one, other)
        else:
            asked.append(_question(name, each, plane))
    if asked:
        headline = (
            f"{one.path} ({one.letter}) and {other.path} ({other.letter}) both claim what is no matter of drawing; say "
            f"who gets each by --give NAME={one.letter}, {other.letter} or {MIDDLE}, or all by --contested "
            f"{one.letter}:"
        )
        raise InputError(listed(headline, asked, shown=_SHOWN))
    return decided


def _question(name: str, each: Contested, plane: Plane) -> str:
    area = shapely.transform(each.area, lambda xy: xy / plane.scale)
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(area))[0]
    lon = MeridianFrame.within(lon)
    kind = {"island": "an island", "river": "a strip like a river", "wide": "an area"}[each.kind]
    return f"{name}: {kind} of {area_km2(area) * 100:,.1f} ha at {lon:.5f}, {lat:.5f} (longitude latitude)"


def _match_all(
    sides: Sequence[Side],
    line: BaseGeometry | None,
    plane: Plane,
    options: EdgematchOptions,
    on_step: Callable[[str], None] | None,
) -> list[tuple[Side, Side, Matched]]:
    """Match each pair of neighbours; of three sides or more, some pairs may be none."""
    pairs, faults = [], {}
    pairs_of_sides = combinations(sides, 2)
    for one, other in each_in_turn(pairs_of_sides, on_step, lambda pair: f"{pair[0].path} with {pair[1].path}"):
        try:
            rest = [unit for side in sides if side is not one and side is not other for unit in side.new]
            pairs.append((one, other, _match((one, other), rest, line, plane, options)))
        except GeometryError as error:
            faults[one.letter, other.letter] = f"{one.path} and {other.path}: {error}"
    met = {side.letter for one, other, _ in pairs for side in (one, other)}
    for letters, fault in faults.items():
        if not met.issuperset(letters):
            msg = f"{fault}; if they are neighbours, give a wider --tolerance-m (now {options.tolerance_m:g})"
            raise InputError(msg)
    if len(pairs) > 1:
        try:
            put_on_one_grid(sides, options.leader)
        except GeometryError as error:
            raise InputError(str(error)) from error
    return pairs


def _ledger(
    sides: Sequence[Side], pairs: Sequence[tuple[Side, Side, Matched]], plane: Plane, options: EdgematchOptions
) -> dict[str, Any]:
    return {
        "atlas": __version__,
        "leader": options.leader,
        "line": options.line.name if options.line else None,
        "tolerance_m": options.tolerance_m,
        "pairs": [_pair_entry(one, other, made, plane) for one, other, made in pairs],
        "sides": [side_entry(side, plane) for side in sides],
    }


def _pair_entry(one: Side, other: Side, made: Matched, plane: Plane) -> dict[str, Any]:
    contact = made.contact
    square_m = {"gaps_ha": contact.gaps, "overlaps_ha": contact.overlaps}
    return {
        "between": f"{one.letter} and {other.letter}",
        "gaps": len(contact.gaps),
        "overlaps": len(contact.overlaps),
        **{key: round(sum(area.area for area in areas) / 10_000, 4) for key, areas in square_m.items()},
        "usual_m": round(contact.usual_width_m, 2),
        "line_km": round(length_km(line_between(one.new, other.new)), 3),
        "contested": [
            _question(f"{one.letter}{other.letter}{n}", each, plane) for n, each in enumerate(made.contested, 1)
        ],
    }


def _names(sides: Sequence[Side]) -> list[str]:
    """A name a file, with its letter where two are called alike."""
    stems = [side.path.name.partition("|")[0].rsplit(".", 1)[0] or side.letter for side in sides]
    taken = {"line", "ledger"}
    return [
        f"{stem}.geojson" if stems.count(stem) == 1 and stem not in taken else f"{stem}-{side.letter}.geojson"
        for stem, side in zip(stems, sides, strict=True)
    ]


def _side_bytes(side: Side) -> bytes:
    members = [
        {**({} if identifier is None else {"id": identifier}), "properties": dict(row)}
        for identifier, row in zip(side.features.identifiers, side.features.properties, strict=True)
    ]
    return feature_texts(members, shapely.orient_polygons(side.new))


def _line_bytes(lines: Sequence[tuple[str, BaseGeometry]]) -> bytes:
    members = [{"properties": {"between": between, "length_km": round(length_km(line), 3)}} for between, line in lines]
    return feature_texts(members, [line for _, line in lines])
