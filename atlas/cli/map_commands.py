"""Commands that draw: build, map, figure."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, SensitivityOption, app, opened_project, page_names
from atlas.cli.drawing_notes import drawing_notes
from atlas.cli.map_options import (
    AsToml,
    Breaks,
    Categories,
    Classes,
    Colour,
    Credit,
    CreditEs,
    ExtentText,
    Hatch,
    JoinText,
    Label,
    Lead,
    LeadEs,
    Licence,
    MapOptions,
    Midpoint,
    Opacity,
    Palette,
    Per,
    Popup,
    Scheme,
    Size,
    Sources,
    Time,
    Title,
    TitleEs,
    Where,
    Width,
    compose,
)
from atlas.cli.map_writing import is_page_name, write_map
from atlas.cli.pipes import STANDARD, piped
from atlas.errors import UsageError
from atlas.terminal import print_files, progress, short


@app.command(
    epilog="Examples:  atlas build  ·  atlas build --project ../my-atlas  ·  "
    'atlas build --roads roads.osm.pbf --roads-credit "© OpenStreetMap contributors" --roads-licence "ODbL 1.0"'
)
def build(
    context: typer.Context,
    *,
    roads: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Roads of your own for the maps: a map file or .osm.pbf.", show_default=False
        ),
    ] = None,
    roads_credit: Annotated[
        str, typer.Option("--roads-credit", metavar="TEXT", help="Whom to name for them.", show_default=False)
    ] = "",
    roads_licence: Annotated[
        str, typer.Option("--roads-licence", metavar="TEXT", help="The terms of that file.", show_default=False)
    ] = "",
    project: ProjectOption = None,
) -> None:
    """Make the pages in maps/ from the layers in geodata/."""
    if roads is None and (roads_credit or roads_licence):
        msg = "--roads-credit and --roads-licence speak of a file of roads; name it by --roads FILE"
        raise UsageError(msg)
    opened = opened_project(context, project)
    started = time.perf_counter()
    with progress("Building") as step:
        built = opened.build(roads=roads, roads_credit=roads_credit, roads_licence=roads_licence, on_page=step)
    print_files("Built", built.folder, built.sizes, built.changed, time.perf_counter() - started)
    if (index := built.folder / "index.html").is_file():
        typer.echo(f"Open {short(index)}")


@app.command(
    "map",
    epilog="Examples:  atlas map border -o border.html  ·  "
    "atlas map incidents.csv --colour kind --size people --popup kind,date --title Incidents -o incidents.html  ·  "
    "atlas map rates.csv --join municipalities:cvegeo --colour rate -o rates.html",
)
def map_(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The HTML file to write (- is standard output), or FOLDER/ for millions of points.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="PAGE",
            help="A page or layer of the atlas, your own map file or table (- is standard input), or a map in TOML.",
            show_default=False,
            autocompletion=page_names,
        ),
    ] = None,
    layer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own map file, drawn over the base map.", show_default=False),
    ] = None,
    fields: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="The same as --popup.", show_default="one that is a name"),
    ] = None,
    tiles: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Online tiles under the map, by their name in xyzservices.", show_default=False
        ),
    ] = None,
    colour: Colour = None,
    size: Size = None,
    scheme: Scheme = "quantiles",
    classes: Classes = 5,
    breaks: Breaks = None,
    midpoint: Midpoint = None,
    categories: Categories = False,
    per: Per = None,
    palette: Palette = None,
    opacity: Opacity = 0.85,
    width: Width = None,
    label: Label = None,
    hatch: Hatch = False,
    time_field: Time = None,
    popup: Popup = None,
    join: JoinText = None,
    where: Where = None,
    extent: ExtentText = None,
    title: Title = None,
    title_es: TitleEs = None,
    lead: Lead = None,
    lead_es: LeadEs = None,
    credit: Credit = None,
    credit_es: CreditEs = None,
    licence: Licence = None,
    sources: Sources = None,
    as_toml: AsToml = False,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Write one page of the atlas, or a map of your own in its style."""
    shown = [*(popup or []), *([fields] if fields is not None else [])] or None
    options = MapOptions(
        colour, size, scheme, classes, breaks, midpoint, categories, per, palette, opacity,
        width, label, hatch, time_field, shown, join, where,
        extent, title, title_es, lead, lead_es, credit, credit_es, licence, sources,
    )  # fmt: skip
    opened = opened_project(context, project)
    if (source is None) == (layer is None):
        msg = "name a page, such as 'border', or a layer, a GeoJSON file of your own; one of the two"
        raise UsageError(msg)
    named = source or str(layer)
    # no file, and nothing that only a map of one's own has: a page, or a mistyped one
    write_map(
        opened,
        named,
        options,
        output,
        tiles=tiles,
        sensitivity_field=sensitivity_field,
        is_page=layer is None and is_page_name(named, options),
        as_toml=as_toml,
    )


@app.command(
    epilog="Examples:  atlas figure border -o border.pdf  ·  atlas figure crossings -o cruces.png --lang es  ·  "
    "atlas figure rates.csv --join municipalities:cvegeo --colour rate --width-mm 85 --no-title -o rates.pdf"
)
def figure(  # noqa: PLR0913 - one option a parameter
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="PAGE",
            help="A page such as border, a layer, your own map file or table (- is standard input), or a map in TOML.",
            autocompletion=page_names,
        ),
    ],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg, .pdf or .tiff file.")],
    width_mm: Annotated[float, typer.Option("--width-mm", metavar="MM", help="Width on paper.")] = 170,
    max_height_mm: Annotated[
        float | None,
        typer.Option("--max-height-mm", metavar="MM", help="Height not to exceed.", show_default="225"),
    ] = None,
    dpi: Annotated[
        int | None,
        typer.Option(
            "--dpi", metavar="N", help="Dots per inch of a .png or .tiff.", show_default="300, of a .tiff 600"
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", metavar="LANG", help="en or es.")] = "en",
    no_title: Annotated[bool, typer.Option("--no-title", help="Leave title and lead to the caption.")] = False,
    caption: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a caption in both languages with citations.", show_default=False),
    ] = None,
    colour: Colour = None,
    size: Size = None,
    scheme: Scheme = "quantiles",
    classes: Classes = 5,
    breaks: Breaks = None,
    midpoint: Midpoint = None,
    categories: Categories = False,
    per: Per = None,
    palette: Palette = None,
    opacity: Opacity = 0.85,
    width: Width = None,
    label: Label = None,
    hatch: Hatch = False,
    time_field: Time = None,
    join: JoinText = None,
    where: Where = None,
    extent: ExtentText = None,
    title: Title = None,
    title_es: TitleEs = None,
    lead: Lead = None,
    lead_es: LeadEs = None,
    credit: Credit = None,
    credit_es: CreditEs = None,
    licence: Licence = None,
    sources: Sources = None,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Draw a page or a map of your own as a figure for a paper, with scale bar, legend, graticule and sources."""
    options = MapOptions(
        colour, size, scheme, classes, breaks, midpoint, categories, per, palette, opacity,
        width, label, hatch, time_field, None, join, where,
        extent, title, title_es, lead, lead_es, credit, credit_es, licence, sources,
    )  # fmt: skip
    opened = opened_project(context, project)
    if output == STANDARD:
        msg = "the ending of a figure's name says what it is, which standard output (-o -) has not; give -o FILE.png"
        raise UsageError(msg)
    if is_page_name(source, options):
        if caption is not None or max_height_mm is not None:
            msg = f"the page {source!r} has its own height and sources; leave out --caption and --max-height-mm"
            raise UsageError(msg)
        with progress("Drawing"), drawing_notes() as notes:
            made = opened.figure(source, output, width_mm=width_mm, dpi=dpi, lang=lang, titled=not no_title)
    else:
        with piped([STANDARD] if source == str(STANDARD) else []) as pipes:
            named = str(pipes.files[0]) if pipes.files else source
            drawn = compose(opened, named, options, sensitivity_field=sensitivity_field)
            with progress("Drawing") as step, drawing_notes():
                made = drawn.figure(
                    output,
                    width_mm=width_mm,
                    max_height_mm=max_height_mm,
                    dpi=dpi,
                    lang=lang,
                    titled=not no_title,
                    caption=caption,
                    on_step=step,
                )
            notes = [pipes.shown(note) for note in drawn.notes]
    for note in notes:
        typer.echo(f"Note: {note}")
    typer.echo(f"Drew {short(made)} ({made.stat().st_size / 1000:,.0f} kB).")
