"""What the scan looks for against exact records, family by family, and what it does not; the docs have it from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from atlas.border_project import shipped_border


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of disguise: the rule that it breaks, and what it is in both languages; without a rule, not looked for."""

    rule: str | None
    en: str
    es: str


_FRAMES = ", ".join(each.name for each in shipped_border().projections)
FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "decimal degrees": Family("secret-position", "degrees as decimals", "grados con decimales"),
        "coarse": Family(
            "secret-position", "rounded or cut to 2 or 3 decimals", "redondeado o cortado a 2 o 3 decimales"
        ),
        "noise": Family("secret-position", "moved by some hundred metres", "movido unos cientos de metros"),
        "degrees and minutes": Family("secret-position", "degrees and minutes", "grados y minutos"),
        "columns": Family("secret-position", "parts in columns of their own", "partes en columnas propias"),
        "angles": Family(
            "secret-position",
            "seconds, minutes, gons, radians, packed digits, degrees counted eastward, middles of boxes",
            "segundos, minutos, gones, radianes, cifras juntas, grados hacia el este, centros de recuadros",
        ),
        "metres": Family(
            "secret-position",
            f"{_FRAMES}, Mercator; also kilometres",
            f"{_FRAMES}, Mercator; también kilómetros",
        ),
        "MGRS": Family("secret-position", "MGRS and USNG", "MGRS y USNG"),
        "polyline": Family("secret-position", "encoded polylines", "polilíneas codificadas"),
        "TopoJSON": Family("secret-position", "TopoJSON arcs and points", "arcos y puntos de TopoJSON"),
        "NMEA": Family("secret-position", "NMEA and APRS", "NMEA y APRS"),
        "ISO 6709": Family("secret-position", "ISO 6709", "ISO 6709"),
        "semicircles": Family("secret-position", "semicircles of GPS devices", "semicírculos de receptores GPS"),
        "tiles": Family("secret-cell", "addresses of tiles, quadkeys", "direcciones de teselas, quadkeys"),
        "cells": Family(
            "secret-cell",
            "geohash, plus code, H3, Maidenhead, short links of OpenStreetMap",
            "geohash, plus code, H3, Maidenhead, enlaces cortos de OpenStreetMap",
        ),
        "shapes": Family("secret-position", "WKT, WKB, EWKB, GML", "WKT, WKB, EWKB, GML"),
        "floats": Family("secret-position", "numbers in bytes", "números en bytes"),
        "vector tiles": Family("secret-position", "MVT, PMTiles, MBTiles", "MVT, PMTiles, MBTiles"),
        "letters": Family(
            "secret-position",
            "base32, base64, hex, bytes one by one, escapes, entities, UTF-16, UTF-32, other digits, gaps, tags",
            "base32, base64, hexadecimal, bytes sueltos, escapes, entidades, UTF-16, UTF-32, otras cifras, espacios",
        ),
        "time": Family("secret-time", "exact times in any usual writing", "horas exactas en cualquier escritura usual"),
        "text": Family("secret-text", "ids, their digests, notes, telephones", "ids, sus resúmenes, notas, teléfonos"),
        "arithmetic": Family(
            None,
            "values moved or multiplied by a key, xor, ciphers, backwards, base85; checksums and seconds in 4 bytes",
            "valores movidos o multiplicados por una clave, xor, cifrados, al revés, base85; sumas y horas en 4 bytes",
        ),
    }
)
