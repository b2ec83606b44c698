"""What a team must keep of its releases and not publish: ``geodata/private/release.json``.

The head of the ledger's chain, so that a ledger that was lost or shortened is noticed; and which groups of which zones
were withdrawn, which in a public file would be a list of the places that matter most. None of it is ever in a release,
and `atlas audit` refuses it wherever it is published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from atlas.errors import InputError, PolicyError
from atlas.geojson.strict import read_json_file
from atlas.paths import is_within
from atlas.project import Project
from atlas.release.public_ledger import Ledger, ledger_path, refuse_other_format

FOLDER, FILE = "private", "release.json"
FORMAT, VERSION = "atlas-private-release", 1
IGNORE = b"# never into a repository, a release or a page\n*\n"
_REMEDY = "restore it from the team's own copy"


@dataclass(frozen=True)
class PrivateState:
    """What stays in the house; ``lost`` where the ledger has releases and this file is not there."""

    ledger: str
    head: str
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    lost: bool = False

    @property
    def data(self) -> bytes:
        """Its file."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "ledger": self.ledger,
            "head": self.head,
            "withdrawn": sorted(list(pair) for pair in self.withdrawn),
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    def after(self, ledger: Ledger) -> PrivateState:
        """The state once a ledger is published."""
        return replace(self, ledger=ledger.ledger_id, head=ledger.sha256, lost=False)


def private_path(project: Project) -> Path:
    """Where a project keeps its private state."""
    return project.geodata / FOLDER / FILE


def files_of(project: Project, state: PrivateState) -> Mapping[Path, bytes]:
    """What is written of a state, with a file that keeps git from taking it."""
    path = private_path(project)
    return {path: state.data, path.parent / ".gitignore": IGNORE}


def state_of(project: Project, ledger: Ledger | None, *, withdrawing: bool = False) -> PrivateState:
    """The private state that goes with a ledger.

    Parameters
    ----------
    withdrawing
        Whether withdrawals are being given: where the state is lost, they make it anew.

    Raises
    ------
    InputError
        It is damaged.
    PolicyError
        The ledger is lost or shortened, or belongs to another project; or the state is lost while the ledger was
        narrowed by withdrawals, which only the state knows.
    """
    path = private_path(project)
    if not path.is_file():
        if ledger is not None and ledger.narrowed and not withdrawing:
            msg = (
                f"{path} is lost, and the ledger says that groups were withdrawn: which, only that file knows. "
                f"{_REMEDY.capitalize()}, or give every withdrawal again with --withdraw ZONE:GROUP"
            )
            raise PolicyError(msg)
        begun = ledger is not None and bool(ledger.books)
        return PrivateState(ledger.ledger_id if ledger else "", ledger.sha256 if ledger else "", lost=begun)
    state = _read(path)
    where = ledger_path(project)
    if ledger is None:
        msg = (
            f"{where} is lost: this project has released in boxes before, as {path} says. Restore it, or name the last "
            f"published folder with --since DIR; only where nothing was ever published, remove {path}"
        )
        raise PolicyError(msg)
    if state.head not in {ledger.sha256, *ledger.chain}:
        what = "belongs to another project" if state.ledger != ledger.ledger_id else "is older than the last release"
        msg = (
            f"{ledger.path} {what}: {path} knows a ledger that is not in its chain. Name the last one with --since DIR"
        )
        raise PolicyError(msg)
    return state


def refuse_around_private(project: Project, folder: Path) -> None:
    """Refuse to publish a folder that holds, or lies in, what the team keeps of its releases.

    Raises
    ------
    PolicyError
        With what to do.
    """
    private = private_path(project).parent
    if not project.embedded and (is_within(private, folder) or is_within(folder, private)):
        msg = (
            f"a release does not go into {folder}: {private} would be published with it, or with what is private. "
            "Choose a folder of its own, such as public/"
        )
        raise PolicyError(msg)


def _read(path: Path) -> PrivateState:
    document: Any = read_json_file(path, remedy=_REMEDY)
    try:
        refuse_other_format(document, FORMAT, VERSION)
        withdrawn = frozenset((str(zone), str(group)) for zone, group in document["withdrawn"])
        return PrivateState(str(document["ledger"]), str(document["head"]), withdrawn)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path} is not the private state of releases ({type(error).__name__}); {_REMEDY}"
        raise InputError(msg) from error
