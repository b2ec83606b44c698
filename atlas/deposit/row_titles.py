"""What a row of facts is called where it is cited: of what, of where and when, and how many, as its source gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Cells = Mapping[str, Any]

_WORDS = (
    "what_is_claimed",
    "statement_en",
    "title",
    "name",
    "what",
    "universe",
    "definition",
    "description",
    "indicator",
)
_BOUNDS: Mapping[str, str] = MappingProxyType(
    {">": "more than ", "<": "less than ", "≥": "at least ", "≤": "at most ", "≈": "about "}
)
_NO_UNITS = frozenset({"count", "place pair", "statement"})
_PLURALS: Mapping[str, str] = MappingProxyType({"hour": "hours", "mile": "miles", "ton": "tons", "year": "years"})
# why a figure is no fact yet, by the word in its row
_UNCONFIRMED: Mapping[str, str] = MappingProxyType(
    {
        "check": "does not fit other figures",
        "second_hand": "second hand",
        "year_inferred": "the year is inferred",
        "year_unknown": "the year is not known",
    }
)
# what a row says of the row that its key names
_ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "claim_checks": "check of",
        "claim_validity": "validity of",
        "containment_shapes": "shape of",
        "totals_extent": "extent of",
        "crossing_places": "place of",
        "checkpoint_areas": "municipality of",
        "crossings_informal_named": "informal use at",
        "facility_areas": "municipality of",
        "border_rivers": "river of",
        "railway_stations": "station of",
    }
)


def row_title(table: str, cells: Cells, key: Sequence[str], about: str | None = None) -> str:
    """The title of a row.

    Parameters
    ----------
    table
        The name of its table.
    cells
        Its cells.
    key
        What names it in the table.
    about
        The title of the row that its key names, where it says something of that one.
    """
    if table in _SPECIAL:
        return _SPECIAL[table](cells)
    if about is not None:
        named = next((f": {cells[name]}" for name in ("station", "river_name") if cells.get(name)), "")
        return f"{_ABOUT.get(table, 'of')} {about}{named}"
    words = next((str(cells[name]) for name in _WORDS if cells.get(name)), " ".join(key))
    words = words.replace("_", " ").removesuffix(".")
    if table in {"observations", "flows"} and cells.get("item"):
        words = f"{words}, {cells['item']}"
    figure = f": {_figure(cells)}" if cells.get("value") is not None else ""
    place = f" ({cells['place']}, {cells.get('period') or 'no date'})" if table == "observations" else ""
    reason = _UNCONFIRMED.get(cells.get("unconfirmed") or "", "")
    return f"{words}{figure}{place}{f' [unconfirmed: {reason}]' if reason else ''}"


def time_span(first: str | None, last: str | None) -> str:
    """From when until when a claim held, as far as it is known."""
    return " ".join(filter(None, ("held", first and f"from {first}", last and f"until {last}")))


def _figure(cells: Cells) -> str:
    """A figure as its source gives it: at least, about or exactly so many of what."""
    numbers = _span(*(None if cells.get(name) is None else _number(cells[name]) for name in ("value", "value_to")))
    unit = cells.get("unit") or ""
    unit = "" if unit in _NO_UNITS else _PLURALS.get(unit, unit) if numbers != "1" else unit
    return f"{_bound(cells)}{numbers} {unit}".rstrip()


def _bound(cells: Cells) -> str:
    return _BOUNDS.get(cells.get("bound") or "", "")


def _span(first: object, last: object) -> str:
    return "–".join(str(end) for end in (first, last) if end not in {None, ""})


def _number(value: object) -> str:
    """With separators of thousands; a text that is no number as it is."""
    if value is None:
        return "not stated"
    try:
        number = float(str(value))
    except ValueError:
        return str(value)
    return f"{int(number):,}" if number.is_integer() else f"{number:,.12g}"


def _crossings(cells: Cells) -> str:
    vehicular = "" if cells["vehicular"] is None else f", {_number(cells['vehicular'])} of them vehicular"
    total = "a number that is not stated" if cells["total"] is None else f"{_bound(cells)}{_number(cells['total'])}"
    kind = "partial count of informal crossings" if cells["total_id"].startswith("P") else "informal crossings"
    return f"{kind}, {cells['universe']}: {total}{vehicular} ({cells['as_of'] or 'no date'})"


def _length(cells: Cells) -> str:
    printed = cells["length_as_printed"]
    basis = f"published as {printed}" if printed else cells["confidence"]
    length = "" if cells["length_km"] is None else f": {_bound(cells)}{_number(cells['length_km'])} km"
    return f"length of the border {cells['border']}, definition {cells['definition']}{length} ({basis})"


def _hours(cells: Cells) -> str:
    what = f"{cells['crossing_id']}, {cells['service']}, {cells['days']}".replace("_", " ")
    return f"hours of {what}: {_span(cells['opens'], cells['closes']) or 'not stated'} (as of {cells['as_of']})"


def _documents(cells: Cells) -> str:
    return f"{cells['card']} {cells['document']}s".replace("_", " ")


def _cards(cells: Cells) -> str:
    given = "no figure" if cells["cards"] is None else _number(cells["cards"])
    kind = _documents({"card": cells["card"], "document": cells["series"]["document"]})
    return f"{kind} given out, {cells['state']}, {cells['year']}: {given}"


def _card_series(cells: Cells) -> str:
    return f"{_documents(cells)} given out, {_span(cells['from_year'], cells['to_year'])}, {cells['locator']}"


def _deployment(cells: Cells) -> str:
    number = "" if cells["number"] is None else f": {_bound(cells)}{_number(cells['number'])} {cells['unit'] or ''}"
    return f"{cells['force']}{number.rstrip()} ({cells['area']}, {cells['date'] or 'no date'})"


def _counts(cells: Cells) -> str:
    where = str(cells["extent"]).replace(":", " ")
    return f"informal crossings that published texts name or describe, {where}: {_number(cells['named'])}"


def _route(cells: Cells) -> str:
    return f"place {cells['position']} of the corridor: {cells['place_id']}".replace("_", " ")


def _reading(cells: Cells) -> str:
    between = _span(cells["from_place"], cells["to_place"])
    return f"reading of checkpoint {cells['checkpoint_id']}, {cells['reading']}: {between}".replace("_", " ")


def _municipality(cells: Cells) -> str:
    people, dwellings = (_number(cells[name]) for name in ("population_2020", "dwellings_2020"))
    return f"{cells['name']}, {cells['state']}: {people} people, {dwellings} dwellings (2020)"


_SPECIAL: Mapping[str, Callable[[Cells], str]] = MappingProxyType(
    {
        "crossings_totals": _crossings,
        "border_lengths": _length,
        "crossing_hours": _hours,
        "visitor_cards": _cards,
        "visitor_card_series": _card_series,
        "deployments": _deployment,
        "crossings_informal_counts": _counts,
        "municipalities": _municipality,
        "corridor_route": _route,
        "corridor_readings": _reading,
    }
)
