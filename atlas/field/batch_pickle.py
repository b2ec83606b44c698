"""A portion of a file as bytes, which are read back without trusting whoever wrote them."""

from __future__ import annotations

import io
import pickle
from typing import Any

from atlas.field.batch import Batch
from atlas.field.change import Change
from atlas.field.export_base import UnchangedValue
from atlas.field.row import Media, Rejected
from atlas.field.store import Ready

_MADE_OF = {(each.__module__, each.__qualname__) for each in (Batch, Ready, UnchangedValue, Change, Media, Rejected)}
_MADE_OF |= {("builtins", name) for name in ("set", "frozenset")}


def packed(batch: Batch) -> bytes:
    """A portion as bytes."""
    return pickle.dumps(batch, protocol=pickle.HIGHEST_PROTOCOL)


class _Loader(pickle.Unpickler):
    """Makes portions and what they are made of, and nothing else, whoever wrote the file."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as the library has it
        if (module, name) not in _MADE_OF:
            msg = f"{module}.{name} is no part of a portion"
            raise pickle.UnpicklingError(msg)
        return super().find_class(module, name)


def unpacked(data: bytes) -> Batch | None:
    """The portion in some bytes; nothing where they are none."""
    try:
        made = _Loader(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, AttributeError, TypeError, ValueError, EOFError, IndexError, KeyError):
        return None
    return made if isinstance(made, Batch) else None
