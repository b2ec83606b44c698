"""What CoMapeo and Mapeo write of an observation beside its answers: how good its position is, and from when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# as Mapeo's categories are called; a hash has digits among its letters
_WORD = re.compile(r"[a-z]{2,40}(?:[-_][a-z]{1,40}){0,5}\Z")
_NAMED = frozenset({"category", "$category"})


def beside_comapeo(observation: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that an export's properties lack.

    Parameters
    ----------
    observation
        The observation as the program keeps it, such as the member ``$comapeo`` of a feature.
    """
    metadata = _member(observation, "metadata")
    # Mapeo has one level more
    position = _member(metadata, "position") or _member(_member(metadata, "location"), "position")
    accuracy, taken = _member(position, "coords").get("accuracy"), position.get("timestamp")
    columns: dict[str, Any] = {}
    by_hand = metadata.get("manualLocation") is True
    if not by_hand and isinstance(accuracy, int | float) and not isinstance(accuracy, bool):
        columns["accuracy"] = accuracy
    if isinstance(taken, str | int) and not isinstance(taken, bool):
        columns["gps_time"] = taken
    columns["position_basis"] = "map" if by_hand else "gps" if position else None
    if position.get("mocked") is True:
        columns["mocked_position"] = True
    names = [file for one in observation.get("attachments") or () if (file := _file(one))]
    if names:
        columns["attachments"] = names
    return {name: value for name, value in columns.items() if value is not None}


def is_mapeo(properties: Mapping[str, Any]) -> bool:
    """Whether an export has what the program knows of a position among its properties."""
    metadata = _member(properties, "metadata")
    return bool(_member(metadata, "position") or _member(_member(metadata, "location"), "position"))


def named_category(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The category of an export of Mapeo, which has a word for an id; what CoMapeo calls so is a number of its own."""
    word = properties.get("categoryId")
    if not isinstance(word, str) or not _WORD.match(word) or _NAMED & properties.keys():
        return {}
    return {"category": word.replace("-", " ")}


def _file(attachment: Any) -> str | None:  # noqa: ANN401 - any JSON
    """The name that an attachment has beside an export of Mapeo; CoMapeo's stand in columns of the properties."""
    stated = attachment.get("id") if isinstance(attachment, Mapping) else None
    return stated if isinstance(stated, str) and "." in stated else None


def _member(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, Mapping) else {}
