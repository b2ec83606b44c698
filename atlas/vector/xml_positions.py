"""Positions in KML, GML and GPX as they are written: of what is no number, GDAL makes 0 or takes another for it.

A shape in which a position cannot be read is taken out before GDAL sees it, so that its feature has no place instead
of one that nobody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from atlas.geojson.path import shown
from atlas.vector.file_format import FileFormat
from atlas.vector.layer import FileFault

_NUMBER = rb"[+-]?(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+"
_TUPLES = re.compile(
    rb"\s*+(?:%(n)s\s*+,\s*+%(n)s(?:\s*+,\s*+%(n)s)?+(?:\s++|,\s*+\Z|\Z))++\Z" % {b"n": _NUMBER},
)
_NUMBERS = re.compile(rb"\s*+(?:%s(?:\s++|\Z)){2,}+\Z" % _NUMBER)
_ONE_NUMBER = re.compile(rb"\s*+%s\s*+\Z" % _NUMBER)
_DECIMAL_COMMA = re.compile(rb"\s*+([+-]?\d++),(\d++)\s*+\Z")
# what never ends ends with the text, so that it is not looked for again and again
_SKIPPED = rb"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)|<!\[CDATA\[(?:[^\]]|\](?!\]>))*+(?:\]\]>|\Z)"
_KML_SHAPES = b"Point|LineString|LinearRing|Polygon"
_GML_SHAPES = (
    b"Point|LineString|LinearRing|Polygon|Curve|Surface|OrientableCurve|OrientableSurface|Composite(?:Curve|Surface)|"
    b"Multi(?:Point|LineString|Polygon|Curve|Surface|Geometry)|PolyhedralSurface|Tin|TriangulatedSurface|Solid"
)
_PREFIX = rb"(?:[A-Za-z_][\w.-]*+:)?+"
_END = rb"(?=[\s/>])[^<>]*+>"


def _tokens(shapes: bytes, positions: bytes) -> re.Pattern[bytes]:
    """Begins and ends of shapes, and elements of positions with their text."""
    return re.compile(
        _SKIPPED
        + rb"|<(?P<end>/?)" + _PREFIX + rb"(?P<shape>" + shapes + rb")" + _END
        + rb"|<" + _PREFIX + rb"(?P<element>" + positions + rb")(?=[\s/>])(?P<more>[^<>]*+)>(?P<text>[^<]*+)"
    )  # fmt: skip


_KML = _tokens(_KML_SHAPES, rb"coordinates|coord")
_GML = _tokens(_GML_SHAPES, rb"coordinates|posList|pos")
_GPX = re.compile(_SKIPPED + rb"|<" + _PREFIX + rb"(?P<kind>wpt|rtept|trkpt)(?=[\s/>])(?P<more>[^<>]*+)>")
_GPX_NUMBER = re.compile(rb"\b(lat|lon)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_CALLED = {b"wpt": "waypoint", b"rtept": "point of a route", b"trkpt": "point of a track"}
_EXAMPLE = 40
# texts of one kind that are named one by one
_NAMED = 20


@dataclass(slots=True)
class _Mended:
    """What is cut out of a text or put in its place, and what is said of it."""

    data: bytes
    cuts: list[tuple[int, int, bytes]] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    lost: int = 0

    def lose(self, start: int, end: int, where: int, why: str) -> None:
        """Cut a shape out."""
        self.cuts.append((start, end, b""))
        self.lost += 1
        if self.lost <= _NAMED:
            line = self.data.count(b"\n", 0, where) + 1
            self.faults.append(FileFault("shape-lost", f"Line {line:,} of the file: {why}"))

    def text(self) -> bytes:
        """The text without what was cut out."""
        pieces, at = [], 0
        for start, end, instead in self.cuts:
            pieces += [self.data[at:start], instead]
            at = end
        return b"".join([*pieces, self.data[at:]])


def without_odd_positions(form: FileFormat, data: bytes) -> tuple[bytes, list[FileFault]]:
    """A text of KML, GML or GPX without the shapes of which a position cannot be read, and what was found."""
    mended = _Mended(data)
    _LOOK[form](mended)
    if mended.lost > _NAMED:
        mended.faults.append(FileFault("shape-lost", f"And {mended.lost - _NAMED:,} more such shapes."))
    return mended.text() if mended.cuts else data, mended.faults


def _look(tokens: re.Pattern[bytes], mended: _Mended, is_sound: Callable[[re.Match[bytes]], bool]) -> None:
    """Cut out every outermost shape with positions that are not sound."""
    depth, begin, inner = 0, 0, b""
    odd: tuple[int, bytes] | None = None
    for match in tokens.finditer(mended.data):
        if match["element"] is not None:
            # of a line or ring without positions GDAL makes an empty one, of a point a place at 0, 0
            is_blank = not match["text"].strip() and depth and inner != b"Point"
            if not is_blank and not is_sound(match):
                odd = _odd(mended, match, odd, is_inside=depth > 0)
        elif match["shape"] is not None and not match[0].endswith(b"/>"):
            if not match["end"]:
                begin, inner = begin if depth else match.start(), match["shape"]
                depth += 1
            elif depth:
                depth -= 1
                if not depth and odd is not None:
                    mended.lose(begin, match.end(), odd[0], _why(odd[1]))
                if not depth:
                    odd = None


def _odd(
    mended: _Mended, match: re.Match[bytes], odd: tuple[int, bytes] | None, *, is_inside: bool
) -> tuple[int, bytes] | None:
    """Remember what is odd of the shape that it stands in; a position of a track is cut out by itself."""
    if is_inside:
        return odd or (match.start(), match["text"])
    if match["element"] == b"coord":
        end = mended.data.find(b">", match.end()) + 1 or match.end()
        if match["text"].strip():
            mended.lose(match.start(), end, match.start(), _why(match["text"]))
        else:
            # as KML writes a moment of which the place is not known
            mended.cuts.append((match.start(), end, b""))
    return odd


def _why(text: bytes) -> str:
    words = " ".join(text.decode("utf-8", "replace").split())
    if not words:
        return "a shape has no positions, so that there is no place: write them, or leave the shape out."
    short = words if len(words) <= _EXAMPLE else f"{words[:_EXAMPLE]}…"
    return f"“{shown(short, quoted=False)}” is no list of positions, so that the shape is left out: correct it."


def _kml(mended: _Mended) -> None:
    def is_sound(match: re.Match[bytes]) -> bool:
        tuples = _NUMBERS if match["element"] == b"coord" else _TUPLES
        return tuples.match(match["text"]) is not None

    _look(_KML, mended, is_sound)


def _gml(mended: _Mended) -> None:
    def is_sound(match: re.Match[bytes]) -> bool:
        text = match["text"]
        if match["element"] == b"coordinates":
            # other signs between numbers may be declared
            return b"=" in match["more"] or _TUPLES.match(text) is not None or _NUMBERS.match(text) is not None
        return _NUMBERS.match(text) is not None

    _look(_GML, mended, is_sound)


def _gpx(mended: _Mended) -> None:
    commas = 0
    for match in _GPX.finditer(mended.data):
        if match["kind"] is None:
            continue
        numbers = list(_attributes(match))
        missing = {b"lat", b"lon"} - {name for name, *_ in numbers}
        odd = [(name, text) for name, text, *_ in numbers if not _ONE_NUMBER.match(text)]
        if not missing and all(_DECIMAL_COMMA.match(text) for _, text in odd):
            for _name, text, start, end in numbers:
                if comma := _DECIMAL_COMMA.match(text):
                    mended.cuts.append((start, end, comma[1] + b"." + comma[2]))
                    commas += 1
            continue
        name, text = odd[0] if odd else (min(missing), b"")
        what = f"“{shown(text[:_EXAMPLE].decode('utf-8', 'replace'), quoted=False)}” as" if odd else "no"
        why = f"a {_CALLED[match['kind']]} has {what} {name.decode()}, so that it is left out: correct it."
        # GDAL passes over a point without a latitude
        start, end = (numbers[0][2], numbers[0][3]) if numbers else (match.end(), match.end())
        mended.lose(start, end, match.start(), why)
    if commas:
        message = f"{commas:,} coordinates have a comma for the decimal point; they are read as such."
        mended.faults.append(FileFault("decimal-comma", message, before="decimal comma", after="decimal point"))


def _attributes(match: re.Match[bytes]) -> Iterator[tuple[bytes, bytes, int, int]]:
    """Latitude and longitude of a point: name, text, and where the text stands."""
    offset = match.start("more")
    for one in _GPX_NUMBER.finditer(match["more"]):
        group = 2 if one[2] is not None else 3
        yield one[1], one[group], offset + one.start(group), offset + one.end(group)


_LOOK: Mapping[FileFormat, Callable[[_Mended], None]] = {
    FileFormat.KML: _kml,
    FileFormat.GML: _gml,
    FileFormat.GPX: _gpx,
}
