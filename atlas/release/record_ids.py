"""Ids of published records: made of public content alone, and of letters alone."""

from __future__ import annotations

import hashlib

_LETTERS = 16
# an id of digits only could be taken for a telephone number or a position, by a scanner and by a person
_SPELT = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def public_id(content: str, number: int) -> str:
    """The id of one of several records that look alike.

    Parameters
    ----------
    content
        All that the record says.
    number
        Which of those that say it, from 1.
    """
    digest = hashlib.sha256(f"atlas release|{content}|{number}".encode()).hexdigest()
    return digest[:_LETTERS].translate(_SPELT)
