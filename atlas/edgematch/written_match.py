"""What edge matching wrote, as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class WrittenMatch:
    """What was matched, for a terminal and for Python."""

    ledger: Mapping[str, Any]
    sizes: Mapping[Path, int]

    def summary(self) -> str:
        """A line a pair and a side, then the files."""
        lines = [
            f"  {pair['between']}: {pair['gaps']:,} gaps and {pair['overlaps']:,} overlaps, mostly "
            f"{pair['usual_m']:,.0f} m wide; the line is now {pair['line_km']:,.3f} km long"
            for pair in self.ledger["pairs"]
        ]
        for side in self.ledger["sides"]:
            most = f", at most {side['most_m']:,.1f} m" if side["most_m"] else ""
            lines.append(
                f"  {side['letter']} ({side['file']}): {side['moved']:,} positions moved and {side['added']:,} added "
                f"in {len(side['units']):,} of {side['features']:,} units{most}"
            )
            if side["heights_lost"]:
                lines.append(
                    f"  note: {side['heights_lost']:,} units of {side['letter']} lost the heights of their positions"
                )
            if count := side["numbers_left_out"]:
                units = "1 unit" if count == 1 else f"{count:,} units"
                lines.append(
                    f"  note: {units} of {side['letter']} had heights in some positions only, or numbers after them: "
                    "these are left out"
                )
            lines += [f"  note: {remark}" for remark in side.get("remarks", ())]
        lines += [f"  {path}  {size / 1000:,.1f} kB" for path, size in self.sizes.items()]
        return "\n".join(lines) + "\n"
