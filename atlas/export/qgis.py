"""A QGIS project over the exported GeoPackage: every table styled and labelled, found beside it by a relative path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from atlas.export.dcat import attributions
from atlas.export.imprint import both_titles
from atlas.export.layer_tables import Table
from atlas.export.material import Material
from atlas.export.reprojection import Places
from atlas.export.style import drawn, environment, signs

# what the map opens on, when it is exported: the border, and not all of the base map
_FIRST = "border"
_MARGIN = 0.05


def project(tables: Sequence[Table], material: Material, places: Places, *, geopackage: str) -> bytes:
    """The project as XML for QGIS 3.22 and later, naming the GeoPackage beside it."""
    order = list(signs())
    ranked = sorted(tables, key=lambda t: order.index(t.name) if t.name in order else len(order))
    text = (
        environment()
        .get_template("project.qgs.j2")
        .render(
            title=both_titles(),
            tables=[drawn(table) for table in ranked],
            file=geopackage,
            system=_system(places),
            extent=_extent(ranked),
            attribution=" · ".join(attributions(material, language) for language in ("en", "es")),
        )
    )
    return text.encode()


def _system(places: Places) -> dict[str, Any]:
    crs = places.crs
    number = crs.to_epsg()
    return {
        "code": places.code,
        "srid": "" if number is None else number,
        "title": crs.name,
        "wkt": crs.to_wkt(),
        # QGIS finds the system by its code and its text; the older form only loses accuracy
        "proj4": "",
        "geographic": crs.is_geographic,
    }


def _extent(tables: Sequence[Table]) -> tuple[float, ...]:
    placed = [table for table in tables if table.geometry_type]
    chosen = [table for table in placed if table.layer.name == _FIRST] or placed
    if not chosen:
        return (0.0, 0.0, 0.0, 0.0)
    boxes = [table.bounds for table in chosen]
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    margin = max(east - west, north - south) * _MARGIN
    return (west - margin, south - margin, east + margin, north + margin)
