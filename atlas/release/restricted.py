"""Exact field records: a type that nothing may draw or write, and that only the gate can open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn, SupportsIndex

from atlas.errors import PolicyError

Feature = Mapping[str, Any]


class Restricted:
    """Exact field records. They can be released or sealed; they cannot be read, drawn, written or copied elsewhere.

    Parameters
    ----------
    features
        The records, or what reads them: they are then read anew each time, and never all in memory.
    """

    __slots__ = ("__exact",)

    def __init__(self, features: Iterable[Feature] | Callable[[], Iterable[Feature]]) -> None:
        self.__exact: Final = features if callable(features) else tuple(features)

    def __len__(self) -> int:
        """How many records."""
        return sum(1 for _ in each_exact(self))

    def __bool__(self) -> bool:
        """A layer without records is a layer still."""
        return True

    def __repr__(self) -> str:
        """Without anything that the records say."""
        return "<Restricted field records>"

    def __iter__(self) -> None:
        """Refused."""
        _refuse("iterated")

    def __getitem__(self, _: object) -> None:
        """Refused."""
        _refuse("indexed")

    def __contains__(self, _: object) -> bool:
        """Refused."""
        _refuse("searched")

    def __reduce_ex__(self, _: SupportsIndex) -> NoReturn:
        """Refused."""
        _refuse("pickled or copied")

    def __format__(self, _: str) -> str:
        """As ``repr``."""
        return repr(self)

    def __eq__(self, other: object) -> bool:
        """Only the same layer is equal."""
        return self is other

    __hash__ = object.__hash__

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """Refused."""
        _refuse("drawn or written")


def exact_features(layer: Restricted) -> Sequence[Feature]:
    """What a restricted layer holds, for the gate itself: placing and sealing."""
    exact = layer._Restricted__exact  # type: ignore[attr-defined]  # noqa: SLF001 - the one door
    return tuple(exact()) if callable(exact) else exact


def each_exact(layer: Restricted) -> Iterator[Feature]:
    """The same one after the other, for what keeps little of each."""
    exact = layer._Restricted__exact  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    yield from exact() if callable(exact) else exact


def _refuse(what: str) -> NoReturn:
    msg = (
        f"exact field records cannot be {what}: they leave the house only through the gate. "
        "Release them first: `atlas release IN -o DIR`"
    )
    raise PolicyError(msg)
