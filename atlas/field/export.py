"""Copies of a store's records that come home again: GeoJSON with the whole history, CSV and GeoPackage with the base.

An exact record that is not open leaves only when somebody says so, or sealed.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from atlas.errors import OutputError, PolicyError, UsageError
from atlas.field.change import Json, canonical
from atlas.field.current import storable
from atlas.field.exact_records import placed_features
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.photos import photo
from atlas.field.readers.rings import closed
from atlas.field.record import annotation_schema
from atlas.field.row import BASE
from atlas.field.store import Store
from atlas.field.store_view import View
from atlas.geojson.geometries import coordinates_in
from atlas.published import publishable
from atlas.work_steps import OnStep, counted, unheard

FORMATS = ("geojson", "csv", "gpkg")
_PORTION = 2_000
_PLAIN_POINT = 2
_FIRST = ("id", "longitude", "latitude", "geometry")
# half of a pair of UTF-16 has no UTF-8
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(  # noqa: PLR0913 - one option of the command each
    store: Store,
    form: str,
    *,
    exact: bool,
    only: str | None = None,
    media: bool = True,
    notify: Callable[[str], None] = lambda _note: None,
    on_step: OnStep = unheard,
) -> tuple[bytes, int]:
    """The records of a store as the content of one file, and how many they are.

    Parameters
    ----------
    form
        geojson, csv or gpkg.
    exact
        Let exact records leave that are not open; without it they stop the export.
    only
        A class of sensitivity: only records of it.
    media
        Put photos into a GeoJSON file.
    notify
        Hears of photos that stay behind.
    on_step
        Is called with how many records have been read.

    Raises
    ------
    UsageError
        There is no such format.
    PolicyError
        A record that is not open was about to leave.
    """
    if form not in FORMATS:
        msg = f"{form!r} is no format of an export; the formats are {', '.join(FORMATS)}"
        raise UsageError(msg)
    with store.reading() as view:
        ids = _chosen(view, only)
        if not exact:
            _refuse_exact(view, ids)
        features = list(counted(_features(store, view, ids), len(ids), on_step, "records"))
        on_step("the file")
        if form == "geojson":
            return _geojson(view, ids, features, _media(view, features, notify) if media else ()), len(features)
    return (_csv(store, features) if form == "csv" else _geopackage(features)), len(features)


def _chosen(view: View, only: str | None) -> list[str]:
    rows = view.session.rows("SELECT id, sensitivity FROM annotations WHERE deleted = 0")
    return sorted(str(record_id) for record_id, sensitivity in rows if only in {None, sensitivity})


def _refuse_exact(view: View, ids: Sequence[str]) -> None:
    """Stop where a record that is not open would leave with what it knows."""
    wanted = set(ids)
    rows = view.session.rows("SELECT id, sensitivity FROM annotations")
    stated = [(str(record_id), {"id": record_id, "properties": {"sensitivity": word}}) for record_id, word in rows]
    if closed := {
        record_id for record_id, one in stated if record_id in wanted and publishable.fault(publishable.EXACT, one)
    }:
        msg = (
            f"{len(closed)} of {len(ids)} records are not open, and a copy has their exact positions and notes. "
            "Seal it (--sealed FILE.age), say --exact for a copy that stays in the house, or take the open ones only "
            "(--only open). To publish, use `atlas release`"
        )
        raise PolicyError(msg)


def _features(store: Store, view: View, ids: Sequence[str]) -> Iterator[dict[str, Json]]:
    states = view.states(ids)
    while batch := list(islice(states, _PORTION)):
        for feature in placed_features(store, batch):
            # an older atlas kept rings as they came
            shape = feature["geometry"] and closed(feature["geometry"])[0]
            yield {**feature, "geometry": shape}


def _geojson(
    view: View, ids: Sequence[str], features: Sequence[dict[str, Json]], media: Iterable[dict[str, Json]]
) -> bytes:
    by_id = {feature["id"]: feature for feature in features}
    for change in view.changes(ids):
        by_id[change.record_id].setdefault("atlas", {"changes": []})["changes"].append(change.as_json())
    for feature in features:
        feature["atlas"]["changes"].sort(key=lambda change: change["change_id"])
        # the history says it all
        feature["properties"].pop(BASE, None)
    document: dict[str, Any] = {"format": "atlas-field-notes", "version": 1}
    if carried := list(media):
        document["media"] = carried
    head = _dumps({"type": "FeatureCollection", "atlas": document})[:-1]
    body = ",\n".join(_dumps(feature) for feature in features)
    return f'{head},"features":[\n{body}\n]}}\n'.encode()


def _media(
    view: View, features: Sequence[Mapping[str, Any]], notify: Callable[[str], None]
) -> Iterator[dict[str, Json]]:
    """The photos that the records name; one that an older atlas took in may have had more in it than its picture."""
    named = {str(name) for feature in features for name in feature["properties"].get("photos") or ()}
    for name, kind, data in view.session.rows("SELECT name, kind, data FROM media ORDER BY media_id"):
        if name not in named:
            continue
        try:
            bare = photo(name, data).data
        except RowFaultError as fault:
            notify(f"the photo {name!r:.80} {fault.reason}; it stays in the store")
            continue
        text = base64.b64encode(bare).decode("ascii")
        yield {"name": name, "type": kind, "sha256": sha256(bare).hexdigest(), "data": text}


def _csv(store: Store, features: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    names = _columns(store, features)
    table = csv.DictWriter(text, [*_FIRST, *names], lineterminator="\r\n")
    table.writeheader()
    for feature in features:
        cells = {name: _cell(feature["properties"].get(name)) for name in names}
        table.writerow({"id": feature["id"], **_place(feature["geometry"]), **cells})
    # the mark at the beginning tells spreadsheets that it is UTF-8
    return text.getvalue().encode("utf-8-sig")


def _columns(store: Store, features: Sequence[Mapping[str, Any]]) -> list[str]:
    known = [name for name in annotation_schema(store.project).fields if name != "deleted"]
    others = sorted({name for feature in features for name in feature["properties"]} - {*known, *_FIRST, BASE})
    return [*known, *others, BASE]


def _place(geometry: Mapping[str, Any] | None) -> dict[str, Json]:
    if geometry is None:
        return {}
    coordinates = coordinates_in(geometry)
    if geometry["type"] == "Point" and len(coordinates) == _PLAIN_POINT:
        return dict(zip(("longitude", "latitude"), coordinates, strict=True))
    return {"geometry": shapely.to_wkt(shape(geometry), rounding_precision=-1)}


def _cell(value: Json) -> str | None:
    """A value as text that no spreadsheet takes for a formula, and that reads as the same value again."""
    if value is None:
        return None
    if not isinstance(value, str):
        return canonical(value)
    text = storable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _geopackage(features: Sequence[Mapping[str, Any]]) -> bytes:
    import geopandas  # noqa: PLC0415 - only for this format

    names = sorted({name for feature in features for name in feature["properties"]} - {"id", "fid", "geom"})
    columns: dict[str, list[Any]] = {"id": [feature["id"] for feature in features]}
    for name in names:
        values = [feature["properties"].get(name) for feature in features]
        numbers = all(
            isinstance(value, int | float) and not isinstance(value, bool) for value in values if value is not None
        )
        columns[name] = values if numbers else [_plain_text(value) for value in values]
    shapes = [shape(feature["geometry"]) if feature["geometry"] else None for feature in features]
    frame = geopandas.GeoDataFrame(columns, geometry=geopandas.GeoSeries(shapes, crs="EPSG:4326"))
    try:
        with tempfile.TemporaryDirectory(prefix="atlas-field-") as folder:
            path = Path(folder) / "annotations.gpkg"
            frame.to_file(path, layer="annotations", driver="GPKG", engine="pyogrio", VERSION="1.3")
            return path.read_bytes()
    except OSError as error:
        msg = f"cannot make the GeoPackage ({error}); free some space in the folder of temporary files"
        raise OutputError(msg) from error


def _plain_text(value: Json) -> str | None:
    return None if value is None else storable(value if isinstance(value, str) else canonical(value))


def _dumps(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text if text.isascii() else _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
