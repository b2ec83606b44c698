"""A page with two editions of a layer and what changed between them, over the atlas' ground."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely

from atlas.admission.layer_of_shapes import layer_of_shapes
from atlas.admission.user_features import UserLayer
from atlas.cartography.composition import Composition
from atlas.editions.change_files import change_rows
from atlas.editions.changes import Comparison, Kind
from atlas.editions.edition import Edition
from atlas.pipeline.composed_map import ComposedMap
from atlas.project import Project

# values of a user's layer stand as they are, so each says it in both languages
_WORDS = MappingProxyType(
    {
        Kind.SPLIT: "split · dividida",
        Kind.MERGED: "merged · fusionada",
        Kind.GONE: "gone · desaparecida",
        Kind.NEW: "new · nueva",
        Kind.MOVED: "moved · movida",
        Kind.RECODED: "recoded · con otra clave",
        Kind.RENAMED: "renamed · con otro nombre",
        Kind.UNCHANGED: "unchanged · sin cambio",
    }
)
_SCREEN = 4000
CHANGE = "change · cambio"
_POPUP = ("old_code", "old_name", "new_code", "new_name", "displacement_m", "gained_ha", "lost_ha", "confidence")


def edition_page(project: Project, comparison: Comparison) -> bytes:
    """The page as HTML in UTF-8.

    Parameters
    ----------
    project
        Whose layers lie under it.
    comparison
        The two editions and what changed.

    Returns
    -------
    bytes
        One self-contained page.
    """
    names = [Path(edition.title).name for edition in (comparison.old, comparison.new)]
    texts = MappingProxyType(
        {
            "title": {"en": "Two editions", "es": "Dos ediciones"},
            "lead": {
                "en": f"What changed from {names[0]} to {names[1]}; the table beside it says how sure.",
                "es": f"Qué cambió de {names[0]} a {names[1]}; la tabla adjunta dice con qué certeza.",
            },
            "credit": {"en": "The two files; comparison by the atlas", "es": "Los dos archivos; comparación del atlas"},
        }
    )
    drawn = ComposedMap(project, Composition(texts=texts))
    changed = [
        change.old for change in comparison.changes if change.kind is not Kind.UNCHANGED and change.old is not None
    ]
    for edition, kept, title in (
        (comparison.new, range(len(comparison.new)), {"en": "New edition", "es": "Edición nueva"}),
        (comparison.old, changed, {"en": "Old edition, where it differs", "es": "Edición anterior, donde difiere"}),
    ):
        if len(kept):
            drawn.add(_outlines(edition, sorted(set(kept))), popup=("code", "name"), title=title, opacity=0.15)
    changes = _changes(comparison)
    if changes.features:
        title = {"en": "Changes", "es": "Cambios"}
        drawn.add(changes, colour=CHANGE, categories=True, popup=_POPUP, title=title)
    return drawn.view().html


def _outlines(edition: Edition, kept: Sequence[int]) -> UserLayer:
    shapes = edition.shapes[np.array(kept)]
    west, south, east, north = shapely.total_bounds(edition.shapes)
    # finer than a screen shows of the whole; what changed is drawn as it is
    finest = np.nan_to_num(max(east - west, north - south)) / _SCREEN
    coarse = shapely.simplify(shapely.force_2d(shapes), finest, preserve_topology=False)
    shapes = np.where(shapely.is_valid(coarse) & ~shapely.is_empty(coarse), coarse, shapes)
    rows = [{"code": edition.codes[at], "name": edition.names[at]} for at in kept]
    return layer_of_shapes(list(zip(shapes, rows, strict=True)))


def _changes(comparison: Comparison) -> UserLayer:
    features = []
    for change, row in zip(comparison.changes, change_rows(comparison), strict=True):
        if change.kind is Kind.UNCHANGED:
            continue
        shape = comparison.new.shapes[change.new] if change.new is not None else comparison.old.shapes[change.old]
        features.append((shape, {CHANGE: _WORDS[change.kind], **{name: row[name] for name in _POPUP}}))
    return layer_of_shapes(features)
