"""What can be asked of a store inside a transaction: changes, states, names, digest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from atlas.errors import UsageError
from atlas.field.change import Change, canonical
from atlas.field.database import Session, rows_of
from atlas.field.identity import is_uuid
from atlas.field.state import RecordState, record_states
from atlas.field.version import OF_VERSION, version_name

CHANGE_COLUMNS = ("change_id", "record_id", "field", "value", "parents", "author", "device", "claimed_at")
_SELECT = 'SELECT change_id, record_id, field, "value", parents, author, device, claimed_at FROM changes'
_NAMED = 5


@dataclass(frozen=True, slots=True)
class View:
    """A store as one transaction sees it."""

    session: Session

    def changes(self, record_ids: Iterable[str] | None = None) -> Iterator[Change]:
        """All changes, or those of some records; those of one record stand together, in the order of their arrival."""
        if record_ids is None:
            rows = self.session.rows(f"{_SELECT} ORDER BY record_id, seq")
        else:
            rows = rows_of(self.session, f"{_SELECT} WHERE record_id IN ({{keys}}) ORDER BY record_id, seq", record_ids)
        return map(change_of, rows)

    def states(self, record_ids: Iterable[str] | None = None) -> Iterator[RecordState]:
        """The states of all records, or of some, by id."""
        return record_states(self.changes(record_ids))

    def find(self, name: str) -> str:
        """The id of a record by the beginning of it, by its number in its file, or by what a form server calls it.

        Raises
        ------
        UsageError
            No record, or more than one, has an id that begins so.
        """
        wanted = name.strip()
        for text in dict.fromkeys((wanted, wanted.lower())):
            if list(self.session.rows("SELECT 1 FROM annotations WHERE id = ?", [text])):
                return text
            ids = self._beginning_with(text) if text else []
            ids = ids or self._numbered(text) or self._submitted(text)
            if len(ids) == 1:
                return ids[0]
            if ids:
                more = " and more" if len(ids) > _NAMED else ""
                msg = f"{name!r} stands for several ids: {', '.join(ids[:_NAMED])}{more}; give more of one of these ids"
                raise UsageError(msg)
        msg = f"there is no record {name!r:.80}; `atlas field list` shows them"
        raise UsageError(msg)

    def _beginning_with(self, text: str) -> list[str]:
        sql = "SELECT id FROM annotations WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT ?"
        return [str(record_id) for (record_id,) in self.session.rows(sql, [len(text), text, _NAMED + 1])]

    def _numbered(self, text: str) -> list[str]:
        """Records whose rows had that id within their files."""
        sql = "SELECT record_id FROM changes WHERE field = 'source_id' AND \"value\" = ? ORDER BY record_id"
        return list(dict.fromkeys(str(record_id) for (record_id,) in self.session.rows(sql, [canonical(text)])))

    def _submitted(self, text: str) -> list[str]:
        """Records that a submission brought which a form server calls so: each edit there has a name of its own."""
        bare = text.removeprefix("uuid:")
        if not is_uuid(bare):
            return []
        sql = 'SELECT record_id FROM changes WHERE field LIKE ? AND "value" LIKE ? ORDER BY record_id'
        patterns = [f"{OF_VERSION}%", f"%{version_name(str(UUID(bare)))}%"]
        return list(dict.fromkeys(str(record_id) for (record_id,) in self.session.rows(sql, patterns)))

    def state(self, record_id: str) -> RecordState:
        """The state of one record."""
        return next(self.states([record_id]))

    def repeated(self) -> set[str]:
        """Records that repeat another one which stands: as long as that one is there and not deleted.

        Of records that are said to repeat each other in a circle the first by id stands.
        """
        sql = "SELECT id, same_as, deleted FROM annotations"
        standing, names = set[str](), dict[str, str]()
        for record_id, same_as, deleted in self.session.rows(sql):
            if not deleted:
                standing.add(str(record_id))
            if same_as is not None and not deleted:
                names[str(record_id)] = str(same_as)
        return {record_id for record_id in names if _stands_for(record_id, names, standing) != record_id}

    def change_count(self) -> int:
        """How many changes there are."""
        return int(next(iter(self.session.rows("SELECT count(*) FROM changes")))[0])

    def digest(self) -> str:
        """Of the content: two stores with the same changes and photos have the same, however they came in."""
        total = sha256()
        # the database sorts by its own language; the digest needs the order of the bytes
        for (content_id,) in sorted(self.session.rows("SELECT change_id FROM changes")):
            total.update(f"{content_id}\n".encode())
        for (content_id,) in sorted(self.session.rows("SELECT media_id FROM media")):
            total.update(f"media {content_id}\n".encode())
        return total.hexdigest()


def change_of(row: tuple[str | None, ...]) -> Change:
    """A row of the table of changes."""
    change_id, record_id, field, text, parents, author, device, at = row
    return Change(
        str(change_id), str(record_id), str(field), str(text), tuple(str(parents).split()), author, device, at
    )


def row_of(change: Change) -> tuple[str | None, ...]:
    """A change as a row of its table."""
    change_id, record_id, field, text, parents, author, device, at = change
    return (change_id, record_id, field, text, " ".join(parents), author, device, at)


def _stands_for(record_id: str, repeats: Mapping[str, str], standing: Collection[str]) -> str:
    """The record at the end of what one is said to repeat."""
    chain = [record_id]
    while (following := repeats.get(chain[-1])) is not None and following in standing:
        if following in chain:
            return min(chain[chain.index(following) :])
        chain.append(following)
    return chain[-1]
