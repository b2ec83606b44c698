"""The features of a GeoJSON file of any size: as a whole where photos are carried along, else one at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from atlas.check.model import Findings
from atlas.check.number_rules import UNHELD, number_fault
from atlas.check.rule_catalogue import RULES
from atlas.errors import InputError
from atlas.field.readers.charset import described, find_encoding
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.row import Rejected
from atlas.geojson.geometries import TYPES
from atlas.geojson.path import shown
from atlas.geojson.sequence import sequence_rule, texts_in
from atlas.geojson.streaming import Reader
from atlas.geojson.strict import JsonFaultError
from atlas.geojson.tolerant import Twice, parse_lenient, repeated_in

PAGE_FORMAT = "atlas-field-notes"
MOST_RAW = 20_000
TAKE_OUT = "take out one of the two, after looking which of them is meant"
# up to here a file is held as a whole
_WHOLE_BYTES = 64_000_000
_COLLECTION = "FeatureCollection"
_REMEDY = "export it again, or copy it again from the phone"


class FeatureFile:
    """A file of features that can be gone through more than once.

    Raises
    ------
    InputError
        From each of its members: it is not GeoJSON, or cut off.
    """

    def __init__(self, source: Source, options: ReadOptions, *, sequence: bool = False) -> None:
        self._source = source
        self._options = options
        self._sequence = sequence

    @cached_property
    def _encoding(self) -> str:
        encoding = find_encoding(self._source, self._options.encoding)
        if encoding not in {"utf-8", "utf-8-sig"}:
            self._options.notify(f"{self._source.name}: read as {described(encoding)}")
        return encoding

    @cached_property
    def _document(self) -> Any | None:  # noqa: ANN401 - any JSON
        """The file as a whole, or nothing when it is too large for that."""
        if self._sequence or (self._source.size() > _WHOLE_BYTES and PAGE_FORMAT.encode() not in self._source.head()):
            return None
        return _parsed(self._source, self._encoding)

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """What the file says outside of its features."""
        if self._sequence:
            return {}
        if self._document is not None:
            stated = self._document if isinstance(self._document, dict) else {}
            if stated.get("type") == _COLLECTION:
                self._refuse_repeated(stated, [])
            return stated
        reader, findings = None, Findings(RULES)
        with self._source.open() as stream:
            reader = Reader(stream, findings)
            for _ in reader.items():
                pass
        self._refuse_broken(reader, findings)
        again = [one.json_path for one in findings.kept if one.rule == "key-twice"]
        self._refuse_repeated(reader.root.members, again)
        return reader.root.members

    def _refuse_repeated(self, members: Mapping[str, Any], again: Sequence[str]) -> None:
        """Refuse a file that says two things of all its features; of one that does, the feature is put aside."""
        names = [*again, *(shown(name) for name in (members.again if isinstance(members, Twice) else ()))]
        outer = [f"{name} stands twice in the outermost object" for name in dict.fromkeys(names)]
        outside = {name: value for name, value in members.items() if name != "features"}
        if any(number_fault(value) in UNHELD for value in _numbers(outside)):
            msg = (
                f"{self._source.name} holds, outside of its features, NaN or a number that no program holds; correct it"
            )
            raise InputError(msg)
        inner = repeated_in(outside)
        if what := "; ".join([*outer, *([inner] if inner else [])]):
            msg = f"{self._source.name} says two things: {what}; {TAKE_OUT}"
            raise InputError(msg)

    def features(self) -> Iterator[tuple[str, Any]]:
        """Each feature with its place in the file, or a line that is none as ``Rejected``."""
        if self._sequence:
            yield from self._one_by_one()
        elif self._document is not None:
            for number, feature in enumerate(_list(self._source, self._document), start=1):
                yield f"feature {number}", feature
        else:
            yield from self._streamed()

    def _streamed(self) -> Iterator[tuple[str, Any]]:
        findings = Findings(RULES)
        with self._source.open() as stream:
            reader = Reader(stream, findings)
            for item in reader.items():
                yield f"feature {(item.index or 0) + 1}", item.value
        self._refuse_broken(reader, findings)

    def _one_by_one(self) -> Iterator[tuple[str, Any]]:
        with io.TextIOWrapper(self._source.open(), encoding=self._encoding, newline="\n") as stream:
            for line, text in texts_in(stream):
                where = f"line {line}"
                try:
                    yield where, parse_lenient(text.removeprefix("\ufeff"))
                except JsonFaultError as fault:
                    yield where, Rejected(where, f"it {fault}; {_REMEDY}", text.strip()[:MOST_RAW])

    def _refuse_broken(self, reader: Reader, findings: Findings) -> None:
        has_features = reader.root.has_features or reader.root.is_sequence
        if reader.root.whole and has_features and "feature-large" not in findings.counts:
            return
        worst = [
            finding.message
            for finding in findings.kept
            if finding.rule.startswith(("json", "encoding", "nest", "feature"))
        ]
        msg = f"{self._source.name} is not whole GeoJSON ({worst[-1] if worst else 'it has no features'}); {_REMEDY}"
        raise InputError(msg)


def _numbers(value: Any) -> Iterator[int | float]:  # noqa: ANN401 - any JSON
    """Every number in a value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, int | float):
            yield one


def _parsed(source: Source, encoding: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of a file; nothing where it is several features one after the other."""
    text = source.whole().decode(encoding).removeprefix("\ufeff")
    try:
        return parse_lenient(text)
    except JsonFaultError as fault:
        if sequence_rule(text.lstrip()):
            return None
        msg = f"{source.name} {fault}; {_REMEDY}"
        raise InputError(msg) from None


def _list(source: Source, document: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == _COLLECTION and isinstance(document.get("features"), list):
        members: list[Any] = document["features"]
        return members
    if kind == "Feature":
        return [document]
    if kind in TYPES:
        return [{"type": "Feature", "geometry": document, "properties": {}}]
    msg = (
        f"{source.name} is JSON and not GeoJSON: its type is {kind!r}, expected FeatureCollection or Feature; {_REMEDY}"
    )
    raise InputError(msg)
