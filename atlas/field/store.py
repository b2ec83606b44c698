"""A store of field notes: opened by its address, read as a view, and only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from pathlib import Path

from atlas.errors import UsageError
from atlas.field.change import Change
from atlas.field.current import put_rows, rows_of_changes, storable, write_current
from atlas.field.database import Database, Row, media_row, rows_of
from atlas.field.database_address import SCHEMES, is_database_address, shown_address
from atlas.field.duplicate_records import LikelyDuplicate, proposals_among
from atlas.field.geopackage_store import GeoPackage
from atlas.field.place import Placer
from atlas.field.postgis_store import PostGIS
from atlas.field.row import Media, Rejected
from atlas.field.store_view import CHANGE_COLUMNS, View, row_of
from atlas.project import Project, find_project
from atlas.release.boundary import refuse_exact_input, refuse_exact_output
from atlas.work_steps import OnStep, unheard

_BATCH = 20_000
_SUFFIX = ".gpkg"
_OFTEN_ALIKE = [
    (i, name) for i, name in enumerate(CHANGE_COLUMNS) if name in {"parents", "author", "device", "claimed_at"}
]
_HELD = "SELECT change_id FROM changes WHERE change_id IN ({keys})"
_KNOWN = "SELECT id FROM annotations WHERE id IN ({keys})"


@dataclass(frozen=True, slots=True)
class Ready:
    """Changes as rows of their table, and the row of each record as it is where the store has nothing of it.

    Attributes
    ----------
    current
        By the id of the record.
    """

    changes: Sequence[Row]
    current: Mapping[str, Row]

    @classmethod
    def of(cls, changes: Iterable[Change], placer: Placer) -> Ready:
        """Changes made ready: the long part of adding them, which needs no store."""
        unique = {change.change_id: change for change in changes}
        current = {str(row[0]): row for row in rows_of_changes(unique.values(), placer)}
        # as row_of makes them, without a call for each
        rows = [
            (change_id, record_id, name, text, " ".join(parents) if parents else "", author, device, at)
            for change_id, record_id, name, text, parents, author, device, at in unique.values()
        ]
        return cls(rows, current)


@dataclass(frozen=True, slots=True)
class Writer(View):
    """A store inside the only writer's transaction."""

    placer: Placer
    touched: set[str] = field(default_factory=set)

    def known(self, record_ids: Iterable[str]) -> set[str]:
        """Those of some ids that the store has records of."""
        return {str(record_id) for (record_id,) in rows_of(self.session, _KNOWN, record_ids)}

    def held(self, change_ids: Iterable[str]) -> set[str]:
        """Those of some changes that the store has."""
        return {str(change_id) for (change_id,) in rows_of(self.session, _HELD, change_ids)}

    def add(self, changes: Sequence[Change], *, origin: str) -> int:
        """Add changes; those that are there already are passed over.

        Parameters
        ----------
        origin
            What brought them: a file's digest, a store's address or a review.

        Returns
        -------
        How many were new.
        """
        if not changes:
            return 0
        known = self.known(change.record_id for change in changes)
        later = [change for change in changes if change.record_id in known]
        ready = Ready.of([change for change in changes if change.record_id not in known], self.placer)
        return self.add_ready(ready, later, known, origin=origin)

    def add_ready(self, ready: Ready, later: Sequence[Change], known: Collection[str], *, origin: str) -> int:
        """Add changes that were made ready outside of the transaction.

        Parameters
        ----------
        ready
            Changes, and their records as they are where the store has nothing of them.
        later
            More changes, of these records or of others.
        known
            Those of the records that the store has something of.
        origin
            What brought them.

        Returns
        -------
        How many were new.
        """
        rows = list({row[0]: row for row in (*ready.changes, *map(row_of, later))}.values() if later else ready.changes)
        is_new = not later and ready.current.keys().isdisjoint(known)
        new = self._put_changes(rows, {"origin": origin, "received_at": now()}, new=is_new) if rows else 0
        if new:
            ids = {*ready.current, *(change.record_id for change in later)}
            again = {change.record_id for change in later}.union(
                record_id for record_id in ready.current if record_id in known
            )
            fresh = (row for record_id, row in ready.current.items() if record_id not in again)
            put_rows(self.session, fresh, new=is_new)
            write_current(self.session, list(self.states(again)), self.placer)
            self.touched.update(ids)
        return new

    def _put_changes(self, rows: Sequence[Row], alike: Mapping[str, str | None], *, new: bool) -> int:
        """Changes of one arrival; what they have in common of who, when and with what is given once."""
        common = {name: rows[0][i] for i, name in _OFTEN_ALIKE if len({row[i] for row in rows}) == 1}
        columns = [name for name in CHANGE_COLUMNS if name not in common]
        varying = itemgetter(*map(CHANGE_COLUMNS.index, columns))
        alike = {**common, **alike}
        return self.session.put("changes", columns, map(varying, rows), key="change_id", new=new, alike=alike)

    def add_all(self, changes: Iterable[Change], *, origin: str) -> int:
        """Add any number of changes, those of a record standing together, in portions that fit into memory."""
        new, batch = 0, list[Change]()
        for change in changes:
            if len(batch) >= _BATCH and change.record_id != batch[-1].record_id:
                new += self.add(batch, origin=origin)
                batch = []
            batch.append(change)
        return new + self.add(batch, origin=origin)

    def add_media(self, media: Iterable[Media]) -> int:
        """Keep photos; one that is there already under its name is passed over."""
        rows = [media_row(item, sha256(item.data).hexdigest()) for item in media]
        columns = ("media_id", "name", "kind", "sha256", "data")
        return self.session.put("media", columns, rows, key="media_id") if rows else 0

    def quarantine(self, rejected: Iterable[Rejected], *, file: str, digest: str) -> int:
        """Keep rows that could not come in, with their reasons; once, however often the file comes."""
        columns = ("quarantine_id", "file", "sha256", "place", "reason", "raw", "received_at")
        rows = []
        for row in rejected:
            texts = [storable(text) for text in (row.where, row.reason, row.raw)]
            quarantine_id = sha256("\n".join([digest, *texts]).encode()).hexdigest()
            rows.append((quarantine_id, storable(file), digest, *texts, now()))
        return self.session.put("quarantine", columns, rows, key="quarantine_id") if rows else 0

    def propose(self) -> int:
        """Find records that look like those that this transaction touched; propose each pair once."""
        proposed = [(f"{pair.first} {pair.second}", pair.first, pair.second, pair.why, now()) for pair in self._alike()]
        columns = ("proposal_id", "first_id", "second_id", "why", "proposed_at")
        return self.session.put("proposals", columns, proposed, key="proposal_id") if proposed else 0

    def _alike(self) -> list[LikelyDuplicate]:
        return proposals_among(self.session, self.touched) if self.touched else []


@dataclass(frozen=True)
class Store:
    """A store at an address; nothing is opened until something is asked."""

    database: Database
    project: Project

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return self.database.address

    @property
    def path(self) -> Path | None:
        """Its file; nothing for a store on a server."""
        return self.database.path if isinstance(self.database, GeoPackage) else None

    @property
    def folder(self) -> Path | None:
        """Where it lies; nothing for a store on a server."""
        return self.path.parent if self.path else None

    @cached_property
    def placer(self) -> Placer:
        """The project's line and municipalities."""
        return Placer.of(self.project)

    def create(self) -> None:
        """Make it, empty.

        Raises
        ------
        UsageError
            Something is there already.
        OutputError
            It cannot be made.
        """
        self.database.create()

    @contextmanager
    def reading(self) -> Iterator[View]:
        """The store as it is at one moment.

        Raises
        ------
        InputError
            There is no store, or it cannot be used.
        """
        with self.database.reading() as session:
            yield View(session)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The store for one writer; all that is added is kept together, or nothing when anything fails.

        Raises
        ------
        InputError
            There is no store, or it cannot be used.
        OutputError
            It cannot be written.
        """
        placer = self.placer
        with self.database.writing() as session:
            yield Writer(session, placer)


def open_store(address: str | Path, *, project: Project | None = None, on_wait: OnStep = unheard) -> Store:
    """The store at a path that ends in .gpkg, or at a ``postgresql://`` address.

    Parameters
    ----------
    on_wait
        Is told when another program has the store and it is waited for.

    Raises
    ------
    UsageError
        The address is neither.
    PolicyError
        The path lies where files are published.
    """
    text, chosen = str(address), project or find_project()
    if text.startswith(SCHEMES):
        return Store(PostGIS(text, on_wait), chosen)
    if is_database_address(text) or Path(text).suffix.lower() != _SUFFIX:
        msg = (
            f"{shown_address(text)!r:.200} is no address of a store: give a path that ends in .gpkg, or postgresql://…"
        )
        raise UsageError(msg)
    path = Path(text).expanduser()
    if path.exists():
        refuse_exact_input([path], chosen)
    else:
        refuse_exact_output(path, chosen)
    return Store(GeoPackage(path, on_wait), chosen)


def names_store(text: str) -> bool:
    """Whether a text is the address of a store, and not the path of another file."""
    return is_database_address(text) or Path(text).suffix.lower() == _SUFFIX


def now() -> str:
    """The time of this machine, in UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
