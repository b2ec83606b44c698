"""Commands that decide what leaves the house: release, audit, unseal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, app, opened_project


@app.command(epilog="Examples:  atlas audit maps  ·  atlas audit out --against exact.geojson --format json")
def audit(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Files, folders, releases.", show_default=False)
    ] = None,
    *,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A policy (default: the project's own).", show_default=False)
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="EXACT", help="The team's exact records, to be looked for.", show_default=False),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text or json.")] = "text",
    project: ProjectOption = None,
) -> None:
    """Attack what is or will be published, down to the last byte; several releases oldest first; exit 1 on findings."""
    from atlas.release.audit import render  # noqa: PLC0415 - loaded only for this command

    report = opened_project(context, project).audit(files or [], policy=policy, against=against)
    typer.echo(render(report, form), nl=False)
    if report.failed:
        raise typer.Exit(1)
