"""Values of a column as texts that are equal where the values are, whatever type a file gives them.

A column of whole numbers is one of floating ones in another file, or in another batch, as soon as a value is missing;
a device that is ``17`` here and ``17.0`` there is one device.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

# beyond these a floating number is no sure whole number
_WHOLE = float(1 << 53)


def texts_of(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Each value as a text without spaces around it, whole numbers without decimals; nothing where there is none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts_of(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        return _of_floating(column)
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if is_text or pa.types.is_integer(kind):
        texts = column.cast(pa.large_string())
    else:
        texts = pa.chunked_array([pa.array([_text(one) for one in column.to_pylist()], pa.large_string())])
    trimmed = pa.compute.utf8_trim_whitespace(texts)
    # what a table program made of whole numbers
    whole = pa.compute.replace_substring_regex(trimmed, r"^(-?[0-9]+)\.0+$", r"\1")
    filled = pa.compute.if_else(pa.compute.equal(whole, ""), pa.scalar(None, pa.large_string()), whole)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=object)


def _of_floating(column: pa.ChunkedArray) -> NDArray[np.object_]:
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    texts = np.full(len(values), None, dtype=object)
    finite = np.isfinite(values)
    whole = finite & (np.abs(values) <= _WHOLE) & (np.floor(values) == values)
    texts[whole] = values[whole].astype(np.int64).astype(str).astype(object)
    rest = finite & ~whole
    texts[rest] = [repr(float(one)) for one in values[rest]]
    return texts


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    if isinstance(value, bytes):
        # text that was written without saying so
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else None
    return str(value)
