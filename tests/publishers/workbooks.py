"""The rows of a workbook in the form of a publisher, which tests change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MONTHS = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic")
HEADER = ("Entidad federativa / municipio", *MONTHS, "Total")
ROWS: Sequence[Sequence[Any]] = (
    ("Total general", 1249, *[15] * 11, 1414),
    ("Campeche", *[10] * 12, 120),
    ("Campeche", *[10] * 12, 120),
    ("Chiapas", "1,234", *[0] * 11, "1,234"),
    ("Tapachula 1/", "1,200 2/", *["-"] * 11, "1,200"),
    ("Suchiate", 34, *[None] * 11, 34),
    ("Sonora", *[5] * 12, 60),
    ("Nogales", *[5] * 12, 60),
)
