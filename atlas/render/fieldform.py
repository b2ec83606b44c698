"""The form of a field note as the browser gets it: the fields of ``annotation.json``, with nothing left to look up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.errors import InputError

_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "maxLength")
# without these the page could not say what, where and for whom
NEEDED = ("category", "position_basis", "sensitivity")


def form_data(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form in their order.

    Parameters
    ----------
    schema
        The JSON Schema of a field record.

    Raises
    ------
    InputError
        It is not one.
    """
    try:
        described = schema["properties"]["properties"]
        required = set(described.get("required", ()))
        fields = [
            _field(name, described_field, required=name in required)
            for name, described_field in described["properties"].items()
        ]
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"the schema of field notes is not one ({error!r}); start from geodata/schema/annotation.json"
        raise InputError(msg) from error
    if missing := [name for name in NEEDED if name not in {field["name"] for field in fields}]:
        msg = f"the schema of field notes lacks {', '.join(missing)}; start from geodata/schema/annotation.json"
        raise InputError(msg)
    return {"fields": fields}


def _field(name: str, described_field: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    kinds = described_field["type"]
    values = [[word["const"], dict(word["titles"])] for word in described_field.get("oneOf", ()) if "const" in word]
    return {
        "name": name,
        "types": [kinds] if isinstance(kinds, str) else list(kinds),
        "titles": dict(described_field["titles"]),
        "descriptions": dict(described_field["descriptions"]),
        "values": values,
        "required": required,
        "control": described_field.get("control", "choice" if values else "text"),
        "default": described_field.get("default"),
        "pattern": described_field.get("pattern"),
        "unit": described_field.get("unit"),
        "limits": {key: described_field[key] for key in _LIMITS if key in described_field},
    }
