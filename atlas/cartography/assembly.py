"""A composition with its data: each layer read, let through the door, joined, and put into classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from atlas.admission.user_features import UserLayer
from atlas.admission.user_layers import open_user_layer
from atlas.cartography.composition import EVERY_FIELD, Bilingual, Composition, Extent, Join, MapLayer, Style
from atlas.cartography.fields import chosen_fields, name_like
from atlas.cartography.join_notes import lost_notes, matched_notes
from atlas.cartography.map_frame import common_frame, lay_out, shifted_extent, turned_portrayal, within_180
from atlas.cartography.map_words import same, worded
from atlas.cartography.portrayal import Portrayal, portray
from atlas.cartography.row_choice import choose_features, chosen_rows
from atlas.cartography.table_join import join_table
from atlas.cartography.world_grid import LEAST_POINTS
from atlas.errors import InputError, UsageError
from atlas.geojson.document import Document
from atlas.published.layers import PublishedLayers
from atlas.published.sensitivity import Sensitivity
from atlas.vector.table_reader import read_plain_table

if TYPE_CHECKING:
    from atlas.cartography.archive.archived_layer import ArchivedPoints
    from atlas.cartography.point_cloud import PointCloud, Share

USER_LAYER = "own"


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer of a user's own, or one of the atlas with a style of the user's, ready for drawing.

    Attributes
    ----------
    name
        What pages call it: ``own``, ``own-2`` and so on.
    fields
        The only ones that may reach a page.
    origin
        The layer of the atlas whose shapes it has, if any.
    done
        What was done to the data: rows that were chosen, keys that were taken for the same.
    cloud
        The points, where they are too many to be features; ``portrayal.of`` has one entry a point, but none where they
        are in an archive beside the page.
    """

    name: str
    file: UserLayer
    fields: tuple[str, ...]
    portrayal: Portrayal
    title: Bilingual
    origin: str | None = None
    done: tuple[Bilingual, ...] = ()
    cloud: PointCloud | ArchivedPoints | None = None

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """All that a reader of the page has to know; on paper the signs' own notes are enough."""
        return (*self.done, *self.portrayal.notes)


@dataclass(frozen=True, slots=True)
class Assembled:
    """A composition that can be drawn.

    Attributes
    ----------
    native
        Names of layers of the atlas that are drawn as the atlas draws them.
    frame_start
        Where data on both sides of 180° lie side by side: longitudes below it, in degrees, go on beyond 180°.
    """

    composition: Composition
    drawn: tuple[DrawnLayer, ...]
    native: tuple[str, ...]
    frame_start: float | None = None

    @property
    def extent(self) -> Extent | None:
        """What the map shows first, in degrees; nothing where there is nothing to show."""
        stated = self.composition.extent
        return self.data_extent if stated is None else shifted_extent(stated, self.frame_start)

    @property
    def data_extent(self) -> Extent | None:
        """Where the layers lie, in degrees."""
        placed = [f.shape for layer in self.drawn for f in layer.portrayal.features if f.shape is not None]
        placed += [shapely.box(*layer.cloud.bbox) for layer in self.drawn if layer.cloud and layer.cloud.bbox]
        if not placed:
            return None
        west, south, east, north = (round(float(value), 6) for value in shapely.total_bounds(placed))
        return west, south, east, north


def assemble(
    composition: Composition, release: PublishedLayers, *, share: Share | None = None, folder: Path | None = None
) -> Assembled:
    """Read everything that a map shows.

    Parameters
    ----------
    composition
        The map.
    release
        The atlas' layers.
    share
        Where many points may be drawn as a cloud: called with how much of them has been read, from 0 to 1.
    folder
        Where the page will lie, if many points may be an archive beside it.

    Raises
    ------
    InputError
        A file or table cannot be used, or a join goes wrong.
    UsageError
        A layer or field does not exist, or a style is impossible.
    PolicyError
        A feature is neither open nor shown to be released.
    """
    if not composition.layers:
        msg = "the map has no layer; add a file, or a layer of the atlas by its name"
        raise UsageError(msg)
    drawn: list[DrawnLayer] = []
    native: list[str] = []
    for layer in composition.layers:
        if _is_of_atlas(layer.source, release) and layer.style == Style() and layer.popup is None and not layer.where:
            native.append(str(layer.source))
            continue
        name = USER_LAYER if not drawn else f"{USER_LAYER}-{len(drawn) + 1}"
        drawn.append(_cloud(layer, name, share, folder) or _drawn(layer, name, release))
    if sum(one.cloud is not None for one in drawn) > 1:
        msg = f"a map has one layer of {LEAST_POINTS:,} points or more; put all into one file, with a field of kinds"
        raise UsageError(msg)
    shapes = [feature.shape for layer in drawn if not layer.cloud for feature in layer.portrayal.features]
    frame = common_frame(shapes if not any(layer.cloud for layer in drawn) else [], composition.extent)
    laid = [replace(layer, portrayal=turned_portrayal(layer.portrayal, frame)) for layer in drawn]
    return Assembled(composition, tuple(laid), tuple(native), frame.start)


def _is_of_atlas(source: object, release: PublishedLayers) -> bool:
    return isinstance(source, str) and source in release.names and not Path(source).is_file()


def _cloud(layer: MapLayer, name: str, share: Share | None, folder: Path | None) -> DrawnLayer | None:
    """A layer of many points; nothing where it is none, as GeoJSON in memory never is, or where it is for no page."""
    if layer.join or isinstance(layer.source, Mapping | Document | UserLayer) or find_spec("pyarrow") is None:
        return None
    from atlas.cartography.cloud_portrayal import portray_cloud  # noqa: PLC0415 - it needs pyarrow, as does the next
    from atlas.cartography.point_cloud import is_cloud, read_cloud, refuse_too_many_for_a_figure  # noqa: PLC0415

    if share is None:
        refuse_too_many_for_a_figure(layer.source)
        return None
    if not is_cloud(layer.source, in_folder=folder is not None):
        return None
    lost = [name for name in ("label", "width", "hatch", "time") if getattr(layer.style, name)]
    if lost:
        msg = f"a cloud of {LEAST_POINTS:,} points or more has no {' and no '.join(lost)}; leave it out, or take a part"
        raise UsageError(msg)
    if folder is not None:
        return _archived(layer, name, folder, share)
    if (cloud := read_cloud(layer, share)) is None:
        return None
    drawn, file = portray_cloud(cloud, layer), UserLayer(cloud.name, {}, [], cloud.notes, cloud.remarks)
    title = layer.title or same(cloud.name)
    return DrawnLayer(name, file, drawn.fields, drawn.portrayal, title, None, drawn.done, drawn.cloud)


def _archived(layer: MapLayer, name: str, folder: Path, share: Share) -> DrawnLayer:
    from atlas.cartography.archive.archived_points import archive_points  # noqa: PLC0415 - it needs pyarrow

    made = archive_points(layer, folder, share)
    title = layer.title or same(made.name)
    return DrawnLayer(name, UserLayer(made.name), made.fields, made.portrayal, title, None, made.done, made)


def _drawn(layer: MapLayer, name: str, release: PublishedLayers) -> DrawnLayer:
    origin = str(layer.source) if _is_of_atlas(layer.source, release) else None
    notes: list[Bilingual] = []
    lost: list[Bilingual] = []
    if layer.join:
        document, origin, lost = _joined(layer, layer.join, release, notes)
        file = open_user_layer(document, release, sensitivity_field=layer.sensitivity_field)
        file.name = _named(layer.source)
    elif origin:
        file = open_user_layer(_collection(origin, release), release, sensitivity_field=layer.sensitivity_field)
        file.name = release.record(origin)["title"]["en"]
    else:
        file = open_user_layer(layer.source, release, sensitivity_field=layer.sensitivity_field)
    lay_out(file)
    if layer.where and not layer.join:
        choose_features(file, layer.where, notes)
    fields = _fields(file, layer)
    if layer.popup == (EVERY_FIELD,):
        notes.append(worded("note.every", count=len(fields), fields=", ".join(fields)))
    portrayal = portray(file, layer.style)
    if layer.style.per and portrayal.head:
        # what is shown is the rate, so that a popup has to say it
        fields = (*fields, portrayal.head["en"])
    title = layer.title or (release.record(origin)["title"] if origin and not layer.join else same(file.name))
    made = replace(portrayal, notes=(*lost, *portrayal.notes))
    return DrawnLayer(name, file, fields, made, title, origin, tuple(notes))


def _named(source: object) -> str:
    return Path(source).name if isinstance(source, str | Path) else "table"


def _fields(file: UserLayer, layer: MapLayer) -> tuple[str, ...]:
    styled = layer.style.fields
    if layer.popup is not None:
        chosen = chosen_fields(file, layer.popup)
        return (
            chosen if layer.popup == (EVERY_FIELD,) else tuple(dict.fromkeys((*chosen, *chosen_fields(file, styled))))
        )
    title_field = name_like(file.columns)
    return tuple(dict.fromkeys((*([title_field] if title_field else []), *chosen_fields(file, styled))))


def _collection(name: str, release: PublishedLayers) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": within_180(name, release)}


def _joined(
    layer: MapLayer, join: Join, release: PublishedLayers, notes: list[Bilingual]
) -> tuple[dict[str, Any], str | None, list[Bilingual]]:
    columns = _columns(layer.source)
    if layer.where:
        columns = chosen_rows(columns, layer.where, _named(layer.source), notes)
    origin = join.layer if _is_of_atlas(join.layer, release) else None
    if origin:
        if release.record(origin)["sensitivity"] != Sensitivity.OPEN:
            msg = f"a table cannot be joined to {origin}, whose places are generalised; join it to municipalities"
            raise UsageError(msg)
        features: Sequence[Mapping[str, Any]] = within_180(origin, release)
    elif not Path(join.layer).exists():
        msg = f"--join {join.layer!r}: there is no such file; the layers of the atlas are {', '.join(release.names)}"
        raise UsageError(msg)
    else:
        # the layer itself goes through the door first: a column of the table must not take its class away
        target = open_user_layer(Path(join.layer), release, sensitivity_field=layer.sensitivity_field)
        features = [_feature(feature) for feature in target.features]
    document, report = join_table(columns, features, join, _named(layer.source), layer.style.time)
    notes += matched_notes(report)
    return document, origin, lost_notes(report)


def _feature(feature: Any) -> dict[str, Any]:  # noqa: ANN401 - a feature of a user's file
    geometry = None if feature.shape is None else shapely.geometry.mapping(feature.shape)
    return {"type": "Feature", "id": str(feature.row), "geometry": geometry, "properties": dict(feature.properties)}


def _columns(source: object) -> dict[str, list[Any]]:
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        if not path.is_file():
            msg = f"{str(source)!r} is not a file; name the table that is to be joined"
            raise InputError(msg)
        return read_plain_table(path)
    columns = getattr(source, "columns", None)
    if columns is None:
        msg = f"a {type(source).__name__} is no table that can be joined; give a CSV file or a DataFrame"
        raise InputError(msg)
    gaps = source.isna()  # type: ignore[attr-defined]
    return {
        str(name): [None if gap else value for value, gap in zip(source[name].tolist(), gaps[name], strict=True)]  # type: ignore[index]
        for name in columns
        if name != getattr(getattr(source, "geometry", None), "name", None)
    }
