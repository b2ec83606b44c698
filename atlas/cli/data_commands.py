"""Commands about the layers and the facts: layers, claims, refresh, verify."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, SourceOption, app, layer_names, opened_project, overrides
from atlas.errors import FindingsError, UsageError
from atlas.terminal import print_files, progress


@app.command(epilog="Examples:  atlas layers  ·  atlas layers municipalities")
def layers(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="LAYER",
            help="A layer, to list its fields and sources.",
            show_default=False,
            autocompletion=layer_names,
        ),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """List the layers, or one layer's fields and sources."""
    from atlas.cli.listing import print_layer, print_layers  # noqa: PLC0415 - rich is loaded only for tables

    opened = opened_project(context, project)
    if name is None:
        print_layers(opened.layers)
        return
    known = opened.layers
    if name not in known:
        msg = f"there is no layer {name!r}; the layers are {', '.join(known)}"
        raise UsageError(msg)
    print_layer(known[name], opened.sources, opened.inputs)


@app.command(epilog="Examples:  atlas claims  ·  atlas claims --format csv > claims.csv")
def claims(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json or csv.")] = "text",
    project: ProjectOption = None,
) -> None:
    """Check every published claim against what the layers measure."""
    from atlas.claims.claims_report import render  # noqa: PLC0415 - loaded only for this command

    typer.echo(render(opened_project(context, project).claims(), form), nl=False)


@app.command(epilog="Examples:  atlas cite border  ·  atlas cite C42 --format bibtex  ·  atlas cite --list")
def cite(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A layer, a claim, a source or a row of facts.", show_default=False),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, bibtex, csl or prov.")] = "text",
    every: Annotated[bool, typer.Option("--list", help="List all ids.")] = False,
    project: ProjectOption = None,
) -> None:
    """Cite a layer, a claim, a source or a row of facts by its permanent id."""
    opened = opened_project(context, project)
    if every:
        typer.echo("\n".join(opened.citables))
        return
    if name is None:
        msg = "say what to cite, such as `atlas cite border`; `atlas cite --list` lists all ids"
        raise UsageError(msg)
    typer.echo(opened.cite(name).render(form), nl=False)


@app.command(epilog="Examples:  atlas refresh  ·  atlas refresh --source inegi_municipalities=00mun.shp")
def refresh(context: typer.Context, project: ProjectOption = None, source: SourceOption = None) -> None:
    """Derive geodata/ from the source packages (the `sources` extra) and the fact tables."""
    opened = opened_project(context, project)
    started = time.perf_counter()
    with progress("Deriving") as step:
        made = opened.refresh(overrides=overrides(source), on_step=step)
    print_files("Derived", made.folder, made.sizes, made.changed, time.perf_counter() - started)
    for note in made.notes:
        typer.echo(f"Note: {note}")
    for report in made.reports:
        typer.echo(f"{report.publisher_key}: " + "\n  ".join(report.sentences))


@app.command(epilog="Examples:  atlas verify  ·  atlas verify --project ../my-atlas")
def verify(context: typer.Context, project: ProjectOption = None, source: SourceOption = None) -> None:
    """Make everything again in a temporary folder and compare; exit 1 if anything differs."""
    opened = opened_project(context, project)
    with progress("Verifying") as step:
        verified = opened.verify(overrides=overrides(source), on_step=step)
    for note in verified.notes:
        typer.echo(f"Note: {note}")
    if verified.differences:
        lines = "\n".join(f"  - {difference}" for difference in verified.differences)
        msg = f"{len(verified.differences)} differences in {verified.compared} files:\n{lines}"
        raise FindingsError(msg)
    typer.echo(f"No difference in {verified.compared} files.")
