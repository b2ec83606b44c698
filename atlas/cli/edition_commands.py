"""Commands about files that belong together: two editions of a layer, two sides of a border."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.application import app, opened_project
from atlas.cli.pipes import piped, refuse_as_folder
from atlas.errors import UsageError
from atlas.terminal import progress

if TYPE_CHECKING:
    from atlas.editions.changes import Comparison


@app.command(
    epilog="Examples:  atlas diff 2020.gpkg 2023.gpkg -o diff  ·  atlas diff a.shp b.shp --key COD=CVE -o diff  ·  "
    "atlas diff deposit-2026.11 deposit-2026.12 -o notes"
)
def diff(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help="The older edition: a map file, - for standard input, or the folder of a data edition."
        ),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The newer edition.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")],
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="The field of codes; OLD=NEW where it was renamed.", show_default="one called so"
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="The field of names; OLD=NEW where it was renamed.", show_default="one called so"
        ),
    ] = None,
    tolerance_m: Annotated[
        float, typer.Option("--tolerance-m", metavar="METRES", help="Moves shorter than this count as unchanged.")
    ] = 1.0,
    near_m: Annotated[
        float, typer.Option("--near-m", metavar="METRES", help="How far apart a point or line may still be the same.")
    ] = 1000.0,
    page: Annotated[bool, typer.Option("--page/--no-page", help="Draw a page of both editions.")] = True,
) -> None:
    """Compare two editions of a layer: what moved, split, merged, was renamed, recoded, new or gone; exit 1 if any."""
    from atlas.editions.command import DiffOptions, diff_files  # noqa: PLC0415 - loaded only for this command

    refuse_as_folder(output)
    if old.is_dir() or new.is_dir():
        _compare_data_editions(old, new, output, by_field=bool(key or name))
    options = DiffOptions(key, name, tolerance_m, near_m)
    with piped([old, new]) as pipes, progress("Comparing") as step:
        before, after = pipes.files
        made = diff_files(before, after, output, options, page=_drawn(context) if page else None, on_step=step)
    typer.echo(pipes.shown(made.summary()), nl=False)
    if not made.comparison.is_same:
        raise typer.Exit(1)


def _compare_data_editions(old: Path, new: Path, output: Path, *, by_field: bool) -> None:
    """Compare two data editions and end the command; nothing where neither folder is one."""
    from atlas.deposit.data_editions import is_data_edition, write_edition_notes  # noqa: PLC0415 - for this command

    if not (is_data_edition(old) or is_data_edition(new)):
        return
    if by_field:
        msg = "--key and --name are of a layer; the rows of a data edition have ids"
        raise UsageError(msg)
    notes = write_edition_notes(old, new, output)
    typer.echo(f"{notes.summary()}  {output / 'release-notes.md'}\n  {output / 'changes.json'}")
    raise typer.Exit(1 if notes.parts else 0)


def _drawn(context: typer.Context) -> Callable[[Comparison], bytes]:
    from atlas.pipeline.edition_page import edition_page  # noqa: PLC0415 - loaded only where a page is drawn

    ground = opened_project(context, None).project
    return lambda comparison: edition_page(ground, comparison)


@app.command(
    epilog="Examples:  atlas edgematch mx.gpkg gt.gpkg -o met  ·  atlas edgematch a.shp b.shp --line l.geojson -o met"
)
def edgematch(  # noqa: PLR0913 - each is an option of the command
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="Files of areas, one of them - for standard input; the first is A, the next B."
        ),
    ],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")],
    leader: Annotated[str, typer.Option(metavar="SIDE", help="Whose edge stays where it is: A, B … or middle.")] = "A",
    line: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A line for all to meet on instead.", show_default=False)
    ] = None,
    tolerance_m: Annotated[
        float, typer.Option("--tolerance-m", metavar="METRES", help="Close gaps that are not wider.")
    ] = 1000.0,
    give: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=A", help="Who gets something that both claim. Repeatable.", show_default=False),
    ] = None,
    contested: Annotated[
        str | None,
        typer.Option(
            metavar="SIDE", help="Who gets the rest of what both claim: A, B … or middle.", show_default=False
        ),
    ] = None,
) -> None:
    """Make outlines from different sources meet on one line, and write down every position that moved."""
    from atlas.edgematch.command import EdgematchOptions, edgematch_files  # noqa: PLC0415 - only for this command

    given = dict(_pair("--give", one) for one in give or ())
    refuse_as_folder(output)
    with piped([*files, *([line] if line else [])]) as pipes, progress("Matching") as step:
        read, along = pipes.files[: len(files)], pipes.files[-1] if line else None
        terms = EdgematchOptions(leader, along, tolerance_m, given, contested)
        made = edgematch_files(read, output, terms, on_step=step)
    typer.echo(pipes.shown(made.summary()), nl=False)


def _pair(option: str, stated: str) -> tuple[str, str]:
    name, mark, value = stated.partition("=")
    if not mark or not name or not value:
        msg = f"{option} {stated}: give it as NAME=A, with the name under which it was asked about"
        raise UsageError(msg)
    return name, value
