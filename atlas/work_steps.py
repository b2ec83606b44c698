"""The steps of long work as they are handed to ``on_step``: texts, some of which know how much has been done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self, TypeAlias, TypeVar

T = TypeVar("T")
OnStep: TypeAlias = Callable[[str], None]
_EVERY = 2_000


def unheard(_step: str) -> None:
    """Nobody listens to the steps."""


class PartOfWork(str):
    """A step with the share of the work that has been done before it.

    Attributes
    ----------
    share
        From 0 to 1. A smaller one than before begins other work.
    """

    __slots__ = ("share",)
    share: float

    def __new__(cls, text: str, share: float) -> Self:
        """A step by its name."""
        made = super().__new__(cls, text)
        made.share = share
        return made


def part_of_file(name: str, share: float) -> PartOfWork:
    """So much of a file has been gone through."""
    return PartOfWork(f"{name}: {share:.0%}", share)


def each_in_turn(
    items: Iterable[T], on_step: Callable[[str], None] | None, name: Callable[[T], str] = str
) -> Iterator[T]:
    """Items one after the other; each is named with its number before it is worked on."""
    known = list(items)
    for number, item in enumerate(known):
        if on_step is not None:
            on_step(PartOfWork(f"{name(item)}, {number + 1} of {len(known)}", number / len(known)))
        yield item


def counted(items: Iterable[T], total: int, on_step: Callable[[str], None], name: str) -> Iterator[T]:
    """Items one after the other; now and then it is said how many of how many have gone through."""
    for number, item in enumerate(items):
        if number % _EVERY == 0:
            on_step(PartOfWork(f"{name}, {number:,} of {total:,}", min(number / max(1, total), 1.0)))
        yield item


def shares_of_files(
    paths: Sequence[Path], on_step: Callable[[str], None] | None
) -> Iterator[tuple[Path, Callable[[float], None]]]:
    """Files one after the other, each with what to call with how much of it has been read."""
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    total, before = max(1, sum(sizes)), 0
    for path, size in zip(paths, sizes, strict=True):

        def tell(share: float, path: Path = path, size: int = size, before: int = before) -> None:
            if on_step is not None:
                done = (before + share * size) / total
                on_step(PartOfWork(f"{path.name}: {done:.0%}", done))

        tell(0.0)
        yield path, tell
        before += size
