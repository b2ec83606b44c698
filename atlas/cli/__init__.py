"""The command line: parse, call, print, exit code. The words are those of the library."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

import typer

from atlas.cli import (
    box_commands,
    data_commands,
    edition_commands,
    field_commands,
    field_desk_commands,
    field_form_commands,
    field_page_commands,
    field_review_commands,
    field_site_commands,
    file_commands,
    map_commands,
    point_commands,
    project_commands,
    release_commands,
)
from atlas.cli.application import app
from atlas.errors import AtlasError, message_of

__all__ = ["app", "main"]

# the order of the help
_ROOMS = (
    map_commands,
    data_commands,
    project_commands,
    file_commands,
    edition_commands,
    point_commands,
    box_commands,
    release_commands,
    field_commands,
    field_review_commands,
    field_page_commands,
    field_site_commands,
    field_form_commands,
    field_desk_commands,
)
_ALL_FAULTS = "--all-faults"
_STOPPED, _TERMINATED = 130, 143


@contextmanager
def _terminable() -> Iterator[None]:
    """A run that is terminated tidies up as one that is stopped with Ctrl-C; who called it has its own way back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        # nothing stands for a handler that Python did not set
        signal.signal(signal.SIGTERM, signal.SIG_DFL if previous is None else previous)


def main() -> None:
    """Run the command line; errors become one message and an exit code."""
    try:
        with _terminable():
            # what a command expects, such as a region, ends with it
            copy_context().run(app, prog_name="atlas")
    except AtlasError as error:
        typer.secho("Error: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(message_of(error, whole=_ALL_FAULTS in sys.argv[1:]), err=True)
        sys.exit(error.exit_code)
    except SystemExit as done:
        if done.code in {_STOPPED, _TERMINATED}:
            typer.echo("\nStopped; every file is whole.", err=True)
        raise
