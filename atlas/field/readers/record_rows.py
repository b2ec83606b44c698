"""A row of names and values as a record: one place for what all formats have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from atlas.field.identity import SOURCE_ID, unique_id
from atlas.field.readers import clocks, dates, positions
from atlas.field.readers import row_cells as cell
from atlas.field.readers.blanks import blank_columns, blank_fields
from atlas.field.readers.cell_values import text, tidy
from atlas.field.readers.copies import as_exported
from atlas.field.readers.fault import InlineFaultError, RowFaultError
from atlas.field.readers.html_text import readable
from atlas.field.readers.inline import taken_out
from atlas.field.readers.input_source import Source
from atlas.field.readers.pictures import Pictures
from atlas.field.readers.read_options import DateOrder, ReadOptions
from atlas.field.readers.remarks import Remarks
from atlas.field.readers.rings import closed
from atlas.field.readers.row_cells import Cells, Row
from atlas.field.readers.site import Site, left_over, settle, site
from atlas.field.readers.table_columns import WORDED, Columns, columns
from atlas.field.readers.uncertainty import uncertainty
from atlas.field.readers.vocabulary import Words
from atlas.field.row import BASE, FieldRow, Media, Rejected
from atlas.field.row_to_changes import NOT_ASSERTED
from atlas.field.version import Version

DecidedOrder = Callable[[], DateOrder | None]

SOUNDS = "sounds"
_MOST_RAW, _REMEMBERED, _SHORT = 20_000, 500, 200
_OF_VERSIONS = ("root_id", "deprecated_id", "key", "updated")
_PLAIN = frozenset({str, type(None)})


class Rows:
    """Makes records of the rows of one file.

    Parameters
    ----------
    source
        The file, with the photos beside it.
    options
        What a person said about it.
    order
        Finds out the order of day and month that the file decides; asked when the first date needs it.
    form
        Whether a form server wrote it.
    """

    def __init__(
        self, source: Source, options: ReadOptions, *, order: DecidedOrder | None = None, form: bool = False
    ) -> None:
        self.words = Words(options.schema)
        self.remarks = Remarks()
        self._pictures = Pictures(source, self.remarks, form=form)
        self._source = source
        self._options = options
        self._decide = order
        self._decided: DateOrder | None = None
        self._form = form
        self._move = positions.mover(options.crs, where="--crs") if options.crs else None
        self._columns: dict[tuple[str, ...], Columns] = {}

    def columns(self, headers: tuple[str, ...]) -> Columns:
        """What the columns of a table hold; found out once for the same headers."""
        if headers not in self._columns:
            if len(self._columns) > 1000:  # noqa: PLR2004 - features that all differ
                self._columns.clear()
            self._columns[headers] = columns(headers, self.words, form=self._form)
        return self._columns[headers]

    def record(
        self,
        row: Row,
        where: str,
        *,
        raw: str | Callable[[], str] | None = None,
        **known: Any,  # noqa: ANN401 - parts of a row
    ) -> FieldRow | Rejected:
        """A row as a record, or why it is none.

        Parameters
        ----------
        row
            Values by header.
        where
            Its place in the file.
        raw
            Its text as it came, or what makes it; without one, the values as JSON.
        known
            What the format itself says: ``geometry`` (in degrees), ``record_id``, ``fields`` beside the columns,
            ``version`` of the submission, ``exact`` for a row with its history, whose values are taken to the letter,
            and ``unplaced`` where the format has a place for a geometry and the row has none there.
        """
        try:
            return self._record(row, where, **known)
        except RowFaultError as fault:
            came = raw() if callable(raw) else raw if raw is not None else cell.as_text(row, known)
            # a photo inside of the row is in no other file
            return Rejected(where, fault.reason, came if isinstance(fault, InlineFaultError) else came[:_MOST_RAW])

    def _record(  # noqa: PLR0913 - what a format says
        self,
        row: Row,
        where: str,
        *,
        geometry: Any = None,  # noqa: ANN401 - any JSON
        record_id: object = None,
        fields: Row | None = None,
        exact: bool = False,
        version: Version | None = None,
        unplaced: bool = False,
    ) -> FieldRow:
        layout = self.columns(tuple(row))
        cells = Cells(row, layout)
        given = positions.geometry(geometry)
        at = Site(given) if exact else site(cells, given, self._move)
        shape, rings = closed(at.shape) if at.shape else (None, 0)
        if rings or at.closed:
            self.remarks.closed.append(where)
        values = self._values(cells, at, fields or {}, exact=exact)
        carried = () if exact else taken_out(values)
        copied = exact or BASE in row
        if BASE in row:
            values = as_exported(row, values, self.remarks.columns)
        elif not exact:
            settle(values, placed=shape is not None)
            if not NOT_ASSERTED.isdisjoint(values):
                self.remarks.columns |= dict.fromkeys(name for name in values if name in NOT_ASSERTED)
            self.remarks.hear(values, where)
            if self._form and (number := cell.number_of_server(row)):
                values.setdefault(SOURCE_ID, number)
        self._check(values)
        identifier = self._id(cells, record_id)
        lacking = unplaced or (shape is None and not copied)
        return FieldRow(
            where=where,
            record_id=identifier,
            fields=values,
            geometry=shape,
            media=(*carried, *self._media(values, carried, row, wanted=not copied)),
            # of a row that was exported, this is who wrote it first and not who edited it
            author=None if BASE in row else cell.as_stated(cells.text("author")),
            device=cell.as_stated(cells.text("device")),
            claimed_at=cell.as_stated(cells.text("claimed_at") or cells.text("updated")),
            version=version or (None if copied else self._version(cells, record_id)),
            blank=self._blank(cells, values, unplaced=lacking, copied=copied, identifier=identifier),
            checked=(values, self.words.fields),
        )

    def _values(self, cells: Cells, at: Site, fields: Row, *, exact: bool) -> dict[str, Any]:
        for header in cells.layout.ignored:
            if header not in self.remarks.columns and cells.filled(header):
                self.remarks.columns[header] = None
        if exact:
            return {name: tidy(value) for name, value in cells.row.items() if value is not None}
        return cell.with_beside(self._fields(cells, at), fields)

    def _media(self, values: Row, carried: Sequence[Media], row: Row, *, wanted: bool) -> Iterable[Media]:
        """The files that a row names, but those that it carries."""
        named = [*(values.get("photos") or []), *(values.get(SOUNDS) or [])]
        if not named:
            return ()
        inside = {media.name for media in carried}
        return self._pictures.media([name for name in named if name not in inside], row, wanted=wanted)

    def _blank(
        self, cells: Cells, values: Row, *, unplaced: bool, copied: bool, identifier: str | None
    ) -> frozenset[str]:
        if copied:
            return blank_fields(cells, values, self.words, unplaced=unplaced)
        # a row without an id is known by what it says
        return blank_columns(cells, self.words, unplaced=unplaced) if identifier else frozenset()

    def version(self, row: Row) -> Version | None:
        """Which version of a submission a row is, where a form server says so."""
        return self._version(Cells(row, self.columns(tuple(row))))

    def _version(self, cells: Cells, given: object = None) -> Version | None:
        # an edited entry of Epicollect5 keeps its id and is uploaded again
        uploaded = cells.row.get("uploaded_at") if "ec5_uuid" in cells.row else None
        if not (self._form or uploaded) and cells.layout.roles.keys().isdisjoint(_OF_VERSIONS):
            return None
        with suppress(RowFaultError):
            of_server = not cells.layout.roles.keys().isdisjoint(("root_id", "deprecated_id", "key"))
            words = None if of_server else text(uploaded) or cells.text("updated")
            identifier = self._id(cells, given) if words else None
            if words and identifier and unique_id(identifier):
                stamp = clocks.sortable(words, self._order)
                return Version((f"{identifier} {stamp}",), order=("updated", stamp))
            if self._form or of_server:
                made = cell.version(cells)
                ended = clocks.finished(cells.row, self._order) if made and self._form else None
                return replace(made, order=ended) if made and ended else made
        # the row itself is refused for an id that is none
        return None

    def _check(self, values: Row) -> None:
        fields = self.words.fields
        for name, value in values.items():
            if (described := fields.get(name)) and (why := described.fault(value)):
                msg = f"{name}: {why}"
                raise RowFaultError(msg)

    def _fields(self, cells: Cells, at: Site) -> dict[str, Any]:
        values: dict[str, Any] = dict(self._words(cells)) if cells.layout.of_words else {}
        if spoken := [readable(words) for role in ("name", "note") for words in cells.texts(role)]:
            ids = cells.texts("id")
            if note := "\n".join(dict.fromkeys(words for words in spoken if words and words not in ids)):
                values["note"] = note
        values |= clocks.observed(cells, self._order)
        metres = uncertainty(cells.first("coordinateUncertaintyInMeters"))
        if metres is None:
            metres = at.accuracy or uncertainty(cells.first("accuracy"))
        if metres is not None:
            values["coordinateUncertaintyInMeters"] = metres
        if reach := cells.text("reach"):
            values["reach"] = cell.reach(reach)
        values.update(self._beside(cells, at))
        return values

    def _words(self, cells: Cells) -> Iterable[tuple[str, str]]:
        """What the columns with a vocabulary say; a table may have a million rows, and few words in them."""
        layout = cells.layout
        words = tuple(map(cells.row.get, layout.of_words))
        if not _PLAIN.issuperset(map(type, words)):
            return [pair for name in WORDED for pair in self._worded(name, cells)]
        if (worded := layout.worded.get(words)) is None:
            worded = tuple(pair for name in WORDED for pair in self._worded(name, cells))
            if len(layout.worded) < _REMEMBERED and sum(map(len, filter(None, words))) < _SHORT:
                layout.worded[words] = worded
        return worded

    def _beside(self, cells: Cells, at: Site) -> Iterator[tuple[str, Any]]:
        """Photos, and what the record has no field for under its own name."""
        photos, sounds, pictures = self._pictures.named(cells)
        if photos:
            yield "photos", photos
        if sounds:
            yield SOUNDS, sounds
        for header in (*cells.layout.others, *left_over(cells, at.used)):
            value = tidy(cells.row[header]) if header not in pictures and header not in at.used else None
            if value is not None and value != [] and (not isinstance(value, str) or value.strip()):
                yield cell.kept_name(header), value

    def _order(self, words: str) -> DateOrder | None:
        if self._options.dates is not None or not dates.needs_order(words):
            return self._options.dates
        if self._decide is not None:
            self._decided, self._decide = self._decide(), None
            if self._decided:
                order = "day/month/year" if self._decided == "dmy" else "month/day/year"
                self._options.notify(
                    f"{self._source.name}: its dates are {order}, as some of their numbers are above 12"
                )
        return self._decided

    def _worded(self, name: str, cells: Cells) -> Iterator[tuple[str, str]]:
        words = cells.text(name)
        if words is None:
            return
        if name == "sensitivity":
            cell.refuse_two_classes(self.words.code(name, one) or one for one in cells.texts(name))
        code = self.words.code(name, words)
        if code is not None:
            yield name, code
        elif name == "category":
            # the vocabulary is closed for what is counted and published; the word itself is kept beside it
            yield name, "other"
            yield "category_as_written", words
        elif name == "sensitivity":
            # not said is restricted; a word that is not known never opens anything
            yield "sensitivity_as_written", words
        else:
            yield name, words

    def identifier(self, row: Row) -> str | None:
        """The id that a row gives its record."""
        return self._id(Cells(row, self.columns(tuple(row))), None)

    def _id(self, cells: Cells, given: object) -> str | None:
        if self._form and (made := cell.id_of_server(cells.row)):
            return made
        for role in ("root_id", "key", "deprecated_id"):
            if words := cells.text(role):
                return cell.record_id(words)
        return cell.best_id([text(given), *cells.texts("id")])
