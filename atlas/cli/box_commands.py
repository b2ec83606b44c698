"""The command that makes a project's map of boxes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, app, opened_project
from atlas.terminal import print_files, progress


@app.command(epilog="Examples:  atlas boxes  ·  atlas boxes --after old-release")
def boxes(
    context: typer.Context,
    *,
    after: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A release from before there were boxes. Repeatable.", show_default=False),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Make geodata/boxes.json, the map of boxes in which records are counted, and prove that each keeps the floor."""
    opened = opened_project(context, project)
    started = time.perf_counter()
    with progress("Making") as step:
        made = opened.make_boxes(after=after or (), on_step=step)
    print_files("Made", made.folder, made.sizes, made.changed, time.perf_counter() - started)
    typer.echo(f"{made.count:,} boxes, map {made.sha256[:16]}; each keeps the floor.")
