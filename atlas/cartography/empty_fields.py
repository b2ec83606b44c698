"""Fields that a style names and that hold nothing: refused before anything is drawn, with those that hold values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atlas.admission.user_features import UserFeature
from atlas.cartography.composition import Style
from atlas.cartography.numeric_field import is_gap
from atlas.errors import UsageError

# time has words of its own: some features may have none
USES = ("colour", "size", "width", "label")
MOST_NAMED = 8


def require_values(features: Sequence[UserFeature], style: Style) -> None:
    """Raise where a field that the style asks for is empty in every feature.

    Parameters
    ----------
    features
        All features of the layer.
    style
        What the layer is drawn by.

    Raises
    ------
    UsageError
        A field is empty throughout; names the use, and the fields that have values.
    """
    if not features:
        return
    for use in USES:
        name = getattr(style, use)
        if name is None or not all(is_gap(feature.properties.get(name)) for feature in features):
            continue
        filled = list(_filled(features))
        shown = ", ".join(repr(one) for one in filled[:MOST_NAMED])
        more = f" and {len(filled) - MOST_NAMED} more" if len(filled) > MOST_NAMED else ""
        instead = f", or name a field that has values: {shown}{more}" if filled else ""
        count = len(features)
        where = "its only feature" if count == 1 else f"all {count:,} features"
        msg = f"the field {name!r} for {use!r} is empty in {where}: leave {use!r} out{instead}"
        raise UsageError(msg)


def _filled(features: Sequence[UserFeature]) -> Iterator[str]:
    names = {name: None for feature in features for name in feature.properties}
    return (name for name in names if any(not is_gap(feature.properties.get(name)) for feature in features))
