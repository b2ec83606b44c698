"""The command line: parse, call, print, exit code. The words are those of the library."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import atlas
from atlas.errors import AtlasError, FindingsError, UsageError
from atlas.project import SourceOverride, find_project
from atlas.terminal import print_files, progress, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from atlas.api import Atlas

app = typer.Typer(
    name="atlas",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_STOPPED, _TERMINATED = 130, 143

ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="Folder with geodata/ and maps/ (default: the one you are in).",
        show_default=False,
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="KEY=FILE",
        help="Your own file for a packaged one. KEY: inegi_municipalities, inegi_states, geonames. Repeatable.",
        show_default=False,
    ),
]


def main() -> None:
    """Run the command line; errors become one message and an exit code."""
    # a run that is terminated tidies up as one that is stopped with Ctrl-C
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(_TERMINATED))
    try:
        app(prog_name="atlas")
    except AtlasError as error:
        typer.secho("Error: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except SystemExit as done:
        if done.code in {_STOPPED, _TERMINATED}:
            typer.echo("\nStopped; every file is whole.", err=True)
        raise


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"atlas {atlas.__version__}")
        raise typer.Exit


@app.callback(
    epilog="Examples:  atlas build  ·  atlas layers border  ·  atlas refresh  ·  atlas verify",
)
def _root(
    context: typer.Context,
    project: ProjectOption = None,
    version: Annotated[  # noqa: ARG001 - the option acts by its callback
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=lambda v: _version(wanted=v)),
    ] = False,
) -> None:
    """The atlas of Mexico's southern border: layers with their sources, and maps that open offline."""
    context.obj = project


@app.command(epilog="Examples:  atlas build  ·  atlas build --project ../my-atlas")
def build(context: typer.Context, project: ProjectOption = None) -> None:
    """Make the maps in maps/ from the layers in geodata/."""
    opened = _opened(context, project)
    started = time.perf_counter()
    with progress("Building") as step:
        built = opened.build(on_page=step)
    print_files("Built", built.folder, built.sizes, built.changed, time.perf_counter() - started)
    if (index := built.folder / "index.html").is_file():
        typer.echo(f"Open {short(index)}")


@app.command(epilog="Examples:  atlas layers  ·  atlas layers municipalities")
def layers(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="A layer, for its fields and sources.", show_default=False)] = None,
    project: ProjectOption = None,
) -> None:
    """List the layers, or one layer's fields and sources."""
    from atlas.listing import print_layer, print_layers  # noqa: PLC0415 - rich is loaded only for tables

    opened = _opened(context, project)
    if name is None:
        print_layers(opened.layers)
        return
    known = opened.layers
    if name not in known:
        msg = f"there is no layer {name!r}; the layers are {', '.join(known)}"
        raise UsageError(msg)
    print_layer(known[name], opened.sources, opened.inputs)


@app.command(epilog="Examples:  atlas refresh  ·  atlas refresh --source inegi_municipalities=00mun.shp")
def refresh(context: typer.Context, project: ProjectOption = None, source: SourceOption = None) -> None:
    """Derive geodata/ from the source packages (the extra named sources) and the fact tables."""
    opened = _opened(context, project)
    started = time.perf_counter()
    with progress("Deriving") as step:
        made = opened.refresh(overrides=_overrides(source), on_step=step)
    print_files("Derived", made.folder, made.sizes, made.changed, time.perf_counter() - started)


@app.command(epilog="Examples:  atlas verify  ·  atlas verify --project ../my-atlas")
def verify(context: typer.Context, project: ProjectOption = None, source: SourceOption = None) -> None:
    """Make everything again in a temporary folder and compare; exit 1 where anything differs."""
    opened = _opened(context, project)
    with progress("Verifying") as step:
        verified = opened.verify(overrides=_overrides(source), on_step=step)
    for note in verified.notes:
        typer.echo(f"Note: {note}")
    if verified.differences:
        lines = "\n".join(f"  - {difference}" for difference in verified.differences)
        msg = f"{len(verified.differences)} differences in {verified.compared} files:\n{lines}"
        raise FindingsError(msg)
    typer.echo(f"No difference in {verified.compared} files.")


@app.command(epilog="Examples:  atlas claims  ·  atlas claims --format csv > claims.csv")
def claims(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json or csv.")] = "text",
    project: ProjectOption = None,
) -> None:
    """Hold every published claim against what the layers measure."""
    from atlas.audit.report import render  # noqa: PLC0415 - loaded only for this command

    typer.echo(render(_opened(context, project).claims(), form), nl=False)


@app.command(epilog="Examples:  atlas figure border -o border.pdf  ·  atlas figure crossings -o cruces.png --lang es")
def figure(  # noqa: PLR0913, PLR0917 - one option a parameter
    context: typer.Context,
    page: Annotated[str, typer.Argument(help="Page: atlas, border, municipalities, crossings, checkpoints, …")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A .png, .svg or .pdf file.")],
    width_mm: Annotated[float, typer.Option("--width-mm", help="Width on paper.")] = 170,
    dpi: Annotated[int, typer.Option("--dpi", help="Dots per inch of a .png.")] = 300,
    lang: Annotated[str, typer.Option("--lang", help="en or es.")] = "en",
    project: ProjectOption = None,
) -> None:
    """Draw a page as a static figure for a paper, with scale bar, legend, graticule and sources."""
    made = _opened(context, project).figure(page, output, width_mm=width_mm, dpi=dpi, lang=lang)
    typer.echo(f"Drew {short(made)} ({made.stat().st_size / 1000:,.0f} kB).")


@app.command(
    "map",
    epilog="Examples:  atlas map border -o border.html  ·  atlas map --layer my.geojson --fields name,kind -o my.html",
)
def map_(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    page: Annotated[str | None, typer.Argument(help="A page of the atlas.", show_default=False)] = None,
    layer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own GeoJSON file over the base map.", show_default=False),
    ] = None,
    fields: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Its fields to show (default: a name).", show_default=False),
    ] = None,
    tiles: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Online tiles, by their name in xyzservices.", show_default=False),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Write one page, or a file of your own in the atlas' style."""
    chosen = None if fields is None else [name for name in fields.split(",") if name]
    view = _opened(context, project).map(page, layer=layer, fields=chosen, tiles=tiles)
    view.save(output)
    for note in view.notes:
        typer.echo(f"Note: {note}")
    if tiles:
        typer.echo(f"Note: whoever opens the page tells the server of the tiles {tiles} what part of the map they see.")
    typer.echo(f"Wrote {short(output)} ({len(view.html) / 1000:,.0f} kB).")


@app.command(epilog="Examples:  atlas check my.geojson  ·  atlas check --schema border my.geojson")
def check(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", show_default=False)] = None,
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json or github.")] = "text",
    schema: Annotated[
        str | None,
        typer.Option(metavar="LAYER", help="Hold the fields against a layer's schema as well.", show_default=False),
    ] = None,
    fail_on: Annotated[str, typer.Option(metavar="LEVEL", help="Exit 1 from error or from warning on.")] = "warning",
    rules: Annotated[bool, typer.Option("--rules", help="List the rules.")] = False,
    project: ProjectOption = None,
) -> None:
    """Say what is wrong in a GeoJSON file of any size, where, and how to mend it; exit 1 on findings."""
    from atlas.exchange import check as checking  # noqa: PLC0415 - loaded only for this command

    if rules:
        typer.echo(checking.rules_text(), nl=False)
        return
    folder = find_project(project or context.obj).geodata / "schema" if schema else None
    wanted = checking.read_schema(folder, schema) if folder and schema else None
    text, failed = checking.check_files(files or [], form=form, schema=wanted, fail_on=fail_on)
    typer.echo(text, nl=False)
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Examples:  atlas export -o gis  ·  atlas export border --format csv --crs EPSG:6372 -o gis")
def export(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    layers: Annotated[list[str] | None, typer.Argument(metavar="LAYER…", show_default="all")] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")],
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="geojson, gpkg, fgb, parquet, csv, kml, qgs (with gpkg) or all. Repeatable.",
            show_default="gpkg",
        ),
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Such as EPSG:6372 (default: degrees, EPSG:4326).", show_default=False),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Write layers for GIS programs, with styles, licences, sources and checksums."""
    started = time.perf_counter()
    opened = _opened(context, project)
    with progress("Exporting") as step:
        made = opened.export(output, layers=layers or (), formats=form or ("gpkg",), crs=crs, on_step=step)
    for note in made.notes:
        typer.echo(f"Note: {note}")
    print_files("Exported", made.folder, made.sizes, made.changed, time.perf_counter() - started)


def _opened(context: typer.Context, project: Path | None) -> Atlas:
    return atlas.open(project or context.obj)


def _overrides(source: list[str] | None) -> Mapping[str, SourceOverride]:
    pairs = {}
    for text in source or []:
        key, equals, path = text.partition("=")
        if not (key and equals and path):
            msg = f"--source {text!r}: expected KEY=FILE, such as inegi_municipalities=00mun.shp"
            raise UsageError(msg)
        pairs[key] = SourceOverride(path=Path(path).expanduser().resolve())
    return pairs


if __name__ == "__main__":
    main()
