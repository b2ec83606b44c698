"""A large JSON of features or other objects, read block after block, each by itself a whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE
from atlas.disclosure.packed_stream import PackedStream
from atlas.disclosure.row_blocks import Block
from atlas.geojson.tolerant import is_json

_BLOCK = 4 * MEGABYTE
# one object that is longer than this is not put together
_LONGEST = 64 * MEGABYTE
_HEAD = 1 << 16
_FEATURES = re.compile(rb'"features"\s*:\s*\[(?=\s*\{)')
_OBJECTS = re.compile(rb"\[(?=\s*\{)")
_CLOSING = {ord("{"): b"}", ord("["): b"]"}
# between two members of a list; no text in quotes holds a name with quotes and a colon behind
_NEXT = re.compile(rb'\}\s*,\s*(?=\{\s*"[^"\\]{1,64}"\s*:)')
_TRIES = 50
_UNJUDGED = "a JSON in which one member is too large to be judged; it is only searched"


def is_list(start: bytes) -> bool:
    """Whether a document begins as a list of objects, and not as arcs that only its end explains."""
    return _opening(start) is not None


def _opening(start: bytes) -> int | None:
    """Where the first object of the list begins that a document consists of."""
    head = start[:_HEAD]
    if b'"Topology"' in head:
        return None
    match = _FEATURES.search(head) or _OBJECTS.search(head)
    return None if match is None else match.end()


def json_blocks(path: Path | PackedStream) -> Iterator[Block]:
    """The objects of a document's list, some at a time, each with the members that stand before the list.

    What is no list to its end comes as a last block of form ``text``, which is searched and not judged.
    """
    with path.open("rb") as stream:
        data = stream.read(_BLOCK)
        opening = _opening(data)
        head = data[:opening] if opening is not None else b""
        tail = _open_ends(head)
        start = 0
        while True:
            more = stream.read(_BLOCK)
            if not more:
                yield _last(data, start, head)
                return
            cut = _cut(data, head if start else b"", tail)
            if cut is not None:
                yield Block("json", start, data[:cut], head=head if start else b"", tail=tail)
                rest = data[cut:].lstrip(b", \t\r\n")
                data, start = rest, start + len(data) - len(rest)
            data += more
            if len(data) > _LONGEST:
                break
        fault = _UNJUDGED
        while data:
            yield Block("text", start, data, fault=fault)
            start, data, fault = start + len(data), stream.read(_BLOCK), ""


def _open_ends(head: bytes) -> bytes:
    """What closes everything that is open after some JSON."""
    # a text without an end is one to the end
    plain = re.sub(rb'(?s)"(?:[^"\\]|\\.)*"?', b"", head)
    open_ends: list[bytes] = []
    for letter in plain:
        if letter in _CLOSING:
            open_ends.append(_CLOSING[letter])
        elif letter in b"}]" and open_ends:
            open_ends.pop()
    return b"".join(reversed(open_ends))


def _cut(data: bytes, head: bytes, tail: bytes) -> int | None:
    """After which object the data can be cut: those before it are a document with what stands around them."""
    ends = [match.start() + 1 for match in _NEXT.finditer(data, max(0, len(data) - MEGABYTE))]
    ends = ends or [match.start() + 1 for match in _NEXT.finditer(data)]
    for end in reversed(ends[-_TRIES:]):
        if is_json(head + data[:end] + tail):
            return end
    return None


def _last(data: bytes, start: int, head: bytes) -> Block:
    return Block("json", start, data, head=head if start else b"")
