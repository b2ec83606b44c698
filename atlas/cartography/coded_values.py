"""Values of a field as integers or texts, and those as bytes; what makes them of texts is in `value_coding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TEXTS_A_PIECE = 50_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A field's values as integers from zero, zero for none; or as texts where ``texts`` are given.

    Attributes
    ----------
    kind
        ``word`` (the number of a text in ``words``), ``number``, ``time`` or ``text``.
    about
        What turns an integer back into its text.
    """

    name: str
    kind: str
    codes: NDArray[np.int64] | None
    about: dict[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    texts: Sequence[str] = ()


def planes(values: NDArray[np.int64], count: int) -> list[NDArray[np.uint8]]:
    """Integers as their lowest bytes, their next bytes and so on: the high ones pack to almost nothing."""
    return [((values >> (8 * number)) & 0xFF).astype(np.uint8) for number in range(count)]


def field_pieces(one: Coded, order: NDArray[np.int64] | None = None) -> list[bytes]:
    """The values of a field as bytes, in an order: one piece, or several of texts with zeros between them."""
    if one.codes is None:
        texts = one.texts if order is None else [one.texts[number] for number in order.tolist()]
        pieces = [texts[at : at + _TEXTS_A_PIECE] for at in range(0, len(texts), _TEXTS_A_PIECE)]
        return ["\0".join(piece).encode() for piece in pieces]
    codes = one.codes if order is None else one.codes[order]
    return [b"".join(plane.tobytes() for plane in planes(codes, byte_width(one.codes)))]


def described(one: Coded) -> dict[str, Any]:
    """What a page has to know to read the values of a field."""
    width = None if one.codes is None else byte_width(one.codes)
    most = None if one.codes is None else int(one.codes.max(initial=0))
    return {"name": one.name, "kind": one.kind, "bytes": width, "most": most, **one.about, "words": list(one.words)}


def byte_width(values: NDArray[np.int64]) -> int:
    """Bytes that the largest of some numbers takes."""
    return max(1, -(-int(values.max(initial=0)).bit_length() // 8))
