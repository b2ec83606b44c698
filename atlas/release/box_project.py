"""Makes the map of boxes of a project: built, proved, and written only if no ledger names another."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from atlas.errors import PolicyError, listed
from atlas.files import write_files
from atlas.project import Project
from atlas.release.box_build import build_boxes, file_bytes, made_map, neighbours_of
from atlas.release.box_levels import BOX
from atlas.release.box_proof import faults_of
from atlas.release.boxes import BOXES_FILE, BoxMap
from atlas.release.ground import Ground, open_ground
from atlas.release.old_format import old_places
from atlas.release.public_ledger import ledger_of

# which municipality holds how much of a box; nothing of the gate reads it
SHARES_FILE, _DECIMALS = "box_municipalities.csv", 3


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
    ground = open_ground(project)
    if faults := faults_of(made, ground, neighbours_of(project)):
        raise PolicyError(listed("the map of boxes fails its proof and was not written:", faults))
    step("writing")
    files = {BOXES_FILE: file_bytes(document), SHARES_FILE: shares_csv(made, ground)}
    changed = write_files({project.geodata / name: data for name, data in files.items()})
    names = tuple(path.name for path in changed)
    sizes = {name: len(data) for name, data in files.items()}
    return MadeBoxes(project.geodata, sizes, names, made.sha256, len(made.names(BOX)))


def shares_csv(boxes: BoxMap, ground: Ground) -> bytes:
    """Of each box the border municipalities that hold some of it, and which share of its area: to join statistics."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("box", "cvegeo", "municipality", "share_of_box"))
    outlines = [each.shape for each in ground.municipalities]
    shapely.prepare(outlines)
    for place_id in boxes.names(BOX):
        place = boxes.place(place_id)
        if place is None:
            continue
        for each in (one for one in ground.municipalities if shapely.intersects(one.shape, place.shape)):
            share = shapely.intersection(each.shape, place.shape).area / place.shape.area
            if round(share, _DECIMALS) > 0:
                writer.writerow((place_id.partition(" ")[2], each.cvegeo, each.name, f"{share:.{_DECIMALS}f}"))
    return stream.getvalue().encode()
