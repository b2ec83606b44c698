"""The sentences that every released feature carries about what was done to it."""

from __future__ import annotations

CLASS_PROTOCOL = "somewhere in this place of the map of boxes; where in it is not known to the program that counted"
REST_PROTOCOL = "somewhere in those places of it that show nothing by themselves"
CLASS_GENERALISED = (
    "different days, rounded down to a step of the release; place to a box or coarser; time to the period"
)
NOISE_GENERALISED = (
    "different days with random noise (differential privacy), then rounded down so far that with ninety-nine per cent "
    "no number of the book is more than was noted; place to a box or coarser; time to the period"
)
CLASS_WITHHELD = "positions, days, identifiers, people, texts and photographs; what is below a step"
OPEN_PROTOCOL = "position as recorded, rounded"
OPEN_GENERALISED = "position rounded; time to month"
OPEN_WITHHELD = "exact time, identifier, people and unreviewed text"
