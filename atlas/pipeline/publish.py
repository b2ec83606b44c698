"""One release from beginning to end: policy, map, labels, classes, ledger, files, and a sealed copy for the team."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from atlas.disclosure import audit_release, refuse_findings
from atlas.errors import PolicyError, UsageError
from atlas.files import write_atomically, write_files
from atlas.garbage import without_collector
from atlas.pipeline.publish_options import PublishOptions, Sealing
from atlas.project import Project
from atlas.published.sensitivity import PUBLISHED, Sensitivity
from atlas.release.abroad import Abroad
from atlas.release.books import Disclosure, disclose, waiting_notes, withdrawal, without_book
from atlas.release.boundary import published_folder, refuse_exact_input, refuse_exact_output, refuse_release_around
from atlas.release.box_labels import RESTRICTED, Labelled, label
from atlas.release.boxes import BoxMap, open_boxes
from atlas.release.drafts import Draft, drafts_of
from atlas.release.old_format import is_old_release, refuse_cut_boxes
from atlas.release.open_points import open_features
from atlas.release.place_names import place_names
from atlas.release.private_state import PrivateState, private_path, refuse_around_private, state_of
from atlas.release.public_ledger import LEDGER, Ledger, latest, ledger_of, ledger_path, new_ledger, read_ledger
from atlas.release.record_reader import each_record
from atlas.release.release_files import Published, publication_of, publish
from atlas.release.restricted import Feature, Restricted, each_exact
from atlas.release.risk import Sheet, sheet_of
from atlas.release.risk_page import PAGE, sheet_files
from atlas.release.sealed import seal
from atlas.release.terms import Policy
from atlas.release.terms_reader import load_policy
from atlas.work_steps import part_of_file

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """All that a release would publish, before anything is written."""

    policy: Policy
    boxes: BoxMap
    state: PrivateState
    disclosure: Disclosure
    sheet: Sheet
    opened: Sequence[Feature]
    photos: Mapping[str, str]
    sealed: bytes | None
    notes: tuple[str, ...]


def publish_records(  # noqa: PLR0913 - each is a part of one release
    project: Project,
    files: Sequence[Path],
    folder: Path,
    terms: PublishOptions,
    *,
    stored: Restricted | None = None,
    on_step: Step | None = None,
) -> Published:
    """Release exact records into a folder: all of it, or nothing.

    Parameters
    ----------
    files
        GeoJSON files of exact records.
    stored
        Records from a store, besides.

    Raises
    ------
    PolicyError
        The policy cannot be used, exact records lie, or would end, where files are published, or what was released
        before stands against it.
    UsageError
        There are no records to release, nobody to seal for, no map of boxes, or a book that cannot be closed.
    InputError
        A file or an earlier release cannot be read.
    OutputError
        The folder or the sealed copy cannot be written.
    """
    step = on_step or (lambda _name: None)
    refuse_release_around(files, folder)
    if terms.sealing:
        refuse_exact_output(terms.sealing.path, project, folder)
    _refuse_report_inside(terms.report, project, folder)
    refuse_around_private(project, folder)
    with without_collector():
        made = _prepared(project, files, folder, terms, stored, step)
        step("writing")
        publication = publication_of(
            made.disclosure.ledger,
            made.boxes,
            made.policy,
            made.opened,
            photos=made.photos,
            photo_folders=[path.parent for path in files],
        )
        refuse_findings(audit_release(project, publication.files, made.policy), what="the release")
        # first the copy: where it cannot be written, nothing is published either
        if terms.sealing and made.sealed is not None:
            write_atomically(terms.sealing.path, made.sealed, private=True)
        if terms.report is not None:
            write_files(sheet_files(made.sheet, terms.report), private=True)
        state = made.state.after(made.disclosure.ledger)
        published = publish(publication, folder, project, state, made.sheet.held)
    return replace(published, notes=(*published.notes, *made.notes))


def forecast(
    project: Project,
    files: Sequence[Path],
    terms: PublishOptions,
    *,
    stored: Restricted | None = None,
    on_step: Step | None = None,
) -> Sheet:
    """What a release would tell, and what it would risk; only the sheet is written, where ``report`` asks for it.

    Raises
    ------
    PolicyError, UsageError, InputError, OutputError
        As `publish_records`.
    """
    _refuse_report_inside(terms.report, project)
    with without_collector():
        made = _prepared(project, files, None, terms, stored, on_step or (lambda _name: None))
    if terms.report is not None:
        write_files(sheet_files(made.sheet, terms.report), private=True)
    return made.sheet


def _prepared(  # noqa: PLR0913, PLR0917 - as publish_records
    project: Project,
    files: Sequence[Path],
    folder: Path | None,
    terms: PublishOptions,
    stored: Restricted | None,
    step: Step,
) -> _Prepared:
    policy = load_policy(project, terms.policy, allow_lapsed=terms.allow_lapsed)
    refuse_exact_input(files, project)
    step("reading")
    boxes = open_boxes(project)
    ledger, notes = _ledger(project, folder, terms.since, boxes)
    pairs = frozenset(withdrawal(text, boxes) for text in terms.withdraw)
    state = PrivateState("", "") if project.embedded else state_of(project, ledger, withdrawing=bool(pairs))
    state = replace(state, withdrawn=state.withdrawn | pairs)
    file_notes: list[str] = []
    if not files and stored is None:
        msg = "say what to release: one GeoJSON file of field records or several, or a store"
        raise UsageError(msg)
    sealed = _sealed(files, stored, terms.sealing)
    records = _Counted(_each_record(files, stored, file_notes.append, step))
    drafts = drafts_of(records, policy, place_names(project) if policy.allows("note") else ())
    step("counting")
    exact, counted = _apart(drafts, boxes)
    today = terms.today or date.today()  # noqa: DTZ011 - the day on the officer's own clock
    labelled = label(counted, boxes, Abroad(project, both_banks=boxes.both_banks), today=today)
    disclosure = disclose(
        labelled.labels,
        policy,
        boxes,
        ledger or new_ledger(boxes.sha256),
        today=today,
        close=terms.close,
        withdrawn=state.withdrawn,
    )
    opened, photos = open_features(exact, policy)
    # eleven more counts of everything, for whoever looks at a sheet
    looked_at = labelled.labels if folder is None or terms.report else None
    sheet = sheet_of(disclosure, boxes, _held(drafts, records.number, labelled, policy), looked_at)
    notes = (*file_notes, *notes, *waiting_notes(disclosure, today))
    if state.lost:
        notes = (*notes, f"{private_path(project)} is lost: withdrawals, if there were any, are forgotten.")
    return _Prepared(policy, boxes, state, disclosure, sheet, opened, photos, sealed, notes)


def _ledger(
    project: Project, folder: Path | None, since: Sequence[Path], boxes: BoxMap
) -> tuple[Ledger | None, tuple[str, ...]]:
    """The ledger that this release follows, and what the user should know of it."""
    folders = [path for path in (folder, *since, ledger_path(project).parent) if path is not None]
    refuse_cut_boxes(boxes, folders)
    if missing := [path for path in since if read_ledger(path / LEDGER) is None and not is_old_release(path)]:
        msg = f"{missing[0]} holds no release; --since names the folder of an earlier one"
        raise UsageError(msg)
    others = [read for path in folders if (read := read_ledger(path / LEDGER)) is not None]
    ledger = latest(each for each in (ledger_of(project), *others) if each is not None)
    if ledger is None:
        return None, ("no earlier release is known here: a new ledger begins. If there was one, give --since DIR.",)
    if ledger.map_sha256 != boxes.sha256:
        msg = (
            f"{ledger.path} names the map {ledger.map_sha256[:16]}, and the project's is {boxes.sha256[:16]}: what two "
            "maps say of one record may meet in less than the floor. Restore the geodata/boxes.json of then"
        )
        raise PolicyError(msg)
    return ledger, ()


def _refuse_report_inside(report: Path | None, project: Project, *others: Path) -> None:
    if report is not None and (folder := published_folder(report / PAGE, project, *others)):
        msg = (
            f"the risk sheet does not go into {report}: {folder.path} is published ({folder.why}), and the sheet says "
            "what was not told. Give a folder outside of maps/, of geodata/ and of any release"
        )
        raise PolicyError(msg)


def _apart(drafts: Sequence[Draft], boxes: BoxMap) -> tuple[list[Draft], list[Draft]]:
    """Open drafts on the ground of the map, which leave as points; and those that are counted."""
    published = [draft for draft in drafts if draft.sensitivity in PUBLISHED]
    points = [draft for draft in published if draft.sensitivity is Sensitivity.OPEN and draft.position is not None]
    atoms = boxes.atoms_at(np.array([draft.position for draft in points], dtype=np.float64)) if points else []
    exact = [draft for draft, atom in zip(points, atoms, strict=True) if atom is not None]
    taken = {id(draft) for draft in exact}
    return exact, [draft for draft in published if id(draft) not in taken]


def _held(drafts: Sequence[Draft], features: int, labelled: Labelled, policy: Policy) -> dict[str, int]:
    """How many records are not counted, by why; withheld ones are not even counted here."""
    held = {
        RESTRICTED: sum(draft.sensitivity is Sensitivity.RESTRICTED for draft in drafts),
        "copies of another record": features - len(drafts),
        **labelled.held,
        "of a year that no book of the policy holds": without_book(labelled.labels, policy),
    }
    return {why: number for why, number in held.items() if number}


@dataclass(slots=True)
class _Counted:
    """Records that are gone through once, and how many there were."""

    records: Iterable[Feature]
    number: int = 0

    def __iter__(self) -> Iterator[Feature]:
        for record in self.records:
            self.number += 1
            yield record


def _each_record(files: Sequence[Path], stored: Restricted | None, on_note: Step, step: Step) -> Iterator[Feature]:
    """The records of all files, then those of the stores."""

    def tell(name: str, share: float) -> None:
        step(part_of_file(name, share))

    for path in files:
        yield from each_record([path], on_note=on_note, on_share=partial(tell, str(path)))
    if stored is not None:
        yield from each_exact(stored)


def _sealed(files: Sequence[Path], stored: Restricted | None, sealing: Sealing | None) -> bytes | None:
    """The copy, encrypted before anything is written: one file as it is, several as one collection."""
    if sealing is None:
        return None
    if len(files) == 1 and stored is None:
        data = files[0].read_bytes()
    else:
        records = [*each_record(files), *(() if stored is None else each_exact(stored))]
        data = json.dumps({"type": "FeatureCollection", "features": records}, ensure_ascii=False).encode()
    return seal(data, recipients=sealing.recipients, passphrase=sealing.passphrase)
