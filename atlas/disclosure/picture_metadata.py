"""What pictures say beside what they show: EXIF, XMP, comments, thumbnails, and bytes after their end."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from atlas.disclosure.isobmff import film, heif
from atlas.disclosure.segments import Remark, gif, jpeg, png, webp
from atlas.disclosure.tiff import tiff

_GPS, _EXIF, _THUMBNAIL = 0x8825, 0x8769, 0x0201
_TIME = frozenset({0x0132, 0x9003, 0x9004})
_PERSON = frozenset({0x013B, 0x8298, 0xA430, 0xA431, 0x9C9D, 0x9286, 0x010E, 0x9C9C, 0x927C})
_LAT, _LON = (1, 2), (3, 4)
_PARTS: Mapping[str, Callable[[bytes], Iterator[Remark]]] = MappingProxyType(
    {"jpeg": jpeg, "png": png, "webp": webp, "gif": gif, "heif": heif, "film": film, "tiff": tiff}
)


def remarks(data: bytes, form: str) -> Iterator[Remark]:
    """All that a picture's file holds beside the picture."""
    for remark in _PARTS[form](data) if form in _PARTS else ():
        if remark.kind == "tables":
            yield from _exif(remark.data, bare=True)
        else:
            yield remark
    if form not in {"heif", "film"}:
        yield from _exif(data)


def _exif(data: bytes, *, bare: bool = False) -> Iterator[Remark]:
    """GPS, times, names and serial numbers in EXIF, wherever the format keeps it; or in bare tables of it."""
    tags = _tables(data, bare=bare)
    if tags is None:
        yield Remark("unread", "EXIF" if bare else "whole file", "a picture or its EXIF, which cannot be read")
        return
    if position := _position(tags.get("gps", {})):
        text = "{:.7f} {:.7f}".format(*position)
        yield Remark("exif", "EXIF GPSLatitude, GPSLongitude", "the position of the camera", text.encode())
    elif tags.get("gps"):
        yield Remark("exif", "EXIF GPS", f"{len(tags['gps'])} entries about where the camera was")
    entries = {**tags.get("main", {}), **tags.get("exif", {})}
    for tag in sorted(entries.keys() & (_TIME | _PERSON)):
        yield Remark("exif", f"EXIF tag 0x{tag:04x}", "a time, a name or a number", str(entries[tag]).encode())
    if tags.get("thumbnail"):
        yield Remark("thumbnail", "EXIF", "a thumbnail, which shows what was cut away")


def _tables(data: bytes, *, bare: bool) -> Mapping[str, Any] | None:
    """The tables of EXIF in a picture; none if it can't be opened."""
    import io  # noqa: PLC0415 - with Pillow

    from PIL import Image  # noqa: PLC0415 - needed only for pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if bare:
                tables = Image.Exif()
                tables.load(data if data.startswith(b"Exif") else b"Exif\x00\x00" + data)
                return _read(tables)
            with Image.open(io.BytesIO(data)) as opened:
                return _read(opened.getexif())
    except Exception:  # noqa: BLE001 - Pillow raises anything on a hostile file; its bytes are searched all the same
        return None


def _read(tables: Any) -> Mapping[str, Any]:  # noqa: ANN401 - Pillow is imported late
    return {
        "main": dict(tables),
        "exif": dict(tables.get_ifd(_EXIF)),
        "gps": dict(tables.get_ifd(_GPS)),
        "thumbnail": _THUMBNAIL in tables.get_ifd(1),
    }


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees, where both are given."""
    try:
        lat, lon = (_degrees(gps[value], gps.get(ref)) for ref, value in (_LAT, _LON))
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    return lon, lat


def _degrees(parts: Any, reference: Any) -> float:  # noqa: ANN401 - as a camera wrote it
    degrees = math.fsum(float(part) / 60**power for power, part in enumerate(parts))
    return -degrees if str(reference).strip("\x00 b'").upper() in {"S", "W"} else degrees
