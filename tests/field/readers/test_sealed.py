"""Sealed exports open in memory with the right passphrase, and with no other."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from atlas.errors import InputError

pytestmark = pytest.mark.slow

Reading = Callable[..., Any]

_ROUNDS = 600_000
_WORDS = "synthetic passphrase ñ"


@pytest.fixture(scope="module")
def bundle(repo: Path) -> dict[str, Any]:
    """Made by the description of the format alone."""
    salt, iv = b"s" * 16, b"i" * 12
    key = PBKDF2HMAC(SHA256(), 32, salt, _ROUNDS).derive(_WORDS.encode())
    plain = (repo / "tests" / "data" / "field" / "records.geojson").read_bytes()
    text = {name: base64.b64encode(data).decode() for name, data in (("salt", salt), ("iv", iv))}
    return {
        "format": "atlas-field-notes-sealed",
        "version": 1,
        "kdf": {"name": "PBKDF2", "hash": "SHA-256", "iterations": _ROUNDS, "salt": text["salt"]},
        "cipher": {"name": "AES-GCM", "iv": text["iv"]},
        "data": base64.b64encode(AESGCM(key).encrypt(iv, plain, None)).decode(),
    }


def test_a_bundle_of_the_page_opens_with_its_passphrase(
    reading: Reading, bundle: dict[str, Any], tmp_path: Path
) -> None:
    came = reading(json.dumps(bundle), "notes.atlasnotes", passphrase=lambda _name: _WORDS)
    assert len(came.good) == 2
    # nothing of what was sealed is written beside it
    assert [path.name for path in tmp_path.iterdir()] == ["notes.atlasnotes"]


def test_a_wrong_passphrase_is_one_clear_error(reading: Reading, bundle: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="does not open with this passphrase"):
        reading(json.dumps(bundle), "notes.atlasnotes", passphrase=lambda _name: "wrong")
    with pytest.raises(InputError, match="--passphrase-file"):
        reading(json.dumps(bundle), "notes.atlasnotes")


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("kdf", {"name": "PBKDF2", "hash": "SHA-256", "iterations": 10**9, "salt": ""}, "in a way that no page"),
        ("kdf", {"name": "none"}, "not a whole sealed bundle"),
        ("version", 2, "update the atlas"),
        ("data", "!", "not a whole sealed bundle"),
    ],
)
def test_a_damaged_bundle_is_one_clear_error(
    reading: Reading, bundle: dict[str, Any], part: str, value: Any, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        reading(json.dumps({**bundle, part: value}), "notes.atlasnotes", passphrase=lambda _name: _WORDS)


def test_a_copy_sealed_by_age_opens_with_passphrase_or_key(reading: Reading, files: Path) -> None:
    plain = (files / "tabla.csv").read_bytes()
    identity = pyrage.x25519.Identity.generate()
    by_words = pyrage.passphrase.encrypt(plain, _WORDS)
    assert len(reading(by_words, "tabla.csv.age", passphrase=lambda _name: _WORDS).good) == 3
    by_key = pyrage.encrypt(plain, [identity.to_public()])
    assert len(reading(by_key, "tabla.csv.age", identities=(str(identity),)).good) == 3
    with pytest.raises(InputError, match="does not open"):
        reading(by_key, "tabla.csv.age", identities=(str(pyrage.x25519.Identity.generate()),))
    with pytest.raises(InputError, match="--identity"):
        reading(by_key, "tabla.csv.age")
    with pytest.raises(InputError, match="does not open"):
        reading(by_words[:-5], "cut.csv.age", passphrase=lambda _name: _WORDS)
