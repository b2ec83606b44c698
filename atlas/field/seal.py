"""Sealed copies: age, to the keys of recipients or by a passphrase."""

from __future__ import annotations

from collections.abc import Sequence

from atlas.errors import UsageError

_SHORTEST = 12


def sealed(data: bytes, *, recipients: Sequence[str] = (), passphrase: str | None = None) -> bytes:
    """Data that only the recipients, or those who know the passphrase, can open.

    Parameters
    ----------
    recipients
        Public keys, such as ``age1…``.

    Raises
    ------
    UsageError
        A key is none, both or neither are given, or the passphrase is too short.
    """
    import pyrage  # noqa: PLC0415 - only sealed copies need it

    if bool(recipients) == bool(passphrase):
        msg = "a sealed copy needs either --recipient age1… or a passphrase (--passphrase-file FILE)"
        raise UsageError(msg)
    if passphrase:
        if len(passphrase) < _SHORTEST:
            msg = f"the passphrase is too short: {_SHORTEST} characters or more, best some random words"
            raise UsageError(msg)
        return bytes(pyrage.passphrase.encrypt(data, passphrase))
    try:
        keys = [pyrage.x25519.Recipient.from_str(text.strip()) for text in recipients]
    except pyrage.RecipientError as error:
        msg = f"a recipient is no public key of age ({error}); it looks like age1…"
        raise UsageError(msg) from error
    return bytes(pyrage.encrypt(data, keys))
