"""Sealed copies: the page's encrypted bundles and age files; opened in memory, never written out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from atlas.errors import InputError
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.geojson.strict import JsonFaultError, parse

FORMAT = "atlas-field-notes-sealed"
AGE = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_FEWEST_ROUNDS, _MOST_ROUNDS = 100_000, 20_000_000
_HASHES = ("SHA-256", "SHA-384", "SHA-512")
_IV_BYTES = 12
_KEY_BYTES = 32
_REMEDY = "export the bundle again from the page"


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What a bundle needs to be opened."""

    digest: str
    rounds: int
    salt: bytes
    iv: bytes
    data: bytes


def is_bundle(head: bytes) -> bool:
    """Whether a file begins as one of the page's encrypted bundles."""
    return head.lstrip().startswith(b"{") and FORMAT.encode() in head


def opened_bundle(source: Source, options: ReadOptions) -> Source:
    """What is in an encrypted bundle, as GeoJSON in memory.

    Raises
    ------
    InputError
        It is damaged, or the passphrase is not the one it was sealed with.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only sealed files need it
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC  # noqa: PLC0415 - as above

    bundle = _bundle(source)
    algorithms = {"SHA-256": hashes.SHA256(), "SHA-384": hashes.SHA384(), "SHA-512": hashes.SHA512()}
    derived = PBKDF2HMAC(algorithms[bundle.digest], _KEY_BYTES, bundle.salt, bundle.rounds)
    key = derived.derive(_passphrase(source, options).encode())
    try:
        data = AESGCM(key).decrypt(bundle.iv, bundle.data, None)
    except InvalidTag:
        msg = f"{source.name} does not open with this passphrase (or was changed on the way); try the passphrase again"
        raise InputError(msg) from None
    return Source.of_bytes(source, data, "unsealed.geojson")


def opened_age(source: Source, options: ReadOptions) -> Source:
    """What is in an age file, in memory, under its name without ``.age``.

    Raises
    ------
    InputError
        It is damaged, or the passphrase or key does not open it.
    """
    import pyrage  # noqa: PLC0415 - only sealed files need it

    data = source.whole()
    if data.startswith(AGE[1]):
        # armoured files carry the same as text
        data = _unarmoured(source, data)
    try:
        if b"\n-> scrypt " in data[:400]:
            opened = pyrage.passphrase.decrypt(data, _passphrase(source, options))
        else:
            opened = pyrage.decrypt(data, _identities(source, options))
    except pyrage.DecryptError as error:
        msg = f"{source.name} does not open with this passphrase or key ({error}); try the one it was sealed with"
        raise InputError(msg) from None
    name = PurePath(source.inside or source.path.name).stem
    return Source.of_bytes(source, opened, name)


def _passphrase(source: Source, options: ReadOptions) -> str:
    words = options.passphrase(source.name)
    if not words:
        msg = f"{source.name} is sealed with a passphrase; give it with --passphrase-file FILE, or type it when asked"
        raise InputError(msg)
    return words


def _identities(source: Source, options: ReadOptions) -> list[Any]:
    import pyrage  # noqa: PLC0415 - only sealed files need it

    if not options.identities:
        msg = (
            f"{source.name} is sealed to a key; open it first with `atlas unseal`, or give the key with --identity FILE"
        )
        raise InputError(msg)
    try:
        return [pyrage.x25519.Identity.from_str(words) for words in options.identities]
    except pyrage.IdentityError as error:
        msg = f"the key is not one of age ({error}); it begins with AGE-SECRET-KEY-1"
        raise InputError(msg) from None


def _unarmoured(source: Source, data: bytes) -> bytes:
    lines = data.split(b"\n")
    try:
        return base64.b64decode(
            b"".join(line.strip() for line in lines if not line.startswith(b"-----")), validate=True
        )
    except binascii.Error as error:
        msg = f"{source.name} is damaged ({error}); copy it again"
        raise InputError(msg) from error


def _bundle(source: Source) -> _Bundle:
    try:
        bundle = parse(source.whole().decode("utf-8-sig"))
        kdf, cipher = bundle["kdf"], bundle["cipher"]
        rounds = kdf["iterations"]
        _refuse_unknown(source, bundle, kdf, cipher)
        made = _Bundle(kdf["hash"], rounds, _decoded(kdf["salt"]), _decoded(cipher["iv"]), _decoded(bundle["data"]))
    except JsonFaultError as fault:
        msg = f"{source.name} {fault}; {_REMEDY}"
        raise InputError(msg) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        msg = f"{source.name} is not a whole sealed bundle ({type(error).__name__}: {error}); {_REMEDY}"
        raise InputError(msg) from error
    if not isinstance(rounds, int) or not _FEWEST_ROUNDS <= rounds <= _MOST_ROUNDS or len(made.iv) != _IV_BYTES:
        msg = f"{source.name} is sealed in a way that no page of the atlas seals ({rounds!r} rounds); {_REMEDY}"
        raise InputError(msg)
    return made


def _refuse_unknown(
    source: Source, bundle: Mapping[str, Any], kdf: Mapping[str, Any], cipher: Mapping[str, Any]
) -> None:
    settings = (bundle["version"], kdf["name"], cipher["name"], kdf["hash"] in _HASHES)
    if settings != (1, "PBKDF2", "AES-GCM", True):
        msg = f"{source.name} is sealed in a way that this atlas does not know ({settings[:3]!r}); update the atlas"
        raise InputError(msg)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
