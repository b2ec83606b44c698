"""What a row has a place for and leaves empty: in a copy that the atlas exported, an edit; elsewhere, nothing."""

from __future__ import annotations

from atlas.field.change import GEOMETRY
from atlas.field.readers.row_cells import Cells, Row, kept_name
from atlas.field.readers.vocabulary import Words

# a copy as a table has the place in three columns; a person who takes one of them out empties nothing
_PLACE = frozenset({"longitude", "latitude", GEOMETRY})

# fields with columns that may be filled and say nothing
_UNSAID = ("photos", "coordinateUncertaintyInMeters")
_REMEMBERED = 1_000


def blank_fields(cells: Cells, values: Row, words: Words, *, unplaced: bool) -> frozenset[str]:
    """The fields that a row of a copy leaves empty, whatever their columns are called by now.

    Parameters
    ----------
    values
        What the row says: an empty list of photos, and metres that are 0, say nothing.
    unplaced
        Whether the format has a place for a geometry, and this row has none there.
    """
    names = {name for name, value in cells.row.items() if _is_blank(value)}
    names |= _of_roles(cells, words)
    names |= {name for name in _UNSAID if name in cells.layout.roles and not values.get(name)}
    return frozenset(names | {GEOMETRY} if unplaced or names >= _PLACE else names - {GEOMETRY})


def blank_columns(cells: Cells, words: Words, *, unplaced: bool) -> frozenset[str]:
    """The fields for which a row of any table has columns, and says nothing in them."""
    layout, filled = cells.layout, cells.filled_headers
    names = layout.blank.get(filled)
    if names is None:
        names = frozenset(
            _of_roles(cells, words).union(kept_name(header) for header in layout.others if header not in filled)
        )
        if len(layout.blank) < _REMEMBERED:
            layout.blank[filled] = names
    return names | {GEOMETRY} if unplaced else names


def _of_roles(cells: Cells, words: Words) -> set[str]:
    """The fields for which a row has columns, and says nothing in them."""
    roles = cells.layout.roles.items()
    return {role for role, headers in roles if role in words.fields and cells.filled_headers.isdisjoint(headers)}


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))
