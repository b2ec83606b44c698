"""The cells of one row by what they hold, and the small texts in them: ids, reaches, lists of file names."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from atlas.field.identity import PLAIN_UUID, is_uuid, unique_id
from atlas.field.readers.cell_values import key, text, tidy
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.inline import divided, is_inline
from atlas.field.readers.table_columns import EDITS, Columns
from atlas.field.version import Version
from atlas.geojson.strict import parse

Row = Mapping[str, Any]

_LONGEST_ID, _LONGEST_NUMBER = 200, 20
_SECONDS = len("2026-01-31T10:00:00")
# of ids that are made of what a form server says
_NAMESPACE = uuid.UUID("0d7c2f7a-6a0a-5b8e-8f0c-7e6d4c1b9a52")
_REACH = re.compile(r"[rR]?(\d{1,3})(?:\b.*)?\Z", re.DOTALL)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_COUNT = re.compile(r"[0-9]{1,3}")
_PHOTO = re.compile(r"[^/\\\s]{1,200}\.(?:jpe?g|png|webp|heic)\Z", re.IGNORECASE)
_PICTURE = re.compile(r".{1,250}\.(?:jpe?g|png|webp|hei[cf]|gif|tiff?)\Z", re.IGNORECASE | re.DOTALL)
_FILE = re.compile(r"\s*[^\r\n:]{1,250}\.[A-Za-z0-9]{2,5}\s*\Z")
# Epicollect5 writes where a photo can be had, with the name that it has in the archive of photos
_IN_QUERY = re.compile(r"https?://[^\s?]{1,500}\?(?:[^\s&]{0,500}&){0,20}name=([^\s&#]{1,250})")
_LONGEST_LIST, _MOST_FILES = 4_000, 100
# decided in a review and nowhere else, or by the store; a table may not decide it
NOT_FROM_TABLES = frozenset({"status", "decision", "deleted", "geometry", "same_as", "different_from"})


class Cells:
    """The values of one row by what they hold."""

    def __init__(self, row: Row, layout: Columns) -> None:
        self.row = row
        self.layout = layout
        # asked many times of each cell
        self.filled_headers = frozenset(
            [
                header
                for header, value in row.items()
                if (value and not value.isspace() if isinstance(value, str) else value is not None)
            ]
        )

    def position(self) -> Mapping[str, str]:
        """The headers of the first position that is not blank, or of the first one."""
        if len(self.layout.positions) == 1:
            return self.layout.positions[0]
        filled = (parts for parts in self.layout.positions if self.filled(parts["lat"]) or self.filled(parts["lon"]))
        return next(filled, next(iter(self.layout.positions), {}))

    def filled(self, header: str | None) -> bool:
        """Whether something stands in a column."""
        return header in self.filled_headers

    def values(self, role: str) -> Iterator[Any]:
        """What stands in the columns of a role, best first, without blanks."""
        for header in self.layout.roles.get(role, ()):
            if header in self.filled_headers:
                yield self.row[header]

    def first(self, role: str) -> Any:  # noqa: ANN401 - any value of JSON
        """The best value of a role, or nothing."""
        # most roles have no column, and a table may have a million rows
        return next(self.values(role), None) if role in self.layout.roles else None

    def texts(self, role: str) -> list[str]:
        """The values of a role as texts."""
        headers = self.layout.roles.get(role)
        if headers is None:
            return []
        return [words for header in headers if header in self.filled_headers and (words := text(self.row[header]))]

    def text(self, role: str) -> str | None:
        """The best value of a role as text, or nothing."""
        headers = self.layout.roles.get(role)
        if headers is None:
            return None
        for header in headers:
            if header in self.filled_headers:
                return text(self.row[header])
        return None


def record_id(words: str) -> str:
    """The id of a record: UUIDs in one form, without what ODK writes before them; any other text as it is.

    Raises
    ------
    RowFaultError
        It is too long, or cannot be printed.
    """
    if PLAIN_UUID.match(words):
        return words
    bare = words.strip().removeprefix("uuid:")
    if len(bare) > _LONGEST_ID or not bare or _UNPRINTABLE.search(bare):
        msg = f"the id {words[:60]!r} is not 1 to {_LONGEST_ID} characters that can be printed; correct or remove it"
        raise RowFaultError(msg)
    return str(uuid.UUID(bare)) if is_uuid(bare) else bare


def best_id(spellings: Iterable[str | None]) -> str | None:
    """The first id that is good everywhere, or the first of all; nothing where there is none.

    Raises
    ------
    RowFaultError
        It is too long, or cannot be printed.
    """
    given = [words for words in spellings if words]
    if len(given) == 1:
        return record_id(given[0])
    return record_id(next((words for words in given if unique_id(words)), given[0])) if given else None


def id_of_server(row: Row) -> str | None:
    """The id of what KoboToolbox numbers: an edit changes its UUID, and neither its number nor when it came in."""
    number, came = number_of_server(row), text(row.get("_submission_time"))
    if not number or not came:
        return None
    return str(uuid.uuid5(_NAMESPACE, f"kobotoolbox {number} {came.replace(' ', 'T')[:_SECONDS]}"))


def number_of_server(row: Row) -> str | None:
    """The number that KoboToolbox gives a submission, by which a team knows it."""
    number = text(row.get("_id"))
    return str(int(number)) if number and len(number) <= _LONGEST_NUMBER and number.isdecimal() else None


def version(cells: Cells) -> Version | None:
    """Which version of a submission a row is: its own id, the one before, the first, and the number of its edits.

    Raises
    ------
    RowFaultError
        One of the ids is none.
    """
    instance = next(
        (words for name in cells.row if key(name).endswith("instanceid") and (words := text(cells.row[name]))), None
    )
    this, before, first = (
        record_id(words) if (words := next((w for w in spellings if w), None)) else None
        for spellings in (
            (instance, cells.text("id"), cells.text("key")),
            (cells.text("deprecated_id"),),
            (cells.text("root_id"), cells.text("key")),
        )
    )
    if this is None:
        return None
    edits = next((words for name in EDITS if (words := text(cells.row.get(name)))), None)
    number = int(edits) if edits and _COUNT.fullmatch(edits) else None
    counted = [f"{first} edit {n}" for n in range(number + 1)] if first and number is not None else []
    # a server that keeps one id through all edits calls only the first version by it
    ids = [this] if this != first or not number else []
    replaces = {one for one in (before, first) if one} | set(counted[:-1])
    ids += counted[-1:]
    return Version(tuple(ids), tuple(sorted(replaces.difference(ids))))


def as_text(row: Row, known: Row) -> str:
    """A row as it came, for the quarantine."""
    beside = {name: value for name, value in known.items() if value is not None and name in {"geometry", "record_id"}}
    return json.dumps({**row, **beside}, ensure_ascii=False, default=str)


def as_stated(words: str | None) -> str | None:
    """Text that a change may carry beside its value."""
    if not words:
        return None
    # most are plain, and a table has millions of them
    plain = words.isprintable() and words.isascii()
    return (words if plain else _UNPRINTABLE.sub(" ", words))[:200].strip() or None


def reach(words: str) -> str:
    """A reach as the atlas writes it: R012 for 12, r12 or ``R012 · km 120–130``.

    Raises
    ------
    RowFaultError
        It is none.
    """
    match = _REACH.match(words)
    if match is None:
        msg = f"the reach {words!r} is none; write it as R012"
        raise RowFaultError(msg)
    return f"R{int(match[1]):03d}"


def names(value: Any) -> list[str]:  # noqa: ANN401 - any value of JSON
    """Names of files, without folders, and photos that stand inside of the value, as they are.

    What is a list in a format without lists is divided by bars and semicolons.
    """
    return list(paths(value))


def paths(value: Any) -> dict[str, str]:  # noqa: ANN401 - any value of JSON
    """The same names, each with what the value has for it: with its folders."""
    if isinstance(value, str) and value.startswith("["):
        with suppress(ValueError, RecursionError):
            value = parse(value)
    parts = value if isinstance(value, list) else divided(str(value))
    by_name = {part if is_inline(part) else _bare(part): part.strip() for part in parts if isinstance(part, str)}
    return {name: path for name, path in by_name.items() if name not in {"", ".", ".."}}


def may_name_files(value: object) -> bool:
    """Whether a value is nothing but names of files with an ending, so that it is worth to look for them."""
    if isinstance(value, list):
        return 0 < len(value) <= _MOST_FILES and all(isinstance(one, str) and _FILE.match(one) for one in value)
    if not isinstance(value, str) or "." not in value or len(value) > _LONGEST_LIST:
        return False
    parts = [part for part in divided(value) if part.strip()]
    return bool(parts) and all(map(_FILE.match, parts))


def is_picture(name: str) -> bool:
    """Whether a name of a file ends as that of a photo does."""
    return _PICTURE.match(name) is not None


def _bare(words: str) -> str:
    name = text(words)
    if name and (asked := _IN_QUERY.match(name)):
        name = unquote(asked[1])
    return re.split(r"[/\\]", name)[-1].strip() if name else ""


def is_photo(value: object) -> bool:
    """Whether an answer is the name of a photo, as form servers write it for any question with a picture."""
    return isinstance(value, str) and _PHOTO.match(value) is not None


def kept_name(header: str) -> str:
    """The name under which a column that means nothing to the atlas is kept."""
    name = _UNPRINTABLE.sub(" ", header).strip()[:200] or "unnamed"
    return f"{name}_as_written" if name in NOT_FROM_TABLES else name


def spellings(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """A value as it stands, and what its text says as JSON: tables of text carry lists and numbers so."""
    if value is None or isinstance(value, bytes):
        return
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            yield parse(value)
    yield value


def refuse_two_classes(classes: Iterable[str]) -> None:
    """A class of sensitivity may stand in several columns, and then has to be the same in all.

    Raises
    ------
    RowFaultError
        It is not.
    """
    stated = sorted(set(classes))
    if len(stated) > 1:
        msg = f"it states {len(stated)} classes, {', '.join(repr(one[:40]) for one in stated)}; leave the true one"
        raise RowFaultError(msg)


def with_beside(values: dict[str, Any], fields: Row) -> dict[str, Any]:
    """The fields of a row and what stands beside it; photos are put together."""
    for name, value in fields.items():
        if name == "photos":
            values[name] = list(dict.fromkeys([*values.get(name, []), *names(value)]))
        else:
            values.setdefault(kept_name(name), tidy(value))
    return values
