"""What a person can say about the files to be read, and what the reading says about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from atlas.field.record import Schema, annotation_schema

DateOrder = Literal["dmy", "mdy"]


def _no_passphrase(name: str) -> str | None:  # noqa: ARG001 - the signature of one who asks
    return None


@dataclass(slots=True)
class Unused:
    """What a reading came across and nothing used: columns with something in them, tables and files."""

    columns: dict[str, None] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def _silent(note: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Settings of a reading; nothing is needed.

    Attributes
    ----------
    schema
        The fields of a record, and the words of their vocabularies.
    dates
        Order of day and month in dates such as 03/05/2024; without it the file must decide.
    encoding
        Encoding of a table; without it, it is found out and said.
    crs
        Coordinate system of a table's positions; without it they are degrees (WGS 84).
    layer
        The table of a GeoPackage to read; without it all that hold records.
    passphrase
        Asked for by the name of the sealed file; gives none when nobody can be asked.
    identities
        Secret keys (``AGE-SECRET-KEY-…``) that open copies sealed to a recipient.
    notify
        Told one sentence about a file: its encoding, its order of dates, photos without a record.
    unused
        What nothing used so far of what is being read; each reading has its own.
    """

    schema: Schema = field(default_factory=annotation_schema)
    dates: DateOrder | None = None
    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    passphrase: Callable[[str], str | None] = field(default=_no_passphrase)
    identities: tuple[str, ...] = ()
    notify: Callable[[str], None] = field(default=_silent)
    unused: Unused = field(default_factory=Unused)
