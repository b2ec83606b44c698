"""A table of counts as Parquet, CSV or GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from atlas.errors import UsageError
from atlas.geojson.collection import dumps
from atlas.points.count_terms import CountTerms, Numbers
from atlas.published.sensitivity import Sensitivity
from atlas.release.boxes import BoxMap

NUMBER = "at_least"
Writer = Callable[[Numbers, CountTerms, BoxMap], bytes]


def count_table(output: Path) -> Writer:
    """What writes a table, by the end of its name.

    Raises
    ------
    UsageError
        There is no such format.
    """
    writers: dict[str, Writer] = {".parquet": _parquet, ".csv": _csv, ".geojson": _geojson}
    writer = writers.get(output.suffix.lower())
    if writer is None:
        msg = f"-o {output}: counts are written as {', '.join(writers)}"
        raise UsageError(msg)
    return writer


def places_of(numbers: Numbers, boxes: BoxMap) -> Iterator[dict[str, Any]]:
    """The places of a table as features, without their shapes' positions, for the one decision about all writers."""
    for name in sorted({place for place, _, _ in numbers}):
        place = boxes.place(name)
        kind = None if place is None else {"type": place.shape.geom_type}
        yield {"id": name, "geometry": kind, "properties": {"sensitivity": Sensitivity.GENERALISED.value}}


def head_of(terms: CountTerms) -> list[str]:
    """The columns of a table under some terms."""
    taken = {"place", "level", "period", NUMBER}
    name = f"field_{terms.field}" if terms.field in taken else terms.field
    return ["place", "level", "period", *([str(name)] if terms.field else []), NUMBER]


def _rows(numbers: Numbers, terms: CountTerms) -> list[Sequence[Any]]:
    return [
        (place, place.partition(" ")[0], period, *([value] if terms.field else []), number)
        for (place, period, value), number in sorted(numbers.items())
    ]


def _parquet(numbers: Numbers, terms: CountTerms, _boxes: BoxMap) -> bytes:
    head, rows = head_of(terms), _rows(numbers, terms)
    types = [pa.int64() if name == NUMBER else pa.string() for name in head]
    columns = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(types)]
    stream = io.BytesIO()
    pa.parquet.write_table(pa.table(columns, names=head), stream, compression="zstd")
    return stream.getvalue()


def _csv(numbers: Numbers, terms: CountTerms, _boxes: BoxMap) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([head_of(terms), *_rows(numbers, terms)])
    return stream.getvalue().encode()


def _geojson(numbers: Numbers, terms: CountTerms, boxes: BoxMap) -> bytes:
    features = []
    for row in _rows(numbers, terms):
        properties = dict(zip(head_of(terms), row, strict=True))
        place = boxes.place(str(row[0]))
        geometry = None if place is None else place.geometry
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return dumps(features)
