"""What every command prints in the same way: progress, the files that were written, paths."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer

from atlas.work_steps import PartOfWork

_LINE_S = 10.0


class _Work:
    """What is being done, since when, and how much of it is done where the steps say so."""

    def __init__(self) -> None:
        self.step, self._share, self._begun = "", 0.0, (0.0, 0.0)

    def __call__(self, step: str) -> None:
        share = step.share if isinstance(step, PartOfWork) else 0.0
        if not self.step or share <= 0 or share < self._share:
            self._begun = time.monotonic(), share
        self.step, self._share = step, share

    def left(self) -> str:
        """About how long it still takes, from what the part that is done took."""
        at, first = self._begun
        done = self._share - first
        if done <= 0 or self._share >= 1:
            return ""
        return f", about {(time.monotonic() - at) / done * (1 - self._share):,.0f} s left"


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str], None]]:
    """A moving bar on a terminal; elsewhere a line every ten seconds, also while one step takes long.

    Steps that are a `PartOfWork` give an estimate of what is left.
    """
    work = _Work()
    if not sys.stderr.isatty():
        with _lines(verb, lambda _passed: f" {work.step}{work.left()}" if work.step else ""):
            yield work
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None)

        def show(step: str) -> None:
            work(step)
            total = 1.0 if isinstance(step, PartOfWork) else None
            bar.update(
                task, description=f"{verb} {step}{work.left()}", total=total, completed=getattr(step, "share", 0)
            )

        yield show


@contextmanager
def _lines(verb: str, state: Callable[[float], str]) -> Iterator[None]:
    """Write every ten seconds what is known then, from the seconds that have passed."""
    started, done = time.monotonic(), threading.Event()

    def write() -> None:
        while not done.wait(_LINE_S):
            passed = time.monotonic() - started
            typer.echo(f"{verb}{state(passed)}, {passed:,.0f} s so far", err=True)

    # most of the work says nothing while it goes on, so that only a clock knows when a line is due
    clock = threading.Thread(target=write, daemon=True)
    clock.start()
    try:
        yield
    finally:
        done.set()
        clock.join()


@contextmanager
def estimated(verb: str) -> Iterator[Callable[[float], None]]:
    """Progress from 0 to 1 with an estimate of the rest: a bar on a terminal, a line every ten seconds elsewhere."""
    if not sys.stderr.isatty():
        reached = 0.0

        def remember(share: float) -> None:
            nonlocal reached
            reached = share

        def left(passed: float) -> str:
            if not 0 < reached < 1:
                return ""
            return f": {reached:.0%}, about {passed / reached * (1 - reached):,.0f} s left"

        with _lines(verb, left):
            yield remember
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
