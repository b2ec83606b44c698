"""The command line: parse, call, print, exit code. The words are those of the library."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

from atlas.cli.application import app as _app
from atlas.errors import AtlasError, message_of
from atlas.garbage import collected_seldom

__all__ = ["app", "main"]

# modules with their commands in the order of the help; a module is loaded only for its own commands
COMMANDS = {
    "map_commands": ("build", "map", "figure"),
    "data_commands": ("layers", "claims", "cite", "refresh", "verify"),
    "project_commands": ("new",),
    "file_commands": ("check", "clean", "export", "deposit"),
    "edition_commands": ("diff", "edgematch"),
    "point_commands": ("locate", "count"),
    "box_commands": ("boxes",),
    "release_commands": ("release", "unseal", "audit"),
    "field_commands": ("field",),
    "field_review_commands": ("field",),
    "field_page_commands": ("field",),
    "field_site_commands": ("field",),
    "field_form_commands": ("field",),
    "field_desk_commands": ("field",),
}
_ALL_FAULTS = "--all-faults"
_STOPPED, _TERMINATED = 130, 143


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the application, with all its commands
    if name != "app":
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    _load(None)
    return _app


def _load(command: str | None) -> None:
    """Load a command; everything, where it is none of ours, so that the help and the remedy can name the others."""
    known = any(command in commands for commands in COMMANDS.values())
    for module, commands in COMMANDS.items():
        if not known or command in commands:
            import_module(f"{__name__}.{module}")
    # as the help has them, whichever was loaded first
    order = [f"{__name__}.{module}" for module in COMMANDS]
    _app.registered_commands.sort(key=lambda one: order.index(one.callback.__module__) if one.callback else 0)


@cache
def _application(loaded: tuple[str, ...]) -> Callable[..., Any]:  # noqa: ARG001 - it has the commands of these modules
    """The application as it can be run; typer reads every signature for it, a tenth of a second each time."""
    return get_command(_app)


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
        with _terminable(), collected_seldom():
            _load(next(iter(sys.argv[1:]), None))
            # what a command expects, such as a region, ends with it
            loaded = tuple(module for module in COMMANDS if f"{__name__}.{module}" in sys.modules)
            copy_context().run(_application(loaded), prog_name="atlas")
    except AtlasError as error:
        typer.secho("Error: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(message_of(error, whole=_ALL_FAULTS in sys.argv[1:]), err=True)
        sys.exit(error.exit_code)
    except SystemExit as done:
        if done.code in {_STOPPED, _TERMINATED}:
            typer.echo("\nStopped; every file is whole.", err=True)
        raise
