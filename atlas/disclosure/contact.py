"""Patterns by which people can be reached or recognised: telephone numbers, addresses, personal codes, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from atlas.border_project.expected_region import region
from atlas.disclosure.numbering import numbering

_URL = re.compile(r"(?:https?|ftp|mailto|urn|doi|data):\S+|\b10\.\d{4,9}/\S+", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})*\.[A-Za-z]{2,24}\b")
CURP = re.compile(
    r"\b[A-Z][AEIOUX][A-Z]{2}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[HMX][A-Z]{5}[A-Z0-9]\d\b", re.IGNORECASE
)
# begin with what is rarer than a letter: quicker than the pattern above
_LINK = re.compile(
    r":\S(?:(?<=http:.)|(?<=https:.)|(?<=ftp:.)|(?<=mailto:.)|(?<=urn:.)|(?<=doi:.)|(?<=data:.))", re.IGNORECASE
)
_HANDLE = re.compile(r"/\S(?<=\d/.)")
_CODE = re.compile(r"[HMXhmx](?<=\d.)\w{5}")
_SEPARATED = r"[\s().\-/]{0,3}"
_PHONES = (
    # E.164, with a plus or with 00
    re.compile(rf"(?<![\w.+])(?:\+|00)\d{{1,3}}{_SEPARATED}(?:\d{_SEPARATED}){{6,12}}\d(?![\w])"),
    # a word that announces a number
    re.compile(
        rf"\b(?:tel(?:[ée]fono|ephone)?|cel(?:ular)?|m[óo]vil|mobile|phone|whats\s?app|wa|llamar?(?: al?)?|call)"
        rf"\W{{0,4}}(?:\d{_SEPARATED}){{6,12}}\d(?!\w)",
        re.IGNORECASE,
    ),
)
# what each of them needs, with all digits as zeros and what separates as blanks: quicker than the pattern
_SHAPE = {**dict.fromkeys(map(ord, "0123456789"), "0"), **dict.fromkeys(map(ord, ".-()\t\n\r\v\f"), " ")}
_ZEROS = re.compile(r"00\d(?<![\w.+]...)")
_CALLS = ("tel", "cel", "vil", "mobile", "phone", "whats", "wa", "llama", "call")
_NAME = re.compile(
    r"\b(?i:don|doña|se[ñn]ora?|sr|sra|lic|ing|dra?|named?|llamad[oa]|se llama|informante|testigo|witness|contact[oa]?|"
    r"coyote|gu[íi]a)\b\.?:?\s+([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,}(?:\s+(?:de(?:l| la)?\s+)?[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,})+)"
)
_TWO_CAPITALS = re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,}\s+(?:de(?:l| la)?\s+)?[A-ZÁÉÍÓÚÑ]")
_YEARS = re.compile(r"(?:1[89]|20)\d\d[\s-](?:1[89]|20)\d\d")
_COORDINATE = re.compile(r"(?<![\d.])[-+]?\d{1,3}[.,]\d{4,}")
_PAIR = re.compile(r"(?<![\d.])[-+]?\d{1,3}[.,]\d{3,}+°?\s*+(?:[NSEWO]\s*+)?(?:[,;/]\s*+|(?<= ))[-+]?\d{1,3}[.,]\d{3,}")
_ANGLE = r"\d{1,3}\s*[°º]\s*\d{1,2}(?:[.,]\d+)?\s*['′’][^°º\n]{0,12}"
_DMS = re.compile(rf"{_ANGLE}[,;/\s]\s*{_ANGLE}")
_LONGEST = 20_000_000
_DIGIT = re.compile(r"\d")


class Match(NamedTuple):
    """A pattern that was found: the rule's id, the text and where it begins."""

    rule: str
    text: str
    start: int


def contacts(text: str) -> Iterator[Match]:
    """Telephone numbers, e-mail addresses, personal codes and, weakly, names in free text."""
    plain = text
    if _LINK.search(text) is not None or ("10." in text and "/" in text and _HANDLE.search(text) is not None):
        plain = _URL.sub(lambda match: " " * len(match.group()), text[:_LONGEST])
    if "@" in plain or "at)" in plain or "at]" in plain:
        yield from (Match("email", hit.group(), hit.start()) for hit in EMAIL.finditer(plain))
    if _DIGIT.search(plain):
        if _CODE.search(plain) is not None:
            yield from (Match("curp", hit.group(), hit.start()) for hit in CURP.finditer(plain))
        taken: list[tuple[int, int]] = []
        for pattern in _possible(plain):
            for match in pattern.finditer(plain):
                start, end = match.span()
                if not any(start < other_end and other < end for other, other_end in taken) and _is_phone(match):
                    taken.append((start, end))
                    yield Match("phone", match.group(), start)
    if _TWO_CAPITALS.search(plain) is None:
        return
    yield from (Match("name", match.group(1), match.start(1)) for match in _NAME.finditer(plain))


def _possible(text: str) -> Iterator[re.Pattern[str]]:
    """The patterns of telephone numbers of which the least is there."""
    abroad, announced = _PHONES
    if "+" in text or _ZEROS.search(text):
        yield abroad
    lower = text.lower()
    if any(word in lower for word in _CALLS):
        yield announced
    shape = text.translate(_SHAPE)
    for pattern, needed in numbering(region().border.telephones):
        if any(part in shape for part in needed):
            yield pattern


def _is_phone(match: re.Match[str]) -> bool:
    return not _YEARS.fullmatch(match.group()) and not _COORDINATE.search(match.group())


def coordinates(text: str) -> Iterator[Match]:
    """Pairs of decimal degrees, or degrees and minutes, in a free text."""
    for pattern in (_PAIR, _DMS):
        yield from (Match("decimals", match.group(), match.start()) for match in pattern.finditer(text[:_LONGEST]))
