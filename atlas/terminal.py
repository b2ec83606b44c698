"""What every command prints in the same way: progress, the files that were written, paths."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str], None]]:
    """A moving bar on a terminal; nothing anywhere else, so that logs stay short."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None)
        yield lambda step: bar.update(task, description=f"{verb} {step}")


def print_files(verb: str, folder: Path, sizes: Mapping[str, int], changed: tuple[str, ...], seconds: float) -> None:
    """A line a file with its size and whether it changed, then the total."""
    width = max(len(name) for name in sizes)
    for name, size in sizes.items():
        typer.echo(f"  {name:<{width}}  {size / 1000:>9,.1f} kB  {'written' if name in changed else 'unchanged'}")
    total = sum(sizes.values()) / 1000
    typer.echo(
        f"{verb} {len(sizes)} files ({total:,.0f} kB) in {short(folder)}, {len(changed)} changed, in {seconds:.1f} s."
    )


def short(path: Path) -> str:
    """A path as seen from the working folder, where it lies in it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
