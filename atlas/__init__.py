"""An atlas of a border: layers with their sources, and maps that open offline.

``atlas.open()`` gives an `Atlas`; the other names are the types that its methods take and return, and the errors.
Positions are longitude, latitude in degrees (WGS 84) everywhere; lengths are geodesic, with the unit in the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from atlas import moved as _moved
from atlas._version import __version__
from atlas.errors import (
    AtlasError,
    EvidenceError,
    FindingsError,
    GeometryError,
    InputError,
    OutputError,
    PolicyError,
    SourceError,
    UsageError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from atlas.api import (
        Atlas,
        AuditReport,
        Built,
        ClaimFinding,
        Counted,
        Evidence,
        Exported,
        Located,
        MadeBoxes,
        MapView,
        Project,
        Published,
        PublishOptions,
        Refreshed,
        RiskSheet,
        Sealing,
        SourceOverride,
        Verified,
    )

__all__ = [
    "Atlas",
    "AtlasError",
    "AuditReport",
    "Built",
    "ClaimFinding",
    "Counted",
    "Evidence",
    "EvidenceError",
    "Exported",
    "FindingsError",
    "GeometryError",
    "InputError",
    "Located",
    "MadeBoxes",
    "MapView",
    "OutputError",
    "PolicyError",
    "Project",
    "PublishOptions",
    "Published",
    "Refreshed",
    "RiskSheet",
    "Sealing",
    "SourceError",
    "SourceOverride",
    "UsageError",
    "Verified",
    "__version__",
    "open",
]

_moved.install()


def open(folder: Path | str | None = None) -> Atlas:  # noqa: A001 - `atlas.open()` is the name people will type
    """Open a project: its layers, sources and facts, and what can be done with them.

    Parameters
    ----------
    folder
        A folder with ``geodata/``. Without it, the project that the working folder is in; outside of any, the data
        that came with the package.

    Returns
    -------
    Atlas
        The open project. Nothing but its settings has been read yet.

    Raises
    ------
    UsageError
        ``folder`` is not a project.
    InputError
        The project's settings file, ``atlas.toml``, cannot be used.

    Examples
    --------
    >>> import atlas
    >>> project = atlas.open()
    >>> project.layers["municipalities"]["feature_count"]
    23
    """
    from atlas.api import Atlas  # noqa: PLC0415 - importing the package must stay light

    return Atlas.at(folder)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a type of the API
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from atlas import api  # noqa: PLC0415 - importing the package must stay light

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
