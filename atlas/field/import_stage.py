"""What was prepared of a large file, kept until the store has it, so that an import which was cut off goes on there.

A file is in the store wholly or not at all; a file of a million rows takes minutes to read. What is read and ready
therefore waits in a file beside the store (beside the table, where the store is on a server), and the same command
takes it from there. It is encrypted with a key made of the table's content: whoever has the table can read it, and
nobody else. Copies that are sealed never wait there, as what was unsealed must not touch the disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from atlas._version import __version__
from atlas.errors import InputError, OutputError
from atlas.field.batch import Batch
from atlas.field.batch_pickle import packed, unpacked
from atlas.field.file_lock import lock
from atlas.field.readers.detect import Format, detect
from atlas.field.readers.input_folder import files_beside
from atlas.field.readers.input_source import Source
from atlas.field.store import Store
from atlas.files import sha256_hex, sha256_of_file
from atlas.geojson.stored import stored

SUFFIX = ".import"
# smaller files are read again in less time than anybody waits for
_LARGE_BYTES = 2_000_000
_KEPT = frozenset({Format.TABLE, Format.GEOJSON, Format.SEQUENCE})
_MAGIC = b"atlas import stage 1\n"
_SALT_BYTES, _NONCE_BYTES = 16, 12
_SIZES = struct.Struct(">QQ")
_MOST_BYTES = 1 << 32


@dataclass(slots=True)
class Resumption:
    """What `import_files` needs to go on with an import that was cut off.

    Attributes
    ----------
    settings
        All that was said about how files are read; other words begin anew.
    notes
        What the readers say, which is kept with what they read.
    stage
        Where the rows of the file that is being imported wait.
    """

    settings: str = ""
    notes: list[str] = field(default_factory=list)
    stage: ImportStage | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a portion stands in the file, and what has to be known of it to go on behind it."""

    rows: int
    texts: tuple[str, ...]
    at: int
    size: int


class ImportStage:
    """The portions of one file, as far as they are ready; closed, it stays until it is removed.

    Attributes
    ----------
    rows
        How many rows stood in it when it was opened.
    whole
        Whether it has all of the file.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self.rows, self.whole, self._gone = path, 0, False, False
        self._parts: list[_Part] = []
        self._last_notes: list[str] = []
        made = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        self._file: IO[bytes] = os.fdopen(made, "r+b")
        try:
            lock(self._file)
            self._open(key)
        except BaseException:
            self._file.close()
            raise

    @classmethod
    def of(cls, store: Store, path: Path, digest: str, words: Sequence[object]) -> ImportStage | None:
        """The stage of a file; nothing where it is small, sealed or of several files, or is being imported just now.

        Parameters
        ----------
        digest
            Of the file.
        words
            All else that decides what its rows say.
        """
        stem = _stem(store, path)
        try:
            if not path.is_file() or path.stat().st_size < _LARGE_BYTES or detect(Source(path)) not in _KEPT:
                _remove_others(stem, None)
                return None
            stated = [__version__, digest, path.name, *words, _registry(store), files_beside(path)]
            name = sha256_hex(json.dumps(stated, default=str).encode())
            place = stem.with_name(f"{stem.name}{name[:12]}{SUFFIX}")
            _remove_others(stem, place)
            with path.open("rb") as stream:
                key = hashlib.file_digest(stream, lambda: hashlib.blake2b(name.encode(), digest_size=32)).digest()
            return cls(place, key)
        except (OSError, InputError):
            # whoever reads or writes says what is wrong; a folder that cannot be written leaves nothing to go on from
            return None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closed; a file that turned out to be bad, or a full disk, leaves nothing to go on from."""
        if isinstance(error, InputError | OutputError) and not self.whole:
            self.remove()
        with suppress(OSError):
            self._file.close()
        if self._gone:
            # a system that keeps open files from being removed
            self.remove()

    def add(self, batch: Batch) -> None:
        """Put a portion behind the rest.

        Raises
        ------
        OutputError
            The disk is full.
        """
        head = {"rows": batch.rows, "texts": batch.texts}
        self._write(head, packed(batch))

    def finish(self, notes: Sequence[str]) -> None:
        """Note that all of the file is in it, and what its reading had to say."""
        if not self.whole:
            self._write({"notes": list(notes)}, b"")
            self.whole = True

    @property
    def notes(self) -> Sequence[str]:
        """What the reading of the whole file had to say."""
        return self._last_notes

    @property
    def texts(self) -> Iterator[str]:
        """What rows said whose ids were made of that."""
        return (text for part in self._parts for text in part.texts)

    @property
    def ready(self) -> int:
        """How many rows it has now."""
        return sum(part.rows for part in self._parts)

    def remove(self) -> None:
        """Leave nothing of it."""
        self._gone = True
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[Batch]:
        """All portions in their order.

        Raises
        ------
        InputError
            Somebody altered it.
        """
        for number, part in enumerate(self._parts):
            self._file.seek(part.at)
            data = self._opened(self._file.read(part.size), f"body {number}")
            batch = None if data is None else unpacked(data)
            if batch is None:
                self.remove()
                msg = f"{self.path}, in which an import that was cut off waited, was damaged; run the command again"
                raise InputError(msg)
            yield batch

    def _open(self, key: bytes) -> None:
        start = self._file.read(len(_MAGIC) + _SALT_BYTES)
        salt = start[len(_MAGIC) :]
        if not start.startswith(_MAGIC) or len(salt) < _SALT_BYTES:
            salt = secrets.token_bytes(_SALT_BYTES)
            self._file.seek(0)
            self._file.truncate()
            self._file.write(_MAGIC + salt)
            self._file.flush()
        self._cipher = AESGCM(hashlib.blake2b(salt, key=key, digest_size=32).digest())
        end = self._file.tell()
        while not self.whole and self._read_head():
            end = self._file.tell()
        # what was being written when all ended
        self._file.seek(end)
        self._file.truncate()
        self.rows = self.ready

    def _read_head(self) -> bool:
        """Read what is known of the next portion, and pass over it; false where there is no whole one."""
        sizes = self._file.read(_SIZES.size)
        if len(sizes) < _SIZES.size:
            return False
        head_size, body_size = _SIZES.unpack(sizes)
        if max(head_size, body_size) > _MOST_BYTES:
            return False
        head = self._opened(self._file.read(head_size), f"head {len(self._parts)} {body_size}")
        at = self._file.tell()
        if head is None or self._file.seek(0, io.SEEK_END) < at + body_size:
            return False
        self._file.seek(at + body_size)
        stated: dict[str, Any] = stored(head.decode())
        if "notes" in stated:
            self.whole, self._last_notes = True, stated["notes"]
        else:
            self._parts.append(_Part(stated["rows"], tuple(stated["texts"]), at, body_size))
        return True

    def _write(self, head: dict[str, Any], data: bytes) -> None:
        number = len(self._parts)
        body = self._sealed(data, f"body {number}")
        first = self._sealed(json.dumps(head).encode(), f"head {number} {len(body)}")
        try:
            self._file.seek(0, io.SEEK_END)
            self._file.write(_SIZES.pack(len(first), len(body)) + first)
            at = self._file.tell()
            self._file.write(body)
            self._file.flush()
        except OSError as error:
            msg = (
                f"what was read cannot wait in {self.path.parent} ({error.strerror}), and nothing of it is in the "
                "store. Free some space there, or divide the file"
            )
            raise OutputError(msg) from error
        if "rows" in head:
            self._parts.append(_Part(head["rows"], tuple(head["texts"]), at, len(body)))

    def _sealed(self, data: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, place.encode())

    def _opened(self, sealed: bytes, place: str) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            return None


def _stem(store: Store, path: Path) -> Path:
    """The stages of all versions of a file have names that begin alike."""
    folder, name = (path.absolute().parent, path.name) if store.path is None else (store.path.parent, store.path.name)
    file = hashlib.blake2b(f"{path.name}\n{store.address}".encode(errors="surrogatepass"), digest_size=4).hexdigest()
    return folder / f".{name}.{file}-"


def _remove_others(stem: Path, kept: Path | None) -> None:
    """Remove what waits of another version of the file, unless somebody works on it."""
    for each in _beginning_with(stem):
        if each != kept:
            with suppress(OSError), each.open("r+b") as stream:
                lock(stream)
                each.unlink()


def _beginning_with(stem: Path) -> Iterable[Path]:
    if not stem.parent.is_dir():
        return []
    return [each for each in stem.parent.iterdir() if each.name.startswith(stem.name) and each.name.endswith(SUFFIX)]


def _registry(store: Store) -> str:
    """The line and the municipalities that rows were placed by."""
    path = store.project.registry_path
    return sha256_of_file(path) if path.is_file() else ""
