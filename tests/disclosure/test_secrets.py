"""Every encoding of a planted secret is found, and what only looks like one is not."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import json
import lzma
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pyproj
import pytest

pytestmark = pytest.mark.slow

Rules = Callable[..., set[str]]

# as in conftest.py: plainly synthetic
LON, LAT = -92.0837415, 15.0712638
RECORD_ID = "0f9c1a52-7d3e-4b61-9a44-5e2f7c8d1b90"
PHONE = "+502 5555 0142"
PERSON = "Zoraida Quetzalmina"
NOTE = "Cruce junto al almendro grande detras de la tienda vieja, preguntar por Zoraida"
TIME = "2026-03-14T05:47:21-06:00"


def _metres(code: int) -> tuple[float, float]:
    x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(LON, LAT)
    return float(x), float(y)


def _dms(value: float) -> str:
    whole = abs(value)
    minutes = whole % 1 * 60
    return f"{int(whole)}°{int(minutes)}'{minutes % 1 * 60:.1f}\""


POSITIONS = {
    "six decimals": f'"coordinates": [{LON:.6f}, {LAT:.6f}]',
    "full precision": f"[{LON!r},{LAT!r}]",
    "three decimals": f"{LON:.3f} {LAT:.3f}",
    "latitude first": f"{LAT:.5f}, {LON:.5f}",
    "decimal commas": f"{LON:.5f}; {LAT:.5f}".replace(".", ","),
    "letters for signs": f"{LAT:.5f} N {-LON:.5f} W",
    "with a height between": f"{LAT:.5f}, 33.1, {LON:.5f}",
    "far apart, singly": f"lon {LON!r} {'word ' * 50} lat {LAT!r}",
    "degrees, minutes, seconds": f"{_dms(LAT)}N {_dms(LON)}W",
    "whole numbers": f"{round(LON * 1e6)}, {round(LAT * 1e6)}",
    "web mercator": "{:.1f} {:.1f}".format(*_metres(3857)),
    "utm": "{:.0f} E, {:.0f} N".format(*_metres(32615)),
    "powers of ten": f"{LON:.8e} {LAT:.8e}",
    "percent signs": f"geo%3A{LAT:.5f}%2C{LON:.5f}".replace(".", "%2E"),
    "escapes": f"{LAT:.5f},{LON:.5f}".replace(".", "\\u002e"),
    "entities": f"{LAT:.5f},{LON:.5f}".replace(".", "&#46;"),
    "wkt": f"POINT ({LON:.7f} {LAT:.7f})",
    "wkb in hex": struct.pack("<BIdd", 1, 1, LON, LAT).hex(),
    "ewkb in hex": struct.pack(">BIIdd", 0, 0x20000001, 4326, LON, LAT).hex().upper(),
}


@pytest.mark.parametrize("how", POSITIONS)
def test_a_position_in_text_is_found(rules_of: Rules, how: str) -> None:
    text = f"<p>Some words before it: {POSITIONS[how]} and some after.</p>"
    assert "secret-position" in rules_of(text.encode())
    assert "secret-position" in rules_of(text.encode("utf-16"))


def _blob(kind: str) -> bytes:
    pairs = {"f8": (LON, LAT), "f4": (LON, LAT), "i4": (round(LON * 1e7), round(LAT * 1e7))}
    return np.array(pairs[kind[1:]], dtype=kind).tobytes()


PACKED = {
    "64-bit floats": b"\x00\x07xyz" + _blob("<f8") + b"\xff",
    "64-bit floats, big end first": b"\x00\x07" + _blob(">f8") + b"\xff",
    "32-bit floats": b"\x00\x01\x02" + _blob("<f4") + b"\x00",
    "scaled whole numbers": b"\x00\x01" + _blob(">i4") + b"\x09",
    "latitude first": b"\x00\x03" + np.array([LAT, LON]).tobytes(),
    "gzip": gzip.compress(f"{LON},{LAT}".encode()),
    "bzip2": bz2.compress(f"{LON},{LAT}".encode()),
    "xz": lzma.compress(f"{LON},{LAT}".encode()),
    "deflated inside other bytes": b"\x00\x01\x02" * 9 + zlib.compress(f"{LON},{LAT}".encode() * 3) + b"\x00",
    "base64": b"data = '" + base64.b64encode(f"[{LON}, {LAT}]".encode()) + b"'",
    "base64 of deflated": b"data = '" + base64.b64encode(zlib.compress(f"[{LON}, {LAT}]".encode() * 4)) + b"'",
    "base64 of gzip of base64": b'"'
    + base64.b64encode(gzip.compress(base64.b64encode(f"{LON},{LAT}".encode())))
    + b'"',
    "bytes as numbers": json.dumps(list(_blob("<f8") + b"12345678")).encode(),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_packed_position_is_found(rules_of: Rules, how: str) -> None:
    assert "secret-position" in rules_of(PACKED[how])


def test_a_position_in_the_arcs_of_a_page_is_found(rules_of: Rules) -> None:
    from atlas.render.packing import pack

    arc = np.array([[round(LON * 50_000), round(LAT * 50_000)], [-4_600_000, 750_000]])
    steps, sizes = pack([arc])
    page = f'<script type="application/json">{{"perDegree":50000,"steps":"{steps}","sizes":"{sizes}"}}</script>'
    assert "secret-position" in rules_of(page.encode())


@pytest.mark.parametrize("resolution", [7, 9, 15])
@pytest.mark.parametrize("form", ["hex", "number", "bytes"])
def test_a_fine_h3_cell_is_found(rules_of: Rules, resolution: int, form: str) -> None:
    cell = h3.latlng_to_cell(LAT, LON, resolution)
    number = h3.str_to_int(cell)
    texts = {"hex": f'"{cell}"'.encode(), "number": b"[%d]" % number, "bytes": b"\x00\x01" + struct.pack("<Q", number)}
    assert "secret-cell" in rules_of(texts[form])


def test_a_cell_of_the_policy_is_none(rules_of: Rules) -> None:
    assert not rules_of(f'"{h3.latlng_to_cell(LAT, LON, 5)}"'.encode())


def test_a_geohash_and_a_plus_code_are_found(rules_of: Rules) -> None:
    for code in (_geohash(LON, LAT, 7), _plus(LON, LAT)):
        assert "secret-cell" in rules_of(f"the place is {code}.".encode())


def _geohash(lon: float, lat: float, length: int) -> str:
    letters, edges, out, bits = "0123456789bcdefghjkmnpqrstuvwxyz", [[-180.0, 180.0], [-90.0, 90.0]], "", 0
    for at in range(length * 5):
        edge, value = edges[at % 2], (lon, lat)[at % 2]
        middle = sum(edge) / 2
        bits = bits * 2 + (value >= middle)
        edge[0 if value >= middle else 1] = middle
        if at % 5 == 4:
            out, bits = out + letters[bits], 0
    return out


def _plus(lon: float, lat: float) -> str:
    letters, out, size = "23456789CFGHJMPQRVWX", "", 20.0
    north, east = lat + 90, lon + 180
    for _ in range(5):
        out += letters[int(north / size) % 20] + letters[int(east / size) % 20]
        size /= 20
    return f"{out[:8]}+{out[8:]}"


STRINGS = {
    "id": (RECORD_ID, "secret-id"),
    "id in capitals": (RECORD_ID.upper(), "secret-id"),
    "id glued to other letters": (f"rec{RECORD_ID}x", "secret-id"),
    "sha256 of the id": (hashlib.sha256(RECORD_ID.encode()).hexdigest(), "secret-hash"),
    "md5 of the id, cut off": (hashlib.md5(RECORD_ID.encode(), usedforsecurity=False).hexdigest()[:16], "secret-hash"),
    "sha1 of the id in base64": (
        base64.b64encode(hashlib.sha1(RECORD_ID.encode(), usedforsecurity=False).digest()).decode(),
        "secret-hash",
    ),
    "phone": (PHONE, "secret-contact"),
    "phone without the country, dotted": ("tel: 5555.0142", "secret-contact"),
    "phone without separators": ("50255550142", "secret-contact"),
    "person": (PERSON, "secret-text"),
    "person in capitals": (PERSON.upper(), "secret-text"),
    "three words of the note": ("near the ALMENDRO GRANDE DETRÁS of it", "secret-text"),
    "a name in the note": ("they asked for Zoraida there", "secret-text"),
    "time": (TIME[:19], "secret-time"),
}


@pytest.mark.parametrize("how", STRINGS)
def test_a_text_of_a_record_is_found(rules_of: Rules, how: str) -> None:
    text, rule = STRINGS[how]
    assert rule in rules_of(f"Some words. {text} And others.".encode())


def test_an_id_as_sixteen_bytes_is_found(rules_of: Rules) -> None:
    assert "secret-id" in rules_of(b"\x00\x01\x02" + bytes.fromhex(RECORD_ID.replace("-", "")) + b"\x00")


def test_what_the_atlas_publishes_holds_no_secret(rules_of: Rules, repo: Path) -> None:
    for path in (repo / "maps" / "crossings.html", repo / "geodata" / "layers" / "border.geojson"):
        assert not rules_of(path.read_bytes(), path.name)


def test_a_report_does_not_repeat_a_secret(limits: Any, search: Any) -> None:
    from atlas.disclosure.scan import Scan

    run = Scan(limits, search)
    run.data("file", f"{RECORD_ID} {PHONE} {PERSON} {NOTE} {TIME} {LON}, {LAT}".encode())
    report = " ".join(one.what + one.where for one in run.findings.all())
    assert len(run.findings.all()) >= 5
    for secret in (RECORD_ID, PHONE, PERSON, "almendro", TIME[:19], f"{LON:.3f}", f"{LAT:.3f}"):
        assert secret not in report


def test_numbers_that_are_near_by_chance_are_no_leak(rules_of: Rules) -> None:
    dice = np.random.default_rng(4)
    lons, lats = dice.uniform(-93, -90, 4000), dice.uniform(14.5, 17.5, 4000)
    text = "".join(f"[{x:.5f},{y:.5f}]," for x, y in zip(lons, lats, strict=True))
    assert not rules_of(text.encode())
    assert not rules_of(np.stack([lons, lats], axis=1).tobytes())
