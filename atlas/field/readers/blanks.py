"""What a row has a place for and leaves empty: in a copy that the atlas exported, an edit; elsewhere, nothing."""

from __future__ import annotations

from atlas.field.change import GEOMETRY
from atlas.field.readers.row_cells import Cells, Row, kept_name
from atlas.field.readers.vocabulary import Words

# a copy as a table has the place in three columns; a person who takes one of them out empties nothing
_PLACE = frozenset({"longitude", "latitude", GEOMETRY})


def blank_fields(row: Row, *, unplaced: bool) -> frozenset[str]:
    """The fields that a row of a copy leaves empty, whose columns have the names of the fields.

    Parameters
    ----------
    unplaced
        Whether the format has a place for a geometry, and this row has none there.
    """
    names = {name for name, value in row.items() if _is_blank(value)}
    return frozenset(names | {GEOMETRY} if unplaced or names >= _PLACE else names - {GEOMETRY})


def blank_columns(cells: Cells, words: Words, *, unplaced: bool) -> frozenset[str]:
    """The fields for which a row of any table has columns, and says nothing in them."""
    roles = {
        role
        for role, headers in cells.layout.roles.items()
        if role in words.fields and not any(map(cells.filled, headers))
    }
    others = {kept_name(header) for header in cells.layout.others if not cells.filled(header)}
    return frozenset(roles | others | ({GEOMETRY} if unplaced else set()))


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))
