"""What the check of names goes by: the project's decisions, its municipalities, and the lists of places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from atlas.disclosure.gazetteer import LAYERS, Gazetteer, ListedPlace, border_of, layer_places
from atlas.disclosure.kept_content import kept_by_content
from atlas.disclosure.name_lookup import NameCheck, plain_name
from atlas.disclosure.toponyms import readings
from atlas.evidence import Evidence, project_evidence
from atlas.evidence.publication import SENSITIVE
from atlas.geojson.collection import read_collection
from atlas.project import Project

_DECIDED_FIELDS = ("name", "opposite")
# what a count is of that is given for no municipality and no state
_WHOLE_BORDER = {"en": "Border with {}", "es": "Frontera con {}"}
_ALL_BORDERS = ("Border", "Frontera")


def name_check(
    project: Project,
    floor_m: float,
    gazetteers: Mapping[str, Callable[[], Iterable[ListedPlace]]] = MappingProxyType({}),
) -> NameCheck:
    """A check of names against the project's decisions, in its layers and the lists given, by title.

    Raises
    ------
    EvidenceError
        A table of the project breaks its rules; a sensitive row without a decision is such a fault.
    """
    lists = partial(_lists, project, floor_m, gazetteers)
    return NameCheck(frozenset(_standing(project)), _public(project), lists)


def _lists(
    project: Project, floor_m: float, gazetteers: Mapping[str, Callable[[], Iterable[ListedPlace]]]
) -> Sequence[Gazetteer]:
    border = border_of(project)
    placed: Callable[[], Iterable[ListedPlace]] = partial(layer_places, project)
    every = {LAYERS: placed, **gazetteers}
    return [Gazetteer.of(title, places(), border, floor_m) for title, places in every.items()]


def withheld_count(project: Project) -> int:
    """How many names of earlier rows the decisions keep out of the tables."""
    evidence = _evidence(project)
    return sum(made.names_withheld for made in evidence.publication_decisions) if evidence else 0


def _evidence(project: Project) -> Evidence | None:
    return project_evidence(project) if project.evidence_dir.is_dir() else None


def _standing(project: Project) -> Iterator[str]:
    """The names of all sensitive rows: none of them can be loaded without a decision."""
    evidence = _evidence(project)
    for table in SENSITIVE if evidence else ():
        for row in getattr(evidence, table):
            yield from (plain_name(name) for key in _DECIDED_FIELDS if (name := getattr(row, key, None)))


@kept_by_content
def _public(project: Project) -> frozenset[str]:
    """The names of municipalities, states and whole borders as one word each."""
    sides = project.described.neighbours
    names = [text.format(side.name[language]) for language, text in _WHOLE_BORDER.items() for side in sides]
    names += _ALL_BORDERS
    path = project.layers_dir / "municipalities.geojson"
    for one in read_collection(path) if path.is_file() else ():
        names += [one["properties"].get(key) or "" for key in ("name", "state")]
    return frozenset(reading.joined for name in names for reading in readings(name)[:1])
