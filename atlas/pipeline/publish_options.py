"""How a release is made: policy, earlier releases, sealed copy, books to close, and the officer's sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sealing:
    """Where a sealed exact copy goes, and who can open it: recipients, or whoever knows the passphrase.

    Attributes
    ----------
    path
        The file to write, ending in .age.
    recipients
        Public keys of those who can open it.
    passphrase
        What opens it in place of a key.
    """

    path: Path
    recipients: tuple[str, ...] = ()
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """How to release: under which policy, after which earlier releases, with which sealed copy and sheet.

    Attributes
    ----------
    policy
        A policy file; if not given, the project's, or the default.
    since
        Folders of earlier releases, from which a lost ledger is restored.
    sealing
        Where a sealed exact copy goes; none if not given.
    allow_lapsed
        Whether a policy whose review is overdue is taken; nothing new is told under it.
    close
        Years whose books are closed with this release.
    withdraw
        Groups of zones that are told no more, as ``R010:help``.
    report
        A folder for the officer's risk sheet, outside of everything that is published.
    today
        The day of the release; if not given, that of the clock.
    """

    policy: Path | None = None
    since: tuple[Path, ...] = ()
    sealing: Sealing | None = None
    allow_lapsed: bool = False
    close: tuple[int, ...] = ()
    withdraw: tuple[str, ...] = ()
    report: Path | None = None
    today: date | None = None
