"""Records for the release gate out of databases: those that a store's team accepted, or the rows of any GeoPackage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from atlas.errors import InputError, listed
from atlas.field.change import Json
from atlas.field.database import NoStoreError
from atlas.field.database_address import is_database_address, shown_address
from atlas.field.exact_records import exact_records
from atlas.field.readers import read_file
from atlas.field.row import BASE, FieldRow, Rejected
from atlas.field.store import names_store, open_store
from atlas.project import Project
from atlas.release.boundary import refuse_exact_input, refuse_release_around
from atlas.release.restricted import Feature, Restricted
from atlas.work_steps import part_of_file

_SQLITE = b"SQLite format 3\x00"


def is_database(address: str) -> bool:
    """Whether records come out of a database: an address, or a file that is one by its name or its first bytes."""
    if names_store(address):
        return True
    try:
        with Path(address).expanduser().open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def is_store(address: str, *, project: Project | None = None) -> bool:
    """Whether a database is a store of field notes.

    Raises
    ------
    UsageError
        The address is none.
    InputError
        There is nothing, or it cannot be opened.
    """
    if not names_store(address):
        return False
    try:
        with open_store(address, project=project).reading():
            return True
    except NoStoreError:
        return False


def database_records(
    address: str, *, project: Project | None = None, on_share: Callable[[float], None] | None = None
) -> Iterator[dict[str, Json]]:
    """The records of a database as GeoJSON features: of a store the accepted ones, of another GeoPackage all.

    Parameters
    ----------
    on_share
        Called with how many of a store's records have been read, from 0 to 1.

    Raises
    ------
    UsageError
        The address is none.
    InputError
        It cannot be read, is an edited copy of a store, or has a row that is no record.
    """
    if is_store(address, project=project):
        return exact_records(open_store(address, project=project), on_share=on_share)
    return _rows(Path(address).expanduser())


def exact_input(address: str, project: Project) -> Path | Restricted:
    """Exact records to search for: those of a database, or the file in which they are.

    Raises
    ------
    PolicyError
        They lie where files are published.
    InputError
        As in `database_records`.
    """
    if not is_database_address(address):
        refuse_exact_input([Path(address)], project)
    return Restricted(database_records(address, project=project)) if is_database(address) else Path(address)


def records_of(
    addresses: Sequence[str],
    project: Project,
    *,
    outside: Path | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Restricted | None:
    """The records of several databases; nothing where there are none.

    Parameters
    ----------
    outside
        The folder in which the release is to be, if it is to be written.
    on_step
        Is called with how much of each database has been read.

    Raises
    ------
    PolicyError
        One of them lies where files are published, or in the folder of the release.
    InputError
        As in `database_records`.
    """
    files = [Path(each) for each in addresses if not is_database_address(each)]
    refuse_exact_input(files, project)
    if outside is not None:
        refuse_release_around(files, outside)

    def read() -> Iterator[Feature]:
        for each in addresses:

            def tell(share: float, name: str = shown_address(each)) -> None:
                if on_step is not None:
                    on_step(part_of_file(name, share))

            yield from database_records(each, project=project, on_share=tell)

    return Restricted(read) if addresses else None


def _rows(path: Path) -> Iterator[dict[str, Json]]:
    rows = list(read_file(path))
    if faults := [f"{row.where}: {row.reason}" for row in rows if isinstance(row, Rejected)]:
        raise InputError(listed(f"{path} has rows that are no records; correct them, and release it again:", faults))
    for row in rows:
        if isinstance(row, FieldRow):
            yield _feature(path, row)


def _feature(path: Path, row: FieldRow) -> dict[str, Json]:
    if row.changes or BASE in row.fields:
        what = "a store whose name does not end in .gpkg; rename it" if row.changes else "a copy of a store"
        msg = f"{path} is {what}; take it in with `atlas field import`, decide what is accepted, and release the store"
        raise InputError(msg)
    properties = {name: value for name, value in row.fields.items() if value is not None}
    geometry = dict(row.geometry) if row.geometry else None
    return {"type": "Feature", "id": row.record_id, "geometry": geometry, "properties": properties}
