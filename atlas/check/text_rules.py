"""Rules on text: what a wrong encoding, a wrong form or a copied list leaves in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from atlas.geojson.path import shown

# what UTF-8 of Spanish letters, dashes and quotes looks like once it was read as Windows-1252
_SECOND = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)) + "\x80-\x9f"
MOJIBAKE = re.compile(f"[ÃÂ][{_SECOND}]|â€|ï»¿")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u2028\u2029\ud800-\udfff]")
_PERSONAL = re.compile(
    r"""
    (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}?\.[A-Za-z]{2,24}\b)
    |(?P<CURP>\b[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b)
    |(?P<RFC>\b[A-ZÑ&]{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{2}[0-9A]\b)
    |(?P<phone>(?<![\d.,-])(?:\+\d{1,3}[ -]?)(?:\(?\d{2,3}\)?[ -]?)?\d{3,4}[ -]?\d{4}(?![\d.,-]?\d)
        |(?<![\d.,-])\(\d{2,3}\)[ -]?\d{3,4}[ -]?\d{4}(?!\d)
        |(?<![\d.,/-])(?:\d{2}[ -]\d{4}|\d{3}[ -]\d{3})[ -]\d{4}(?![\d-])
        |(?i:\b(?:tel|cel|m[oó]vil|whats\ ?app|tel[eé]fono|celular|phone)\b)\D{0,12}\d(?:[ -]?\d){6,11}\b)
    |(?P<person>\b(?:Sr|Sra|Srta|Lic)\.\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+
        |\b(?i:señora|señor|señorita|ciudadano|ciudadana|doña)\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)
    """,
    re.VERBOSE,
)
_KINDS = {
    "email": "an e-mail address",
    "CURP": "a CURP",
    "RFC": "a taxpayer's RFC",
    "phone": "a telephone number",
    "person": "a person's name",
}
# places and buildings that are named after people
_NAMED_AFTER = re.compile(
    r"(?i)(?:calle|av\.?|avenida|bulevar|blvd\.?|puente|colonia|col\.?|escuela|ejido|parque|presa|mercado|hospital"
    r"|aeropuerto|internacional|secundaria|primaria|rancho|barrio)\s+\Z"
)
_SHORTEST_PERSONAL = 7
_SIX_DIGITS = re.compile(r"\d(?:\D*\d){5}")
_TITLES = ("sr.", "sra.", "srta.", "lic.", "señor", "ciudadan", "doña")
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class TextFault:
    """A rule that a text breaks, with the message."""

    rule: str
    message: str


def faults_of(text: str) -> list[TextFault]:
    """What is wrong with a text; most texts are done after two quick looks."""
    faults: list[TextFault] = []
    if not text.isascii():
        faults.extend(_letters(text))
    if not text.isprintable():
        faults.extend(_invisible(text))
    personal = _PERSONAL.search(text) if _may_be_personal(text) else None
    if personal and not (personal.lastgroup == "person" and _NAMED_AFTER.search(text, 0, personal.start())):
        # the data itself is not repeated: reports travel further than files
        what = _KINDS[personal.lastgroup or ""]
        message = f"The text seems to hold {what} ({_masked(personal.group())}): remove it, or keep the file private."
        faults.append(TextFault("personal-data", message))
    return faults


def _may_be_personal(text: str) -> bool:
    """Whether a text has what all personal data have: an @, six digits, or a word before a name."""
    if len(text) < _SHORTEST_PERSONAL:
        return False
    if "@" in text or _SIX_DIGITS.search(text):
        return True
    small = text.lower()
    return any(word in small for word in _TITLES)


def _letters(text: str) -> list[TextFault]:
    faults = []
    if MOJIBAKE.search(text):
        meant = repaired(text)
        remedy = f"it should be {shown(meant)}" if meant else "part of it is lost: restore it from the source"
        faults.append(TextFault("text-mojibake", f"{shown(text)} was read in the wrong encoding: {remedy}."))
    if "\ufffd" in text:
        message = f"{shown(text)} has lost letters to a wrong encoding: restore the text from its source."
        faults.append(TextFault("text-lost", message))
    if not unicodedata.is_normalized("NFC", text):
        faults.append(TextFault("text-not-nfc", f"{shown(text)} has accents as characters of their own: make it NFC."))
    return faults


def _invisible(text: str) -> list[TextFault]:
    faults = []
    if match := _CONTROL.search(text):
        message = f"{shown(text)} has the invisible character U+{ord(match.group()):04X}: remove it."
        faults.append(TextFault("text-control", message))
    if match := _BIDI.search(text):
        message = f"{shown(text)} has U+{ord(match.group()):04X}, which changes the direction of writing: remove it."
        faults.append(TextFault("text-bidi", message))
    return faults


def repaired(text: str) -> str | None:
    """The text before UTF-8 was taken for Windows-1252, once or several times."""
    best = None
    for _ in range(_ROUNDS):
        try:
            text = b"".join(_byte(char) for char in text).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            break
        best = text
        if not MOJIBAKE.search(text):
            break
    return best


def _byte(char: str) -> bytes:
    # five bytes are no letters in Windows-1252, programs keep them as control characters
    return char.encode("latin-1") if "\x80" <= char <= "\x9f" else char.encode("cp1252")


def _masked(text: str) -> str:
    return shown(text[:2] + "…", quoted=False)
