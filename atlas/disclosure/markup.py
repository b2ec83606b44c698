"""Scripts, styles and tags of a page, in one pass, however many it opens and does not close."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_OPENING = re.compile(r"<(script|style)\b", re.IGNORECASE)
_CLOSING = {name: re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE) for name in ("script", "style")}
_COMMENT = "<!--"


class Block(NamedTuple):
    """A script or a style: from where to where, its attributes and its content."""

    start: int
    end: int
    name: str
    attributes: str
    content: str


def blocks(text: str) -> Iterator[Block]:
    """Scripts and styles of a page; one that nothing closes goes to the end, as it does in a browser."""
    at = 0
    while (start := _OPENING.search(text, at)) and (head := text.find(">", start.end())) >= 0:
        name = start.group(1).lower()
        end = _CLOSING[name].search(text, head + 1)
        at = end.end() if end else len(text)
        content = text[head + 1 : end.start() if end else None]
        yield Block(start.start(), at, name, text[start.end() : head], content)


def without_blocks(text: str) -> str:
    """A page without its scripts and styles."""
    pieces, at = [], 0
    for block in blocks(text):
        pieces.append(text[at : block.start])
        at = block.end
    return " ".join([*pieces, text[at:]])


def without_tags(text: str) -> str:
    """A document without tags, each a new line; what stands in comments stays."""
    pieces, at = [], 0
    while (start := text.find("<", at)) >= 0 and (end := text.find(">", start)) >= 0:
        pieces.append(text[at:start])
        at = start + len(_COMMENT) if text.startswith(_COMMENT, start) else end + 1
    return " \n".join([*pieces, text[at:]]).replace("-->", " \n")
