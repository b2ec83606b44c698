"""The command that makes forms for the field: `atlas field form`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atlas.border_project.expected_region import expect_in
from atlas.cli.application import ProjectOption
from atlas.cli.field_commands import field
from atlas.errors import UsageError
from atlas.project import find_project
from atlas.terminal import progress, short


@field.command(
    epilog="Examples:  atlas field form -o notes.xlsx  ·  atlas field form -o notes.xlsx --lang es  ·  "
    "atlas field form --qfield phone/"
)
def form(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.xlsx", help="The XLSForm to write.", show_default=False),
    ] = None,
    qfield: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An empty folder for a QField project.", show_default=False),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANG", help="The language the XLSForm opens in: en or es.")] = "en",
    layers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LAYER",
            help="A layer of the base map for QField. Repeatable.",
            show_default="the border and the ground",
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Write the record form for ODK and KoboToolbox, and as a QField project."""
    from atlas.field.forms import write_qfield, write_xlsform  # noqa: PLC0415 - loaded only for this command

    if output is None and qfield is None:
        msg = "say what to write: -o FILE.xlsx for ODK and KoboToolbox, --qfield DIR for QField, or both"
        raise UsageError(msg)
    chosen = find_project(project or context.find_root().obj)
    expect_in(chosen.described)
    if output is not None:
        with progress("Writing the form"):
            write_xlsform(output, chosen, lang=lang)
        typer.echo(f"Wrote {short(output)}. Upload it to ODK Central or KoboToolbox, in English and Spanish.")
    if qfield is not None:
        with progress("Writing the project"):
            write_qfield(qfield, chosen, layers=layers or ())
        typer.echo(f"Wrote {short(qfield)}. Copy the folder to the phone and open atlas-notes.qgs in QField.")
