"""The command of the page of field notes as a site to install from: `atlas field site`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.application import ProjectOption, SensitivityOption, opened_project
from atlas.cli.field_commands import field
from atlas.cli.field_page_commands import FormOption, LayerOption
from atlas.errors import OutputError
from atlas.files import write_set
from atlas.release.boundary import refuse_exact_output
from atlas.terminal import progress, short

_SITE_MARK = b"self.atlasSite = "
# what hosts of static files want to find beside a site
_OF_HOSTS = frozenset({"CNAME", "_headers", "_redirects", "robots.txt", "netlify.toml"})


@field.command(
    epilog="Examples:  atlas field site -o notes-site  ·  atlas field site -o notes-site --layer villages.geojson"
)
def site(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The folder to write: new, empty, or a site from before."),
    ],
    layer: LayerOption = None,
    form: FormOption = None,
    sensitivity_field: SensitivityOption = None,
    project: ProjectOption = None,
) -> None:
    """Write the page for field notes as a folder for any https address, to be installed on phones from there."""
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as below
    from atlas.render import render_field_site  # noqa: PLC0415 - folium is loaded only when a page is made

    chosen = opened_project(context, project).project
    folder = output.expanduser()
    if layer:
        # readable at the address by whoever knows it
        refuse_exact_output(folder / "index.html", chosen)
    _refuse_other_content(folder)
    with progress("Drawing the site"):
        files = render_field_site(
            open_published_atlas(chosen),
            layers=[path.expanduser() for path in layer or ()],
            form=form,
            sensitivity_field=sensitivity_field,
        )
    changed = write_set(folder, files)
    size = sum(map(len, files.values())) / 1000
    state = f"{len(changed)} of {len(files)} files changed" if changed else "nothing changed"
    typer.echo(f"Wrote {short(folder)} ({len(files)} files, {size:,.0f} kB; {state}).")
    typer.echo("Put all of it at an https address. Phones that have it keep their version until their reader agrees.")
    if layer:
        typer.echo("Note: the layers are readable in the page; whoever knows the address has them.")


def _refuse_other_content(folder: Path) -> None:
    """Refuse a folder in which something else lies.

    Raises
    ------
    OutputError
        It holds files that are not those of a site from before, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        msg = f"{short(folder)} is a file; give a folder, such as {folder.with_suffix('').name}-site"
        raise OutputError(msg)
    try:
        if not folder.is_dir() or (folder / "worker.js").read_bytes().startswith(_SITE_MARK):
            return
    except OSError:
        # none is there, or nobody may read it
        pass
    others = sorted(path.name for path in folder.iterdir() if not (path.name.startswith(".") or path.name in _OF_HOSTS))
    if others:
        msg = (
            f"{short(folder)} holds other files ({', '.join(others[:3])}{' …' if len(others) > 3 else ''}); "  # noqa: PLR2004
            "give a new or empty folder, or one that `atlas field site` wrote"
        )
        raise OutputError(msg)
