"""Makes the map of boxes of a project: built, proved, and written only if no ledger names another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas.errors import PolicyError, listed
from atlas.files import write_files
from atlas.project import Project
from atlas.release.box_build import build_boxes, file_bytes, made_map, neighbours_of
from atlas.release.box_levels import BOX
from atlas.release.box_proof import faults_of
from atlas.release.boxes import BOXES_FILE
from atlas.release.ground import open_ground
from atlas.release.old_format import old_places
from atlas.release.public_ledger import ledger_of


@dataclass(frozen=True, slots=True)
class MadeBoxes:
    """The map that was made: where it is, its size in bytes, its hash, and how many boxes it has.

    Attributes
    ----------
    folder
        Where the map is.
    sizes
        Bytes by file name.
    changed
        Names of the files that differ from those before.
    sha256
        Hash of what the map says.
    count
        How many boxes it has.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]
    sha256: str
    count: int


def make_boxes(
    project: Project, after: Sequence[Path] = (), *, on_step: Callable[[str], None] | None = None
) -> MadeBoxes:
    """Make, prove and write a project's map of boxes.

    Raises
    ------
    PolicyError
        The project's ledger names another map, or the map fails its proof.
    InputError
        A layer, a release or the ledger cannot be read.
    """
    step = on_step or (lambda _name: None)
    step("cutting")
    document = build_boxes(project, earlier=old_places(after))
    made = made_map(document)
    ledger = ledger_of(project)
    if ledger is not None and ledger.map_sha256 != made.sha256:
        msg = (
            f"{ledger.path} names the map {ledger.map_sha256[:16]}, in which releases were made already; this one "
            f"would be {made.sha256[:16]}, and what two maps say of one record may meet in less than the floor. Keep "
            f"the map that is there; restore {BOXES_FILE} from where the ledger was written, if it is lost"
        )
        raise PolicyError(msg)
    step("proving")
    if faults := faults_of(made, open_ground(project), neighbours_of(project)):
        raise PolicyError(listed("the map of boxes fails its proof and was not written:", faults))
    step("writing")
    data = file_bytes(document)
    changed = write_files({project.geodata / BOXES_FILE: data})
    names = tuple(path.name for path in changed)
    return MadeBoxes(project.geodata, {BOXES_FILE: len(data)}, names, made.sha256, len(made.names(BOX)))
