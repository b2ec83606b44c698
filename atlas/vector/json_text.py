"""A JSON file of another format than GeoJSON, read strictly, and shapes out of lists of numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from atlas.errors import InputError
from atlas.geojson.document import document_of
from atlas.geojson.encoding import unicode_encoding
from atlas.geojson.strict import JsonFaultError
from atlas.vector.wkb import Positions

_REMEDY = "export it again"


class ShapeError(ValueError):
    """Lists that are no shape."""


def read_json_object(named: Path, path: Path) -> dict[str, Any]:
    """The outermost object of a file.

    Raises
    ------
    InputError
        It is not JSON, or no object.
    """
    try:
        data = path.read_bytes()
        value = document_of(data).value
    except OSError as error:
        msg = f"{named} cannot be read ({error.strerror}); {_REMEDY}"
        raise InputError(msg) from error
    except UnicodeError as error:
        msg = f"{named} is not {unicode_encoding(data[:4]).title}; save it as UTF-8"
        raise InputError(msg) from error
    except JsonFaultError as fault:
        msg = f"{named} {fault}; {fault.remedy or _REMEDY}"
        raise InputError(msg) from None
    if not isinstance(value, dict):
        msg = f"{named} is no object of JSON; {_REMEDY}"
        raise InputError(msg)
    return value


def run_of(value: Any, *, measured: bool = False) -> Positions:  # noqa: ANN401 - straight from the parser
    """Positions (x, y, perhaps height) as an array; ``measured`` leaves the last number of each out.

    Raises
    ------
    ShapeError
        They are no lists of two numbers or more, all of one length.
    """
    if not isinstance(value, list) or not value or any(not isinstance(one, list) for one in value):
        msg = "a position is no list of numbers"
        raise ShapeError(msg)
    numbers = [one[:-1] if measured and len(one) > 2 else one for one in value]  # noqa: PLR2004 - x and y
    sizes = set(map(len, numbers))
    if min(sizes) < 2 or any(type(part) not in {int, float} for one in numbers for part in one):  # noqa: PLR2004 - x and y
        msg = "a position is not two numbers or more"
        raise ShapeError(msg)
    least = min(*sizes, 3)
    try:
        run: Positions = np.array([one[:least] for one in numbers], dtype=np.float64)
    except OverflowError as error:
        msg = "a number is greater than a double can hold"
        raise ShapeError(msg) from error
    return run
