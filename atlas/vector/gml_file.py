"""GML: what it says of the order of its axes."""

from __future__ import annotations

import re
from pathlib import Path

from atlas.vector.layer import FileFault

_SRS_NAME = re.compile(rb"srsName\s*=\s*[\"']([^\"']{1,120})[\"']")
_SHORT_CODE = re.compile(rb"EPSG:\d+\Z", re.IGNORECASE)
_LONGEST_HEAD = 20_000_000


def look_at_axes(path: Path) -> list[FileFault]:
    """What a GML file says of its system: the short form of a code leaves the order of the axes open."""
    with path.open("rb") as stream:
        names = sorted(set(_SRS_NAME.findall(stream.read(_LONGEST_HEAD))))
    shown = [name.decode("ascii", "replace") for name in names]
    faults = []
    if any(map(_SHORT_CODE.match, names)):
        message = (
            f"srsName is {shown[0]}, which is read as longitude first, as older servers mean it; some write latitude "
            "first: look at the map."
        )
        faults.append(FileFault("axis-order", message))
    if len({name.rstrip(b"/").rpartition(b":")[2].rpartition(b"/")[2].rpartition(b"#")[2] for name in names}) > 1:
        message = (
            f"The file names several systems ({', '.join(shown[:4])}), of which one is taken for all: write each into "
            "a file of its own."
        )
        faults.append(FileFault("crs-disagrees", message))
    return faults
