"""Where the border and the corridor are cut into public places, each with the next coarser one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from atlas.release.ground import REACH_KM, Ground, Interval, Municipality

LEAST_KM = 10.0
_CORRIDOR_KM = (10.0, 50.0)
_JOIN_KM = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A stretch of a line, or several: its ident, the next coarser one, and whose it is; intervals in km."""

    ident: str
    coarser: str | None
    intervals: tuple[Interval, ...]
    municipality: Municipality | None = None
    state: str | None = None


@dataclass(frozen=True, eq=False)
class BorderCuts:
    """The border in stretches of at least 10 km inside each municipality, whole municipalities, and states."""

    ground: Ground

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """All parts by ident."""
        parts: dict[str, Part] = {}
        for municipality in self.ground.municipalities:
            parts |= _of_municipality(municipality)
        for code, intervals in self.states.items():
            parts[f"border-{code}"] = Part(f"border-{code}", None, intervals, None, self.state_name(code))
        for number in range(int(self.ground.border.length_km // REACH_KM)):
            ident = self.of_reach(number)
            if ident and ident.startswith("reach-"):
                parts[ident] = self._reach(ident, number)
        return MappingProxyType(parts)

    @cached_property
    def states(self) -> Mapping[str, tuple[Interval, ...]]:
        """Each state's stretches of the border by its code, those that touch as one."""
        intervals: dict[str, list[Interval]] = {}
        owned = (
            (pair, municipality.cvegeo[:2])
            for municipality in self.ground.municipalities
            for pair in municipality.intervals
        )
        for (start, end), code in sorted(owned):
            runs = intervals.setdefault(code, [])
            if runs and start - runs[-1][1] < _JOIN_KM:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((start, end))
        return MappingProxyType({code: tuple(runs) for code, runs in intervals.items()})

    def state_name(self, code: str) -> str:
        """Name of the state with a code."""
        return next(
            municipality.state for municipality in self.ground.municipalities if municipality.cvegeo.startswith(code)
        )

    def at(self, municipality: Municipality, chainage_km: float) -> str | None:
        """Ident of a municipality's finest part at a kilometre; nothing where its border is shorter than 10 km."""
        whole = f"border-{municipality.cvegeo}"
        for ident, start, end in self._pieces[municipality.cvegeo]:
            if start <= chainage_km <= end:
                return ident
        return whole if whole in self.parts else None

    def of_reach(self, number: int) -> str | None:
        """Ident of the finest part that holds a reach; nothing when there is no such reach."""
        start, end = number * REACH_KM, min((number + 1) * REACH_KM, self.ground.border.length_km)
        if number < 0 or start >= end:
            return None
        for pieces in self._pieces.values():
            for ident, at, to in pieces:
                if at - _JOIN_KM <= start and end <= to + _JOIN_KM:
                    return ident
        return f"reach-R{number:03d}" if end - start >= REACH_KM else None

    @cached_property
    def _pieces(self) -> Mapping[str, Sequence[tuple[str, float, float]]]:
        return {
            municipality.cvegeo: [
                (_piece(municipality, start), start, end)
                for pair in municipality.intervals
                for start, end in pieces_of(pair)
            ]
            for municipality in self.ground.municipalities
        }

    def _reach(self, ident: str, number: int) -> Part:
        start, end = number * REACH_KM, (number + 1) * REACH_KM
        for code, runs in self.states.items():
            if any(at <= start and end <= to for at, to in runs):
                return Part(ident, f"border-{code}", ((start, end),), None, self.state_name(code))
        return Part(ident, None, ((start, end),))


def _of_municipality(municipality: Municipality) -> dict[str, Part]:
    whole, state = f"border-{municipality.cvegeo}", f"border-{municipality.cvegeo[:2]}"
    pieces = [piece for interval in municipality.intervals for piece in pieces_of(interval)]
    length = math.fsum(end - start for start, end in municipality.intervals)
    parts = {}
    # where one stretch is all that it has, the stretch is the municipality's border
    if length >= LEAST_KM and not (len(pieces) == 1 and pieces == list(municipality.intervals)):
        parts[whole] = Part(whole, state, municipality.intervals, municipality, municipality.state)
    for piece in pieces:
        ident = _piece(municipality, piece[0])
        parts[ident] = Part(ident, whole if whole in parts else state, (piece,), municipality, municipality.state)
    return parts


def _piece(municipality: Municipality, start: float) -> str:
    return f"border-{municipality.cvegeo}-{start:06.1f}"


def pieces_of(interval: Interval) -> list[Interval]:
    """An interval of the border cut where reaches end, each piece 10 km or more; nothing when it is shorter."""
    start, end = interval
    if end - start < LEAST_KM:
        return []
    first = math.floor(start / REACH_KM) + 1
    cuts = [number * REACH_KM for number in range(first, math.ceil(end / REACH_KM))]
    kept = [start]
    for cut in cuts:
        if cut - kept[-1] >= LEAST_KM and end - cut >= LEAST_KM:
            kept.append(cut)
    return list(zip(kept, [*kept[1:], end], strict=True))


def corridor_cuts(length_km: float) -> Mapping[str, Part]:
    """The corridor in intervals of 10 km and of 50 km, and as a whole."""
    parts = {"corridor": Part("corridor", None, ((0.0, length_km),))}
    fine, coarse = _CORRIDOR_KM
    for start, end in _evenly(length_km, coarse):
        parts[_interval(coarse, start)] = Part(_interval(coarse, start), "corridor", ((start, end),))
        for at, to in _evenly(end - start, fine):
            ident = _interval(fine, start + at)
            parts[ident] = Part(ident, _interval(coarse, start), ((start + at, start + to),))
    return MappingProxyType(parts)


def corridor_at(length_km: float, chainage_km: float) -> str:
    """Ident of the finest interval of the corridor at a kilometre."""
    fine, coarse = _CORRIDOR_KM
    outer = next((start, end) for start, end in reversed(_evenly(length_km, coarse)) if start <= max(chainage_km, 0))
    inner = next(at for at, _ in reversed(_evenly(outer[1] - outer[0], fine)) if outer[0] + at <= max(chainage_km, 0))
    return _interval(fine, outer[0] + inner)


def _interval(step: float, start: float) -> str:
    return f"corridor-{step:.0f}-{start:03.0f}"


def _evenly(length: float, step: float) -> list[Interval]:
    """Pieces of one length; what is left at the end goes with the last."""
    count = max(1, int(length // step))
    return [(n * step, length if n == count - 1 else (n + 1) * step) for n in range(count)]
