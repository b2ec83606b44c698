"""What a user may say about a cleaning: how exact, how far, and the answers to what would be a guess."""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyproj
from pyproj.exceptions import CRSError

from atlas.check import EVERY_RULE
from atlas.check.strips import WIDEST_M
from atlas.clean.actions import ACTIONS, FILE_ACTIONS, action_of
from atlas.clean.validity import Filling
from atlas.errors import UsageError
from atlas.vector.output_format import format_of

DECIMALS = 6
MOST_DECIMALS = 7
ALL_SAFE = "all-safe"
_LINEWORK = f"={Filling.LINEWORK}"


@dataclass(frozen=True, slots=True)
class Decimals:
    """How many decimals positions have after cleaning, and whether all are rounded to that."""

    grid: int
    round: bool


@dataclass(frozen=True, slots=True)
class Options:
    """Answers; ``precision`` is nothing where files that are not finer than check allows keep their decimals.

    ``linework`` are the rules of ``repair`` whose rings are filled by turns, ``files`` the answers for single files by
    their names.
    """

    precision: int | None = None
    snap_m: float = 1.0
    simplify_m: float = 0.0
    crs: pyproj.CRS | None = None
    swap_axes: bool = False
    encoding: str | None = None
    # the name of the format to write, where the output's ending does not say it
    form: str | None = None
    keep: frozenset[str] = frozenset()
    reject: frozenset[str] = frozenset()
    repair: frozenset[str] = frozenset()
    linework: frozenset[str] = frozenset()
    allow_empty: bool = False
    files: Mapping[str, Options] = field(default_factory=dict)

    def filling(self, rule: str) -> Filling:
        """How crossing rings are filled that break a rule."""
        return Filling.LINEWORK if rule in self.linework else Filling.STRUCTURE

    def decimals(self, *, excessive: Callable[[], bool], seventh: Callable[[], bool]) -> Decimals:
        """What positions are rounded to; asked are whether any has more than seven decimals, or more than six."""
        if self.precision is not None:
            return Decimals(self.precision, round=True)
        if excessive():
            return Decimals(DECIMALS, round="precision-excessive" not in self.keep)
        return Decimals(DECIMALS + seventh(), round=False)

    def of(self, path: Path) -> Options:
        """The answers for one file."""
        return self.files.get(path.name, self)

    def lets(self, rule: str) -> bool:
        """Whether a finding of a rule may stay."""
        return rule in self.keep


def options(  # noqa: PLR0913 - each is an option of the command
    *,
    precision: int | None = None,
    snap_m: float = 1.0,
    simplify_m: float = 0.0,
    crs: str | None = None,
    swap_axes: bool = False,
    encoding: str | None = None,
    form: str | None = None,
    keep: tuple[str, ...] = (),
    reject: tuple[str, ...] = (),
    repair: tuple[str, ...] = (),
    allow_empty: bool = False,
    files: Mapping[str, Options] | None = None,
) -> Options:
    """Options that make sense.

    Parameters
    ----------
    precision
        Decimals of a degree to round to, 0 to 7; if not given, 6, but a file of 7 keeps them.
    snap_m
        Gaps and overlaps up to this many metres are closed; 0 leaves neighbours alone.
    simplify_m
        Positions nearer than so many metres to the line without them are left out; 0 leaves all.
    crs
        The system of the coordinates, such as ``EPSG:6372``, where the file does not name it.
    swap_axes
        Whether latitude stands before longitude.
    encoding
        Encoding of the files; if not given, it is recognised.
    form
        The format to write, such as ``geojson``; if not given, the ending of the output names it.
    keep
        Rules, by id, whose faults stay.
    reject
        Rules whose features are put aside.
    repair
        Rules that are repaired although there is more than one answer.
    allow_empty
        Whether a result without features may be written.
    files
        Options of single files, by name.

    Returns
    -------
    Options
        Checked, and frozen.

    Raises
    ------
    UsageError
        One of them is out of range, names what does not exist, or contradicts another.

    Examples
    --------
    >>> from atlas.clean import options
    >>> options(precision=5, snap_m=2).snap_m
    2
    """
    if precision is not None and not 0 <= precision <= MOST_DECIMALS:
        msg = f"--precision {precision}: expected 0 to {MOST_DECIMALS} decimals of a degree (6 are 0.1 m)"
        raise UsageError(msg)
    for name, value, most in (("--snap-m", snap_m, WIDEST_M), ("--simplify-m", simplify_m, 1e5)):
        if not (math.isfinite(value) and 0 <= value <= most):
            msg = f"{name} {value!r}: expected 0 to {most:,.0f} metres"
            raise UsageError(msg)
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            msg = f"--encoding {encoding!r} is not known; expected a name such as cp1252 or latin-1"
            raise UsageError(msg) from error
    if form is not None:
        format_of(Path(), form)
    known = _crs(crs) if crs is not None else None
    repaired = _repaired(repair)
    for name, rules in (("--keep", keep), ("--reject", reject), ("--repair", repaired)):
        _refuse_unknown(name, rules)
    sets = frozenset(keep), frozenset(reject), repaired
    _refuse_contrary(*sets)
    # what stands for all does not override another answer that names the rule
    safe = _safe() - sets[0] - sets[1] if ALL_SAFE in repair else frozenset()
    linework = frozenset(rule.removesuffix(_LINEWORK) for rule in repair if rule.endswith(_LINEWORK))
    return Options(
        precision=precision,
        snap_m=snap_m,
        simplify_m=simplify_m,
        crs=known,
        swap_axes=swap_axes or "axes-swapped" in repaired,
        encoding=encoding,
        form=form,
        keep=sets[0],
        reject=sets[1],
        repair=repaired | safe,
        linework=linework,
        allow_empty=allow_empty,
        files=files or {},
    )


def _repaired(repair: tuple[str, ...]) -> frozenset[str]:
    """The rules that are named, without the way in which rings are filled."""
    rules = []
    for rule in repair:
        bare, _, way = rule.partition("=")
        if way and (way not in set(Filling) or f"{bare}=" not in ACTIONS[bare].options if bare in ACTIONS else way):
            able = ", ".join(known for known, action in ACTIONS.items() if f"{known}=" in action.options)
            msg = f"--repair {rule!r}: expected =structure or =linework, of {able}"
            raise UsageError(msg)
        rules.append(bare)
    return frozenset(rules) - {ALL_SAFE}


def _safe() -> frozenset[str]:
    return frozenset(rule for rule, action in ACTIONS.items() if action.safe)


def _refuse_unknown(name: str, rules: Iterable[str]) -> None:
    for rule in rules:
        if rule not in EVERY_RULE:
            msg = f"{name} {rule!r}: there is no such rule; `atlas clean --rules` lists them"
            raise UsageError(msg)
        if name == "--repair" and not action_of(rule).usual:
            able = ", ".join(known for known, action in {**ACTIONS, **FILE_ACTIONS}.items() if action.usual)
            msg = f"--repair {rule!r}: there is no usual answer; there is one for {able}, or {ALL_SAFE}"
            raise UsageError(msg)


def _refuse_contrary(keep: frozenset[str], reject: frozenset[str], repair: frozenset[str]) -> None:
    if twice := sorted((keep & reject) | (keep & repair) | (reject & repair)):
        msg = f"{', '.join(twice)}: --repair, --reject and --keep exclude each other; give one answer"
        raise UsageError(msg)


def _crs(text: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(text)
    except CRSError as error:
        msg = f"--crs {text!r} is not known; expected a code such as EPSG:32615"
        raise UsageError(msg) from error
