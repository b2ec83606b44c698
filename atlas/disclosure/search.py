"""Looks in a stretch of bytes for everything that must not be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from atlas.disclosure import binary, numbers
from atlas.disclosure.byte_view import View
from atlas.disclosure.candidates import DEGREES, Candidates, Numbers, PublicPairs, pairs, public_numbers
from atlas.disclosure.digits import phone_runs
from atlas.disclosure.finding import Finding, masked
from atlas.disclosure.grid_cells import SecretCells, boxes, h3_cells, resolution_of
from atlas.disclosure.limits import Limits
from atlas.disclosure.near_pairs import Frame, Hits
from atlas.disclosure.secrets import Secrets
from atlas.disclosure.sniff import TEXTS
from atlas.disclosure.word_runs import words_of

# frames in which a position may be written as metres
CODES: Mapping[str, int] = {"web mercator": 3857, "UTM 15N": 32615, "UTM 16N": 32616, "EPSG:6372": 6372}
_RULES = {
    "id": ("secret-id", "the id of a record"),
    "hash": ("secret-hash", "a hash of a record's id"),
    "text": ("secret-text", "words of a record"),
    "time": ("secret-time", "the exact time of a record"),
    "picture": ("secret-photo", "a piece of a record's photo"),
    "phone": ("secret-contact", "a telephone number of a record"),
}
_TEXT_FORMS = TEXTS | {"rows"}


@dataclass
class Search:
    """Secrets, ready to be looked for in one view after another."""

    secrets: Secrets
    limits: Limits
    public: PublicPairs
    _cells: SecretCells = field(init=False)

    def __post_init__(self) -> None:
        """Cells are made of positions with their signs, as far as this part of the world needs them."""
        self._cells = SecretCells(-self.secrets.lon, self.secrets.lat)

    @cached_property
    def frames(self) -> Mapping[str, Frame]:
        """Secret positions in degrees, and in metres of the usual frames."""
        secrets = self.secrets
        if not len(secrets.lon):
            return {}
        frames = {DEGREES: Frame(DEGREES, secrets.lon, secrets.lat, secrets.allowed, secrets.owner, self.public)}
        import pyproj  # noqa: PLC0415 - needed only when something is looked for

        for name, code in CODES.items():
            move = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform
            x, y = (np.abs(np.asarray(values)) for values in move(-secrets.lon, secrets.lat))
            good = np.isfinite(x) & np.isfinite(y)
            if good.all():
                moved = np.abs(np.array(move(-self.public.x, self.public.y)))
                public = PublicPairs(*moved[:, np.isfinite(moved).all(axis=0)])
                frames[name] = Frame(
                    name, x, y, np.where(np.isinf(secrets.allowed), np.inf, 0.0), secrets.owner, public
                )
        return frames

    def findings(self, view: View) -> Iterator[Finding]:
        """Everything in a view that is a secret."""
        is_text = view.form in _TEXT_FORMS
        yield from self._positions(view, is_text=is_text)
        yield from self._in_cells(view, is_text=is_text)
        yield from self._strings(view)

    def _positions(self, view: View, *, is_text: bool) -> Iterator[Finding]:
        if not self.frames:
            return
        for candidates in self._numbers(view.data, is_text=is_text):
            frame = self.frames[candidates.frame]
            if isinstance(candidates, Numbers):
                rest = candidates.without(public_numbers(candidates, frame.box, frame.public))
                hits = frame.search(pairs(rest, frame.box))
                if hits is None and candidates.frame == DEGREES and "32-bit" not in candidates.how:
                    hits = frame.singles(rest)
            else:
                known = frame.public.has(candidates.x, candidates.y, np.maximum(candidates.unit_x, candidates.unit_y))
                hits = frame.search(candidates.only(~known))
            if hits is not None:
                yield self._finding_of(view, hits)

    def _numbers(self, data: bytes, *, is_text: bool) -> Iterator[Numbers | Candidates]:
        frames = self.frames
        yield from (one for one in numbers.all_numbers(data, tuple(frames)) if len(one.values))
        if is_text:
            yield from binary.grids(data)
        else:
            yield from binary.floats(data, {name: frame.box for name, frame in frames.items()})
            yield from binary.integers(data, frames[DEGREES].box)

    def _finding_of(self, view: View, hits: Hits) -> Finding:
        records = np.unique(self.secrets.owner[hits.secret])
        distance = None if np.isnan(hits.distance_m).all() else float(np.nanmin(hits.distance_m))
        near = "" if distance is None else f", at its nearest {distance:.1f} m away"
        what = f"the positions of {len(records)} records as {hits.how}{near}"
        if "single" in hits.how:
            what = f"coordinates of {len(records)} records as {hits.how.removeprefix('single coordinates in ')}, singly"
        return Finding(
            "secret-position", view.file, view.at(int(hits.offsets.min())), what, len(records), distance, k=1
        )

    def _in_cells(self, view: View, *, is_text: bool) -> Iterator[Finding]:
        if not len(self.secrets.lon):
            return
        for number, (how, offset) in h3_cells(view.data, binary=not is_text).items():
            fine = resolution_of(number)
            if fine > self.limits.h3_finest and (index := self._cells.secret_in(number)) is not None:
                what = f"an H3 cell of resolution {fine} ({how}) around record {self._name(int(index))}"
                yield Finding("secret-cell", view.file, view.at(offset), what)
        lon, lat = -self.secrets.lon, self.secrets.lat
        for cell in boxes(view.data, self._cells.starts):
            west, south, east, north = cell.box
            inside = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            if len(inside):
                what = f"a {cell.kind} of {len(cell.name)} characters around record {self._name(int(inside[0]))}"
                yield Finding("secret-cell", view.file, view.at(cell.offset), what)

    def _strings(self, view: View) -> Iterator[Finding]:
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
