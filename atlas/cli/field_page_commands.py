"""Commands of the page of field notes: `atlas field page`, `atlas field serve`."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, SensitivityOption, opened_project
from atlas.cli.field_commands import field
from atlas.errors import InputError, UsageError
from atlas.field.serve import PORT, PageServer
from atlas.pipeline.notebook import MapView
from atlas.release.boundary import refuse_exact_output
from atlas.terminal import progress, short

_LAST_PORT = 65_535

LayerOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--layer",
        metavar="FILE",
        help="Your own map file, shown under the notes. Repeatable.",
        show_default=False,
    ),
]
FormOption = Annotated[
    Path | None,
    typer.Option(
        "--form",
        metavar="FILE",
        help="Your own form, made from geodata/schema/annotation.json.",
        show_default=False,
    ),
]


def _page(
    context: typer.Context,
    project: Path | None,
    layers: list[Path] | None,
    form: Path | None,
    sensitivity_field: str | None,
) -> bytes:
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as below
    from atlas.render import render_field_page  # noqa: PLC0415 - folium is loaded only when a page is made

    release = open_published_atlas(opened_project(context, project).project)
    return render_field_page(
        release,
        layers=[path.expanduser() for path in layers or ()],
        form=form,
        sensitivity_field=sensitivity_field,
    )


@field.command(
    epilog="Examples:  atlas field page -o notes.html  ·  atlas field page -o notes.html --layer villages.geojson  ·  "
    "atlas field page -o courier.html --courier"
)
def page(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    layer: LayerOption = None,
    form: FormOption = None,
    sensitivity_field: SensitivityOption = None,
    courier: Annotated[
        bool,
        typer.Option("--courier", help="Write the courier's page: it carries sealed notes of other phones home."),
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Write the page for field notes, with your own layers and form; or the courier's page."""
    if courier:
        _write_courier(context, project, output, without=[layer, form, sensitivity_field])
        return
    if layer:
        # readable in the page by whoever has it
        refuse_exact_output(output, opened_project(context, project).project)
    with progress("Drawing the page"):
        html = _page(context, project, layer, form, sensitivity_field)
    MapView("annotate", html).save(output, private=bool(layer))
    typer.echo(f"Wrote {short(output)} ({len(html) / 1000:,.0f} kB). It needs no network; open it in a browser.")
    if layer:
        typer.echo("Note: the layers are readable in the file; whoever gets it has them.")


def _write_courier(context: typer.Context, project: Path | None, output: Path, *, without: Sequence[object]) -> None:
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as above
    from atlas.render import render_courier_page  # noqa: PLC0415 - as above

    if any(without):
        msg = "--courier: the courier's page has no map and no form; leave out --layer, --form and --sensitivity-field"
        raise UsageError(msg)
    html = render_courier_page(open_published_atlas(opened_project(context, project).project))
    MapView("courier", html).save(output)
    typer.echo(f"Wrote {short(output)} ({len(html) / 1000:,.0f} kB). It carries sealed notes and opens none of them.")


@field.command(epilog="Examples:  atlas field serve  ·  atlas field serve --port 9000 --layer villages.geojson")
def serve(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="Notes belong to a port: keep to one.")] = PORT,
    layer: LayerOption = None,
    form: FormOption = None,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Serve the page for field notes on this machine, for browsers that keep nothing for a page opened as a file."""
    refuse_port(port)
    with progress("Drawing the page"):
        html = _page(context, project, layer, form, sensitivity_field)
    with PageServer(html, policy=policy_of(html), port=port) as server:
        greeting = f"Field notes at {server.address} for this machine only. Ctrl-C ends it."
        serving(server, greeting, "Ended. The notes stay in the browser.")


def refuse_port(port: int) -> None:
    """Refuse what is no port.

    Raises
    ------
    UsageError
        It is none.
    """
    if not 0 <= port <= _LAST_PORT:
        msg = f"--port {port}: expected 0 to {_LAST_PORT}; 0 takes any that is free"
        raise UsageError(msg)


def serving(server: ThreadingHTTPServer, greeting: str, farewell: str) -> None:
    """Say where it is, and serve until Ctrl-C."""
    # a shell that starts it in the background has it pass over Ctrl-C
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        typer.echo(greeting)
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo(f"\n{farewell}")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if previous is None else previous)


def policy_of(html: bytes) -> str:
    """The policy that a page carries, to say it as a header too.

    Raises
    ------
    InputError
        It has none.
    """
    head, mark, rest = html.decode().partition('http-equiv="Content-Security-Policy" content="')
    if not (head and mark):
        msg = "the page has no Content-Security-Policy; install the atlas again"
        raise InputError(msg)
    return rest.partition('"')[0].replace("&#39;", "'").replace("&amp;", "&")
