"""What ``atlas map`` does once its options are read: a page, a map of one's own, a folder of points, or TOML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from atlas.cli.map_options import MapOptions, compose, looks_like_file
from atlas.cli.pipes import STANDARD, piped
from atlas.errors import UsageError
from atlas.terminal import estimated, progress, short

if TYPE_CHECKING:
    from atlas.api import Atlas
    from atlas.pipeline.composed_map import ComposedMap


def write_map(  # noqa: PLR0913 - each is an option of the command
    opened: Atlas,
    named: str,
    options: MapOptions,
    output: str | None,
    *,
    tiles: str | None,
    sensitivity_field: str | None,
    is_page: bool,
    as_toml: bool,
) -> None:
    """Write the map that is named, which may come from standard input and go to standard output.

    Raises
    ------
    UsageError
        The output does not fit what is drawn.
    """
    is_piped = Path(named) == STANDARD
    if as_toml and not is_page:
        if is_piped:
            msg = "--as-toml writes down where the map's files lie, which standard input (-) doesn't; give a file"
            raise UsageError(msg)
        made = compose(opened, named, options, tiles=tiles, sensitivity_field=sensitivity_field)
        typer.echo(made.as_toml(), nl=False)
        return
    if output is None:
        msg = "name the HTML file to write, as in -o map.html"
        raise UsageError(msg)
    target, is_folder = Path(output), output.endswith(("/", os.sep))
    if is_folder and is_page:
        msg = f"the page {named!r} is one file; name a file, as in -o {target / 'map.html'}"
        raise UsageError(msg)
    with piped([STANDARD] if is_piped else [], target) as pipes:
        source = str(pipes.files[0]) if is_piped else named
        if is_page:
            with progress("Drawing"):
                view = opened.map(source, tiles=tiles, sensitivity_field=sensitivity_field)
        else:
            made = compose(opened, source, options, tiles=tiles, sensitivity_field=sensitivity_field)
            if is_folder:
                _write_folder(made, target)
                return
            with estimated("Reading") as share:
                view = made.view(share=share)
        view.save(pipes.output or target)
        for note in view.notes:
            typer.echo(pipes.shown(f"Note: {note}"), err=pipes.to_output)
    if tiles:
        note = f"Note: whoever opens the page tells the server of the tiles {tiles} what part of the map they see."
        typer.echo(note, err=pipes.to_output)
    if not pipes.to_output:
        typer.echo(f"Wrote {short(target)} ({len(view.html) / 1000:,.0f} kB).")


def is_page_name(named: str, options: MapOptions) -> bool:
    """Whether a name is that of a page: no file, and nothing is asked for that only a map of one's own has."""
    return Path(named) != STANDARD and not options.given and not looks_like_file(named)


def _write_folder(made: ComposedMap, folder: Path) -> None:
    with estimated("Writing") as share:
        written = made.save_folder(folder, share=share)
    for note in written.notes:
        typer.echo(f"Note: {note}")
    for path in (written.page, written.archive):
        typer.echo(f"Wrote {short(path)} ({path.stat().st_size / 1000:,.0f} kB).")
