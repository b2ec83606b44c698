"""How a cloud of points is drawn: its rows chosen, its fields, its classes, and what a reader has to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from atlas.cartography.composition import EVERY_FIELD, Bilingual, MapLayer
from atlas.cartography.fields import name_like
from atlas.cartography.map_words import worded
from atlas.cartography.point_cloud import PointCloud, require_fields
from atlas.cartography.portrayal import Portrayal, portray_values
from atlas.cartography.world_grid import MOST_OFF_M
from atlas.errors import InputError, UsageError


@dataclass(frozen=True, slots=True)
class CloudPortrayal:
    """What becomes of a layer: its points, the fields that may reach the page, and its portrayal."""

    cloud: PointCloud
    fields: tuple[str, ...]
    portrayal: Portrayal
    done: tuple[Bilingual, ...]


def portray_cloud(cloud: PointCloud, layer: MapLayer) -> CloudPortrayal:
    """Choose rows and fields, and find classes and legend.

    Raises
    ------
    InputError
        No row is left.
    UsageError
        A field is missing, or a style cannot be drawn for so many.
    """
    refuse_styles(layer)
    done: list[Bilingual] = []
    if layer.where:
        cloud = _chosen_rows(cloud, layer, done)
    fields = shown_fields(cloud.name, cloud.names, layer) if len(cloud.positions) or cloud.names else ()
    if layer.popup == (EVERY_FIELD,):
        done.append(worded("note.every", count=len(fields), fields=", ".join(fields)))
    if placeless := int(cloud.notes.pop("noplace", 0)):
        done.append(worded("note.placeless", count=placeless))
    done.append(worded("note.quantised", metres=f"{MOST_OFF_M:g}"))
    style = layer.style
    made = Portrayal((), style)
    if style.colour and len(cloud.positions):
        made = portray_values(style.colour, cloud.columns[style.colour].to_pylist(), style)
    return CloudPortrayal(cloud, fields, made, tuple(done))


def refuse_styles(layer: MapLayer) -> None:
    """Raise where a style asks for what so many points cannot have.

    Raises
    ------
    UsageError
        It does.
    """
    for option, given in (("--size", layer.style.size), ("--per", layer.style.per)):
        if given:
            msg = (
                f"{option} {given}: so many points have no circles and no rates; leave it out, or count the points by "
                "place first with `atlas count`"
            )
            raise UsageError(msg)


def shown_fields(name: str, names: tuple[str, ...], layer: MapLayer) -> tuple[str, ...]:
    """The fields of a file that a reader may see.

    Raises
    ------
    UsageError
        The file lacks one.
    """
    if layer.popup == (EVERY_FIELD,) and EVERY_FIELD not in names:
        return names
    likely = name_like(names) if layer.popup is None else None
    named = (*((likely,) if likely else ()), *(layer.popup or ()), *layer.style.fields)
    require_fields(name, names, named)
    return tuple(dict.fromkeys(named))


def _chosen_rows(cloud: PointCloud, layer: MapLayer, done: list[Bilingual]) -> PointCloud:
    require_fields(cloud.name, cloud.names, [name for name, _ in layer.where])
    keep = np.ones(len(cloud.positions), bool)
    for name, text in layer.where:
        column = cloud.columns[name]
        matching = [number for number, word in enumerate(column.dictionary.to_pylist()) if word.strip() == text]
        keep &= np.isin(pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False), matching)
    conditions = ", ".join(f"{name} = {text}" for name, text in layer.where)
    if not keep.any():
        msg = f"{cloud.name} has no row with {conditions}"
        raise InputError(msg)
    done.append(worded("note.where", count=int(keep.sum()), all=len(keep), conditions=conditions))
    return cloud.chosen(keep)
