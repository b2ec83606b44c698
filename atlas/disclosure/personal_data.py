"""The texts in a file that people may read: without code, coordinates and tags; scanned for personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.disclosure.byte_view import View
from atlas.disclosure.contact import contacts
from atlas.disclosure.finding import Finding, masked
from atlas.disclosure.markup import blocks, without_blocks, without_tags
from atlas.disclosure.sniff import decoded

# also what nothing closes, so that it is read once and not again from each quote in it
_STRING = re.compile(r'"((?:[^"\\\n]++|\\.)*+)("?)')
_SHORTEST, _LONGEST = 6, 20_000
_COORDINATES = re.compile(
    r"<coordinates>[^<]*</coordinates>|\b(?:[A-Z]{5,18}) ?Z? ?\(\(?[-\d](?:[-\d.,() e]|(?<=\d)E)*\)"
)
_JSON_TYPE = re.compile(r"json", re.IGNORECASE)
# between texts that stand apart: no pattern goes across it, so that two of them are never read as one number
_APART = "\n\0\n"
_TELLING = re.compile(r"[^\W\d] +[^\W\d]|@|(?:\d\D*){7}")


def personal(view: View, *, names: bool = True, known: set[str] | None = None) -> Iterator[Finding]:
    """Telephone numbers, addresses, codes and, if wanted, names in the texts of a view.

    Parameters
    ----------
    known
        Texts that were read before and need not be read again; those of this view are added.
    """
    text = decoded(view.data)
    pieces = set(_pieces(view.form, text))
    if known is not None:
        pieces -= known
        known |= pieces
    for match in contacts(_APART.join(sorted(pieces))):
        if match.rule == "name" and not names:
            continue
        at = text.find(match.text)
        where = view.at(at) if at >= 0 else " > ".join(view.trail) or "text"
        yield Finding(match.rule, view.file, where, f"{_WHAT[match.rule]}: {masked(match.text)}")


_WHAT = {"phone": "a telephone number", "email": "an e-mail address", "curp": "a personal code", "name": "a name"}


def _pieces(form: str, text: str) -> Iterator[str]:
    if form == "json":
        yield from filter(_may_tell, _strings(text))
    elif form == "html":
        for block in blocks(text):
            if _JSON_TYPE.search(block.attributes):
                yield from filter(_may_tell, _strings(block.content))
        yield from _lines(without_blocks(text))
    elif form == "xml":
        yield from _lines(_COORDINATES.sub(" ", text))
    else:
        yield _COORDINATES.sub(" ", text) if "(" in text or "<coord" in text else text


def _strings(text: str) -> set[str]:
    """Strings of a JSON; of the longest only those that have words."""
    whole = {inner for inner, end in _STRING.findall(text) if end and len(inner) >= _SHORTEST}
    return {one for one in whole if len(one) <= _LONGEST or " " in one}


def _lines(text: str) -> Iterator[str]:
    """Lines of a document without its tags, each with what stands in one line."""
    return filter(_may_tell, without_tags(text).splitlines())


def _may_tell(text: str) -> bool:
    """Whether a text can hold a number or an address, or two words that are a name."""
    return _TELLING.search(text) is not None
