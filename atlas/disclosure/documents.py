"""PDF documents, fonts and packs of git that lie somewhere by themselves: what is in them, and what can't be read."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections import Counter
from collections.abc import Iterator

from atlas.disclosure.byte_view import Budget
from atlas.disclosure.compressed import AFTER, Part, Refused, inflated
from atlas.disclosure.gitpack import MAGIC
from atlas.disclosure.gitstore import Store

_STREAM = re.compile(rb"stream\r?\n")
_ENDSTREAM, _OBJECT, _END = b"endstream", b"obj", b"%%EOF"
_FILTER = re.compile(rb"/(?:Filter|F)\s{0,9}(\[[^\]\n]{0,200}\]|/\w{1,40})")
_NAME = re.compile(rb"/(\w{1,40})")
_LOOKED_BACK = 4096
_ZLIB = 15
_SHA1 = 20
_TABLE = 16


def pdf_parts(data: bytes, budget: Budget) -> Iterator[Part]:
    """The streams of a PDF, and what stands after its end."""
    if b"/Encrypt" in data:
        yield "PDF", Refused("an encrypted document")
    strange: Counter[str] = Counter()
    done = 0
    for match in _STREAM.finditer(data):
        end = data.find(_ENDSTREAM, match.end())
        if match.start() < done or end < 0 or data[match.start() - 3 : match.start()] == b"end":
            continue
        done = end
        since = max(0, match.start() - _LOOKED_BACK)
        head = data[max(since, data.rfind(_OBJECT, since, match.start())) : match.start()]
        filters = [name for listed in _FILTER.findall(head) for name in _NAME.findall(listed)]
        content = data[match.end() : end]
        try:
            for name in filters:
                content = _filtered(content, name.decode(), budget)
        except Refused as refusal:
            strange[str(refusal)] += 1
            continue
        if filters:
            yield f"stream at byte {match.start()}", content
    for reason, count in strange.items():
        yield "PDF", Refused(f"{reason} ({count} streams)" if count > 1 else reason)
    if (end := data.rfind(_END)) < 0:
        yield "PDF", Refused("a document that ends early")
    elif data[end + len(_END) :].strip(b"\x00\r\n\t "):
        yield AFTER, data[end + len(_END) :].lstrip()


def _filtered(content: bytes, name: str, budget: Budget) -> bytes:
    """A stream without one of its filters; pictures stay as they are.

    Raises
    ------
    Refused
        The filter is not known, or the stream is damaged.
    """
    if name in {"FlateDecode", "Fl"}:
        plain, used = inflated(content, budget, bits=_ZLIB)
        if used is None:
            msg = "a stream that is damaged"
            raise Refused(msg)
        return plain
    try:
        if name in {"ASCIIHexDecode", "AHx"}:
            digits = re.sub(rb"\s", b"", content.partition(b">")[0])
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        if name in {"ASCII85Decode", "A85"}:
            return base64.a85decode(b"<~" + content.strip().removesuffix(b"~>") + b"~>", adobe=True)
    except ValueError as error:
        msg = "a stream that is damaged"
        raise Refused(msg) from error
    if name in {"DCTDecode", "DCT"}:
        return content
    msg = f"a stream packed by {name}, which cannot be read"
    raise Refused(msg)


def font_fault(data: bytes) -> str | None:
    """Why a font is not all font; nothing where its own list of tables accounts for every byte."""
    if data[:4] in {b"wOFF", b"wOF2"}:
        length = int.from_bytes(data[8:12])
        more = struct.unpack(">5I", data[24:44] if data[:4] == b"wOFF" else data[28:48]) if len(data) >= 48 else (1,)  # noqa: PLR2004 - its head
        return None if length == len(data) and not any(more) else "a font with bytes that belong to no letter"
    count = int.from_bytes(data[4:6])
    if len(data) < 12 + _TABLE * count or not count:
        return "a font that ends early"
    spans = sorted(struct.unpack(">8x2I", data[at : at + _TABLE]) for at in range(12, 12 + _TABLE * count, _TABLE))
    end = 12 + _TABLE * count
    for start, size in spans:
        if start > end and data[end:start].strip(b"\x00"):
            return "a font with bytes that belong to no letter"
        end = max(end, start + size)
    if end > len(data) + 3:
        return "a font that ends early"
    return "a font with bytes after its end" if data[end:].strip(b"\x00") else None


def pack_parts(data: bytes) -> Iterator[Part]:
    """The objects in a pack of git, or in a bundle, whose pack stands after a list of refs."""
    faults: Counter[str] = Counter()
    store = Store(_SHA1, len(data), faults)
    try:
        store.add_pack(memoryview(data)[max(0, data.find(MAGIC + b"\x00\x00\x00")) :], "pack")
        for one in store.objects("blob", "commit", "tag", "tree"):
            if one.kind != "tree":
                yield f"git {one.kind} {one.object_id.hex()[:10]}", one.data
    except Refused as refusal:
        faults[str(refusal)] += 1
    store.finish()
    for what in faults:
        yield "pack", Refused(what)
