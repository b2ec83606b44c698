"""Where in a JSON text something stands: the offset of a path, and what was open when the text ended."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]', re.DOTALL)
_DECODER = json.JSONDecoder()


def line_of(text: str, path: Sequence[str | int]) -> int:
    """How many lines below the start of a valid JSON text the value at a path begins; the nearest that is there."""
    at = _after_space(text, 0)
    try:
        for step in path:
            inner = _descend(text, at, step)
            if inner is None:
                break
            at = inner
    except (ValueError, IndexError, RecursionError):
        pass
    return text.count("\n", 0, at)


def span_of(text: str, name: str) -> tuple[int, int] | None:
    """Where the value of a member of an object begins and ends in a JSON text; nothing where that is not clear."""
    try:
        at = _member(text, _after_space(text, 0), name)
        return None if at is None else (at, _DECODER.raw_decode(text, at)[1])
    except (ValueError, IndexError, RecursionError):
        return None


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _descend(text: str, at: int, step: str | int) -> int | None:
    if isinstance(step, str) and text[at] == "{":
        return _member(text, at, step)
    if isinstance(step, int) and text[at] == "[":
        return _element(text, at, step)
    return None


def _member(text: str, at: int, name: str) -> int | None:
    at = _after_space(text, at + 1)
    while text[at] == '"':
        key, at = _DECODER.raw_decode(text, at)
        value = _after_space(text, _after_space(text, at) + 1)
        if key == name:
            return value
        at = _after_space(text, _DECODER.raw_decode(text, value)[1])
        at = _after_space(text, at + 1)
    return None


def _element(text: str, at: int, index: int) -> int | None:
    at = _after_space(text, at + 1)
    for _ in range(index):
        at = _after_space(text, _DECODER.raw_decode(text, at)[1])
        if text[at] != ",":
            return None
        at = _after_space(text, at + 1)
    return at


def open_at_end(text: str) -> tuple[str | int, ...]:
    """The path to what was still open where a JSON text breaks off, without recursion."""
    stack: list[list[str | int]] = []
    key = ""
    for match in _TOKEN.finditer(text):
        sign = match.group()
        if sign in "{[":
            stack.append([sign, "" if sign == "{" else 0])
        elif sign in "}]":
            if stack:
                stack.pop()
        elif sign == "," and stack:
            last = stack[-1][1]
            stack[-1][1] = last + 1 if isinstance(last, int) else ""
        elif sign == ":" and stack:
            stack[-1][1] = key
        elif sign.startswith('"'):
            key = _unquoted(sign)
    return tuple(step for _, step in stack if step != "")


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')
