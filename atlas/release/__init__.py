"""From exact field records to records at public places, which may leave the house."""

from __future__ import annotations

from typing import Any

from atlas.release.restricted import Restricted

__all__ = ["Restricted"]

# what stood at this door in version 0.1.0, and what it is called in `atlas.published`; gone with 2.0.0
_MOVED = {"Release": "PublishedLayers", "Sensitivity": "Sensitivity", "open_release": "open_published_layers"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever stood there
    if name not in _MOVED:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    import warnings  # noqa: PLC0415 - for the old names alone

    import atlas.published as target  # noqa: PLC0415 - as above

    message = f"{__name__}.{name} is atlas.published.{_MOVED[name]} now; the old name goes with version 2.0.0"
    warnings.warn(message, DeprecationWarning, stacklevel=2)
    return getattr(target, _MOVED[name])
