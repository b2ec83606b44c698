"""A publisher's file taken in: read by its layout, kept as an edition, and what it changes told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from atlas.errors import InputError
from atlas.files import sha256_of_file
from atlas.publishers.edition_tables import Edition, EditionFigure, PublishedEditions
from atlas.publishers.figure_rows import Figure, Reading, read_figures
from atlas.publishers.incidents import count_incidents
from atlas.publishers.layout import Layout
from atlas.publishers.sheet import Sheet, address, may_be_position, read_sheet
from atlas.publishers.unit_names import UnitNames

_SHOWN = 5
_HASH = 12


@dataclass(frozen=True, slots=True)
class PublisherReport:
    """What a file brought, in sentences."""

    publisher_key: str
    edition: str
    sentences: tuple[str, ...]


def take_file(  # noqa: PLR0913 - the file, and what it is read with
    path: Path,
    layout: Layout,
    names: UnitNames,
    kept: PublishedEditions,
    *,
    edition: str | None = None,
    today: date | None = None,
) -> tuple[PublishedEditions, PublisherReport]:
    """The editions with this file among them, and a report.

    Parameters
    ----------
    path
        The publisher's file.
    layout
        How it is laid out.
    names
        States, municipalities and their outlines.
    kept
        The editions so far; a file that is among them changes nothing.
    edition
        What the publisher calls it; else what the layout's ``[edition] cell`` holds, else the start of its SHA-256.
    today
        The day after whose month nothing can have been counted; that of the clock if not given.

    Returns
    -------
    tuple of PublishedEditions and PublisherReport

    Raises
    ------
    InputError
        The file is not laid out as declared; the message names sheet, cell and remedy.
    """
    sheet = read_sheet(path, layout)
    sha256 = sha256_of_file(path)
    before = kept.of(layout.key)
    if known := next((one for one in before if one.sha256 == sha256), None):
        sentence = f"{path.name} is the edition {known.edition}, which is kept already; nothing was changed"
        return kept, PublisherReport(layout.key, known.edition, (sentence,))
    reading = (count_incidents if layout.shape == "incidents" else read_figures)(sheet, layout, names)
    _leave_out_months_to_come(sheet, layout, reading, f"{today or date.today():%Y-%m}")  # noqa: DTZ011 - a day here
    if not reading.figures:
        msg = f"{path}: no figure in it; {layout.remedy}"
        raise InputError(msg)
    name = _unused(edition or _printed_edition(sheet, layout) or sha256[:_HASH], [one.edition for one in before])
    taken = Edition(
        publisher_key=layout.key, edition=name, number=len(before) + 1, publisher=layout.publisher,
        title_en=layout.title["en"], title_es=layout.title["es"], licence=layout.licence,
        layout_status=layout.status, layout_source=layout.public_copy, file=path.name,
        sha256=sha256, sheet=sheet.title or "",
        indicator=layout.indicator, unit=layout.unit, footnotes=" ¶ ".join(reading.footnotes),
    )  # fmt: skip
    rows = tuple(_row(figure, taken) for figure in reading.figures)
    _refuse_positions(sheet, taken, rows)
    figures = {**(kept.figures or {}), layout.key: (*(kept.figures or {}).get(layout.key, ()), *rows)}
    together = replace(kept, editions=(*kept.editions, taken), figures=figures)
    return together, PublisherReport(layout.key, name, _sentences(taken, rows, reading.notes, together, layout))


def _leave_out_months_to_come(sheet: Sheet, layout: Layout, reading: Reading, this_month: str) -> None:
    """A nought for a month that has not begun is an empty column and no count; any other figure is a wrong year."""
    to_come = [figure for figure in reading.figures if figure.period > this_month]
    for figure in to_come:
        if figure.value:
            title = "" if sheet.title is None else f"sheet {sheet.title!r}, "
            what = f"{figure.value:,} in {figure.period}, which has not begun; look at the year of the file, or at"
            place = f"cell {figure.cell}: " if figure.cell else ""
            msg = f"{sheet.file}, {title}{place}{what} [period]: {layout.remedy}"
            raise InputError(msg)
    if to_come:
        months = sorted({figure.period for figure in to_come})
        reading.figures[:] = [figure for figure in reading.figures if figure.period <= this_month]
        reading.notes.append(f"noughts for months that have not begun were left out: {', '.join(months)}")


def _refuse_positions(sheet: Sheet, edition: Edition, rows: tuple[EditionFigure, ...]) -> None:
    """Words are kept as they are printed; degrees in them would be too, and no message repeats them."""
    texts = [("the name of the file", edition.file), ("the name of the sheet", edition.sheet)]
    texts += [("the name of the edition", edition.edition)]
    inside = f"sheet {sheet.title!r}, " if sheet.title else ""
    texts += [(f"{inside}a footnote", edition.footnotes)]
    texts += [(f"{inside}cell {row.cell}: the place of the row", f"{row.place} {row.footnote}") for row in rows]
    for where, text in texts:
        if may_be_position(text):
            msg = f"{where} holds what may be a position, and would be published as it is; take it out of the file"
            raise InputError(msg)


def _printed_edition(sheet: Sheet, layout: Layout) -> str | None:
    where = layout.edition.get("cell")
    if where is None:
        return None
    cells = {address(*at): value for at, value in sheet.cells.items()}
    if where not in cells:
        msg = f"{sheet.file}: the cell {where} of [edition] is empty; {layout.remedy}"
        raise InputError(msg)
    return " ".join(str(cells[where]).split())


def _unused(name: str, taken: list[str]) -> str:
    """The name, with a number after it where another file has it: a publisher may revise without a word."""
    number = 2
    unused = name
    while unused in taken:
        unused, number = f"{name} ({number})", number + 1
    return unused


def _row(figure: Figure, edition: Edition) -> EditionFigure:
    return EditionFigure(
        edition=edition.edition, indicator=edition.indicator, place_level=figure.place_level,
        place_code=figure.place_code or "", place=figure.place, within=figure.within or "", period=figure.period,
        value=figure.value, unit=edition.unit, footnote=figure.footnote or "", cell=figure.cell,
    )  # fmt: skip


def _sentences(
    edition: Edition, rows: tuple[EditionFigure, ...], notes: list[str], kept: PublishedEditions, layout: Layout
) -> tuple[str, ...]:
    places = len({(row.place_level, row.place_code, row.place, row.within) for row in rows})
    months = sorted({row.period for row in rows})
    words = [f"{len(rows):,} figures for {places:,} places, {months[0]} to {months[-1]}, edition {edition.edition}"]
    words += notes
    revised = [one for one in kept.revisions(edition.publisher_key) if one.figure.edition == edition.edition]
    if revised:
        words.append(f"figures that differ from the edition before: {len(revised):,}; both are kept:")
        words += [
            f"  {one.figure.place}, {one.figure.period}: {one.values[-2][1]:,} → {one.values[-1][1]:,}"
            for one in revised[:_SHOWN]
        ]
        if len(revised) > _SHOWN:
            words.append(f"  … and {len(revised) - _SHOWN:,} more, in geodata/series/{edition.publisher_key}.csv")
    if layout.status == "unverified":
        words.append("the layout is unverified: no public copy of such a file was seen when it was declared")
    return tuple(words)
