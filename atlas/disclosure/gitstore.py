"""The objects in a git folder, loose and in packs; git's program, configuration and indexes are not asked."""

from __future__ import annotations

import hashlib
import mmap
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from atlas.disclosure.byte_view import MEGABYTE
from atlas.disclosure.compressed import Refused
from atlas.disclosure.folder import opened, plain_files
from atlas.disclosure.gitpack import LARGEST, Effort, Entry, Exceeded, entries, inflate, patched

_SHA1, _SHA256 = 20, 32
_LOOSE = re.compile(r"[0-9a-f]{38}(?:[0-9a-f]{24})?|tmp_obj_.*")
_LOOSE_HEAD = re.compile(rb"(blob|tree|commit|tag) ([0-9]{1,12})\x00")
_HEX256 = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}|pack/pack-[0-9a-f]{64}\.pack")
_ALTERNATES = ("info/alternates", "info/http-alternates")
_PACKS, _UNFINISHED = ".pack", "tmp_pack"
_HELD = 512 * MEGABYTE
# what a repository may unpack to: a start, and so many times what it takes on the disk
_START, _RATIO, _MOST = 256 * MEGABYTE, 200, 16_000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object: its id as bytes, its kind, and its content."""

    object_id: bytes
    kind: str
    data: bytes


@dataclass(slots=True)
class _Pack:
    """A pack: its bytes, its whole objects, and its differences by the offset of what they are one to."""

    data: memoryview
    whole: list[Entry] = field(default_factory=list)
    later: dict[int, list[Entry]] = field(default_factory=dict)


@dataclass(slots=True)
class _Waiting:
    """Differences that are to be applied to the same bytes."""

    data: bytes
    deltas: list[tuple[_Pack, Entry]]


class Store:
    """Objects, loose and in packs; what can't be read is counted in ``faults``."""

    def __init__(self, width: int, size: int, faults: Counter[str]) -> None:
        """Empty: ``width`` of an id in bytes, ``size`` in bytes of all that will be added."""
        self.width = width
        self.faults = faults
        self._effort = Effort(min(_MOST, _START + _RATIO * size))
        self._loose: list[Path] = []
        self._packs: list[_Pack] = []
        self._by_id: dict[bytes, list[tuple[_Pack, Entry]]] = {}
        self._known: set[bytes] = set()
        self._unmade = 0

    def add_loose(self, path: Path) -> None:
        """Take a file with one object."""
        self._loose.append(path)

    def add_pack(self, data: memoryview, name: str) -> None:
        """Take a pack, and read it through once: its index is not asked, so that a wrong one hides nothing."""
        pack = _Pack(data)
        self._packs.append(pack)
        try:
            for entry in entries(data, self.width, self._effort):
                self._unmade += 1
                if isinstance(entry.base, bytes):
                    self._by_id.setdefault(entry.base, []).append((pack, entry))
                elif entry.base is not None:
                    pack.later.setdefault(entry.base, []).append(entry)
                else:
                    pack.whole.append(entry)
        except Exceeded:
            raise
        except Refused as refusal:
            self.faults[f"{name}: {refusal}"] += 1

    def objects(self, *kinds: str) -> Iterator[GitObject]:
        """Every object of some kinds, each once; between calls with all kinds nothing is kept but ids."""
        for path in self._loose:
            try:
                if (read := self._read_loose(path, kinds)) is not None:
                    yield from self._family(*read, [])
            except Exceeded:
                raise
            except Refused as refusal:
                self.faults[f"loose objects: {refusal}"] += 1
        for pack in self._packs:
            for entry in pack.whole:
                if entry.kind not in kinds:
                    continue
                try:
                    data = self._inflated(pack, entry)
                except Exceeded:
                    raise
                except Refused as refusal:
                    self.faults[f"objects in packs: {refusal}"] += 1
                    continue
                self._unmade -= 1
                yield from self._family(entry.kind, data, [(pack, one) for one in pack.later.get(entry.offset, ())])

    def finish(self) -> None:
        """Once all kinds were asked for: count what never came out, as its base is not here or needs it itself."""
        if self._unmade > 0:
            self.faults["objects of a pack that are differences to what is not here, or cannot be put together"] += (
                self._unmade
            )

    def has(self, object_id: bytes) -> bool:
        """Whether an object came out."""
        return object_id in self._known

    def _inflated(self, pack: _Pack, entry: Entry) -> bytes:
        if entry.size > LARGEST:
            msg = "larger than can be examined"
            raise Refused(msg)
        return inflate(pack.data, entry.start, entry.size, self._effort, keep=True)[0]

    def _family(self, kind: str, data: bytes, deltas: list[tuple[_Pack, Entry]]) -> Iterator[GitObject]:
        """An object, and all that are differences to it, over any number of steps."""
        waiting: list[_Waiting] = []
        held = 0
        while True:
            object_id = self._object_id(kind, data)
            if object_id not in self._known:
                self._known.add(object_id)
                yield GitObject(object_id, kind, data)
            deltas = [*deltas, *self._by_id.pop(object_id, ())]
            if deltas and held + len(data) <= _HELD:
                # those with none of their own go first, so that a long chain holds one object and not all
                deltas.sort(key=lambda one: one[1].offset not in one[0].later)
                waiting.append(_Waiting(data, deltas))
                held += len(data)
            step, freed = self._next(waiting)
            held -= freed
            if step is None:
                return
            data, deltas = step

    def _next(self, waiting: list[_Waiting]) -> tuple[tuple[bytes, list[tuple[_Pack, Entry]]] | None, int]:
        """The next object that can be put together, with what is different to it; and how many bytes are free again."""
        freed = 0
        while waiting:
            last = waiting[-1]
            pack, entry = last.deltas.pop()
            if not last.deltas:
                waiting.pop()
                freed += len(last.data)
            try:
                data = patched(last.data, self._inflated(pack, entry), self._effort)
            except Exceeded:
                raise
            except Refused:
                # counted at the end with all that needs it
                continue
            self._unmade -= 1
            return (data, [(pack, one) for one in pack.later.get(entry.offset, ())]), freed
        return None, freed

    def _object_id(self, kind: str, data: bytes) -> bytes:
        digest = hashlib.sha256 if self.width == _SHA256 else hashlib.sha1
        hashed = digest(b"%s %d\x00" % (kind.encode(), len(data)), usedforsecurity=False)
        hashed.update(data)
        return hashed.digest()

    def _read_loose(self, path: Path, kinds: tuple[str, ...]) -> tuple[str, bytes] | None:
        with opened(path) as stream:
            start = stream.read(4096)
            head = self._loose_head(start)
            kind, size = head.group(1).decode(), int(head.group(2))
            if kind not in kinds:
                return None
            if size > LARGEST:
                msg = "larger than can be examined"
                raise Refused(msg)
            packed = memoryview(start + stream.read(LARGEST + LARGEST // 100))
        data, end = inflate(packed, 0, head.end() + size, self._effort, keep=True)
        if end != len(packed):
            msg = "bytes after the end"
            raise Refused(msg)
        return kind, data[head.end() :]

    @staticmethod
    def _loose_head(start: bytes) -> re.Match[bytes]:
        try:
            head = _LOOSE_HEAD.match(zlib.decompressobj().decompress(start, 64))
        except zlib.error:
            head = None
        if head is None:
            msg = "damaged"
            raise Refused(msg)
        return head


def open_store(git: Path, faults: Counter[str]) -> Store:
    """The objects of a git folder; links, other folders with objects, and whatever is no plain file are faults."""
    root = git / "objects"
    files = {path.relative_to(root).as_posix(): path for path in plain_files(root, faults)}
    width = _SHA256 if any(_HEX256.fullmatch(name) for name in files) else _SHA1
    store = Store(width, sum(path.stat().st_size for path in files.values()), faults)
    for name, path in files.items():
        if name in _ALTERNATES:
            faults[f"objects/{name} names folders with more objects, which are not followed"] += 1
        elif name[2:3] == "/" and _LOOSE.fullmatch(path.name):
            store.add_loose(path)
        elif (name.startswith("pack/") and path.name.endswith(_PACKS)) or path.name.startswith(_UNFINISHED):
            try:
                with opened(path) as stream:
                    mapped = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
            except (Refused, OSError, ValueError):
                faults[f"{path.name} cannot be read, or is empty"] += 1
            else:
                store.add_pack(mapped, path.name)
    return store
