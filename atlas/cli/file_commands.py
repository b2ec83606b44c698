"""Commands about files: check and clean anybody's, export the atlas' own."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import (
    ProjectOption,
    SensitivityOption,
    app,
    expect_region,
    layer_names,
    opened_project,
    wants_all_faults,
)
from atlas.cli.pipes import STANDARD, piped
from atlas.errors import UsageError
from atlas.project import find_project
from atlas.terminal import print_files, progress

_FORMS_HELP = (
    "geojson, geojsons, geojsonl, gpkg, fgb, shp (a zip), parquet, parquet2, topojson, kml, csv, xlsx or pmtiles."
)
_EXPORT_HELP = f"{_FORMS_HELP[:-1]}; of layers also qgs, pygeoapi and postgis. all for every one. Repeatable."
_FILES_HELP = "Map files: GeoJSON, shapefile, …; 'FILE|layername=NAME' for one layer of several; - is standard input."


@app.command(epilog="Examples:  atlas check my.geojson  ·  atlas check --schema border my.geojson")
def check(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help=_FILES_HELP, show_default=False)] = None,
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text, json or github.")] = "text",
    schema: Annotated[
        str | None,
        typer.Option(metavar="LAYER", help="Check the fields against a layer's schema, too.", show_default=False),
    ] = None,
    gaps_out: Annotated[
        Path | None,
        typer.Option(
            "--gaps-out", metavar="FILE", help="Gaps and overlaps as a layer of their own.", show_default=False
        ),
    ] = None,
    fail_on: Annotated[
        str, typer.Option(metavar="LEVEL", help="The least severity that makes it exit 1: error or warning.")
    ] = "warning",
    rules: Annotated[bool, typer.Option("--rules", help="List the rules.")] = False,
    project: ProjectOption = None,
) -> None:
    """Report what is wrong in a map file of any size, where, and how to fix it; exit 1 on findings."""
    from atlas import check as checking  # noqa: PLC0415 - loaded only for this command

    if rules:
        typer.echo(checking.rules_text(), nl=False)
        return
    expect_region(project or context.obj)
    folder = find_project(project or context.obj).geodata / "schema" if schema else None
    wanted = checking.read_schema(folder, schema) if folder and schema else None
    cap = sys.maxsize if wants_all_faults(context) else checking.SHOWN_PER_RULE
    with piped(files or []) as paths, progress("Checking") as step:
        text, failed = checking.check_files(
            paths.files, form=form, schema=wanted, fail_on=fail_on, cap=cap, gaps=gaps_out, on_step=step
        )
    typer.echo(paths.shown(text), nl=False)
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Examples:  atlas clean my.geojson -o clean.geojson  ·  atlas clean a.geojson b.geojson -o clean")
def clean(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help=_FILES_HELP, show_default=False)] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The clean file (- is standard output), or a folder for several.",
            show_default=False,
        ),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to list the changes, .json or .csv.", show_default="beside OUT"),
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Coordinate system of the numbers, such as EPSG:32615.", show_default=False),
    ] = None,
    precision: Annotated[
        int | None,
        typer.Option(metavar="N", help="Decimals of a degree, 0 to 7.", show_default="6 if a file has more than 7"),
    ] = None,
    snap_m: Annotated[
        float | None,
        typer.Option(
            "--snap-m", metavar="METRES", help="Close gaps and overlaps narrower than this.", show_default="1.0"
        ),
    ] = None,
    simplify_m: Annotated[
        float | None,
        typer.Option(
            "--simplify-m",
            metavar="METRES",
            help="Simplify by up to this much; shared edges stay shared.",
            show_default="0.0",
        ),
    ] = None,
    swap_axes: Annotated[bool, typer.Option("--swap-axes", help="Read latitude before longitude.")] = False,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Encoding of a file that is not UTF-8, such as cp1252.", show_default=False),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORM", help=_FORMS_HELP, show_default="by OUT's ending, else geojson"),
    ] = None,
    repair: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="Take the usual answer to a rule's question; all-safe: wherever it loses nothing. Repeatable.",
            show_default=False,
        ),
    ] = None,
    reject: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="Set aside the features that a rule asks about. Repeatable.", show_default=False
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Leave what a rule finds as it is. Repeatable.", show_default=False),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Answers as .toml or .json, for all files or for one.", show_default=False),
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What is put aside (default: beside OUT).", show_default=False)
    ] = None,
    gaps_out: Annotated[
        Path | None,
        typer.Option(
            "--gaps-out", metavar="FILE", help="Gaps and overlaps as a layer of their own.", show_default=False
        ),
    ] = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Write a file in which no feature is left.")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and what is done about each.")] = False,
) -> None:
    """Repair what has one right answer in map files, ask about the rest, and record every change.

    Exit 1 when a feature was put aside, 2 when something must be asked.
    """
    from atlas import clean as cleaning  # noqa: PLC0415 - loaded only for this command

    if rules:
        typer.echo(cleaning.rules_text(), nl=False)
        return
    if output is None:
        msg = "say where the clean file goes by -o OUT"
        raise UsageError(msg)
    expect_region(context.obj)
    given = {
        "precision": precision,
        "snap_m": snap_m,
        "simplify_m": simplify_m,
        "crs": crs,
        "swap_axes": swap_axes or None,
        "encoding": encoding,
        "form": form,
        "keep": tuple(keep or ()),
        "reject": tuple(reject or ()),
        "repair": tuple(repair or ()),
        "allow_empty": allow_empty or None,
    }
    known = cleaning.read_answers(answers) if answers else cleaning.Answers()
    options = cleaning.answered({key: value for key, value in given.items() if value is not None}, known)
    beside = cleaning.Beside(ledger, rejected, gaps_out, alone=output == STANDARD)
    with piped(files or [], output) as paths:
        with progress("Cleaning") as step:
            done = cleaning.clean_files(paths.files, paths.output or output, options, beside=beside, on_step=step)
        summary = done.summary(without=paths.output if paths.to_output else None)
        typer.echo(paths.shown(summary), nl=False, err=paths.to_output)
    if done.rejected:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:  atlas export -o gis  ·  atlas export mine.shp -o mine.gpkg  ·  atlas export --flat -o gis"
)
def export(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    layers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LAYER",
            help="Layers of the atlas, or paths of map files of your own; - is standard input.",
            show_default="all layers",
            autocompletion=layer_names,
        ),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="A folder; a file, or -, for one of your own.")
    ],
    form: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORM", help=_EXPORT_HELP, show_default="gpkg, or by OUT's ending"),
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Coordinate system, such as EPSG:3857.", show_default="EPSG:4326, degrees"),
    ] = None,
    flat: Annotated[
        bool, typer.Option("--flat", help="A file for each kind of shape; lists and dates as text.")
    ] = False,
    hxl: Annotated[bool, typer.Option("--hxl", help="A second row of HXL's hashtags in CSV.")] = False,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Write layers, or map files of your own, for GIS programs; layers with styles, licences and checksums."""
    started = time.perf_counter()
    opened = opened_project(context, project)
    files = files_among(layers or (), opened.layers)
    if files and (crs or hxl):
        msg = "--crs and --hxl are for layers of the atlas; leave them out for a file of your own"
        raise UsageError(msg)
    if sensitivity_field and not files:
        msg = "--sensitivity-field is for files of your own; leave it out for layers of the atlas"
        raise UsageError(msg)
    if output == STANDARD and not files:
        msg = "layers are written into a folder; give one by -o DIR"
        raise UsageError(msg)
    with piped(files, output) as paths, progress("Exporting") as step:
        if files:
            made = opened.export_files(
                paths.files,
                paths.output or output,
                formats=form or (),
                flat=flat,
                sensitivity_field=sensitivity_field,
                on_step=step,
            )
        else:
            formats = form or ("gpkg",)
            made = opened.export(
                output, layers=layers or (), formats=formats, crs=crs, flat=flat, hxl=hxl, on_step=step
            )
    for note in made.notes:
        typer.echo(paths.shown(f"Note: {note}"), err=paths.to_output)
    if not paths.to_output:
        print_files("Exported", made.folder, made.sizes, made.changed, time.perf_counter() - started)


def _is_file(word: str) -> bool:
    return word == str(STANDARD) or bool(Path(word).suffix) or "|" in word or Path(word).exists()


def files_among(words: Sequence[str], layers: Collection[str]) -> list[Path]:
    """The words that are files; none where all are layers.

    Raises
    ------
    UsageError
        Some are files and some are layers.
    """
    files = [word for word in words if word not in layers and _is_file(word)]
    if files and len(files) < len(words):
        other = next(word for word in words if word not in files)
        msg = f"{other!r} is no file, and {files[0]!r} is one; export layers of the atlas and files of your own apart"
        raise UsageError(msg)
    return [Path(word) for word in files]


@app.command(epilog="Examples:  atlas deposit -o deposit-2026.11")
def deposit(
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")],
    project: ProjectOption = None,
) -> None:
    """Write a deposit for a repository such as Zenodo: data, RO-Crate, DataCite, data package, checksums."""
    started = time.perf_counter()
    with progress("Depositing") as step:
        made = opened_project(context, project).deposit(output, on_step=step)
    for note in made.notes:
        typer.echo(f"Note: {note}")
    print_files("Deposited", made.folder, made.sizes, made.changed, time.perf_counter() - started)
