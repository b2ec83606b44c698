"""Commands that draw: build, map, figure."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, SensitivityOption, app, opened_project, page_names
from atlas.terminal import print_files, progress, short


@app.command(epilog="Examples:  atlas build  ·  atlas build --project ../my-atlas")
def build(context: typer.Context, project: ProjectOption = None) -> None:
    """Make the pages in maps/ from the layers in geodata/."""
    opened = opened_project(context, project)
    started = time.perf_counter()
    with progress("Building") as step:
        built = opened.build(on_page=step)
    print_files("Built", built.folder, built.sizes, built.changed, time.perf_counter() - started)
    if (index := built.folder / "index.html").is_file():
        typer.echo(f"Open {short(index)}")


@app.command(
    "map",
    epilog="Examples:  atlas map border -o border.html  ·  atlas map --layer my.geojson --fields name,kind -o my.html",
)
def map_(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    page: Annotated[
        str | None,
        typer.Argument(metavar="PAGE", help="A page of the atlas.", show_default=False, autocompletion=page_names),
    ] = None,
    layer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own map file, drawn over the base map.", show_default=False),
    ] = None,
    fields: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Fields of that file to show.", show_default="one that is a name"),
    ] = None,
    tiles: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Online tiles under the map, by their name in xyzservices.", show_default=False
        ),
    ] = None,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Write one page of the atlas, or your own file in its style."""
    chosen = None if fields is None else [name for name in fields.split(",") if name]
    view = opened_project(context, project).map(
        page, layer=layer, fields=chosen, tiles=tiles, sensitivity_field=sensitivity_field
    )
    view.save(output)
    for note in view.notes:
        typer.echo(f"Note: {note}")
    if tiles:
        typer.echo(f"Note: whoever opens the page tells the server of the tiles {tiles} what part of the map they see.")
    typer.echo(f"Wrote {short(output)} ({len(view.html) / 1000:,.0f} kB).")


@app.command(epilog="Examples:  atlas figure border -o border.pdf  ·  atlas figure crossings -o cruces.png --lang es")
def figure(  # noqa: PLR0913, PLR0917 - one option a parameter
    context: typer.Context,
    page: Annotated[
        str,
        typer.Argument(metavar="PAGE", help="A page, such as atlas, border or crossings.", autocompletion=page_names),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")],
    width_mm: Annotated[float, typer.Option("--width-mm", metavar="MM", help="Width on paper.")] = 170,
    dpi: Annotated[int, typer.Option("--dpi", metavar="N", help="Dots per inch of a .png.")] = 300,
    lang: Annotated[str, typer.Option("--lang", metavar="LANG", help="en or es.")] = "en",
    project: ProjectOption = None,
) -> None:
    """Draw a page as a static figure for a paper, with scale bar, legend, graticule and sources."""
    made = opened_project(context, project).figure(page, output, width_mm=width_mm, dpi=dpi, lang=lang)
    typer.echo(f"Drew {short(made)} ({made.stat().st_size / 1000:,.0f} kB).")
