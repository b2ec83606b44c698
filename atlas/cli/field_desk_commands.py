"""Commands of the hand-over and of the desk: `atlas field key`, `atlas field receipt`, `atlas field desk`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption
from atlas.cli.field_commands import StoreOption, field, opened
from atlas.errors import InputError
from atlas.field.serve import DESK_PORT
from atlas.terminal import progress


@field.command(epilog="Examples:  atlas field key --store notes.gpkg")
def key(context: typer.Context, *, store: StoreOption) -> None:
    """Show the code of a store that phones seal hand-overs for; its private half stays in the store."""
    from atlas.field.handover.sealed_set import shown  # noqa: PLC0415 - loaded only for this command
    from atlas.field.handover.store_key import store_key  # noqa: PLC0415 - as above

    public = store_key(opened(context, store)).public
    typer.echo(public.card)
    typer.echo(f"Fingerprint {public.fingerprint}: the phone has to show it beginning {shown(public.fingerprint)}")


@field.command(
    epilog="Examples:  atlas field receipt notes.atlasreceipt --store notes.gpkg  ·  "
    "atlas field receipt *.atlasreceipt --store postgresql://team@server/notes"
)
def receipt(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Receipts, as files.", show_default=False)],
    *,
    store: StoreOption,
) -> None:
    """Check receipts of hand-overs: signed by this store, unaltered, and everything still there; exit 1 if not."""
    from atlas.field.handover.receipt import faults_in, read_receipt, sentence  # noqa: PLC0415 - as above
    from atlas.field.handover.store_key import kept_key  # noqa: PLC0415 - as above

    target = opened(context, store)
    public = kept_key(target)
    bad, none = False, list[str]()
    for path in files:
        try:
            each = read_receipt(path)
        except InputError as error:
            # the others are checked all the same
            none.append(str(error))
            continue
        faults = faults_in(each, public, target)
        bad = bad or bool(faults)
        typer.echo(f"{path.name}: {'does not hold' if faults else sentence(each) + '. It holds.'}")
        for fault in faults:
            typer.echo(f"  {fault}", err=True)
    if none:
        raise InputError("\n".join(none))
    if bad:
        raise typer.Exit(1)


@field.command(
    epilog="Examples:  atlas field desk --store notes.gpkg  ·  atlas field desk --store postgresql://team@server/notes"
)
def desk(
    context: typer.Context,
    *,
    store: StoreOption,
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="0 takes any that is free.")] = DESK_PORT,
    project: ProjectOption = None,
) -> None:
    """Review a store on a page of this machine, and receive notes there; exact positions are shown."""
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as below
    from atlas.cli.field_page_commands import policy_of, refuse_port, serving  # noqa: PLC0415 - as below
    from atlas.field.desk.server import DeskServer  # noqa: PLC0415 - as below
    from atlas.render import render_desk_page  # noqa: PLC0415 - folium is loaded only when a page is made

    refuse_port(port)
    target = opened(context, store, project)
    with target.reading():
        # a store that is none is found out before the page is made
        pass
    with progress("Drawing the desk"):
        html = render_desk_page(open_published_atlas(target.project))
    with DeskServer(target, html, policy=policy_of(html), port=port) as server:
        greeting = (
            f"The desk of {target.address}, for this machine only: {server.link()}\n"
            "The link opens one window, once. Ctrl-C ends it."
        )
        serving(server, greeting, "Ended. Everything that was decided is in the store.")
