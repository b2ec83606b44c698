"""A file as text, block by block: the encoding is found out first, and lines are counted on the way."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from atlas.geojson.encoding import MARK, Encoding, unicode_encoding
from atlas.geojson.model import Faults

_BLOCK = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")
_PACKED = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "zip"), (b"BZh", "bzip2"), (b"7z\xbc\xaf", "7z"))


class TextStream:
    """Text of a file with a window on it: ``text`` is what is held, ``at`` where reading goes on in it."""

    def __init__(self, stream: BinaryIO, faults: Faults) -> None:
        self.text = ""
        self.at = 0
        self.ended = False
        self.broken = False
        self._stream = stream
        self._faults = faults
        self._encoding = Encoding("utf-8")
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes = 0
        self._lines = 0
        # where the current line begins, as an offset into the text that is held; below zero once that was dropped
        self._column = 0
        self._counted = 0
        self._begin()

    def _begin(self) -> None:
        head = self._stream.read(_BLOCK)
        shown = unicode_encoding(head)
        if shown.is_wide:
            self._faults.add("encoding-utf16", None, f"The file is {shown.title}: save it as UTF-8.", line=1)
        elif shown.mark_bytes:
            message = "The file starts with a UTF-8 byte order mark: save it as UTF-8 without BOM."
            self._faults.add("encoding-bom", None, message, line=1)
        self._encoding = shown
        self._decoder = codecs.getincrementaldecoder(shown.name)()
        self._bytes = shown.mark_bytes
        head = head[shown.mark_bytes :]
        if packed := next((name for mark, name in _PACKED if head.startswith(mark)), None):
            message = f"This is a {packed} archive, not text: unpack it first."
            self._faults.add("json-syntax", None, message, line=1)
            self._stop()
        else:
            self._take(head)
            self._leave_out_mark()

    def _leave_out_mark(self) -> None:
        """Leave out a mark that stands in the text itself, as in a file that was encoded twice."""
        if self.text.startswith(MARK):
            self.text = self.text[len(MARK) :]
            message = "The file starts with a byte order mark in its text: save it as UTF-8 without BOM."
            self._faults.add("encoding-bom", None, message, line=1)

    def _stop(self) -> None:
        self.ended = self.broken = True

    def _take(self, block: bytes) -> None:
        pending = len(self._decoder.getstate()[0])
        try:
            self.text += self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            self.text += error.object[: error.start].decode(self._encoding.name)
            self._misfit(self._bytes - pending + error.start, error)
        self._bytes += len(block)
        if not block:
            self.ended = True

    def _misfit(self, at: int, error: UnicodeDecodeError) -> None:
        """Stop where the bytes are no text of the encoding."""
        line, _ = self.place(len(self.text))
        if self._encoding.is_wide:
            message = f"Byte {at:,} is not {self._encoding.title}, as the file begins: copy or export it again."
            self._faults.add("json-truncated", None, message, line=line)
            self._stop()
            return
        byte = error.object[error.start]
        meant = bytes([byte]).decode("cp1252", errors="replace")
        message = (
            f"Byte {at:,} is 0x{byte:02X}, which is not UTF-8 (in Windows-1252 it would be “{meant}”); "
            "save the file as UTF-8. Nothing after it was read."
        )
        self._faults.add("encoding-not-utf8", None, message, line=line)
        self._stop()

    def more(self, *, least: int = 1) -> bool:
        """Drop what was read and hold at least so many characters more; False when the file has no more."""
        if self.ended:
            return False
        self._drop()
        held = len(self.text)
        while not self.ended and len(self.text) < held + least:
            self._take(self._stream.read(max(_BLOCK, least)))
        return len(self.text) > held

    def _drop(self) -> None:
        self._count_to(self.at)
        self.text = self.text[self.at :]
        self._column -= self.at
        self._counted = self.at = 0

    def _count_to(self, offset: int) -> None:
        lines = self.text.count("\n", self._counted, offset)
        if lines:
            self._lines += lines
            self._column = self.text.rindex("\n", self._counted, offset) + 1
        self._counted = offset

    def line(self) -> int:
        """The line, from 1, where reading goes on."""
        self._count_to(self.at)
        return self._lines + 1

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset that is not before what was read."""
        lines = self.text.count("\n", self._counted, offset)
        start = self.text.rindex("\n", self._counted, offset) + 1 if lines else self._column
        return self._lines + lines + 1, offset - start + 1

    def skip_space(self) -> str:
        """Go to the next character that is not white space and give it; nothing at the end of the file."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""
