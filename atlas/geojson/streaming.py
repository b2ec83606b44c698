"""Reads GeoJSON of any size one feature at a time, and says where the text stops being JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import BinaryIO

from atlas.geojson.model import DEEPEST, Faults, Item, JsonPath
from atlas.geojson.path import json_path, shown
from atlas.geojson.plain_line import plain_runs, point_of_line
from atlas.geojson.sequence import SEPARATOR, sequence_rule
from atlas.geojson.text_offset import open_at_end
from atlas.geojson.text_stream import TextStream
from atlas.geojson.tolerant import decoder

LONGEST = 32_000_000
# an error this close to the end of the text that is held may only mean that the rest is not read yet
_MARGIN = 16
_BLOCK = 1 << 20
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|["\[\]{}]', re.DOTALL)
_BEGUN = re.compile(r"(?:-?|t|tr|tru|f|fa|fal|fals|n|nu|nul|-?I\w*|Na?|\.|[eE][+-]?|\\?u?[0-9a-fA-F]{0,4})\Z")
_NUMBER_GOES_ON = re.compile(r"[-+.eE0-9]*\Z")
_HINTS = (
    ("'", "JSON has double quotes only"),
    ("/", "JSON has no comments"),
    ("]", "is there a comma too many before it?"),
    ("}", "is there a comma too many before it?"),
    ("<", "this looks like HTML or XML: was an error page saved instead of the data?"),
)


class _StopReadingError(Exception):
    """The text is no longer JSON; the finding is made."""


@dataclass(slots=True)
class Root:
    """The outermost value: its members but for the features, or the value itself when it is no object."""

    members: dict[str, object] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    line: int | None = None
    value: object = None
    is_object: bool = False
    has_features: bool = False
    # features one after the other, without an outermost object
    is_sequence: bool = False
    whole: bool = False

    def item(self) -> Item:
        """The root as an item, so that findings can be made in it."""
        value = self.members if self.is_object else self.value
        return Item(None, self.line, value, members=self.places)


class Reader:
    """Goes through one file once: ``items`` gives the features, then ``root`` holds the rest.

    ``named_sequence`` says that a file's name has promised features one after the other, of which there may be none.
    """

    def __init__(self, stream: BinaryIO, faults: Faults, *, named_sequence: bool = False) -> None:
        self.root = Root()
        self._named_sequence = named_sequence
        self.features = 0
        self._faults = faults
        self._text = TextStream(stream, faults)
        self._decoder = decoder()
        self._twice: list[str] = []

    def items(self) -> Iterator[Item]:
        """Each element of ``features``; it ends where the text stops being JSON."""
        try:
            yield from self._document()
        except _StopReadingError:
            return
        self.root.whole = not self._text.broken

    def _document(self) -> Iterator[Item]:
        if not self._text.skip_space():
            if self._named_sequence and not self._text.broken:
                self.root.is_sequence = True
                return
            if not self._text.broken:
                self._add("json-truncated", "The file is empty.", 1)
            raise _StopReadingError
        self.root.line = self._text.line()
        if rule := sequence_rule(self._text.text, self._text.at):
            yield from self._sequence("json-sequence" if self._named_sequence else rule)
            return
        if self._text.text[self._text.at] == "{":
            self.root.is_object = True
            yield from self._members()
        else:
            self.root.value = self._value((), self._text.line())[0]
        if self._text.skip_space():
            self._trailing("")

    def _trailing(self, hint: str) -> None:
        message = f"Something follows the end of the JSON value: {self._snippet(self._text.at)}. {hint}".strip()
        self._add("json-trailing", message, self._text.line())

    def _sequence(self, rule: str) -> Iterator[Item]:
        """Features one after the other; what is no feature among them ends the reading."""
        self.root.is_sequence = True
        if rule == "json-sequence":
            message = "These are features one after the other (RFC 8142): most programs want one FeatureCollection."
            self._add(rule, message, self._text.line())
        while self._next_of_sequence():
            if rule == "json-trailing" and self.features == 1:
                self._trailing("One value a line? Put the features into one FeatureCollection.")
            line, path = self._text.line(), (self.features,)
            value: object
            if (point := point_of_line(self._text.text, self._text.at)) is None:
                value, text = self._value(path, line)
            else:
                value, text, self._text.at = point
            self.features += 1
            if text:
                yield Item(self.features - 1, line, value, text, path, plain=point is not None)

    def _next_of_sequence(self) -> bool:
        while self._text.skip_space() == SEPARATOR:
            self._text.at += 1
        return self._text.at < len(self._text.text)

    def _members(self) -> Iterator[Item]:
        self._text.at += 1
        if self._text.skip_space() == "}":
            self._text.at += 1
            return
        while True:
            if self._text.skip_space() != '"':
                self._expected("a key in double quotes", ())
            key = str(self._value((), self._text.line())[0])
            if self._text.skip_space() != ":":
                self._expected("a colon", (key,))
            self._text.at += 1
            yield from self._member(key)
            if self._text.skip_space() == "}":
                self._text.at += 1
                return
            if self._text.skip_space() != ",":
                self._expected("a comma or a closing brace", ())
            self._text.at += 1

    def _member(self, key: str) -> Iterator[Item]:
        character = self._text.skip_space()
        line = self._text.line()
        if key in self.root.members or (key == "features" and self.root.has_features):
            message = f"The key {shown(key)} stands twice in the outermost object: remove one of them."
            self._faults.add("key-twice", None, message, path=(key,), line=line)
        if key == "features" and character == "[":
            self.root.has_features = True
            yield from self._features()
        else:
            value, text = self._value((key,), line)
            self.root.members[key] = value
            self.root.places[key] = (line, text)

    def _features(self) -> Iterator[Item]:
        self._text.at += 1
        if self._text.skip_space() == "]":
            self._text.at += 1
            return
        while True:
            yield from self._plain_points()
            self._text.skip_space()
            path: JsonPath = ("features", self.features)
            line = self._text.line()
            value, text = self._value(path, line)
            self.features += 1
            if text:
                yield Item(self.features - 1, line, value, text, path)
            character = self._text.skip_space()
            if character not in {",", "]"}:
                self._expected("a comma or a closing bracket", path)
            self._text.at += 1
            if character == "]":
                return

    def _plain_points(self) -> Iterator[Item]:
        """Points with a comma and another object behind, as far as they go."""
        self._text.skip_space()
        line = self._text.line()
        for run in plain_runs(self._text.text, self._text.at):
            for value, text in zip(run.values, run.texts, strict=True):
                number, self.features = self.features, self.features + 1
                yield Item(number, line, value, text, ("features", number), plain=True)
                line += run.lines
            self._text.at = run.following

    def _value(self, path: JsonPath, line: int) -> tuple[object, str]:
        """The value that begins here and its text; no text when it was too long to be read."""
        stream = self._text
        while True:
            try:
                value, end = self._decoder.raw_decode(stream.text, stream.at)
            except JSONDecodeError as error:
                if not self._grown(error):
                    self._not_json(error, path)
            except RecursionError:
                message = f"Objects or arrays are nested in each other far more than {DEEPEST} times."
                self._faults.add("nesting-deep", None, message, path=path, line=line)
                raise _StopReadingError from None
            except ValueError:
                # a whole number of thousands of digits
                self._decoder = decoder(long_numbers=True)
            else:
                if stream.ended or not _NUMBER_GOES_ON.match(stream.text, end):
                    text = stream.text[stream.at : end]
                    stream.at = end
                    return value, text
                # a number may go on in the next block
                stream.more()
            if len(stream.text) - stream.at > LONGEST:
                self._skip(path, line)
                return None, ""

    def _grown(self, error: JSONDecodeError) -> bool:
        """Whether the error may be the end of what is held, and more could be held."""
        stream = self._text
        if not error.msg.startswith("Unterminated string") and error.pos < len(stream.text) - _MARGIN:
            return False
        if stream.ended:
            return False
        stream.more(least=max(_BLOCK, len(stream.text) - stream.at))
        return True

    def _skip(self, path: JsonPath, line: int) -> None:
        """Go past a value that is too long to be held, counting what opens and closes."""
        message = f"This value is longer than {LONGEST:,} characters and was not checked: divide it into parts."
        self._faults.add("feature-large", None, message, path=path, line=line)
        depth = 0
        stream = self._text
        while True:
            match = _STRUCTURE.search(stream.text, stream.at)
            if match is None or match.group() == '"':
                stream.at = match.start() if match else len(stream.text)
                held = len(stream.text) - stream.at
                if held > LONGEST:
                    self._faults.notes.append(f"Reading stopped in line {line:,} at an endless text.")
                    raise _StopReadingError
                if stream.ended:
                    self._cut_off(path)
                stream.more(least=max(_BLOCK, held))
                continue
            stream.at = match.end()
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
            if depth <= 0:
                return

    def _not_json(self, error: JSONDecodeError, path: JsonPath) -> None:
        stream = self._text
        rest = stream.text[error.pos :]
        unfinished = error.msg.startswith("Unterminated string") or _BEGUN.match(rest.strip())
        if stream.ended and unfinished:
            self._cut_off(path)
        line, column = stream.place(error.pos)
        what = error.msg[:1].lower() + error.msg[1:]
        message = f"Line {line:,}, column {column:,}: {what} at {self._snippet(error.pos)}{self._hint(error.pos)}."
        if stream.ended and stream.broken:
            raise _StopReadingError
        self._faults.add("json-syntax", None, message, path=path, line=line)
        raise _StopReadingError

    def _expected(self, what: str, path: JsonPath) -> None:
        stream = self._text
        if stream.at >= len(stream.text):
            self._cut_off(path)
        line, column = stream.place(stream.at)
        message = f"Line {line:,}, column {column:,}: expected {what}, not {self._snippet(stream.at)}"
        self._faults.add("json-syntax", None, f"{message}{self._hint(stream.at)}.", path=path, line=line)
        raise _StopReadingError

    def _cut_off(self, path: JsonPath) -> None:
        stream = self._text
        if stream.broken:
            raise _StopReadingError
        inner = open_at_end(stream.text[stream.at :])
        line, column = stream.place(len(stream.text))
        message = (
            f"The file ends at line {line:,}, column {column:,} while {json_path((*path, *inner))} is still open: "
            "copy or download it again."
        )
        self._faults.add("json-truncated", None, message, path=(*path, *inner), line=line)
        raise _StopReadingError

    def _add(self, rule: str, message: str, line: int) -> None:
        self._faults.add(rule, None, message, line=line)

    def _snippet(self, at: int) -> str:
        return shown(self._text.text[at : at + 20]) if at < len(self._text.text) else "the end"

    def _hint(self, at: int) -> str:
        here = self._text.text[at : at + 1]
        return next((f": {hint}" for mark, hint in _HINTS if here == mark), "")
