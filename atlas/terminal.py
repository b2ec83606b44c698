"""What every command prints in the same way: progress, the files that were written, paths."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer

_LINE_S = 10.0


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str], None]]:
    """A moving bar on a terminal; a line every ten seconds elsewhere, so that logs stay short."""
    if not sys.stderr.isatty():
        last = time.monotonic()

        def line(step: str) -> None:
            nonlocal last
            if (now := time.monotonic()) - last >= _LINE_S:
                last = now
                typer.echo(f"{verb} {step}", err=True)

        yield line
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None)
        yield lambda step: bar.update(task, description=f"{verb} {step}")


@contextmanager
def estimated(verb: str) -> Iterator[Callable[[float], None]]:
    """Progress from 0 to 1 with an estimate of the rest: a bar on a terminal, a line every ten seconds elsewhere."""
    started = last = time.monotonic()
    if not sys.stderr.isatty():

        def line(share: float) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _LINE_S and 0 < share < 1:
                last = now
                left = (now - started) / share * (1 - share)
                typer.echo(f"{verb}: {share:.0%}, about {left:,.0f} s left", err=True)

        yield line
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded only on a terminal
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=1.0)
        yield lambda share: bar.update(task, completed=share)


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
