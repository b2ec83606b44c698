"""Commands that decide what leaves the house: release, audit, unseal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, app, opened_project
from atlas.errors import UsageError
from atlas.files import write_atomically
from atlas.terminal import print_files, progress, short

RecipientOption = Annotated[
    list[str] | None,
    typer.Option(
        "--recipient",
        metavar="KEY",
        help="Public key (age1…) that opens the sealed copy. Repeatable.",
        show_default=False,
    ),
]
PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", metavar="FILE", help="File whose first line is the passphrase.", show_default=False
    ),
]


@app.command(epilog="Examples:  atlas release notes.geojson -o public  ·  atlas release notes.geojson --forecast")
def release(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    records: Annotated[
        list[str] | None,
        typer.Argument(metavar="IN", help="Exact records: GeoJSON, a GeoPackage or a store.", show_default=False),
    ] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="The folder to publish.", show_default=False)
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A policy file.", show_default="the project's own")
    ] = None,
    since: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="An earlier release whose ledger this one continues. Repeatable.", show_default=False
        ),
    ] = None,
    close: Annotated[
        list[int] | None,
        typer.Option(
            metavar="YEAR",
            help="Close a year: what was too few to publish is published coarsely, once.",
            show_default=False,
        ),
    ] = None,
    withdraw: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ZONE:GROUP",
            help="Stop publishing a group of a zone, such as R010:help. Repeatable.",
            show_default=False,
        ),
    ] = None,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Show what a release would publish and risk; write nothing.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for risk.html and risk.json, for the team alone.", show_default=False),
    ] = None,
    sealed: Annotated[
        Path | None,
        typer.Option(metavar="FILE.age", help="Write an encrypted exact copy for the team.", show_default=False),
    ] = None,
    recipient: RecipientOption = None,
    passphrase_file: PassphraseOption = None,
    allow_lapsed: Annotated[
        bool,
        typer.Option("--allow-lapsed", help="If the policy's review has lapsed, republish what is public already."),
    ] = False,
    print_policy: Annotated[bool, typer.Option("--print-policy", help="Print the policy in force.")] = False,
    project: ProjectOption = None,
) -> None:
    """Release exact field records so that nobody is harmed: counted in boxes, by year, in steps of k days."""
    from atlas.cli.risk_commands import print_sheet  # noqa: PLC0415 - loaded only for this command
    from atlas.pipeline.publish_options import PublishOptions, Sealing  # noqa: PLC0415 - as above
    from atlas.release.terms_reader import policy_text  # noqa: PLC0415 - as above

    opened = opened_project(context, project)
    if print_policy:
        typer.echo(policy_text(opened.project, policy)[0], nl=False)
        return
    if not records or (output is None and not forecast):
        msg = "say what to release and where to: atlas release IN -o DIR, or atlas release IN --forecast"
        raise UsageError(msg)
    if sealed is None and (recipient or passphrase_file):
        msg = "--recipient and --passphrase-file go with --sealed FILE.age"
        raise UsageError(msg)
    sealing = (
        Sealing(sealed, tuple(recipient or ()), _passphrase(passphrase_file, recipient, twice=True)) if sealed else None
    )
    terms = PublishOptions(
        policy, tuple(since or ()), sealing, allow_lapsed, tuple(close or ()), tuple(withdraw or ()), report
    )
    if forecast or output is None:
        with progress("Counting") as step:
            sheet = opened.forecast(records, terms, on_step=step)
        print_sheet(sheet)
        return
    started = time.perf_counter()
    with progress("Releasing") as step:
        made = opened.release(records, output, terms, on_step=step)
    for note in (*made.notes, *_left_in_stores(records)):
        typer.echo(f"Note: {note}", err=True)
    print_files("Released", made.folder, made.sizes, made.changed, time.perf_counter() - started)
    typer.echo(f"{made.count:,} features released.")
    for reason, count in made.held.items():
        typer.echo(f"  stayed behind, {reason}: {count:,}")
    if sealed:
        typer.echo(f"Sealed {short(sealed)}; `atlas unseal` opens it.")
    if report:
        typer.echo(f"Risk sheet in {short(report)}, for the team alone.")


def _left_in_stores(records: list[str]) -> list[str]:
    """What a store holds that was not looked at, because nobody has accepted it."""
    from atlas.field.exact_records import left_out  # noqa: PLC0415 - loaded only where records come from a store
    from atlas.field.releasable import is_database, is_store  # noqa: PLC0415 - as above

    stores = [address for address in records if is_database(address) and is_store(address)]
    counts = [(why, number) for address in stores for why, number in left_out(address).items()]
    return [
        f"{number:,} records of the store are {why} and stayed there"
        + ("; `atlas field review ID --accept` lets a record through" if why == "pending" else "")
        for why, number in counts
    ]


@app.command(epilog="Examples:  atlas unseal notes.age -o notes.geojson --identity key.txt")
def unseal(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.age", help="A sealed copy.", show_default=False)],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where the exact records go.", show_default=False)
    ],
    identity: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="File with your secret key (AGE-SECRET-KEY-…). Repeatable.", show_default=False
        ),
    ] = None,
    passphrase_file: PassphraseOption = None,
    project: ProjectOption = None,
) -> None:
    """Open a sealed exact copy; never into maps/, geodata/ or a release."""
    from atlas.release import sealed  # noqa: PLC0415 - loaded only for this command
    from atlas.release.boundary import refuse_exact_input, refuse_exact_output  # noqa: PLC0415 - as above

    chosen = opened_project(context, project).project
    refuse_exact_input([file], chosen)
    refuse_exact_output(output, chosen)
    passphrase = _passphrase(passphrase_file, [str(path) for path in identity or ()], twice=False)
    with progress("Opening"):
        write_atomically(output, sealed.opened(file, identities=identity or (), passphrase=passphrase), private=True)
    typer.echo(f"Opened {short(output)}; keep it out of what you share.")


def _passphrase(file: Path | None, keys: list[str] | None, *, twice: bool) -> str | None:
    """The passphrase in a file, or else asked for where somebody sits at the terminal and no key is given."""
    from atlas.release.sealed import passphrase_in  # noqa: PLC0415 - as above

    if file is not None:
        return passphrase_in(file)
    if keys or not sys.stdin.isatty():
        return None
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice))


@app.command(epilog="Examples:  atlas audit maps  ·  atlas audit out --against exact.geojson --format json")
def audit(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Files, folders or releases, oldest release first.", show_default=False),
    ] = None,
    *,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A policy file.", show_default="the project's own")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The team's exact records, to search for.", show_default=False),
    ] = None,
    gazetteer: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A list of places to look up names in: GeoNames' tab-separated export, CSV or GeoJSON.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, help="Processes that look through the files; what is found is the same.")
    ] = 1,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="text or json.")] = "text",
    project: ProjectOption = None,
) -> None:
    """Attack what is or will be published, down to the last byte; exit 1 on findings."""
    from atlas.disclosure import render  # noqa: PLC0415 - loaded only for this command

    with progress("Auditing") as step:
        report = opened_project(context, project).audit(
            files or [], policy=policy, against=against, gazetteer=gazetteer, workers=workers, on_step=step
        )
    typer.echo(render(report, form), nl=False)
    if report.failed:
        raise typer.Exit(1)
