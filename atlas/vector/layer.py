"""What every reader of a map file gives: features in the file's own numbers, its system, and its faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.vector.file_format import FileFormat
from atlas.vector.wkb import Geometry

if TYPE_CHECKING:
    import pyproj

LAYER_MARK = "|layername="


@dataclass(frozen=True, slots=True)
class FileFault:
    """Something wrong with a file that programs hide while they read it.

    Attributes
    ----------
    rule
        One of ``atlas.vector.file_rules``.
    message
        What, and what to do.
    row
        The row of the layer, as `VectorLayer.row` counts; none for the whole layer.
    field
        The column.
    what
        The message without its remedy, where others have another.
    before, after
        What stood there and what is read instead, where that is certain.
    """

    rule: str
    message: str
    row: int | None = None
    field: str | None = None
    before: str = ""
    after: str = ""
    what: str = ""


@dataclass(slots=True)
class VectorLayer:
    """One layer of a file.

    Attributes
    ----------
    path
        The file that was named.
    form
        Its format.
    name
        The layer, where the file has several.
    crs
        The system that the file states; none where it states none.
    geometries
        One a feature, x (longitude) before y, in ``crs``; none where a feature has no place.
    columns
        Values by column, one a feature, as JSON has them.
    first_row
        The number that the file's own programs give the first feature's row: 2 for a sheet with a head.
    rows
        The numbers of the rows, where some between are left out.
    has_shapes
        Whether it is a map layer and not only a table.
    """

    path: Path
    form: FileFormat
    name: str | None
    crs: pyproj.CRS | None
    geometries: Sequence[Geometry | None]
    columns: dict[str, Sequence[Any]]
    ids: Sequence[Any] | None = None
    faults: list[FileFault] = field(default_factory=list)
    encoding: str = "UTF-8"
    first_row: int = 1
    rows: Sequence[int] | None = None
    has_shapes: bool = True

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.geometries)

    @property
    def title(self) -> str:
        """How messages call it, in the words that name it on the command line."""
        return f"{self.path}{LAYER_MARK}{self.name}" if self.name else str(self.path)

    def row(self, index: int) -> int:
        """The number of a feature's row, from its place in the layer."""
        return self.rows[index] if self.rows is not None else self.first_row + index

    def features(self) -> Iterator[dict[str, Any]]:
        """The features as GeoJSON has them, in the numbers of the file."""
        names = list(self.columns)
        held = zip(*self.columns.values(), strict=True) if names else iter(() for _ in self.geometries)
        for index, (geometry, values) in enumerate(zip(self.geometries, held, strict=True)):
            feature: dict[str, Any] = {"type": "Feature"}
            if self.ids is not None and self.ids[index] is not None:
                feature["id"] = self.ids[index]
            feature["geometry"] = None if geometry is None else geometry.geojson()
            feature["properties"] = dict(zip(names, values, strict=True))
            yield feature
