"""Commands of the field notes that decide and that let something leave: review, merge, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption
from atlas.cli.field_commands import StoreOption, field, opened
from atlas.errors import UsageError
from atlas.files import write_atomically
from atlas.project import find_project
from atlas.terminal import progress, short


@field.command(
    epilog="Examples:  atlas field review 3f2a --accept --by Ana  ·  "
    "atlas field review 3f2a --keep note=9c01 --by Ana --reason 'asked them both'",
)
def review(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="ID", help="The ids of records, or how they begin.", show_default=False)
    ],
    *,
    store: StoreOption,
    by: Annotated[str, typer.Option(metavar="WHO", help="Who decides.", show_default=False)],
    accept: Annotated[bool, typer.Option("--accept", help="The record holds; it may go to the release gate.")] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="The record does not hold; it stays in the store. Needs --reason.")
    ] = False,
    classify: Annotated[
        str | None, typer.Option(metavar="CLASS", help="open, generalised, restricted or withheld. Needs --reason.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why you decide so.")] = None,
    who_could_be_harmed: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who could be harmed; for open and generalised.")
    ] = None,
    how: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How they could be harmed; for open and generalised.")
    ] = None,
    already_public: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is public already; for open and generalised.")
    ] = None,
    what_is_gained: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What publishing it gains; for open and generalised.")
    ] = None,
    review_by: Annotated[str | None, typer.Option(metavar="DATE", help="When to review the class again.")] = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=CHANGE", help="The side of a conflict that stands. Repeatable.")
    ] = None,
    same_as: Annotated[
        str | None, typer.Option(metavar="ID", help="The record that this one repeats; that one stands.")
    ] = None,
    different_from: Annotated[str | None, typer.Option(metavar="ID", help="A record that only looks the same.")] = None,
) -> None:
    """Decide on records: accept, reject or classify them, resolve conflicts, tell duplicates apart."""
    from atlas.field.review import QUESTIONS, Review  # noqa: PLC0415 - loaded only for this command
    from atlas.field.review import review as decide  # noqa: PLC0415 - as above

    if accept and reject:
        msg = "--accept and --reject exclude each other"
        raise UsageError(msg)
    decided = Review(
        by=by,
        reason=reason,
        status="accepted" if accept else "rejected" if reject else None,
        sensitivity=classify,
        answers=dict(zip(QUESTIONS, (who_could_be_harmed, how, already_public, what_is_gained), strict=True)),
        review_by=review_by,
        keep=dict(
            _pair(text, "--keep", "FIELD=CHANGE, such as note=9c01; `atlas field show` lists the sides")
            for text in keep or ()
        ),
        same_as=same_as,
        different_from=different_from,
    )
    with progress("Reviewing") as step:
        done, notes = decide(opened(context, store), names, decided, on_step=step)
    for record_id, changes in done.items():
        typer.echo(f"{record_id}: {f'{changes} changes' if changes else 'decided so already'}")
    for note in notes:
        typer.echo(f"Note: {note}", err=True)


@field.command(
    epilog="Examples:  atlas field edit 3f2a --set 'note=the post was moved' --by Ana --reason 'went there again'  ·  "
    "atlas field edit 3f2a --clear note --by Ana --reason 'named a person'",
)
def edit(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="ID", help="The ids of records, or how they begin.", show_default=False)
    ],
    *,
    store: StoreOption,
    by: Annotated[str, typer.Option(metavar="WHO", help="Who edits.", show_default=False)],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the edit.", show_default=False)],
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A new value. Repeatable.")
    ] = None,
    cleared: Annotated[
        list[str] | None, typer.Option("--clear", metavar="FIELD", help="A field to empty. Repeatable.")
    ] = None,
) -> None:
    """Correct or empty fields of records; what they said before stays in the history only."""
    from atlas.field.edit import Edit  # noqa: PLC0415 - loaded only for this command
    from atlas.field.edit import edit as correct  # noqa: PLC0415 - as above

    given = [_pair(text, "--set", "FIELD=VALUE, such as note=moved") for text in values or ()]
    if len({name for name, _ in given}) < len(given):
        msg = "--set names a field twice; give each field one value"
        raise UsageError(msg)
    edited = Edit(by=by, reason=reason, values=dict(given), cleared=list(dict.fromkeys(cleared or ())))
    notes = list[str]()
    with progress("Correcting"):
        done = correct(opened(context, store), names, edited, notify=notes.append)
    for record_id, changes in done.items():
        typer.echo(f"{record_id}: {f'{changes} changes' if changes else 'says so already'}")
    for note in notes:
        typer.echo(f"Note: {note}", err=True)
    if edited.cleared and any(done.values()):
        typer.echo("Note: the history of the store, and copies that were made before, keep what was emptied.", err=True)


@field.command(
    epilog="Examples:  atlas field merge team.gpkg ana.gpkg luis.gpkg  ·  "
    "atlas field merge ana.gpkg luis.gpkg -o all.gpkg",
)
def merge(
    context: typer.Context,
    stores: Annotated[list[str], typer.Argument(metavar="STORE", help="The stores to merge.", show_default=False)],
    *,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="STORE", help="The store that receives all.", show_default="the first"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="STORE", help="A new store that receives all.", show_default=False),
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Merge stores, record by record and field by field, in any order; conflicts stay side by side."""
    from atlas.field.merge import merge as unite  # noqa: PLC0415 - loaded only for this command

    if store and output:
        msg = "--store and --output exclude each other: one names a store that is there, the other a new one"
        raise UsageError(msg)
    into = output or store
    target = opened(context, into or stores[0], project)
    others = [opened(context, address, project) for address in (stores if into else stores[1:])]
    if not others:
        msg = "name at least two stores, or one and --store or --output for the store that receives it"
        raise UsageError(msg)
    for other in others:
        # what cannot be read is found before anything is made
        with other.reading():
            pass
    if output:
        target.create()
    try:
        with progress("Merging") as step:
            brought = unite(target, others, on_step=step)
    except BaseException:
        if output and target.path:
            # a new store is whole, or is not there and can be asked for again
            target.path.unlink(missing_ok=True)
        raise
    for merged in brought:
        pairs = f", {merged.proposed} likely duplicates" if merged.proposed else ""
        typer.echo(f"{merged.address}: {merged.changes:,} new changes{pairs}")
    with target.reading() as view:
        typer.echo(f"{target.address}: {view.change_count():,} changes, digest {view.digest()}")


@field.command(
    epilog="Examples:  atlas field export -o notes.geojson --only open  ·  "
    "atlas field export --format csv --sealed notes.csv.age --recipient age1…",
)
def export(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    store: StoreOption,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORM", help="geojson, csv or gpkg.", show_default="by the name of the file"),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Let exact records leave, in a copy for the team.")] = False,
    sealed: Annotated[Path | None, typer.Option(metavar="FILE.age", help="Write a copy sealed with age.")] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Public key (age1…) that opens the sealed copy. Repeatable.")
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File whose first line seals the copy.", show_default="asked for"),
    ] = None,
    only: Annotated[str | None, typer.Option(metavar="CLASS", help="Only records of one class.")] = None,
    media: Annotated[bool, typer.Option("--media/--no-media", help="Carry photos inside GeoJSON.")] = True,
) -> None:
    """Write a copy to edit and import again, which merges three-way. To publish, use `atlas release`."""
    from atlas.field.export import FORMATS  # noqa: PLC0415 - loaded only for this command
    from atlas.field.export import export as exported  # noqa: PLC0415 - as above
    from atlas.release.boundary import refuse_exact_output  # noqa: PLC0415 - as above

    target = sealed or output
    if target is None or (sealed and output):
        msg = "say where to: -o FILE, or --sealed FILE.age for a sealed copy"
        raise UsageError(msg)
    name = target.name.removesuffix(".age") if sealed else target.name
    chosen = form or name.rpartition(".")[2].lower()
    chosen = {"json": "geojson"}.get(chosen, chosen)
    if chosen not in FORMATS:
        msg = f"{target.name!r} does not say the format; add --format {', '.join(FORMATS)}"
        raise UsageError(msg)
    refuse_exact_output(target, find_project(context.find_root().obj))
    with progress("Exporting") as step:
        data, count = exported(
            opened(context, store),
            chosen,
            exact=exact or bool(sealed),
            only=only,
            media=media,
            notify=lambda note: typer.echo(f"Note: {note}.", err=True),
            on_step=step,
        )
    write_atomically(target, _sealed(data, recipient, passphrase_file) if sealed else data, private=True)
    typer.echo(f"Wrote {count} records to {short(target)} ({len(data) / 1000:,.0f} kB).")


def _pair(text: str, option: str, expected: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        msg = f"{option} {text!r}: expected {expected}"
        raise UsageError(msg)
    return name.strip(), value


def _sealed(data: bytes, recipients: list[str] | None, passphrase_file: Path | None) -> bytes:
    from atlas.release.sealed import passphrase_in, seal  # noqa: PLC0415 - loaded only for sealed copies

    passphrase = passphrase_in(passphrase_file) if passphrase_file else None
    if not recipients and passphrase is None and sys.stdin.isatty():
        passphrase = str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))
    return seal(data, recipients=recipients or (), passphrase=passphrase)
