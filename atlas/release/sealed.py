"""A sealed exact copy for the team: encrypted with age, and never where files are published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from atlas.errors import InputError, UsageError
from atlas.files import read_text

_LOOKS = 8
_TOO_MUCH_WORK = "Excessive work"


def seal(data: bytes, *, recipients: Sequence[str] = (), passphrase: str | None = None) -> bytes:
    """Encrypt for age recipients (``age1…`` or an ssh public key), or with a passphrase.

    Raises
    ------
    UsageError
        Neither or both are given, the passphrase is empty, or a recipient is not one.
    """
    import pyrage  # noqa: PLC0415 - needed only for sealing

    if bool(recipients) == (passphrase is not None):
        msg = "say for whom to seal: --recipient age1… (once or more), or a passphrase with --passphrase-file"
        raise UsageError(msg)
    if passphrase is not None:
        if not passphrase:
            msg = "an empty passphrase seals nothing; give a long one"
            raise UsageError(msg)
        return bytes(pyrage.passphrase.encrypt(data, passphrase))
    return bytes(pyrage.encrypt(data, [_recipient(number, text) for number, text in enumerate(recipients, start=1)]))


def _recipient(number: int, text: str) -> object:
    import pyrage  # noqa: PLC0415 - as above

    try:
        kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
        return kind.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        # a secret key given by mistake must not be repeated
        msg = f"recipient {number} is no public key of age; it should begin with age1 (or ssh-ed25519, ssh-rsa)"
        raise UsageError(msg) from error


def unseal(data: bytes, *, identities: Sequence[Path] = (), passphrase: str | None = None) -> bytes:
    """Decrypt a sealed copy with the identities in files, or with a passphrase.

    Raises
    ------
    UsageError
        Neither or both are given, or a file holds no identity.
    InputError
        The data are not sealed by age, damaged, or sealed for somebody else.
    """
    import pyrage  # noqa: PLC0415 - as above

    if bool(identities) == (passphrase is not None):
        msg = "say with what to open: --identity FILE, or a passphrase with --passphrase-file"
        raise UsageError(msg)
    try:
        if passphrase is not None:
            return _opened_by_passphrase(data, passphrase)
        return bytes(pyrage.decrypt(data, [key for path in identities for key in _identities(path)]))
    except pyrage.DecryptError as error:
        msg = f"the copy does not open ({error}): it is damaged, not sealed by age, or sealed for another key"
        raise InputError(msg) from error


def _opened_by_passphrase(data: bytes, passphrase: str) -> bytes:
    """What a passphrase opens; looked at again where the machine seemed too slow for it.

    age refuses what would take far longer than it took to seal, by how fast the machine is in a few milliseconds: if
    another program had them, a copy that opens in a second seems to need a minute.
    """
    import pyrage  # noqa: PLC0415 - as above

    why = ""
    for _ in range(_LOOKS):
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase))
        except pyrage.DecryptError as error:
            why = " ".join(str(error).split())
            if not why.startswith(_TOO_MUCH_WORK):
                raise
    msg = f"the copy does not open now ({why}): open it when this machine has less to do, or on a faster one"
    raise InputError(msg)


def opened(path: Path, *, identities: Sequence[Path] = (), passphrase: str | None = None) -> bytes:
    """What a sealed file holds; see ``unseal``.

    Raises
    ------
    UsageError, InputError
        As ``unseal``; also where the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); give the sealed copy"
        raise InputError(msg) from error
    return unseal(data, identities=identities, passphrase=passphrase)


def _identities(path: Path) -> list[object]:
    import pyrage  # noqa: PLC0415 - as above

    text = read_text(path, remedy="give the file with your AGE-SECRET-KEY")
    try:
        if "OPENSSH PRIVATE KEY" in text:
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        lines = [line.strip() for line in text.splitlines()]
        identities: list[object] = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")
        ]
    except pyrage.IdentityError as error:
        msg = f"{path} holds no identity of age; expected lines that begin with AGE-SECRET-KEY-1"
        raise UsageError(msg) from error
    if not identities:
        msg = f"{path} holds no identity of age; expected lines that begin with AGE-SECRET-KEY-1"
        raise UsageError(msg)
    return identities


def passphrase_in(path: Path) -> str:
    """The first line of a file.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    lines = read_text(path, remedy="give a file whose first line is the passphrase").splitlines()
    return lines[0].strip() if lines else ""
