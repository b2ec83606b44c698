"""The key of a store: change sets are sealed for it, receipts are signed with it, and its private half stays there.

It lies in the store's own table, beside the exact positions that it protects, and in no export, merge or release.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from atlas.errors import InputError
from atlas.field.store import Store, now
from atlas.geojson.stored import stored

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey

    from atlas.field.database import Session

_ROW = "handover_key"
_SELECT = 'SELECT "value" FROM atlas_store WHERE "key" = \'handover_key\''
CARD = "ATLAS-STORE"
POINT_BYTES = 65
_NUMBER_BYTES = 32


@dataclass(frozen=True)
class PublicKey:
    """What everybody may know of a store's key: two points on the curve P-256, uncompressed, of 65 bytes each.

    Attributes
    ----------
    signing
        Checks the receipts.
    sealing
        Change sets are sealed for it.
    """

    signing: bytes
    sealing: bytes

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of both points, in hexadecimal: what stands in the QR code and what people compare."""
        return sha256(self.signing + self.sealing).hexdigest()

    @property
    def card(self) -> str:
        """The text of the QR code that a phone reads before it seals anything."""
        return " ".join([CARD, "1", encoded(self.signing), encoded(self.sealing)])

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether a signature (r and s, 64 bytes) is of this text and by this key."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only for keys
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: PLC0415 - as above

        if len(signature) != 2 * _NUMBER_BYTES:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:_NUMBER_BYTES], signature[_NUMBER_BYTES:]))
        try:
            point(self.signing).verify(encode_dss_signature(r, s), text, _ecdsa())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class StoreKey:
    """Both halves."""

    signing: EllipticCurvePrivateKey
    sealing: EllipticCurvePrivateKey

    @cached_property
    def public(self) -> PublicKey:
        """The half for everybody."""
        return PublicKey(_bytes(self.signing.public_key()), _bytes(self.sealing.public_key()))

    def sign(self, text: bytes) -> bytes:
        """A signature as browsers write it: r and s, 64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415 - as above

        r, s = decode_dss_signature(self.signing.sign(text, _ecdsa()))
        return r.to_bytes(_NUMBER_BYTES, "big") + s.to_bytes(_NUMBER_BYTES, "big")


def store_key(store: Store) -> StoreKey:
    """The key of a store; made when it is first asked for.

    Raises
    ------
    InputError
        There is no store, or its key is damaged.
    OutputError
        There is no key yet and the store cannot be written.
    """
    with store.reading() as view:
        kept = _kept(view.session)
    if kept is None:
        with store.writing() as writer:
            rows = [(_ROW, json.dumps({**_generated(), "made_at": now()}))]
            # of two that make one at once, the first to write is right
            writer.session.put("atlas_store", ("key", "value"), rows, key='"key"')
            kept = _kept(writer.session)
    return _read(store, kept)


def kept_key(store: Store) -> PublicKey | None:
    """The public half of a store's key; nothing where it has none yet, and then it has given no receipt.

    Raises
    ------
    InputError
        There is no store, or its key is damaged.
    """
    with store.reading() as view:
        kept = _kept(view.session)
    return None if kept is None else _read(store, kept).public


def _read(store: Store, kept: str | None) -> StoreKey:
    try:
        halves = stored(str(kept))
        return StoreKey(*(_private(decoded(halves[name])) for name in ("signing", "sealing")))
    except (ValueError, TypeError, KeyError) as error:
        msg = f"the key of {store.address} is damaged ({type(error).__name__}); restore a copy of the store"
        raise InputError(msg) from error


def public_key(signing: str, sealing: str) -> PublicKey:
    """A public key out of its two points as base64.

    Raises
    ------
    ValueError
        One of them is no point of the curve.
    """
    key = PublicKey(decoded(signing), decoded(sealing))
    point(key.signing), point(key.sealing)
    return key


def point(data: bytes) -> EllipticCurvePublicKey:
    """A public key of cryptography out of an uncompressed point.

    Raises
    ------
    ValueError
        It is none of the curve.
    """
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - only for keys

    if len(data) != POINT_BYTES:
        msg = f"a point has {POINT_BYTES} bytes, got {len(data)}"
        raise ValueError(msg)
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def encoded(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def decoded(text: object) -> bytes:
    """Base64 as bytes.

    Raises
    ------
    ValueError
        It is none.
    """
    if not isinstance(text, str):
        msg = f"expected base64 as text, got {type(text).__name__}"
        raise TypeError(msg) from None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        msg = f"{text[:20]!r} is no base64"
        raise ValueError(msg) from error


def _kept(session: Session) -> str | None:
    return next((str(value) for (value,) in session.rows(_SELECT)), None)


def _generated() -> dict[str, str]:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above

    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("signing", "sealing")}
    return {name: encoded(key.private_bytes(*form)) for name, key in keys.items()}


def _private(data: bytes) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above

    key = serialization.load_der_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        msg = "the key is of another kind"
        raise TypeError(msg)
    return key


def _bytes(key: EllipticCurvePublicKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above

    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _ecdsa() -> ECDSA:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above

    return ec.ECDSA(hashes.SHA256())
