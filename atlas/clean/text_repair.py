"""Texts with one right form: decoded, composed, without invisible characters."""

from __future__ import annotations

import re
import unicodedata

from atlas.check.text_rules import MOJIBAKE, repaired

_LINE_ENDS = re.compile("[\x0b\x0c\u2028\u2029]")
# not the C1 range, which holds letters and quotes of Windows-1252, nor halves of characters
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
# what programs write where they know nothing; in other words somebody may have meant something
ARTEFACTS = frozenset({"NULL", "null", "NaN", "nan", "<Null>", "<NULL>", "undefined", "#N/A"})


def mended(rule: str, text: str) -> str | None:
    """The text without the fault; nothing where more than one answer is possible."""
    if rule == "text-mojibake":
        meant = repaired(text)
        return meant if meant is not None and not MOJIBAKE.search(meant) and "\ufffd" not in meant else None
    if rule == "text-not-nfc":
        return unicodedata.normalize("NFC", text)
    if rule == "text-control":
        return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    if rule == "text-bidi":
        rtl = any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text if not _BIDI.match(char))
        return None if rtl else _BIDI.sub("", text)
    return None
