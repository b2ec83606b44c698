"""Commands about two files of one layer: what changed between two editions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import app
from atlas.terminal import progress


@app.command(
    epilog="Examples:  atlas diff 2020.gpkg 2023.gpkg -o diff  ·  atlas diff a.shp b.shp --key COD=CVE -o diff"
)
def diff(  # noqa: PLR0913 - each is an option of the command
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The older edition, a map file.")],
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
) -> None:
    """Compare two editions of a layer: what moved, split, merged, was renamed, recoded, new or gone; exit 1 if any."""
    from atlas.editions.command import DiffOptions, diff_files  # noqa: PLC0415 - loaded only for this command

    with progress("Comparing"):
        made = diff_files(old, new, output, DiffOptions(key, name, tolerance_m, near_m))
    typer.echo(made.summary(), nl=False)
    if not made.comparison.is_same:
        raise typer.Exit(1)
