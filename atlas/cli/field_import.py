"""How `atlas field import` reads what a person said, takes one file in, and says what came of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.terminal import progress, short

if TYPE_CHECKING:
    from atlas.field.importing import Imported, PutAside
    from atlas.field.readers import ReadOptions
    from atlas.field.store import Store

_LARGE_BYTES, _HEAD_BYTES = 1_000_000, 1 << 18


def print_notes(notes: list[str]) -> None:
    """Say what the reading of a file has to say, once."""
    for note in notes:
        typer.echo(f"Note: {note}", err=True)
    notes.clear()


def import_one(  # noqa: PLR0913 - what a person said
    target: Store, path: Path, options: ReadOptions, *, by: str | None, new_ids: bool, notes: list[str]
) -> list[PutAside]:
    """Take one file in, say in a sentence what came of it, and give the rows that were put aside."""
    from atlas.field.handover.arrival import hand_overs_in  # noqa: PLC0415 - loaded only for this command
    from atlas.field.import_stage import Resumption  # noqa: PLC0415 - as above
    from atlas.field.importing import import_files  # noqa: PLC0415 - as above
    from atlas.field.readers import read_file  # noqa: PLC0415 - as above

    hand_overs, others = hand_overs_in(path)
    before = [row for each in hand_overs for row in _taken_in(target, each)]
    if hand_overs and not others:
        return before
    resumption = Resumption(repr((options.dates, options.encoding, options.crs, options.layer)), notes)
    try:
        with progress("Importing") as step:
            done, aside = import_files(
                target,
                [path],
                lambda file: read_file(file, options=options),
                author=by,
                new_ids=new_ids,
                expected_rows=_about_rows(path),
                resumption=resumption,
                on_step=step,
            )
    except (KeyboardInterrupt, SystemExit):
        if (stage := resumption.stage) and stage.ready and stage.path.exists():
            where = f"{stage.ready:,} rows wait in {short(stage.path)}"
            typer.echo(f"{path.name}: {where}; the same command goes on there", err=True)
        raise
    for imported in done:
        if imported.resumed:
            typer.echo(f"{imported.file}: {imported.resumed:,} rows were ready from an import that was cut off.")
        typer.echo(_sentence(imported))
        if imported.kept:
            typer.echo(f"Note: {_blank_cells(imported)}", err=True)
    return before + aside


def _about_rows(path: Path) -> int | None:
    """About how many rows a large file has, which is worth a look at it."""
    if not path.is_file() or path.stat().st_size < _LARGE_BYTES:
        return None
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        # whoever reads it says what is wrong with it
        return None
    # a feature has its type, whatever else is in it; a table has lines
    rows = head.count(b'"Feature"') if head.lstrip()[:1] in {b"{", b"["} else head.count(b"\n")
    return path.stat().st_size * rows // len(head) if rows and b"\x00" not in head else None


def _taken_in(target: Store, path: Path) -> list[PutAside]:
    """A hand-over of the page, and its receipt beside it."""
    from atlas.field.handover import arrival, receipt, sealed_set  # noqa: PLC0415 - as above
    from atlas.release.boundary import refuse_exact_input  # noqa: PLC0415 - as above

    refuse_exact_input([path], target.project)
    arrived = arrival.take_in_file(target, path)
    typer.echo(_sentence(arrived.imported))
    place = path.with_name(path.name.removesuffix(sealed_set.SUFFIX) + receipt.SUFFIX)
    arrived.receipt.write(place)
    typer.echo(f"{receipt.sentence(arrived.receipt)}. The receipt is {short(place)}: bring it back to the phone.")
    return arrived.aside


def _blank_cells(done: Imported) -> str:
    """What was left empty in a file of which nobody knows whether it means that."""
    columns = ", ".join(f"{name} ({count:,})" for name, count in sorted(done.kept.items()))
    return (
        f"{done.file}: {done.kept.total():,} blank cells in columns of records that have a value there: {columns}; the "
        "values were kept. To empty a field, empty it in a copy of `atlas field export` and import that"
    )


def _sentence(done: Imported) -> str:
    """What came of one file."""
    parts = [f"{done.rows:,} rows", f"{done.new:,} new records", f"{done.known:,} known"]
    parts += [f"{done.changes:,} new changes"] if done.changes else ["nothing new"]
    if done.proposed:
        parts.append(f"{done.proposed:,} likely duplicates (see `atlas field list`)")
    if done.quarantined:
        parts.append(f"{done.quarantined:,} rows in quarantine")
    return f"{done.file}: {', '.join(parts)}."


def put_aside(target: Store, path: Path, aside: list[PutAside], *, everything: bool) -> None:
    """Write the quarantine file and say the first reasons; the rows are in the store's quarantine as well."""
    from atlas.field.importing import write_quarantine  # noqa: PLC0415 - loaded only where rows are bad
    from atlas.release.boundary import refuse_exact_output  # noqa: PLC0415 - as above

    shown = len(aside) if everything else 5
    for row in aside[:shown]:
        typer.echo(f"  {row.file}, {row.row.where}: {row.row.reason}", err=True)
    if len(aside) > shown:
        typer.echo(f"  … and {len(aside) - shown:,} more (`atlas --all-faults field import …` lists them)", err=True)
    try:
        refuse_exact_output(path, target.project)
        write_quarantine(path, aside)
    except (OutputError, PolicyError) as error:
        typer.echo(f"Note: {error}. The rows are in the store's table quarantine.", err=True)
    else:
        typer.echo(
            f"{len(aside)} rows with the reason in {short(path)}; correct them in the file and import it again.",
            err=True,
        )


def read_options(  # noqa: PLR0913, PLR0917 - what a person can say about files
    target: Store,
    notes: list[str],
    dates: str | None,
    encoding: str | None,
    crs: str | None,
    layer: str | None,
    passphrase_file: Path | None,
    identity: list[Path] | None,
) -> ReadOptions:
    """What a person said about the files, checked before any of them is read."""
    from atlas.field.readers import ReadOptions  # noqa: PLC0415 - loaded only for this command
    from atlas.field.record import annotation_schema  # noqa: PLC0415 - as above
    from atlas.release.sealed import passphrase_in  # noqa: PLC0415 - as above

    if dates not in {None, "dmy", "mdy"}:
        msg = f"--dates {dates!r}: expected dmy or mdy"
        raise UsageError(msg)
    passphrase = passphrase_in(passphrase_file) if passphrase_file else None
    return ReadOptions(
        schema=annotation_schema(target.project),
        dates=dates,  # type: ignore[arg-type]  # one of the two
        encoding=encoding,
        crs=crs,
        layer=layer,
        passphrase=lambda name: passphrase or _ask(name),
        identities=tuple(
            line.strip()
            for path in identity or ()
            for line in _text(path).splitlines()
            if line.startswith("AGE-SECRET")
        ),
        notify=notes.append,
    )


def _ask(name: str) -> str | None:
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt(f"Passphrase of {name}", hide_input=True, err=True))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read ({error}); give a text file"
        raise InputError(msg) from error
