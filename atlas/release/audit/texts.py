"""The texts in a file that people may read: without code, coordinates and tags; scanned for personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.release.audit.contact import contacts
from atlas.release.audit.finding import Finding, masked
from atlas.release.audit.sniff import decoded
from atlas.release.audit.view import View

_STRING = re.compile(r'"((?:[^"\\\n]|\\.){6,20000})"')
_SCRIPT = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--|-->|<[^>]*>")
_COORDINATES = re.compile(r"<coordinates>[^<]*</coordinates>|\b(?:[A-Z]{5,18}) ?Z? ?\(\(?[-\d][-\d.,() eE]*\)")
_JSON_TYPE = re.compile(r"json", re.IGNORECASE)
_TELLING = re.compile(r"[^\W\d] +[^\W\d]|@|\d.*\d.*\d.*\d.*\d.*\d.*\d", re.DOTALL)


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
    for match in contacts("\n".join(sorted(pieces))):
        if match.rule == "name" and not names:
            continue
        at = text.find(match.text)
        where = view.at(at) if at >= 0 else " > ".join(view.trail) or "text"
        yield Finding(match.rule, view.file, where, f"{_WHAT[match.rule]}: {masked(match.text)}")


_WHAT = {"phone": "a telephone number", "email": "an e-mail address", "curp": "a personal code", "name": "a name"}


def _pieces(form: str, text: str) -> Iterator[str]:
    if form == "json":
        yield from filter(_may_tell, set(_STRING.findall(text)))
    elif form == "html":
        for match in _SCRIPT.finditer(text):
            if _JSON_TYPE.search(match.group(2)):
                yield from filter(_may_tell, set(_STRING.findall(match.group(3))))
        yield from _lines(_SCRIPT.sub(" ", text))
    elif form == "xml":
        yield from _lines(_COORDINATES.sub(" ", text))
    else:
        yield _COORDINATES.sub(" ", text)


def _lines(text: str) -> Iterator[str]:
    """Lines of a document without its tags, each with what stands in one line."""
    return filter(_may_tell, _TAG.sub(" \n", text).splitlines())


def _may_tell(text: str) -> bool:
    """Whether a text can hold a number or an address, or two words that are a name."""
    return _TELLING.search(text) is not None
