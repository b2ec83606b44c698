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
_LEAST, _MOST = 7, 100


def personal(view: View, *, names: bool = True) -> Iterator[Finding]:
    """Telephone numbers, addresses, codes and, if wanted, names in the texts of a view."""
    text = decoded(view.data)
    for match in contacts("\n".join(_pieces(view.form, text))):
        if match.rule == "name" and not names:
            continue
        at = text.find(match.text)
        where = view.at(at) if at >= 0 else " > ".join(view.trail) or "text"
        yield Finding(match.rule, view.file, where, f"{_WHAT[match.rule]}: {masked(match.text)}")


_WHAT = {"phone": "a telephone number", "email": "an e-mail address", "curp": "a personal code", "name": "a name"}


def _pieces(form: str, text: str) -> Iterator[str]:
    if form == "json":
        yield from (found for found in _STRING.findall(text) if _may_tell(found))
    elif form == "html":
        for match in _SCRIPT.finditer(text):
            if _JSON_TYPE.search(match.group(2)):
                yield from (found for found in _STRING.findall(match.group(3)) if _may_tell(found))
        yield _TAG.sub(" \n", _SCRIPT.sub(" ", text))
    elif form == "xml":
        yield _TAG.sub(" \n", _COORDINATES.sub(" ", text))
    else:
        yield _COORDINATES.sub(" ", text)


def _may_tell(text: str) -> bool:
    """Whether a text can hold a number or an address, or two words that are a name."""
    return " " in text or "@" in text or (any(map(str.isdigit, text[:40])) and _LEAST <= len(text) < _MOST)
