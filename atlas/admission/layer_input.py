"""A user's layer as a GeoJSON document: a file, or an object in memory that says the same."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.geojson.document import Document, read_document_file
from atlas.geojson.strict import JsonFaultError, parse
from atlas.geojson.written import Written, json_text
from atlas.vector.certain_layer import read_certain_layer
from atlas.vector.source import geojson_in

MOST_BYTES = 150_000_000
IN_MEMORY = "layer"
_REMEDY = "choose a GeoJSON file, or export it again"
_GIVE = "give a GeoJSON file, a GeoDataFrame, a DataFrame with lat and lon, or a FeatureCollection as a dictionary"


@dataclass(frozen=True, slots=True)
class LayerInput:
    """A layer as a document.

    Attributes
    ----------
    name
        What to call it in a message.
    reprojected
        The system that its positions were brought to degrees from, while it was read.
    remarks
        What is wrong with a file of another format and was taken all the same.
    """

    name: str
    document: Document
    reprojected: str | None = None
    remarks: tuple[str, ...] = ()


def read_document(source: object, *, for_page: bool = True) -> LayerInput:
    """What to call a layer in a message, and what it says.

    Parameters
    ----------
    source
        Path of a GeoJSON file, or of another map file that GDAL reads; a GeoDataFrame or a GeoSeries; a DataFrame whose
        columns say a place as those of a table do; a dictionary of
        GeoJSON, or whatever gives one by ``__geo_interface__``; a `Document`, whose values are as the strict parser
        gives them and are not looked through again.
    for_page
        Whether a page is to be made of it, which can carry so much and no more.

    Raises
    ------
    InputError
        The file is too large or not JSON, or the object is nothing that GeoJSON can say.
    """
    if isinstance(source, Path | str):
        path = Path(source)
        with geojson_in(path) as plain:
            if plain is not None:
                return LayerInput(os.fspath(path), _from_file(path, plain, for_page=for_page))
        return _from_map_file(path)
    if hasattr(source, "to_csv") and hasattr(source, "columns") and not hasattr(source, "iterfeatures"):
        return _from_table(source)
    return LayerInput(IN_MEMORY, source if isinstance(source, Document) else _from_memory(source))


def _from_file(path: Path, at: Path, *, for_page: bool) -> Document:
    """A file of GeoJSON, which lies elsewhere where it was in a zip (``at``)."""
    try:
        exists, plain = at.exists(), at.is_file()
        # what is not a plain file, such as a pipe, has no size to look at
        size = at.stat().st_size if plain else 0
    except OSError as error:
        msg = f"{os.fspath(path)[:80]!r} cannot be opened ({error.strerror}); {_GIVE}"
        raise InputError(msg) from error
    if (for_page and size > MOST_BYTES) or (exists and not plain):
        why = f"has {size / 1e6:,.0f} MB, more than the {MOST_BYTES / 1e6:,.0f} MB" if size else "is not a file"
        msg = f"{os.fspath(path)!r} {why} that a page can be made of; simplify it or cut out a part first"
        raise InputError(msg)
    return read_document_file(at, remedy=_REMEDY, as_written=True, named=path)


def _from_table(frame: Any) -> LayerInput:  # noqa: ANN401 - pandas is loaded only by who has a frame
    """A DataFrame with columns for a place, read as the same table in a file is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        _without_gap_fractions(frame).to_csv(path, index=any(frame.index.names))
        try:
            read = _from_map_file(path)
        except InputError as error:
            raise InputError(str(error).replace(str(path), f"the {type(frame).__name__}")) from None
    remarks = tuple(text.replace(str(path), IN_MEMORY) for text in read.remarks)
    return replace(read, name=IN_MEMORY, remarks=remarks)


def _from_map_file(path: Path) -> LayerInput:
    """A file of another format; its features as GeoJSON would say them.

    Raises
    ------
    InputError
        It cannot be read, or it is not certain what its numbers are.
    """
    layer, operation, remarks = read_certain_layer(path)
    document = {"type": "FeatureCollection", "features": list(layer.features())}
    try:
        value = parse(_text_of(document), as_written=True)
    except JsonFaultError as fault:
        msg = f"{os.fspath(path)} {fault}; correct it in the program that wrote it"
        raise InputError(msg) from None
    return LayerInput(os.fspath(path), Document(value), operation.source if operation else None, remarks)


def _text_of(document: Mapping[str, Any]) -> str:
    """The document as JSON; numbers of a table keep their digits."""
    as_written = any(
        isinstance(value, Written) for feature in document["features"] for value in feature["properties"].values()
    )
    return json_text(document) if as_written else json.dumps(document)


def _from_memory(source: object) -> Document:
    try:
        stated = _from_frame(source) if hasattr(source, "iterfeatures") else _mapping(source)
        return Document(parse(json.dumps(stated, default=_plain), as_written=True))
    except JsonFaultError as fault:
        why = str(fault)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        why = f"cannot be read as GeoJSON ({error})"
    msg = f"the {type(source).__name__} {why}; {_GIVE}"
    raise InputError(msg)


def _mapping(source: object) -> Any:  # noqa: ANN401 - as above
    if isinstance(source, Mapping):
        return dict(source)
    # a GeoSeries has the interface, but only a frame says in which system it is
    frame = source.to_frame("geometry") if hasattr(source, "to_frame") and hasattr(source, "crs") else None
    if frame is not None:
        return _from_frame(frame)
    stated = getattr(source, "__geo_interface__", None)
    if stated is None:
        msg = "it has no shapes"
        raise TypeError(msg)
    return stated


def _from_frame(frame: Any) -> dict[str, Any]:  # noqa: ANN401 - geopandas is loaded only by who has a frame
    """A GeoDataFrame with its system by name; what is empty is null, as in a file."""
    features = list(_without_gap_fractions(frame).iterfeatures(na="null"))
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if frame.crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": frame.crs.to_wkt()}}
    return document


def _without_gap_fractions(frame: Any) -> Any:  # noqa: ANN401 - as above
    """Whole numbers that are 3.0 only because a value beside them is missing are 3 again."""
    numbers = frame.select_dtypes("float")
    gaps = [name for name in numbers if numbers[name].isna().any() and (numbers[name].dropna() % 1 == 0).all()]
    return frame.astype(dict.fromkeys(gaps, "Int64")) if gaps else frame


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a frame
    """Numbers and arrays of numpy as JSON has them; a date, a shape or anything else as its text."""
    if isinstance(value, Mapping):
        return dict(value)
    as_list = getattr(value, "tolist", None)
    return as_list() if callable(as_list) else str(value)
