"""Large files of lines, read block after block: tables and texts, of which never more than a block is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE
from atlas.disclosure.packed_stream import PackedStream
from atlas.disclosure.sniff import form_of

_BLOCK = 4 * MEGABYTE
# what is written over two blocks, such as a note in quotes, is whole in one of them
_OVERLAP = 4096
_QUOTE, _END = b'"', b"\n"
_CUTS = 200


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a file.

    Attributes
    ----------
    start
        The byte at which they begin.
    before
        The end of the block before, which is searched again and not judged again.
    head
        The first line of a table, by which the others are read; or what stands before the list of a document.
    tail
        What closes a document.
    fault
        Why the file can't be read from here on.
    """

    form: str
    start: int
    data: bytes
    before: bytes = b""
    head: bytes = b""
    tail: bytes = b""
    fault: str = ""

    @property
    def searched(self) -> bytes:
        """What is looked through."""
        return self.before + self.data

    @property
    def judged(self) -> bytes:
        """What is read as a table."""
        return self.head + self.data + self.tail


def blocks(path: Path | PackedStream) -> Iterator[Block]:
    """The blocks of a file, each but the last ending with a line."""
    with path.open("rb") as stream:
        left = before = head = b""
        form, start = "", 0
        while chunk := stream.read(_BLOCK):
            data = left + chunk
            form = form or form_of(data)
            end = _cut(data, quoted=form == "csv")
            yield Block(form, start, data[:end], before, head)
            if not start and form == "csv":
                head = data[: data.find(_END) + 1]
            before, left, start = data[max(0, end - _OVERLAP) : end], data[end:], start + end
        if left:
            yield Block(form, start, left, before, head)


def _cut(data: bytes, *, quoted: bool) -> int:
    """Where a block ends: after a line that is not within quotes; anywhere, where there is no such line."""
    end = last = data.rfind(_END) + 1
    odd = quoted and data.count(_QUOTE, 0, end) % 2
    for _ in range(_CUTS):
        if end <= 0 or not odd:
            break
        following = data.rfind(_END, 0, end - 1) + 1
        odd = (odd + data.count(_QUOTE, following, end)) % 2
        end = following
    return end or last or len(data)
