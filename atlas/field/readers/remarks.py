"""What a reading has to say of a file when it is through: what was mended, and what was not taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlas.field.readers import clocks
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions

_NAMED_PHOTOS, _NAMED_PLACES, _NAMED_UNUSED = 10, 5, 12
_MOST_WORDS = 1_000


@dataclass(slots=True)
class Remarks:
    """Gathered row by row.

    Attributes
    ----------
    photos
        Names of photos that could not be taken in, and why.
    closed
        Places of rows with rings that did not come back to where they began.
    columns
        Headers with something below them that nothing used.
    sounds
        How many recordings came in.
    clocks
        By the place of a row why its time cannot be.
    undated
        Times of devices that are none, or that could be two, and the first row with each.
    categories
        How many rows have a category that nobody knows, by its word.
    """

    photos: dict[str, str] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    sounds: int = 0
    clocks: dict[str, str] = field(default_factory=dict)
    undated: dict[str, str] = field(default_factory=dict)
    categories: Counter[str] = field(default_factory=Counter)

    def hear(self, values: Mapping[str, Any], where: str) -> None:
        """Note what a person has to hear of a row that comes in."""
        if fault := values.get(clocks.FAULT):
            self.clocks[where] = str(fault)
        elif clocks.AS_WRITTEN in values and "observed_at" not in values and len(self.undated) < _MOST_WORDS:
            self.undated.setdefault(str(values[clocks.AS_WRITTEN]), where)
        if (word := values.get("category_as_written")) and len(self.categories) < _MOST_WORDS:
            self.categories[str(word)] += 1

    def notify(self, source: Source, options: ReadOptions) -> None:
        """Say it, a sentence each; columns are said once for all files that are read together."""
        options.unused.columns |= self.columns
        if self.closed:
            rings = "a ring of an area was not closed; its first position was put at its end"
            options.notify(f"{source.name}: in {listing(self.closed, _NAMED_PLACES)} {rings}")
        if self.clocks:
            places = listing([f"{where} ({why})" for where, why in self.clocks.items()], _NAMED_PLACES)
            options.notify(
                f"{source.name}: {len(self.clocks):,} rows have a time that cannot be: {places}; it is kept as "
                "observed_at_as_written and decides nothing"
            )
        if self.undated:
            times = listing([f"{words[:40]!r} ({where})" for words, where in self.undated.items()], _NAMED_PLACES)
            options.notify(
                f"{source.name}: these times are none, or could mean two days: {times}; they are kept as "
                "observed_at_as_written. Say --dates dmy or mdy where that decides, and import it again"
            )
        if self.categories:
            words = [f"{word[:40]!r} ({count:,})" for word, count in self.categories.most_common()]
            options.notify(
                f"{source.name}: {self.categories.total():,} rows have a category that the form does not know: "
                f"{listing(words, _NAMED_UNUSED)}; they came in as other, with the word as category_as_written. "
                f"The categories are {', '.join(options.schema.fields['category'].values)}"
            )
        if self.sounds:
            options.notify(
                f"{source.name}: {self.sounds:,} recordings are kept in the store; a voice is a person, so no copy, "
                "export or release carries them"
            )
        for count, (name, why) in enumerate(self.photos.items()):
            if count == _NAMED_PHOTOS:
                options.notify(f"{source.name}: … and {len(self.photos) - count} more photos")
                break
            options.notify(f"{source.name}: the photo {name!r:.80} {why}; its name is kept")


def report_unused(name: str, options: ReadOptions) -> None:
    """Say at the end of a reading which columns, tables and files nothing used."""
    unused = options.unused
    for what, names in (("column", list(unused.columns)), ("table", unused.tables), ("file", unused.files)):
        if names:
            many = f"{len(names):,} {what}s" if len(names) > 1 else f"1 {what}"
            options.notify(f"{name}: nothing used {many}: {listing(names, _NAMED_UNUSED)}")


def listing(names: Sequence[str], most: int) -> str:
    """Names in a row, the first so many of them and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
