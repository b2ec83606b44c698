"""Editions of publishers' figures as they are kept: ``geodata/series/editions.csv`` and a table for each publisher.

Nothing is written over: a file with other bytes is another edition, and what a month was in each edition stays.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.publishers.unit_names import plain

FOLDER = "series"
_EDITIONS = "editions.csv"
_RESTORE = "restore it from version control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A file of a publisher, as it was taken in; ``number`` counts the editions of a publisher from 1."""

    publisher_key: str
    edition: str
    number: int
    publisher: str
    title_en: str
    title_es: str
    licence: str
    layout_status: str
    layout_source: str
    file: str
    sha256: str
    sheet: str
    indicator: str
    unit: str
    footnotes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFigure:
    """A figure in an edition; the place as the atlas names it, the cell that it stood in."""

    edition: str
    indicator: str
    place_level: str
    place_code: str
    place: str
    within: str
    period: str
    value: int
    unit: str
    footnote: str
    cell: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What is the same figure in every edition: indicator, place and month, in whatever capitals and accents."""
        return (self.indicator, self.place_level, self.place_code or plain(self.place), self.within, self.period)


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that a later edition has otherwise: its value in each edition that has it, oldest first."""

    figure: EditionFigure
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PublishedEditions:
    """All editions that a project keeps, oldest first, and their figures by publisher."""

    editions: tuple[Edition, ...] = ()
    figures: Mapping[str, tuple[EditionFigure, ...]] | None = None

    def of(self, key: str) -> tuple[Edition, ...]:
        """The editions of a publisher, oldest first."""
        return tuple(one for one in self.editions if one.publisher_key == key)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Keys of the publishers that there are editions of."""
        return tuple(dict.fromkeys(one.publisher_key for one in self.editions))

    def latest(self, key: str) -> tuple[EditionFigure, ...]:
        """Each figure as the newest edition that has it gives it, in the order of place and month."""
        numbers = {one.edition: one.number for one in self.of(key)}
        newest: dict[tuple[str, ...], EditionFigure] = {}
        for figure in sorted((self.figures or {}).get(key, ()), key=lambda one: numbers[one.edition]):
            newest[figure.identity] = figure
        return tuple(newest[identity] for identity in sorted(newest))

    def revisions(self, key: str) -> tuple[Revision, ...]:
        """What differs between editions, in the order of place and month."""
        numbers = {one.edition: one.number for one in self.of(key)}
        values: dict[tuple[str, ...], list[EditionFigure]] = {}
        for figure in sorted((self.figures or {}).get(key, ()), key=lambda one: numbers[one.edition]):
            values.setdefault(figure.identity, []).append(figure)
        return tuple(
            Revision(figures[-1], tuple((one.edition, one.value) for one in figures))
            for identity, figures in sorted(values.items())
            if len({one.value for one in figures}) > 1
        )


def read_editions(geodata: Path) -> PublishedEditions:
    """What a project keeps; nothing where it keeps nothing.

    Raises
    ------
    InputError
        A table is damaged.
    """
    folder = geodata / FOLDER
    if not (folder / _EDITIONS).is_file():
        return PublishedEditions((), {})
    editions = tuple(Edition(**row) for row in _read(folder / _EDITIONS, Edition))
    keys = dict.fromkeys(one.publisher_key for one in editions)
    figures = {key: tuple(EditionFigure(**row) for row in _read(folder / f"{key}.csv", EditionFigure)) for key in keys}
    for key, rows in figures.items():
        if strangers := {row.edition for row in rows} - {one.edition for one in editions if one.publisher_key == key}:
            msg = f"{folder / key}.csv has the edition {min(strangers)!r}, which {_EDITIONS} lacks; {_RESTORE}"
            raise InputError(msg)
    return PublishedEditions(editions, figures)


def edition_files(kept: PublishedEditions) -> dict[str, bytes]:
    """The tables by path below ``geodata/``."""
    if not kept.editions:
        return {}
    files = {f"{FOLDER}/{_EDITIONS}": _table(Edition, kept.editions)}
    for key, rows in (kept.figures or {}).items():
        files[f"{FOLDER}/{key}.csv"] = _table(EditionFigure, rows)
    return files


def _table(record: type, rows: Iterable[Any]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, [one.name for one in fields(record)], lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(row) for row in rows)
    return text.getvalue().encode()


def _read(path: Path, record: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - one of the two records
    names = [one.name for one in fields(record)]
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path} cannot be read ({error}); {_RESTORE}"
        raise InputError(msg) from error
    if not rows or rows[0] != names:
        msg = f"{path}, line 1: expected the columns {', '.join(names)}; {_RESTORE}"
        raise InputError(msg)
    return [_values(path, line, names, row) for line, row in enumerate(rows[1:], 2)]


def _values(path: Path, line: int, names: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(names, row, strict=False))
    for name in {"number", "value"} & set(names):
        if not str(values.get(name, "")).isdecimal():
            msg = f"{path}, line {line}: {name} is no whole number; {_RESTORE}"
            raise InputError(msg)
        values[name] = int(values[name])
    if len(row) != len(names):
        msg = f"{path}, line {line}: {len(row)} cells, expected {len(names)}; {_RESTORE}"
        raise InputError(msg)
    return values
