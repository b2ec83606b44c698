"""The atlas of Mexico's southern border: layers with their sources, and maps that open offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas._version import __version__
from atlas.errors import AtlasError

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.api import Atlas

__all__ = ["AtlasError", "__version__", "open"]


def open(folder: Path | str | None = None) -> Atlas:  # noqa: A001 - `atlas.open()` is the name people will type
    """Open the project in ``folder`` (default: the working folder's, or the embedded data).

    Raises
    ------
    UsageError
        ``folder`` is not a project.
    """
    from atlas.api import Atlas  # noqa: PLC0415 - importing the package must stay light

    return Atlas.at(folder)
