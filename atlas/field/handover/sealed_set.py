"""A change set on its way: packed, and sealed for one store, so that whoever carries it cannot read it.

The page seals with the same steps (``web/src/handover/sealed.js``): a key of its own for this set alone, agreed with
the store's by ECDH on P-256, stretched by HKDF-SHA256, and AES-GCM with the head of the file as additional data.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from atlas.field.change import Change, ChangeError
from atlas.field.handover.refusal import HandOverRefusedError
from atlas.field.handover.store_key import POINT_BYTES, StoreKey, decoded, point
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.photos import photo
from atlas.field.row import FieldRow, Media, Rejected
from atlas.geojson.strict import JsonFaultError, parse

MAGIC = b"ATLASHO1"
SUFFIX = ".atlashandover"
FORMAT = "atlas-field-handover"
_FINGERPRINT_BYTES, _IV_BYTES, _TAG_BYTES, _KEY_BYTES = 32, 12, 16, 32
_HEAD_BYTES = len(MAGIC) + _FINGERPRINT_BYTES + POINT_BYTES + _IV_BYTES
_PURPOSE = b"atlas field hand-over 1"
_PLAIN, _DEFLATED = 0, 1
# more than a phone holds; what claims more is made to fill the memory here
MOST_BYTES = 256_000_000
_MOST_UNPACKED = 512_000_000
_REMEDY = "send it again from the page"
# what a change is in a set, in this order; its id follows from these
_PARTS = ("record_id", "field", "value", "parents", "author", "device", "claimed_at")


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What was in a sealed set.

    Attributes
    ----------
    set_id
        The sha256 of the sealed bytes.
    changes
        As they stand in it, not checked yet.
    media
        Photos: ``name``, ``type`` and ``data`` as base64.
    """

    set_id: str
    changes: Sequence[Any]
    media: Sequence[Mapping[str, Any]]

    @property
    def record_count(self) -> int:
        """How many records it speaks of, those included that cannot be understood."""
        return len({_record_of(parts) for parts in self.changes})

    @property
    def broken(self) -> set[str | None]:
        """Records of which a change cannot be understood."""
        pairs = zip(self.changes, self.understood(), strict=True)
        return {_record_of(parts) for parts, change in pairs if isinstance(change, Rejected)}

    def understood(self) -> Iterator[Change | Rejected]:
        """The changes; in the place of one that is none, the reason."""
        for number, parts in enumerate(self.changes, 1):
            try:
                yield Change.from_json(dict(zip(_PARTS, parts, strict=True)))
            except (ChangeError, TypeError, ValueError) as error:
                yield Rejected(f"change {number}", str(error), str(parts)[:200])

    def rows(self) -> Iterator[FieldRow | Rejected]:
        """A row a record, as every reader gives them; what cannot be understood is put aside with the reason."""
        by_record: dict[str, list[Change]] = {}
        for change in self.understood():
            if isinstance(change, Rejected):
                yield change
            else:
                by_record.setdefault(change.record_id, []).append(change)
        photos = dict(self._photos())
        for name in [name for name, kept in photos.items() if isinstance(kept, str)]:
            yield Rejected(f"photo {name}", f"the photo {photos.pop(name)}", name)
        for record_id, changes in by_record.items():
            names = [n for c in changes if c.field == "photos" and isinstance(c.value, list) for n in c.value]
            media = tuple(p for n in dict.fromkeys(names) if isinstance(n, str) and (p := photos.get(n)))
            yield FieldRow(f"record {record_id}", record_id, changes=tuple(changes), media=media)  # type: ignore[arg-type]

    def _photos(self) -> Iterator[tuple[str, Media | str]]:
        """Photos by name; those that cannot be kept with the reason in their place."""
        for number, each in enumerate(self.media, 1):
            stated = each if isinstance(each, Mapping) else {}
            name = stated.get("name")
            name = name if isinstance(name, str) and name else f"number {number}"
            try:
                yield name, photo(name, decoded(stated.get("data")))
            except (RowFaultError, ValueError, TypeError) as error:
                yield name, str(error)


def _record_of(parts: object) -> str | None:
    return str(parts[0]) if isinstance(parts, Sequence) and parts else None


def is_sealed_set(head: bytes) -> bool:
    """Whether a file begins as a sealed change set."""
    return head.startswith(MAGIC)


def fingerprint_of(sealed: bytes) -> str:
    """The fingerprint of the store that a set is sealed for.

    Raises
    ------
    InputError
        It is no sealed set, or cut off.
    """
    if not is_sealed_set(sealed) or len(sealed) < _HEAD_BYTES + _TAG_BYTES:
        msg = f"this is no whole hand-over of the page of field notes; {_REMEDY}"
        raise HandOverRefusedError(msg, kind="cut")
    return sealed[len(MAGIC) : len(MAGIC) + _FINGERPRINT_BYTES].hex()


def opened_set(sealed: bytes, key: StoreKey) -> ChangeSet:
    """Open a change set with the key of the store that it is sealed for.

    Raises
    ------
    InputError
        It is none, damaged, too large, or sealed for another store.
    """
    addressed = fingerprint_of(sealed)
    if len(sealed) > MOST_BYTES:
        msg = (
            f"the hand-over has {len(sealed):,} bytes; at most {MOST_BYTES:,} are taken: hand over fewer notes at once"
        )
        raise HandOverRefusedError(msg, kind="large")
    if addressed != key.public.fingerprint:
        msg = (
            f"the hand-over is sealed for another store (key {shown(addressed)}, this store's is "
            f"{shown(key.public.fingerprint)}); import it there, or let the phone read this store's code and send again"
        )
        raise HandOverRefusedError(msg, kind="other-store")
    return _read(_unpacked(_decrypted(sealed, key)), sha256(sealed).hexdigest())


def shown(fingerprint: str) -> str:
    """The beginning of a fingerprint in groups of four, for people."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 16, 4))


def sealing_key(shared: bytes, fingerprint: bytes, sender: bytes) -> bytes:
    """The key of one set out of what both sides agreed on."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - only for keys
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    return HKDF(hashes.SHA256(), _KEY_BYTES, fingerprint, _PURPOSE + sender).derive(shared)


def _decrypted(sealed: bytes, key: StoreKey) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    head, at = sealed[:_HEAD_BYTES], len(MAGIC)
    fingerprint, sender, iv = head[at : at + 32], head[at + 32 : at + 32 + POINT_BYTES], head[-_IV_BYTES:]
    try:
        shared = key.sealing.exchange(ec.ECDH(), point(sender))
        return AESGCM(sealing_key(shared, fingerprint, sender)).decrypt(iv, sealed[_HEAD_BYTES:], head)
    except (InvalidTag, ValueError) as error:
        msg = f"the hand-over was damaged or altered on its way, and nothing of it was taken in; {_REMEDY}"
        raise HandOverRefusedError(msg, kind="handover") from error


def _unpacked(plain: bytes) -> bytes:
    packing, data = plain[:1], plain[1:]
    if packing == bytes([_PLAIN]):
        return data
    if packing != bytes([_DEFLATED]):
        msg = f"the hand-over is packed in a way that this atlas does not know; use a newer atlas, or {_REMEDY}"
        raise HandOverRefusedError(msg, kind="newer")
    unpacking = zlib.decompressobj(-15)
    try:
        data = unpacking.decompress(data, _MOST_UNPACKED)
    except zlib.error as error:
        msg = f"the hand-over does not unpack ({error}); {_REMEDY}"
        raise HandOverRefusedError(msg, kind="handover") from error
    if not unpacking.eof:
        msg = f"the hand-over unpacks to more than {_MOST_UNPACKED:,} bytes, or is cut off; {_REMEDY}"
        raise HandOverRefusedError(msg, kind="handover")
    return data


def _read(data: bytes, set_id: str) -> ChangeSet:
    try:
        document = parse(data.decode())
    except (JsonFaultError, UnicodeDecodeError) as error:
        msg = f"the hand-over {error}; {_REMEDY}"
        raise HandOverRefusedError(msg, kind="handover") from error
    stated = document if isinstance(document, Mapping) else {}
    if stated.get("format") != FORMAT or stated.get("version") != 1:
        msg = f"the hand-over is of a version that this atlas does not know ({stated.get('version')!r:.20}); update it"
        raise HandOverRefusedError(msg, kind="newer")
    changes, media = stated.get("changes"), stated.get("media", [])
    if not isinstance(changes, Sequence) or not isinstance(media, Sequence) or isinstance(changes, str):
        msg = f"the hand-over has no list of changes; {_REMEDY}"
        raise HandOverRefusedError(msg, kind="handover")
    return ChangeSet(set_id, changes, media)
