"""A user's own layer on its way to a page: the one door, through which only open and released features go.

Closed by default, as `docs/do-no-harm.md` says. A layer in which nothing states a class is the user's own and passes.
Where anything states one, each feature has to say ``open``, or to be *released*: to be a feature of a layer of the
project's registry, or to pass the audit of a release (its place is a public one of the policy, with that place's shape,
shared by k records or more, with declared fields only). The word ``generalised`` alone shows nothing: anybody can write
it beside an exact point.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from atlas.admission.layer_input import LayerInput
from atlas.admission.released_shape import not_released
from atlas.admission.stated_class import FIELD, Stated, stated_classes
from atlas.admission.user_features import UserFeature, UserLayer, read_user_layer, user_layer_of
from atlas.errors import InputError, PolicyError, UsageError, listed
from atlas.geojson.path import shown
from atlas.published import publishable
from atlas.published.layers import PublishedLayers
from atlas.published.sensitivity import Sensitivity, published_class

NONE = "none"
FORMALITY = "formality"
_INFORMAL = "informal"
_NOTES = ("atlas", "atlas_base")
Fault = tuple[str, str]
_CLOSED_WORDS = {**{str(word): word for word in Sensitivity}, "generalized": Sensitivity.GENERALISED}
_ROWS_NAMED = 5

_OTHER_MEANING = (
    f"where no field of the layer is a class of sensitivity, say --sensitivity-field {NONE} "
    f'(in Python sensitivity_field="{NONE}"); where only one of them is, say its name'
)
_TAKE_OUT = "take these features out"
_UNKNOWN = f"write {str(Sensitivity.OPEN)!r} where that is meant, or {_TAKE_OUT}; {_OTHER_MEANING}"
WITHOUT: Fault = "without a class, while others have one", _UNKNOWN
_CLOSED = f"{_TAKE_OUT}; where the field means something else, give it another name"
OF_NOTES: Fault = (
    "without a class",
    f"they are field notes, which are restricted until they say something else; {_TAKE_OUT}, or release them",
)
NOT_SHOWN = (
    "release the exact records with `atlas release IN -o DIR` and draw DIR/records.geojson as it is; "
    "anybody can write this word beside an exact position"
)


def open_user_layer(source: object, release: PublishedLayers, *, sensitivity_field: str | None = None) -> UserLayer:
    """Read a layer that a page is to show, and refuse what must not be shown.

    Parameters
    ----------
    source
        A GeoJSON file, a GeoDataFrame or a dictionary; see `atlas.admission.layer_input.read_document`.
    release
        The project's layers, which are released, and its policy.
    sensitivity_field
        The property that holds the class, where others sound like it; ``none`` where no field of the layer is a class
        of sensitivity. Without it, all that sound like it count.

    Raises
    ------
    InputError
        It cannot be used; the message says where and what to do.
    UsageError
        No feature has that field.
    PolicyError
        A feature is neither open nor shown to be released; every word is quoted.
    """
    layer = read_user_layer(source)
    _admit(layer, release, sensitivity_field)
    return layer


def refuse_restricted(given: LayerInput, release: PublishedLayers, *, sensitivity_field: str | None = None) -> None:
    """Refuse a layer that is to be handed on in another format where a page could not be made of it.

    Raises
    ------
    InputError, UsageError, PolicyError
        As `open_user_layer`.
    """
    _admit(user_layer_of(given, for_page=False), release, sensitivity_field)


def _admit(layer: UserLayer, release: PublishedLayers, sensitivity_field: str | None) -> None:
    named = sensitivity_field not in {None, NONE}
    if named and layer.features and not any(sensitivity_field in one.properties for one in layer.features):
        msg = f"{layer.name} has no field {sensitivity_field!r}; name the field that holds the class, or {NONE!r}"
        raise UsageError(msg)
    try:
        judged = _Judged(layer, sensitivity_field)
    except InputError as error:
        msg = f"{layer.name}: {error}"
        raise InputError(msg) from error
    for row, why in not_released(judged.generalised, release):
        judged.faults[
            f"{str(Sensitivity.GENERALISED)!r}, and nothing shows that they were released: {why}", NOT_SHOWN
        ].append(row)
    refuse_faults(layer.name, judged.faults)
    publishable.refuse(layer.name, judged.classified())


class _Judged:
    """What the features of a layer say of their class, and what is wrong with it.

    Attributes
    ----------
    faults
        Numbers of features by what is wrong and what to do about it.
    generalised
        The shapes of each feature that calls itself generalised, which has to be shown to be released.
    """

    def __init__(self, layer: UserLayer, chosen: str | None) -> None:
        self.faults: dict[Fault, list[int]] = defaultdict(list)
        self.generalised: list[Sequence[UserFeature]] = []
        self._classified: list[Mapping[str, Any]] = []
        self._every = chosen is None
        self._named = None if chosen == NONE else chosen
        self._path = f"properties.{self._named or FIELD}"
        of_all = list(self._classes(layer.members))
        rows = [list(shapes) for _, shapes in groupby(layer.features, key=attrgetter("row"))]
        stated = [list(self._classes(shapes[0].members)) for shapes in rows]
        of_notes = is_of_notes(layer.members)
        classified = chosen != NONE and any(stated)
        for shapes, classes in zip(rows, stated, strict=True):
            row = shapes[0].row
            if not classes and (of_notes or is_of_notes(shapes[0].members)):
                self.faults[OF_NOTES].append(row)
            elif not classes and not of_all and classified:
                self.faults[WITHOUT].append(row)
            for one in (*classes, *of_all):
                kinds = [None if shape.shape is None else {"type": shape.shape.geom_type} for shape in shapes]
                about = decided_by(one, shapes[0].members)
                self._classified += [{"id": row, "geometry": kind, "properties": about} for kind in kinds]
                if fault := self._fault(one):
                    self.faults[fault].append(row)
            if any(self._is_generalised(one) for one in classes):
                self.generalised.append(shapes)

    def classified(self) -> Iterator[Mapping[str, Any]]:
        """The features that state a class, as the one decision about all writers reads them."""
        yield from self._classified

    def _classes(self, members: Mapping[str, Any]) -> Iterator[Stated]:
        """What may be the class; the atlas' own words for what is kept back count in any case."""
        properties = members.get("properties")
        if self._named and isinstance(properties, Mapping) and self._named in properties:
            yield Stated(self._path, properties[self._named])
        for one in stated_classes(members):
            if self._every or (is_closed_word(one.value) and not (self._named and one.path == self._path)):
                yield one

    def _fault(self, stated: Stated) -> Fault | None:
        return None if self._is_generalised(stated) else class_fault(stated)

    def _is_generalised(self, stated: Stated) -> bool:
        return stated.path == self._path and published_class(stated.value) is Sensitivity.GENERALISED


def decided_by(stated: Stated, members: Mapping[str, Any]) -> dict[str, Any]:
    """What the one decision about all writers reads of a feature that states a class."""
    properties = members.get("properties")
    formality = properties.get(FORMALITY) if isinstance(properties, Mapping) else None
    # other words of it are the user's own
    is_informal = isinstance(formality, str) and formality.strip().casefold() == _INFORMAL
    return {"sensitivity": stated.value} | ({FORMALITY: _INFORMAL} if is_informal else {})


def class_fault(stated: Stated) -> Fault | None:
    """What is wrong with a class that is stated, and what to do about it; nothing where it is open."""
    if published_class(stated.value) is Sensitivity.OPEN:
        return None
    what = f"{shown(stated.path, quoted=False)} is {_quoted(stated.value)}"
    if is_closed_word(stated.value):
        return f"{what}, which is not drawn", _CLOSED
    return f"{what}, which is no class that the atlas knows", _UNKNOWN


def is_closed_word(value: object) -> bool:
    """Whether a value is one of the atlas' own words for what is kept back, however it is spaced and capitalised."""
    word = _CLOSED_WORDS.get(value.strip().casefold()) if isinstance(value, str) else None
    return word is not None and word is not Sensitivity.OPEN


def is_of_notes(members: Mapping[str, Any]) -> bool:
    """Whether a file or feature is an export of field notes."""
    properties = members.get("properties")
    return any(name in members or (isinstance(properties, Mapping) and name in properties) for name in _NOTES)


def _quoted(value: object) -> str:
    return shown(repr(value), quoted=False)


def refuse_faults(name: str, faults: Mapping[Fault, Sequence[int]]) -> None:
    """Refuse a layer whose features, by their numbers, must not be shown.

    Raises
    ------
    PolicyError
        There is one; each kind of fault is a line.
    """
    if not faults:
        return
    lines = []
    for (what, remedy), rows in faults.items():
        numbers = ", ".join(str(row) for row in rows[:_ROWS_NAMED]) + (" …" if len(rows) > _ROWS_NAMED else "")
        lines.append(f"{len(rows):,} × {what} (feature {numbers}); {remedy}")
    raise PolicyError(listed(f"{name} cannot be drawn: only what is 'open' or was released goes on a page", lines))
