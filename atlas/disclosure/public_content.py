"""What the project publishes anyway: the vertices and words of its layers, which are no secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.disclosure.candidates import Floats, PublicPairs
from atlas.disclosure.kept_content import kept_by_content
from atlas.disclosure.numbers import decimals
from atlas.disclosure.word_runs import words_of
from atlas.project import Project

_FINE = 0.01
_HERE = (180.0, 90.0)


def public_pairs(project: Project, shapes: Iterable[BaseGeometry] = ()) -> PublicPairs:
    """All positions in the project's layers, and in public places besides, in degrees without their sign."""
    every = np.concatenate([*(np.abs(shapely.get_coordinates(shape)) for shape in shapes), _positions(project)])
    return PublicPairs.of(every[:, 0], every[:, 1])


@kept_by_content
def _positions(project: Project) -> Floats:
    positions: list[Floats] = [np.zeros((0, 2))]
    for data in _layers(project):
        numbers = decimals(data)
        pairs = np.stack([numbers.values[:-1], numbers.values[1:]], axis=1)
        fine = (np.minimum(numbers.unit[:-1], numbers.unit[1:]) < _FINE) & np.isfinite(pairs).all(axis=1)
        positions.append(pairs[fine & (pairs[:, 0] <= _HERE[0]) & (pairs[:, 1] <= _HERE[1])])
    return np.concatenate(positions)


@kept_by_content
def public_words(project: Project) -> Sequence[str]:
    """The words of the project's layers, records and tables of facts, in their order."""
    paths = [*sorted(project.evidence_dir.glob("*.csv")), project.registry_path]
    texts = [path.read_bytes() for path in paths if path.is_file()]
    # most come again and again, and are held once
    known: dict[str, str] = {}
    return tuple(known.setdefault(word, word) for data in (*_layers(project), *texts) for word in words_of(data))


def _layers(project: Project) -> Iterator[bytes]:
    for path in sorted(project.layers_dir.glob("*.geojson")):
        yield path.read_bytes()
