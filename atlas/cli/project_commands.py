"""The command about projects: new."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from atlas.border_project.model import MODULES
from atlas.cli.application import app
from atlas.errors import UsageError
from atlas.terminal import progress

_PARTS = ("code", "name", "parent")
_ENDS = ("start", "end")


@app.command(
    epilog="Examples:  atlas new rhine --here communes.gpkg --neighbour kreise.zip --title 'The Rhine border'  ·  "
    "atlas new coast --here units.geojson --line line.geojson"
)
def new(  # noqa: PLR0913, PLR0917 - each is a choice of the one who begins a project
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the project.", show_default=False)],
    here: Annotated[
        Path, typer.Option("--here", metavar="FILE", help="Outlines of this side's units.", show_default=False)
    ],
    neighbour: Annotated[
        list[Path] | None,
        typer.Option("--neighbour", metavar="FILE", help="Outlines of a neighbour. Repeatable.", show_default=False),
    ] = None,
    line: Annotated[
        Path | None, typer.Option("--line", metavar="FILE", help="The line itself, if it is given.", show_default=False)
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of the atlas.", show_default=False)] = "",
    title_es: Annotated[
        str, typer.Option("--title-es", metavar="TEXT", help="The title in Spanish.", show_default=False)
    ] = "",
    side: Annotated[
        list[str] | None,
        typer.Option(
            "--side",
            metavar="CODE=NAME",
            help="Code and name of a country, this side first, then neighbours, with outlines or without. Repeatable.",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            metavar="N:PART=COLUMN",
            help="Column of side N (0 is --here) that holds code, name or parent. Repeatable.",
            show_default=False,
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            "--leave-out",
            metavar="N:CODE",
            help="Code of rows of side N that are no units, such as lakes. Repeatable.",
            show_default=False,
        ),
    ] = None,
    end: Annotated[
        list[str] | None,
        typer.Option(
            "--end",
            metavar="LON,LAT",
            help="An end of the line, the start first; twice for both.",
            show_default=False,
        ),
    ] = None,
    leader: Annotated[
        str, typer.Option("--leader", metavar="SIDE", help="Whose edge stays: here, neighbour or middle.")
    ] = "here",
    contested: Annotated[
        str | None,
        typer.Option("--contested", metavar="SIDE", help="Who gets what both claim, likewise.", show_default=False),
    ] = None,
    tolerance_m: Annotated[
        float, typer.Option("--tolerance-m", metavar="M", help="How wide a gap between the outlines may be.")
    ] = 1000.0,
    licence: Annotated[
        str | None, typer.Option("--licence", metavar="TEXT", help="Terms of the outlines.", show_default=False)
    ] = None,
    attribution: Annotated[
        str | None, typer.Option("--attribution", metavar="TEXT", help="How they are credited.", show_default=False)
    ] = None,
    module: Annotated[
        list[str] | None,
        typer.Option(
            "--module",
            metavar="NAME",
            help=f"A part with tables of its own, which are begun: {', '.join(MODULES)}. Repeatable.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Begin a project of another border from outlines; `atlas refresh` and `atlas build` make the rest."""
    from atlas.borderland.new_project import Wanted, new_project  # noqa: PLC0415 - for this command only

    _refuse_words(leader, contested, tolerance_m)
    if len(end or ()) > len(_ENDS):
        msg = f"--end is given {len(end or ())} times; a line has two ends: give it once for the start, twice for both"
        raise UsageError(msg)
    wanted = Wanted(
        here=here.expanduser(),
        neighbours=tuple(path.expanduser() for path in neighbour or ()),
        line=line.expanduser() if line else None,
        title=title,
        title_es=title_es,
        names=tuple(side or ()),
        columns=_columns(columns or [], 1 + len(neighbour or ())),
        leave_out=_left_out(leave_out or [], 1 + len(neighbour or ())),
        ends=tuple(_place(text) for text in end or ()),
        leader=leader,
        contested=contested,
        tolerance_m=tolerance_m,
        licence=licence,
        attribution=attribution,
        modules=_modules(module or []),
    )
    with progress("Beginning the project:") as on_step:
        made = new_project(folder.expanduser(), wanted, on_step=on_step)
    typer.echo(f"Wrote {made.path}; look it over:")
    for sentence in made.proposals:
        typer.echo(f"  {sentence}")
    typer.echo(f"Next: cd {shlex.quote(str(folder))} && atlas refresh && atlas build")


def _refuse_words(leader: str, contested: str | None, tolerance_m: float) -> None:
    for option, word in (("--leader", leader), ("--contested", contested)):
        if word is not None and word not in {"here", "neighbour", "middle"}:
            msg = f"{option} {word}: give here, neighbour or middle"
            raise UsageError(msg)
    if not 0 < tolerance_m <= 100_000:  # noqa: PLR2004 - a hundred kilometres
        msg = f"--tolerance-m {tolerance_m:g} is no width of a gap; give metres, above 0 and up to 100000"
        raise UsageError(msg)


def _modules(names: list[str]) -> tuple[str, ...]:
    for name in names:
        if name not in MODULES:
            msg = f"--module {name} is no part of a project; give {' or '.join(MODULES)}"
            raise UsageError(msg)
    return tuple(dict.fromkeys(names))


def _columns(texts: list[str], sides: int) -> dict[int, dict[str, str]]:
    stated: dict[int, dict[str, str]] = {}
    for text in texts:
        number, colon, pair = text.partition(":")
        part, equals, column = pair.partition("=")
        if not (colon and equals and column and part in _PARTS and number.isdecimal() and int(number) < sides):
            msg = f"--columns {text!r}: expected N:PART=COLUMN with N below {sides}, such as 0:name=NOM"
            raise UsageError(msg)
        stated.setdefault(int(number), {})[part] = column
    return stated


def _left_out(texts: list[str], sides: int) -> dict[int, tuple[str, ...]]:
    stated: dict[int, tuple[str, ...]] = {}
    for text in texts:
        number, colon, code = text.partition(":")
        if not (colon and code and number.isdecimal() and int(number) < sides):
            msg = f"--leave-out {text!r}: expected N:CODE with N below {sides}, such as 1:0"
            raise UsageError(msg)
        stated[int(number)] = (*stated.get(int(number), ()), code)
    return stated


def _place(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon, lat = float("nan"), float("nan")
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees
        msg = f"--end {text!r}: expected longitude and latitude in degrees, such as --end 7.59,47.59"
        raise UsageError(msg)
    return lon, lat
