"""Names of the places that a project's layers have, by which a reviewed note would lead to one of them."""

from __future__ import annotations

from atlas.project import Project
from atlas.published.layers import open_published_layers
from atlas.release.notes import plain

_NAMED = (
    ("basemap", ("name",)),
    ("settlements", ("name",)),
    ("municipalities", ("name", "seat")),
    ("neighbour_regions", ("name",)),
    ("crossings_formal", ("name",)),
    ("crossings_informal", ("name",)),
    ("crossings_vehicular", ("name",)),
    ("checkpoints", ("name",)),
    ("facilities", ("name",)),
)
# shorter names are common words
_LEAST = 4


def place_names(project: Project) -> frozenset[str]:
    """Names of settlements, waters, municipalities, crossings and posts, without capitals and accents.

    Raises
    ------
    InputError
        A layer is missing or damaged.
    """
    release = open_published_layers(project)
    names = set()
    for layer, fields in _NAMED:
        for feature in release.features(layer):
            stated = (feature["properties"].get(field) for field in fields)
            names |= {plain(name) for name in stated if isinstance(name, str)}
    return frozenset(name for name in names if len(name) >= _LEAST)
