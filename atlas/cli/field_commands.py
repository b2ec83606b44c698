"""Commands of the field notes: `atlas field …`; what decides and what leaves is in the modules beside this one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.border_project.expected_region import expect_in
from atlas.cli.application import ProjectOption, app, wants_all_faults
from atlas.cli.field_import import import_one, print_notes, put_aside, read_options
from atlas.errors import UsageError
from atlas.project import find_project
from atlas.terminal import progress

if TYPE_CHECKING:
    from atlas.field.importing import PutAside
    from atlas.field.store import Store

field = typer.Typer(name="field", no_args_is_help=True, help="Field notes: keep, import, review and merge them.")
app.add_typer(
    field, epilog="Examples:  atlas field new notes.gpkg  ·  atlas field import phone.geojson --store notes.gpkg"
)

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="ATLAS_STORE",
        metavar="STORE",
        help="A .gpkg file or a postgresql:// address.",
        show_default=False,
    ),
]
ExactOption = Annotated[bool, typer.Option("--exact", help="Show the positions of all records, not only of open ones.")]
FORMS = ("table", "json", "geojson")


def opened(context: typer.Context, address: str, project: Path | None = None) -> Store:
    """The store that an option or argument names."""
    from atlas.field.store import open_store  # noqa: PLC0415 - loaded only for these commands

    chosen = find_project(project or context.find_root().obj)
    expect_in(chosen.described)
    return open_store(address, project=chosen, on_wait=lambda words: typer.echo(f"Note: {words}.", err=True))


@field.command(epilog="Examples:  atlas field new notes.gpkg  ·  atlas field new postgresql://team@server/notes")
def new(
    context: typer.Context,
    store: Annotated[
        str,
        typer.Argument(
            metavar="STORE",
            help="A .gpkg file or a postgresql:// address.",
            envvar="ATLAS_STORE",
            show_default=False,
            show_envvar=False,
        ),
    ],
    project: ProjectOption = None,
) -> None:
    """Create an empty store; one that is there already is left as it is."""
    made = opened(context, store, project)
    made.create()
    typer.echo(f"Made {made.address}. Next: atlas field import FILE --store {made.address}")


@field.command(
    "import",
    epilog="Examples:  atlas field import phone.geojson --store notes.gpkg  ·  "
    "atlas field import *.csv --dates dmy --by Ana --store notes.gpkg",
)
def import_(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files, archives or folders.", show_default=False)
    ],
    *,
    store: StoreOption,
    by: Annotated[str | None, typer.Option(metavar="WHO", help="Who recorded the rows that name nobody.")] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where bad rows go, with the reasons.", show_default="beside the first file"),
    ] = None,
    new_ids: Annotated[
        bool, typer.Option("--new-ids", help="Derive ids from the content, even where rows have ids.")
    ] = False,
    dates: Annotated[
        str | None, typer.Option(metavar="ORDER", help="dmy or mdy, where the dates of a file leave it open.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Encoding of a table, such as cp1252.")] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="CODE", help="Coordinate system of a table, such as EPSG:32615.")
    ] = None,
    layer: Annotated[str | None, typer.Option(metavar="NAME", help="Which table of a GeoPackage to read.")] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File whose first line opens a sealed export.")
    ] = None,
    identity: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="File with the secret key that opens a sealed copy. Repeatable."),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Import files: good rows go into the store, bad ones into a quarantine file; exit 1 if there are any.

    Reads exports of the page, of ODK and KoboToolbox, GeoPackages, GeoJSON, CSV, GPX, KML and KMZ. A hand-over of the
    page (.atlashandover) also gets a receipt beside it, to be carried back.

    Importing a file again changes nothing.
    """
    from atlas.release.boundary import refuse_exact_output  # noqa: PLC0415 - loaded only for this command

    target = opened(context, store, project)
    if quarantine:
        # bad rows go there as they came, with their positions
        refuse_exact_output(quarantine, target.project)
    notes: list[str] = []
    options = read_options(target, notes, dates, encoding, crs, layer, passphrase_file, identity)
    aside: list[PutAside] = []
    try:
        for path in files:
            aside += import_one(target, path, options, by=by, new_ids=new_ids, notes=notes)
            print_notes(notes)
    finally:
        print_notes(notes)
        if aside:
            place = quarantine or files[0].with_name(f"{files[0].stem}.quarantine.csv")
            put_aside(target, place, aside, everything=wants_all_faults(context))
    if aside:
        raise typer.Exit(1)


@field.command("list", epilog="Examples:  atlas field list --store notes.gpkg  ·  atlas field list --format geojson")
def list_(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    store: StoreOption,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="table, json or geojson.")] = "table",
    status: Annotated[
        str | None, typer.Option(metavar="WORD", help="Only records that are pending, accepted or rejected.")
    ] = None,
    sensitivity: Annotated[str | None, typer.Option(metavar="CLASS", help="Only records of one class.")] = None,
    category: Annotated[str | None, typer.Option(metavar="WORD", help="Only records of one category.")] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only records in conflict.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Include deleted and repeated records.")] = False,
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="Rows of the table to show; 0 for all.")] = 200,
    exact: ExactOption = False,
) -> None:
    """List records, conflicts and likely duplicates; positions of open records only, unless --exact is given."""
    from atlas.field.overview import Wanted, as_feature, overview  # noqa: PLC0415 - loaded only for this command

    if form not in FORMS:
        msg = f"--format {form!r}: expected {', '.join(FORMS)}"
        raise UsageError(msg)
    opened_store = opened(context, store)
    wanted = Wanted(status, sensitivity, category, conflicts, everything)
    with progress("Reading") as step, opened_store.reading() as view:
        shown_records = overview(view, wanted, exact=exact, on_step=step)
    if form == "table":
        from atlas.cli.field_tables import print_overview  # noqa: PLC0415 - rich is loaded only for tables

        print_overview(opened_store.address, shown_records, limit=limit)
        return
    head = {"store": opened_store.address, "digest": shown_records.digest, "counts": shown_records.counts}
    if form == "json":
        document = {**head, "records": shown_records.records, "proposals": shown_records.proposals}
    else:
        document = {
            "type": "FeatureCollection",
            "atlas": head,
            "features": [as_feature(r) for r in shown_records.records],
        }
    typer.echo(json.dumps(document, ensure_ascii=True, indent=1))


@field.command(epilog="Examples:  atlas field show 3f2a --store notes.gpkg  ·  atlas field show 3f2a --exact")
def show(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="The id of a record, or how it begins.", show_default=False)
    ],
    *,
    store: StoreOption,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text or json.")] = "text",
    exact: ExactOption = False,
) -> None:
    """Show one record: its fields, its conflicts, and the records that look like it."""
    from atlas.cli.field_tables import print_record  # noqa: PLC0415 - loaded only for this command

    print_record(opened(context, store), name, form=form, exact=exact)


@field.command(
    epilog="Examples:  atlas field history 3f2a --store notes.gpkg  ·  atlas field history 3f2a --format json"
)
def history(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="The id of a record, or how it begins.", show_default=False)
    ],
    *,
    store: StoreOption,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text or json.")] = "text",
    exact: ExactOption = False,
) -> None:
    """Show every change of a record in order of arrival: who made it, when, and what it was."""
    from atlas.cli.field_tables import print_history  # noqa: PLC0415 - loaded only for this command

    print_history(opened(context, store), name, form=form, exact=exact)
