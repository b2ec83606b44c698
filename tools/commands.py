"""Writes docs/commands.md: every command and option, as ``--help`` prints them."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

# plain text of one width, wherever it is made; read when typer is imported
os.environ.update(TYPER_USE_RICH="0", TERMINAL_WIDTH="100", COLUMNS="100", NO_COLOR="1")

import typer

from atlas.cli import app

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
_HEAD = """# Every command and option

As `atlas COMMAND --help` prints them; this page is made from that by `python -m tools.commands`, and a test holds it.
`atlas --install-completion` teaches your shell the commands, the options, and the names of pages and layers.
"""


def _commands(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for command in group.registered_commands:
        callback = command.callback
        yield *path, command.name or (callback.__name__ if callback else "")
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            below = (*path, str(inner.name or inner.typer_instance.info.name))
            yield below
            yield from _commands(inner.typer_instance, below)


def _help(path: tuple[str, ...]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        app([*path, "--help"], prog_name="atlas")
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


def page_text() -> str:
    """The page as Markdown."""
    parts = [_HEAD, f"\n```text\n{_help(())}\n```\n"]
    parts += [f"\n## atlas {' '.join(path)}\n\n```text\n{_help(path)}\n```\n" for path in _commands(app)]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
