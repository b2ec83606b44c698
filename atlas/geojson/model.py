"""What readers of features speak in: a feature as it stands in a file, where it stands, and who hears of faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# data is never nested deeper, and readers crash on what is
DEEPEST = 64

JsonPath = tuple[str | int, ...]


# not frozen: there are millions, and a frozen one takes twice as long to make
@dataclass(slots=True)
class Item:
    """A feature as it stands in the file, or what stands in its place: its value, its text and where it begins.

    Of the outermost object there is no text, but line and text of its ``members``.
    """

    index: int | None
    line: int | None
    value: object
    text: str = ""
    path: JsonPath = ()
    # whether it is known to be a point with nothing wrong in its form
    plain: bool = False
    members: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def feature_id(self) -> str | None:
        """The feature's id as text."""
        feature_id = self.value.get("id") if isinstance(self.value, dict) else None
        is_text_or_number = isinstance(feature_id, str | int | float) and not isinstance(feature_id, bool)
        return str(feature_id) if is_text_or_number else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A feature to come back to at the end of the file, without its content."""

    index: int | None
    line: int | None
    feature_id: str | None
    path: JsonPath


def mark(item: Item) -> Mark:
    """What to keep of a feature until the end of the file."""
    return Mark(item.index, item.line, item.feature_id, item.path)


class Faults(Protocol):
    """Who hears what is wrong with a text while it is read, by the rules of ``atlas check``."""

    notes: list[str]

    def add(
        self, rule: str, at: None, message: str, *, path: Sequence[str | int] = (), line: int | None = None
    ) -> None:
        """A fault of the file: ``path`` leads to it from the outermost value, ``line`` counts from 1."""


def crs_name(crs: object) -> str | None:
    """The name of the system in a member ``crs`` (GeoJSON of 2008); nothing where it names none."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None
