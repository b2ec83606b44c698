"""Receipts: what a store says of a change set that it holds, signed with its own key, and checked years later.

A receipt tells nothing of a note: counts, digests and ids of changes, which are hashes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from atlas.errors import InputError
from atlas.field.change import canonical
from atlas.field.database import rows_of
from atlas.field.handover.sealed_set import shown
from atlas.field.handover.store_key import PublicKey, StoreKey, decoded, encoded, public_key
from atlas.field.store import Store
from atlas.files import read_text, write_atomically
from atlas.geojson.strict import JsonFaultError, parse

FORMAT, VERSION = "atlas-field-receipt", 1
SUFFIX = ".atlasreceipt"
_PURPOSE = b"atlas field receipt 1\n"
_HELD = "SELECT change_id FROM changes WHERE change_id IN ({keys})"
_COUNTS = ("notes", "of", "changes", "photos")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGESTS = ("fingerprint", "set", "changes_digest", "store_digest")
_REMEDY = "give the receipt as `atlas field import` or the page wrote it"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt with what is needed to check it.

    Attributes
    ----------
    body
        What is signed: ``store`` (its name), ``fingerprint`` of its key, ``set``, ``notes`` of ``of`` that are in it,
        ``changes`` and their ``changes_digest``, ``photos``, ``received_at`` (UTC) and the ``store_digest`` of then.
    ids
        The changes, so that a store can be asked for each; the digest in the body holds them to what was signed.
    """

    body: Mapping[str, Any]
    key: PublicKey
    signature: bytes
    ids: Sequence[str] = ()

    def as_json(self, *, ids: bool = True) -> dict[str, Any]:
        """The receipt as files carry it; a phone that sent the changes knows their ids."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "body": dict(self.body),
            "key": {"signing": encoded(self.key.signing), "sealing": encoded(self.key.sealing)},
            "signature": encoded(self.signature),
            **({"ids": list(self.ids)} if ids else {}),
        }

    def write(self, path: Path) -> None:
        """Write it as a file.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        write_atomically(path, (json.dumps(self.as_json(), indent=1) + "\n").encode(), private=True)


def signed(body: Mapping[str, Any], key: StoreKey, ids: Iterable[str]) -> Receipt:
    """A receipt over what a body says."""
    return Receipt(body, key.public, key.sign(_text(body)), tuple(sorted(ids)))


def changes_digest(ids: Iterable[str]) -> str:
    """Of changes, as `View.digest` takes it of a whole store without photos."""
    return sha256("".join(f"{change_id}\n" for change_id in sorted(ids)).encode()).hexdigest()


def read_receipt(path: Path) -> Receipt:
    """A receipt from a file.

    Raises
    ------
    InputError
        The file cannot be read, or is no receipt.
    """
    try:
        return parsed(parse(read_text(path, remedy=_REMEDY)))
    except (JsonFaultError, ValueError, TypeError, KeyError, RecursionError) as error:
        msg = f"{path} is no receipt of a store ({error}); {_REMEDY}"
        raise InputError(msg) from error


def parsed(document: object) -> Receipt:
    """A receipt out of JSON.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is none.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        msg = "it does not call itself one"
        raise ValueError(msg)
    if document.get("version") != VERSION:
        msg = f"it is of version {document.get('version')!r:.20}, and this atlas knows {VERSION}"
        raise ValueError(msg)
    body, ids, key = _body(document.get("body")), document.get("ids", []), document.get("key")
    if not isinstance(ids, list) or not all(isinstance(each, str) and _DIGEST.fullmatch(each) for each in ids):
        msg = "its ids are no list of changes"
        raise ValueError(msg)
    if not isinstance(key, Mapping) or not {"signing", "sealing"} <= key.keys() or "signature" not in document:
        msg = "it has no key or no signature"
        raise ValueError(msg)
    public = public_key(key["signing"], key["sealing"])
    return Receipt(dict(body), public, decoded(document["signature"]), tuple(ids))


def faults_in(receipt: Receipt, store_public: PublicKey | None, store: Store) -> list[str]:
    """Why a receipt does not hold for a store; nothing when it does.

    Parameters
    ----------
    store_public
        The key of that store, if it has one.
    """
    body, faults = receipt.body, list[str]()
    if receipt.key.fingerprint != body["fingerprint"]:
        faults.append("the key in the receipt is not the one that it names; it was altered")
    if not receipt.key.verifies(receipt.signature, _text(body)):
        faults.append("the signature is not of these words by this key; the receipt was altered, or made up")
    if store_public is None or body["fingerprint"] != store_public.fingerprint:
        has = shown(store_public.fingerprint) if store_public else "none"
        faults.append(f"it is of another store (key {shown(body['fingerprint'])}; {store.address} has {has})")
    if changes_digest(receipt.ids) != body["changes_digest"] or len(receipt.ids) != body["changes"]:
        faults.append("the list of changes is not the one that was signed; it was altered or cut")
    if not faults and (lost := len(receipt.ids) - len(held_of(store, receipt.ids))):
        faults.append(f"{lost:,} of {body['changes']:,} changes are not in {store.address} any more; restore a copy")
    return faults


def held_of(store: Store, ids: Iterable[str]) -> set[str]:
    """Those of some changes that a store holds."""
    with store.reading() as view:
        return {str(change_id) for (change_id,) in rows_of(view.session, _HELD, ids)}


def sentence(receipt: Receipt) -> str:
    """What a receipt says, for people."""
    body = receipt.body
    photos = f", {body['photos']:,} photos" if body["photos"] else ""
    return (
        f"{body['notes']:,} of {body['of']:,} notes ({body['changes']:,} changes{photos}) are in store "
        f"{body['store']}, digest {body['changes_digest'][:16]}, received {body['received_at']}; "
        f"key {shown(body['fingerprint'])}"
    )


def _body(body: object) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        msg = "it has no body"
        raise TypeError(msg)
    wrong = [name for name in _COUNTS if type(body.get(name)) is not int or not 0 <= body[name] < 2**53]
    wrong += [name for name in _DIGESTS if not (isinstance(body.get(name), str) and _DIGEST.fullmatch(body[name]))]
    wrong += [name for name in ("store", "received_at") if not isinstance(body.get(name), str)]
    if wrong or not str(body["store"]).isprintable():
        msg = f"its {(wrong or ['store'])[0]} is missing or wrong"
        raise ValueError(msg)
    try:
        datetime.fromisoformat(body["received_at"])
    except ValueError as error:
        msg = "its received_at is no time"
        raise ValueError(msg) from error
    return body


def _text(body: Mapping[str, Any]) -> bytes:
    return _PURPOSE + canonical(body).encode()
