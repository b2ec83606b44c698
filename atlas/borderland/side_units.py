"""The units of one side: areas with code, name and parent, from a file of outlines in any format."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.border_project import Side, SourceFile
from atlas.borderland.columns import proposed_columns, text_of
from atlas.edgematch.sides import is_uncut
from atlas.editions.edition import Features
from atlas.editions.edition_reader import EditionReader
from atlas.errors import SourceError, listed
from atlas.files import sha256_of_file
from atlas.sources.source_records import is_installed

Shapes = NDArray[np.object_]

_AREA = 2
_SHOWN = 5
# as a share of the area: less than a line is wide when it is drawn
_SAME = 1e-5
_POLYGONS = frozenset({"Polygon", "MultiPolygon"})


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units of a side in degrees (longitude, latitude), sorted by code; ``parents`` are names, empty for none."""

    side: Side
    codes: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[str, ...]
    areas: Shapes

    def where(self, keep: NDArray[np.bool_] | Sequence[bool]) -> Units:
        """Those for which ``keep`` is true."""
        index = np.flatnonzero(np.asarray(keep, dtype=bool)).tolist()
        return Units(
            self.side,
            tuple(self.codes[i] for i in index),
            tuple(self.names[i] for i in index),
            tuple(self.parents[i] for i in index),
            self.areas[index],
        )

    def with_areas(self, areas: Shapes) -> Units:
        """The same units with other areas."""
        return replace(self, areas=areas)


def checked_file(source: SourceFile) -> Path:
    """The path of a source that is what the project wrote down.

    Raises
    ------
    SourceError
        The file is gone, or another one.
    """
    if source.package and not is_installed(source.package):
        named = f"{source.package}=={source.version}" if source.version else source.package
        msg = f"[sources.{source.key}] needs the package {source.package}; install it: pip install '{named}'"
        raise SourceError(msg)
    if not source.on_disk.is_file():
        msg = f"[sources.{source.key}] file: there is no file {source.located}; correct the path in atlas.toml"
        raise SourceError(msg)
    if source.sha256 is not None and (actual := sha256_of_file(source.on_disk)) != source.sha256:
        msg = (
            f"[sources.{source.key}] {source.located} is another file than the one that the project was made with "
            f"(sha256 {actual[:16]}…, expected {source.sha256[:16]}…); bring that file back, or write the new sha256 = "
            f'"{actual}" into atlas.toml'
        )
        raise SourceError(msg)
    return source.located


def read_units(side: Side) -> Units:
    """The units of a side that has an outline.

    Raises
    ------
    SourceError
        The file cannot be used; the message says which rows, and what to do.
    """
    outline = side.outline
    if outline is None:
        msg = f"{side.code} has no outline in atlas.toml; add source = … to its table"
        raise SourceError(msg)
    path = checked_file(outline.source)
    features = without(areas_of(path), path, outline.code, outline.leave_out)
    guess = proposed_columns(features)
    wanted = {"code": outline.code, "name": outline.name, "parent": outline.parent}
    if missing := [
        f"{key}_column = {value!r}" for key, value in wanted.items() if value and value not in features.columns
    ]:
        columns = ", ".join(features.columns) or "none at all"
        msg = (
            f"[sources.{outline.source.key}] {path.name} has no column for {' and '.join(missing)}; its columns are "
            f"{columns}; correct that in the table of {side.name['en']} in atlas.toml, or leave it out"
        )
        raise SourceError(msg)
    codes = _codes(path, features, wanted["code"] or guess.code)
    names = [
        text_of(row, wanted["name"] or guess.name) or code for row, code in zip(features.properties, codes, strict=True)
    ]
    parents = [text_of(row, wanted["parent"]) for row in features.properties]
    order = sorted(range(len(codes)), key=codes.__getitem__)
    codes, names, parents = ([column[i] for i in order] for column in (codes, names, parents))
    return Units(side, tuple(codes), tuple(names), tuple(parents), features.shapes[order])


def areas_of(path: Path) -> Features:
    """The features of a file of areas; those without a shape are left out.

    Raises
    ------
    SourceError
        It holds no areas, or areas that cross themselves.
    InputError
        It cannot be read.
    """
    features = EditionReader().read(path)
    kinds = shapely.get_dimensions(features.shapes)
    kept = np.flatnonzero(kinds == _AREA).tolist()
    if not kept or (kinds >= 0).sum() > len(kept):
        what = "lines or points" if (kinds >= 0).any() else "no shapes"
        msg = f"{path} holds {what}; an outline is a file of areas (Polygon or MultiPolygon), one for each unit"
        raise SourceError(msg)
    shapes = shapely.force_2d(features.shapes[kept])
    shapes, bad = _filled(shapes)
    if bad:
        faults = [f"feature {kept[i] + 1}: {shapely.is_valid_reason(shapes[i])} (longitude latitude)" for i in bad]
        remedy = f"repair it with `atlas clean {shlex.quote(str(path))} -o OUT.geojson`, and give OUT.geojson"
        raise SourceError(listed(f"{path} has areas that cross themselves; {remedy}:", faults))
    if uncut := [kept[i] + 1 for i, shape in enumerate(shapes.tolist()) if is_uncut(shape)]:
        remedy = f"cut it with `atlas clean {shlex.quote(str(path))} -o OUT.geojson`, and give OUT.geojson"
        msg = f"{path}: feature {uncut[0]} goes over more than 180° of longitude, or across 180° uncut; {remedy}"
        raise SourceError(msg)
    return Features(
        features.title, shapes, [features.properties[i] for i in kept], [features.identifiers[i] for i in kept]
    )


def without(features: Features, path: Path, column: str | None, codes: Sequence[str]) -> Features:
    """The features of a file but for those with certain codes.

    Raises
    ------
    SourceError
        There is no column of codes, or no row has one of the codes.
    """
    if not codes:
        return features
    if column not in features.columns:
        msg = f"{path.name}: leave_out goes by codes; name their column by code_column (`atlas new`: --columns)"
        raise SourceError(msg)
    stated = [text_of(row, column) for row in features.properties]
    if unknown := sorted(set(codes) - set(stated)):
        msg = f"{path.name} has no row whose {column} is {unknown[0]!r}, which leave_out names; correct it"
        raise SourceError(msg)
    kept = [i for i, code in enumerate(stated) if code not in codes]
    if not kept:
        msg = f"{path.name}: leave_out names every row; keep the codes of rows that are no units, such as lakes"
        raise SourceError(msg)
    return Features(
        features.title,
        features.shapes[kept],
        [features.properties[i] for i in kept],
        [features.identifiers[i] for i in kept],
    )


def _filled(shapes: Shapes) -> tuple[Shapes, list[int]]:
    """Areas that cross themselves, filled where there is one way to do it; indexes of those with two."""
    made, left = shapes.copy(), []
    for index in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        by_line = shapely.make_valid(shapes[index])
        by_ring = shapely.make_valid(shapes[index], method="structure", keep_collapsed=False)
        differing = shapely.area(shapely.symmetric_difference(by_line, by_ring))
        if differing > _SAME * shapely.area(by_ring) or by_ring.geom_type not in _POLYGONS:
            left.append(index)
        else:
            made[index] = by_ring
    return made, left


def _codes(path: Path, features: Features, column: str | None) -> list[str]:
    """Codes as the file has them; the rows' numbers where there is no column of codes."""
    count = len(features.shapes)
    if column is None:
        return [f"{number:0{len(str(count))}d}" for number in range(1, count + 1)]
    texts = [text_of(row, column) for row in features.properties]
    faults = [f"feature {n}: no code in {column}" for n, text in enumerate(texts, start=1) if not text]
    faults += [f"the code {text!r} stands {n} times" for text, n in Counter(texts).items() if text and n > 1]
    if faults:
        other = ", ".join(one for one in features.columns if one != column) or "none"
        remedy = (
            f"name another column by code_column in atlas.toml (the others: {other}), or leave it out to number rows"
        )
        raise SourceError(listed(f"{path.name}: {column} is no code for each unit; {remedy}:", faults, shown=_SHOWN))
    return texts
