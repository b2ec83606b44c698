"""Looks in a stretch of bytes for everything that must not be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from atlas.border_project.expected_region import region
from atlas.disclosure import binary, numbers
from atlas.disclosure.angle_units import ONLY_EXACT, middles, other_units
from atlas.disclosure.byte_view import View
from atlas.disclosure.candidates import (
    DEGREES,
    Box,
    Candidates,
    Floats,
    Integers,
    Numbers,
    PublicPairs,
    pairs,
    public_numbers,
)
from atlas.disclosure.digits import phone_runs
from atlas.disclosure.false_alarms import SINGLE, Clue, Readings
from atlas.disclosure.finding import Finding, masked
from atlas.disclosure.grid_cells import SecretCells, boxes, h3_cells, resolution_of, short_links
from atlas.disclosure.limits import Limits
from atlas.disclosure.near_pairs import Frame
from atlas.disclosure.numbers import ANGLES
from atlas.disclosure.secrets import Secrets
from atlas.disclosure.sniff import POSITIONS, TEXTS
from atlas.disclosure.tile_addresses import tiles
from atlas.disclosure.vicinity import FINE, Vicinity, neighbours, westward
from atlas.disclosure.word_runs import words_of
from atlas.errors import InputError
from atlas.geometry.units import METRES_PER_DEGREE

# frames in which a position may be written as metres
_MERCATOR, _WORLD = {"web mercator": 3857}, {"world mercator": 3395}
# floats in bytes are read in so many ways that only the commonest of them are tried
_IN_BYTES = frozenset({DEGREES, *_MERCATOR})
_RULES = {
    "id": ("secret-id", "the id of a record"),
    "hash": ("secret-hash", "a hash of a record's id"),
    "text": ("secret-text", "words of a record"),
    "time": ("secret-time", "the exact time of a record"),
    "picture": ("secret-photo", "a piece of a record's photo"),
    "phone": ("secret-contact", "a telephone number of a record"),
}
# below this, what is published is as fine as what is noted
_LEAST_FLOOR_M = 1_000.0
_NEVER = 1e-9
TEXT_FORMS = TEXTS | {"rows", POSITIONS}


def frame_codes() -> Mapping[str, int | str]:
    """Codes of the frames of the region by name: those that its project names, else its zones of UTM."""
    stated = {each.name: each.crs for each in region().border.projections}
    zones = {name: code for code, name in region().projections}
    return {**_MERCATOR, **(stated or zones), **_WORLD}


# PROJ looks through its database for each, and each search has some
@cache
def _mover(name: str, code: int | str) -> Callable[..., tuple[Any, Any]]:
    import pyproj  # noqa: PLC0415 - needed only when something is looked for

    try:
        return pyproj.Transformer.from_crs(4326, code, always_xy=True).transform
    except pyproj.exceptions.CRSError as error:
        msg = f"the project's [[projections]] {name}: PROJ knows no crs {code!r}; correct it in atlas.toml"
        raise InputError(msg) from error


def _unsigned(
    move: Callable[..., tuple[Any, Any]], signs: tuple[int, int], x: Floats, y: Floats
) -> tuple[Floats, Floats]:
    """Positions without their signs, moved into a frame and again without."""
    across, up = move(signs[0] * x, signs[1] * y)
    return np.abs(np.asarray(across)), np.abs(np.asarray(up))


def _common() -> frozenset[str]:
    projections = region().border.projections
    return frozenset(each.name for each in projections if each.common) if projections else frozenset(frame_codes())


@dataclass
class Search:
    """Secrets, ready to be looked for in one view after another."""

    secrets: Secrets
    limits: Limits
    public: PublicPairs
    _cells: SecretCells = field(init=False)

    def __post_init__(self) -> None:
        """Cells are made of positions with their signs, as far as this part of the world needs them."""
        self._cells = SecretCells(*self.secrets.signed)

    @cached_property
    def frames(self) -> Mapping[str, Frame]:
        """Secret positions in degrees, and in metres of the usual frames."""
        secrets = self.secrets
        if not len(secrets.lon):
            return {}
        frames = {DEGREES: Frame(DEGREES, secrets.lon, secrets.lat, secrets.allowed, secrets.owner, self.public)}
        signs = [sign or 1 for sign in region().signs]
        for name, code in frame_codes().items():
            move = _mover(name, code)
            x, y = (np.abs(np.asarray(values)) for values in move(*secrets.signed))
            good = np.isfinite(x) & np.isfinite(y)
            if good.all():
                public = self.public.moved(partial(_unsigned, move, (signs[0], signs[1])))
                frames[name] = Frame(
                    name, x, y, np.where(np.isinf(secrets.allowed), np.inf, 0.0), secrets.owner, public
                )
        return frames

    @cached_property
    def vicinity(self) -> Vicinity | None:
        """Secrets of which nothing may be published nearer than the floor."""
        closed = np.isinf(self.secrets.allowed)
        if not closed.any() or self.limits.floor_m < _LEAST_FLOOR_M:
            return None
        secrets = self.secrets
        return Vicinity(secrets.lon[closed], secrets.lat[closed], secrets.owner[closed], self.public)

    @cached_property
    def _whole_degrees(self) -> Integers:
        """The whole degrees, without their sign, that anything near a secret has."""
        boxes = [frame.box for name, frame in self.frames.items() if name == DEGREES]
        boxes += [self.vicinity.box] if self.vicinity is not None else []
        return np.unique(
            np.concatenate([np.arange(int(low), int(high) + 1) for box in boxes for low, high in box.spans])
        )

    def findings(self, view: View, portion: float = 1.0) -> Iterator[Finding]:
        """Everything in a view that is a secret; ``portion`` is its part of the chance of a false alarm."""
        is_text = view.form in TEXT_FORMS
        yield from self._positions(view, portion, is_text=is_text)
        yield from self.in_cells(view, is_text=is_text)
        yield from self.strings(view)

    def _positions(self, view: View, portion: float, *, is_text: bool) -> Iterator[Finding]:
        if not self.frames:
            return
        readings: Readings = Readings(portion)
        for candidates in self.coordinates(view.data, is_text=is_text):
            readings.begin()
            if isinstance(candidates, Numbers):
                self._read_numbers(view.data, candidates, readings)
            else:
                self._read_pairs(candidates, readings)
        for clue in readings.telling():
            yield self._finding_of(view, clue) if clue.exact else self._near_by(view, clue)

    def _read_numbers(self, data: bytes, candidates: Numbers, readings: Readings) -> None:
        frame = self.frames[candidates.frame]
        rest = candidates.without(public_numbers(candidates, frame.box, frame.public))
        given = pairs(rest, frame.box)
        if len(given.x):
            readings.add(candidates.how, frame.search(given), exact=True)
        if candidates.frame != DEGREES or candidates.how in ONLY_EXACT:
            return
        if "32-bit" not in candidates.how:
            readings.add(SINGLE + candidates.how, frame.singles(rest), exact=True)
        if self.vicinity is not None and "32-bit floats" not in candidates.how:
            near = self._neighbours(data, candidates, rest, self.vicinity.box)
            if len(near.x):
                readings.add(candidates.how, self.vicinity.search(near), exact=False)

    def _read_pairs(self, candidates: Candidates, readings: Readings) -> None:
        frame = self.frames[candidates.frame]
        unit = np.maximum(candidates.unit_x, candidates.unit_y)
        private = candidates.only(~frame.public.has(candidates.x, candidates.y, unit))
        if not len(private.x):
            return
        readings.add(candidates.how, frame.search(private), exact=True)
        if self.vicinity is not None and candidates.how not in ONLY_EXACT:
            readings.add(candidates.how, self.vicinity.search(private), exact=False)

    @staticmethod
    def _neighbours(data: bytes, candidates: Numbers, rest: Numbers, box: Box) -> Candidates:
        """Pairs that may come near to secrets without being one; ``rest`` has not what is public to the last digit."""
        # two decimals are those of something public nearly everywhere along a border
        numbers = candidates.without(np.isnan(rest.values) & (candidates.unit < FINE))
        if "-bit" not in candidates.how and candidates.how != ANGLES:
            numbers = westward(data, numbers, box)
        return neighbours(numbers, box)

    def _near_by(self, view: View, near: Clue) -> Finding:
        records = np.unique(np.asarray(self.vicinity.owner[near.secret] if self.vicinity else []))
        nearest = float(near.distance_m.min())
        what = (
            f"positions near {len(records)} records as {near.how}, at their nearest {nearest:.0f} m away; "
            f"{_likely(near.chance)}"
        )
        return Finding("secret-position", view.file, view.at(int(near.offsets.min())), what, len(records), nearest, k=1)

    def coordinates(self, data: bytes, *, is_text: bool) -> Iterator[Numbers | Candidates]:
        """All that may be a coordinate or a position, in every way in which some bytes are read."""
        frames = self.frames
        for one in numbers.all_numbers(data, tuple(frames), self._whole_degrees):
            if len(one.values):
                yield one
            if one.how == numbers.PLAIN and len(one.values):
                yield from other_units(one, frames[DEGREES].box)
                yield middles(one, frames[DEGREES].box)
        if is_text:
            yield from binary.grids(data)
        else:
            boxes = {name: frame.box for name, frame in frames.items() if name in _IN_BYTES | _common()}
            if self.vicinity is not None:
                boxes[DEGREES] = self.vicinity.box
            yield from binary.floats(data, boxes)
            yield from binary.integers(data, boxes[DEGREES])

    def _finding_of(self, view: View, hits: Clue) -> Finding:
        records = np.unique(self.secrets.owner[hits.secret])
        distance = None if np.isnan(hits.distance_m).all() else float(np.nanmin(hits.distance_m))
        near = "" if distance is None else f", at its nearest {distance:.1f} m away"
        what = f"the positions of {len(records)} records as {hits.how}{near}"
        if hits.how.startswith(SINGLE):
            what = f"coordinates of {len(records)} records as {hits.how.removeprefix(SINGLE)}, singly"
        return Finding(
            "secret-position", view.file, view.at(int(hits.offsets.min())), what, len(records), distance, k=1
        )

    def in_cells(self, view: View, *, is_text: bool, every: bool = False) -> Iterator[Finding]:
        """Cells of grids around a secret; ``every`` as for `tiles`."""
        if not len(self.secrets.lon):
            return
        for number, (how, offset) in h3_cells(view.data, binary=not is_text).items():
            fine = resolution_of(number)
            if fine > self.limits.h3_finest and (index := self._cells.secret_in(number)) is not None:
                what = f"an H3 cell of resolution {fine} ({how}) around record {self._name(int(index))}"
                yield Finding("secret-cell", view.file, view.at(offset), what)
        lon, lat = self.secrets.signed
        for cell in (*boxes(view.data, self._cells.starts), *short_links(view.data), *tiles(view.data, every=every)):
            west, south, east, north = cell.box
            if (north - south) * METRES_PER_DEGREE >= self.limits.floor_m:
                continue
            inside = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            if len(inside):
                what = f"a {cell.kind} of {len(cell.name)} characters around record {self._name(int(inside[0]))}"
                yield Finding("secret-cell", view.file, view.at(cell.offset), what)

    def strings(self, view: View) -> Iterator[Finding]:
        """Ids, words, times, telephone numbers and pictures of records."""
        places: dict[tuple[str, int], tuple[str, str]] = {}
        for needles, data in ((self.secrets.folded, view.data.lower()), (self.secrets.raw, view.data)):
            for (_, kind, record), offset in needles.search(data):
                places.setdefault((kind, record), (view.at(offset), ""))
        words = words_of(view.data)
        for gram, kind, record, at in self.secrets.grams.search(words):
            places.setdefault((kind, record), (f"{view.at(0).rsplit(' > ', 1)[0]}, word {at + 1}", " ".join(gram)))
        for record, offset in phone_runs(view.data, self.secrets.phones):
            places.setdefault(("phone", record), (view.at(offset), ""))
        for (kind, record), (where, text) in places.items():
            rule, words_for = _RULES[kind]
            shown = f" ({masked(text)})" if text and kind == "text" else ""
            yield Finding(rule, view.file, where, f"{words_for}{shown}: record {record + 1} of the exact file")

    def _name(self, index: int) -> str:
        return f"{int(self.secrets.owner[index]) + 1} of the exact file"


def _likely(chance: float) -> str:
    if chance <= _NEVER:
        return "by chance in less than one of a billion such files"
    return f"by chance in one of {1 / chance:,.0f} such files"
