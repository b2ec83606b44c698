"""Two data editions told apart by their permanent ids, as the notes of the newer one: what is new, changed, gone.

An edition is a folder with ``registry.json``, ``evidence/`` and ``layers/``, as a deposit and ``geodata/`` are. Rows
and features are the same where their ids are. How far a shape moved is told by the comparison of two map files.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from atlas.deposit.texts import page
from atlas.errors import InputError, UsageError
from atlas.evidence.tables import TABLES
from atlas.evidence.tombstones import TOMBSTONES
from atlas.files import write_set
from atlas.geojson.strict import read_json_file

SHAPE = "geometry"
_MARK = "registry.json"
_REMEDY = "give the folder of a deposit as `atlas deposit` wrote it, or a project's geodata/"
_SHOWN = 90
_SET_ASIDE = frozenset({"publication_decisions", TOMBSTONES})
_KEYS: Mapping[str, Sequence[str]] = {table.name: table.key for table in TABLES}


@dataclass(frozen=True, slots=True)
class Changed:
    """A row or feature that both editions have: each field that differs, with its values as text, old and new."""

    name: str
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PartChange:
    """What happened to a table or layer; ``gone`` has the reason of the tombstone, or None where there is none."""

    part: str
    new: Sequence[str]
    changed: Sequence[Changed]
    gone: Mapping[str, Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class EditionNotes:
    """The names of two data editions, and the parts in which they differ."""

    old: str
    new: str
    parts: Sequence[PartChange]

    @property
    def one_name(self) -> bool:
        """Whether two editions that differ have one name, so that a citation does not say which is meant."""
        return bool(self.parts) and self.old == self.new

    def summary(self) -> str:
        """What changed, for a terminal: a line a table or layer."""
        if not self.parts:
            return "The two data editions are the same.\n"
        lines = [
            f"  {part.part:<32}{len(part.new):>6,} new {len(part.changed):>6,} changed {len(part.gone):>6,} gone"
            for part in self.parts
        ]
        if self.one_name:
            lines.append(f"Both are called {self.new} and differ: the newer one needs a name of its own.")
        return "\n".join([f"Data edition {self.old} → {self.new}", *lines]) + "\n"


def is_data_edition(path: Path) -> bool:
    """Whether a path is a folder that says of itself what layers are in it."""
    return path.is_dir() and (path / _MARK).is_file()


def write_edition_notes(old: Path, new: Path, folder: Path) -> EditionNotes:
    """Compare two data editions; write ``release-notes.md`` in both languages and ``changes.json``.

    Raises
    ------
    UsageError
        One of the two is no data edition, or the folder lies in one of them.
    InputError
        A table or layer cannot be read.
    """
    for path in (old, new):
        if not is_data_edition(path):
            msg = f"{path} is no data edition: it has no {_MARK}; {_REMEDY}"
            raise UsageError(msg)
        if folder.resolve().is_relative_to(path.resolve()):
            msg = f"{folder} lies in the edition {path}; give a folder of its own by -o DIR"
            raise UsageError(msg)
    notes = edition_notes(old, new)
    write_set(
        folder,
        {
            "release-notes.md": page("release-notes.md.j2", notes=notes, cell=_cell),
            "changes.json": (json.dumps(asdict(notes), ensure_ascii=False, indent=1) + "\n").encode(),
        },
    )
    return notes


def edition_notes(old: Path, new: Path) -> EditionNotes:
    """What differs between two data editions, tables first.

    Raises
    ------
    InputError
        A table or layer cannot be read.
    """
    graves = {row["withdrawn_id"]: row for row in _table(new / "evidence" / f"{TOMBSTONES}.csv")}
    before, after = _parts(old), _parts(new)
    changes = (
        _part_change(name, before.get(name, {}), after.get(name, {}), graves)
        for name in dict.fromkeys([*before, *after])
    )
    return EditionNotes(
        _named(old), _named(new), [change for change in changes if change.new or change.changed or change.gone]
    )


def _parts(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Every table and layer of an edition: its rows or features by id, each a text by field."""
    tables = sorted((folder / "evidence").glob("*.csv"))
    parts = {path.stem: dict(_rows(path)) for path in tables if path.stem not in _SET_ASIDE}
    for path in sorted((folder / "layers").glob("*.geojson")):
        parts[f"layers/{path.stem}"] = dict(_features(path))
    return parts


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for row in _table(path):
        key = [row.get(column) or "" for column in _KEYS.get(path.stem, ())] or [_digest(row)]
        yield f"{path.stem}/{'.'.join(key).replace(' ', '_')}", row


def _features(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    document = read_json_file(path, remedy=_REMEDY)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(
        isinstance(feature, dict) and isinstance(feature.get("properties") or {}, dict) for feature in features
    ):
        msg = f"{path} is no layer: it has no list of features; {_REMEDY}"
        raise InputError(msg)
    for feature in features:
        fields = {name: _text(value) for name, value in (feature.get("properties") or {}).items()}
        name = str(feature["id"]) if "id" in feature else _digest(fields)
        yield f"layers/{path.stem}/{name}", {**fields, SHAPE: _digest(feature.get(SHAPE))}


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path} is no table in UTF-8 ({error}); {_REMEDY}"
        raise InputError(msg) from error
    for number, row in enumerate(rows, 1):
        if "" in row or None in row.values():
            msg = f"{path}, row {number} has more or fewer cells than the header; {_REMEDY}"
            raise InputError(msg)
    return rows


def _part_change(
    name: str,
    before: Mapping[str, Mapping[str, str]],
    after: Mapping[str, Mapping[str, str]],
    graves: Mapping[str, Mapping[str, str]],
) -> PartChange:
    changed = []
    for one in before.keys() & after.keys():
        old, new = before[one], after[one]
        fields = {
            field: (old.get(field) or "", new.get(field) or "")
            for field in dict.fromkeys([*old, *new])
            if (old.get(field) or "") != (new.get(field) or "")
        }
        if fields:
            changed.append(Changed(one, fields))
    return PartChange(
        name,
        [one for one in after if one not in before],
        sorted(changed, key=lambda one: one.name),
        {one: graves.get(one) for one in before if one not in after},
    )


def _named(folder: Path) -> str:
    """What an edition is called: the version of its data package, else the folder's name."""
    package = folder / "datapackage.json"
    stated = read_json_file(package, remedy=_REMEDY) if package.is_file() else None
    return str(stated.get("version") or folder.name) if isinstance(stated, dict) else folder.resolve().name


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _digest(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def _cell(text: str) -> str:
    """A text as a cell of a table in Markdown: one line, not too long, nothing in it read as markup."""
    plain = " ".join(text.split())
    short = plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
    return "".join(f"\\{letter}" if letter in r"\|`*_[]<>" else letter for letter in short)
