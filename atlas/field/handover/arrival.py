"""A sealed set into its store, as any other file comes in, and the receipt for what the store then holds."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from atlas.errors import AtlasError, InputError
from atlas.field.change import Change
from atlas.field.current import storable
from atlas.field.database import rows_of
from atlas.field.handover.receipt import Receipt, changes_digest, held_of, signed
from atlas.field.handover.refusal import NoRoomToWaitError
from atlas.field.handover.sealed_set import MAGIC, SUFFIX, ChangeSet, is_sealed_set, opened_set
from atlas.field.handover.store_key import StoreKey, store_key
from atlas.field.importing import Imported, PutAside, import_files
from atlas.field.readers.detect import DATA_SUFFIXES
from atlas.field.readers.input_folder import walk
from atlas.field.row import FieldRow
from atlas.field.store import Store, now

_NAMES = "SELECT name FROM media WHERE name IN ({keys})"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a set: what was imported and put aside, and the receipt."""

    imported: Imported
    aside: list[PutAside]
    receipt: Receipt


def hand_overs_in(path: Path) -> tuple[list[Path], bool]:
    """The sealed change sets of the page that a path names or holds, and whether there is anything else to import."""
    if not path.is_dir():
        return ([path], False) if _is_hand_over(path) else ([], True)
    sealed = [each for each in walk(path) if _is_hand_over(each)]
    return sealed, any(each.suffix.lower() in DATA_SUFFIXES for each in walk(path) if each not in sealed)


def _is_hand_over(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return is_sealed_set(stream.read(len(MAGIC)))
    except OSError:
        return False


def take_in_file(store: Store, path: Path) -> Arrival:
    """Take in a sealed set that came as a file.

    Raises
    ------
    InputError
        It cannot be read, is damaged, or is sealed for another store; nothing of it is in.
    OutputError
        The store cannot be written.
    """
    try:
        sealed = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); change its permissions, or copy it here"
        raise InputError(msg) from error
    try:
        return _taken(store, path, sealed, store_key(store))
    except InputError as error:
        if str(path) in str(error):
            raise
        msg = f"{path}: {error}"
        raise InputError(msg) from error


def take_in(store: Store, sealed: bytes, key: StoreKey) -> Arrival:
    """Take in a sealed set that came over a wire; see `take_in_file`.

    It waits on the disk, sealed as it came, only while it is imported.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="atlas-handover-") as folder:
            path = Path(folder) / f"hand-over{SUFFIX}"
            path.write_bytes(sealed)
            return _taken(store, path, sealed, key)
    except OSError as error:
        if isinstance(error, AtlasError):
            raise
        msg = f"the hand-over finds no room to wait in ({error.strerror}); free some space for temporary files"
        raise NoRoomToWaitError(msg) from error


def _taken(store: Store, path: Path, sealed: bytes, key: StoreKey) -> Arrival:
    opened = opened_set(sealed, key)
    (imported,), aside = import_files(store, [path], lambda _path: opened.rows())
    return Arrival(imported, aside, _receipt(store, opened, key))


def _receipt(store: Store, opened: ChangeSet, key: StoreKey) -> Receipt:
    """Of what the store holds now, and not of what was sent."""
    of_record: dict[str, set[str]] = {}
    for change in opened.understood():
        if isinstance(change, Change):
            of_record.setdefault(change.record_id, set()).add(change.change_id)
    held = held_of(store, {change_id for ids in of_record.values() for change_id in ids})
    whole = [ids for name, ids in of_record.items() if ids <= held and name not in opened.broken]
    ids = {change_id for ids in whole for change_id in ids}
    names = {media.name for row in opened.rows() if isinstance(row, FieldRow) for media in row.media}
    with store.reading() as view:
        photos = {str(name) for (name,) in rows_of(view.session, _NAMES, names)}
        digest = view.digest()
    body = {
        "store": storable(store.path.name if store.path else store.address),
        "fingerprint": key.public.fingerprint,
        "set": opened.set_id,
        "notes": len(whole),
        "of": opened.record_count,
        "changes": len(ids),
        "changes_digest": changes_digest(ids),
        "photos": len(photos),
        "received_at": now(),
        "store_digest": digest,
    }
    return signed(body, key, ids)
