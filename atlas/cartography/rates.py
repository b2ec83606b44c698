"""Counts by what they happened in: area, people or length of border, so that areas can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from atlas.admission.user_features import UserFeature
from atlas.cartography.composition import Bilingual
from atlas.cartography.map_words import worded
from atlas.cartography.numeric_field import figures_of, folded
from atlas.errors import UsageError
from atlas.geometry.geodesy import area_km2

# fields in which layers of the atlas keep them
_KNOWN: Mapping[str, str] = {"population": "population_2020", "border": "border_km"}
_PEOPLE = 1000
# whole numbers may be rates all the same
_RATES = frozenset(
    "rate rates tasa tasas percent percentage pct porcentaje porciento share proportion proporcion ratio razon "  # noqa: SIM905 - words
    "density densidad index indice mean average median media promedio mediana rank score".split()
)
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """Features with a field more, its name and what it is called."""

    features: tuple[UserFeature, ...]
    name: str
    head: Bilingual


def rate_of(features: Sequence[UserFeature], field: str, per: str) -> Rate:
    """Divide a field by area (computed where no field has it), population, length of border, or another field.

    Raises
    ------
    UsageError
        No feature has the divisor.
    """
    above = figures_of(field, [feature.properties.get(field) for feature in features]).values
    below = _divisors(features, per)
    times = _PEOPLE if per == "population" else 1
    key = f"per.{per}" if per in {"area", "population", "border"} else "per.field"
    head = worded(key, field=field, by=per)
    name = head["en"]
    rates = [
        None if a is None or not b or b < 0 else _rounded(a / b * times) for a, b in zip(above, below, strict=True)
    ]
    made = (replace(f, properties={**f.properties, name: r}) for f, r in zip(features, rates, strict=True))
    return Rate(tuple(made), name, head)


def names_rate(field: str) -> bool:
    """Whether the name of a field, in English or Spanish, says that its numbers are no counts."""
    return "%" in field or not _RATES.isdisjoint(folded(field).replace("_", " ").replace(".", " ").split())


def _divisors(features: Sequence[UserFeature], per: str) -> Sequence[float | None]:
    if per == "area":
        return [_area(feature) for feature in features]
    name = _KNOWN.get(per, per)
    if not any(name in feature.properties for feature in features):
        msg = (
            f"the layer has no field {name!r} to divide by; join the table to the municipalities "
            "(--join municipalities:cvegeo), or name a field that it has"
        )
        raise UsageError(msg)
    return figures_of(name, [feature.properties.get(name) for feature in features]).values


def _area(feature: UserFeature) -> float | None:
    if feature.shape is None or not feature.shape.geom_type.endswith("Polygon"):
        return None
    return float(area_km2(feature.shape))


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
