"""Three sides or more as one coverage: pairs that were matched after others end on edges that those have already."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from atlas.edgematch.sides import Side
from atlas.edgematch.weld import as_coverage, is_beside

# a metre
_TOUCH_DEG = 1e-5


def put_on_one_grid(sides: Sequence[Side], leader: str) -> None:
    """Give all units that are beside another side the same positions as that has, in place.

    Parameters
    ----------
    leader
        The letter of the side that keeps what another also has by rounding.

    Raises
    ------
    GeometryError
        What comes out is no coverage.
    """
    before = np.concatenate([side.new for side in sides])
    side_of = np.repeat(np.arange(len(sides)), [len(side.new) for side in sides])
    flags = np.zeros(len(before), dtype=bool)
    for at in range(len(sides)):
        here = side_of == at
        flags[here] = is_beside(before[here], before[~here], _TOUCH_DEG)
    ranks = np.array([-1 if side.letter == leader else at for at, side in enumerate(sides)])[side_of]
    made = as_coverage(before, before, flags, ranks)
    if not shapely.is_empty(made).any():
        for at, side in enumerate(sides):
            side.new = made[side_of == at]
