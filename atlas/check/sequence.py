"""Features one after the other: GeoJSON text sequences (RFC 8142), and the same without their separators."""

from __future__ import annotations

import json
import re

SEPARATOR = "\x1e"
_COLLECTION = re.compile(r'\{\s*"type"\s*:\s*"FeatureCollection"')
_NEXT_OBJECT = re.compile(r"[\s\x1e]*\{")


def sequence_rule(text: str, at: int, decoder: json.JSONDecoder) -> str | None:
    """The rule that a text breaks which is features one after the other; none where it is one value.

    RFC 8142 puts a record separator before each. Without it, the first value has to be a whole feature that another
    object follows; only what is held is looked at, so that a longer first feature counts as the whole text.
    """
    if text[at] == SEPARATOR:
        return "json-sequence"
    if text[at] != "{" or _COLLECTION.match(text, at):
        return None
    try:
        value, end = decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return None
    return "json-trailing" if _NEXT_OBJECT.match(text, end) else None
