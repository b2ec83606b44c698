"""JSON that this program wrote into a store or a spill file of its own: quick, as what went in comes out."""

from __future__ import annotations

import json
from typing import Any


def stored(text: str) -> Any:  # noqa: ANN401 - whatever was put in
    """The value of a text that `json.dumps` made here; nothing of strangers is read so.

    Raises
    ------
    ValueError
        The text is damaged.
    """
    return json.loads(text)
