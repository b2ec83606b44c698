"""One release from beginning to end: policy, ground, gate, files, and a sealed copy for the team."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from atlas.disclosure import audit_features, refuse_findings
from atlas.errors import UsageError
from atlas.files import write_atomically
from atlas.project import Project
from atlas.release.boundary import refuse_exact_input, refuse_exact_output, refuse_release_around
from atlas.release.earlier import Used
from atlas.release.generalise import generalise_records
from atlas.release.ground import open_ground
from atlas.release.places import PublicPlaces, public_places
from atlas.release.record_reader import read_records
from atlas.release.release_files import Published, earlier_release, publish
from atlas.release.restricted import Restricted, exact_features
from atlas.release.sealed import seal
from atlas.release.terms import Policy
from atlas.release.terms_reader import load_policy

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sealing:
    """Where a sealed exact copy goes, and who can open it: recipients, or whoever knows the passphrase."""

    path: Path
    recipients: tuple[str, ...] = ()
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """How to release: under which policy, after which earlier releases, with which sealed copy."""

    policy: Path | None = None
    since: tuple[Path, ...] = ()
    sealing: Sealing | None = None
    allow_lapsed: bool = False


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
        The policy cannot be used, or exact records lie, or would end, where files are published.
    UsageError
        There are no records to release, or nobody to seal for.
    InputError
        A file or an earlier release cannot be read.
    OutputError
        The folder or the sealed copy cannot be written.
    """
    step = on_step or (lambda _name: None)
    policy = load_policy(project, terms.policy, allow_lapsed=terms.allow_lapsed)
    refuse_exact_input(files, project)
    refuse_release_around(files, folder)
    if terms.sealing:
        refuse_exact_output(terms.sealing.path, project, folder)
    with _undisturbed():
        step("reading")
        notes: list[str] = []
        records = _records(files, stored, notes.append)
        sealed = _sealed(files, records, terms.sealing)
        places = public_places(open_ground(project))
        before = _before(folder, terms.since, policy, places)
        step("placing")
        outcome = generalise_records(records, policy, places, before=before)
        refuse_findings(audit_features(outcome.released, policy, places), what="the release")
        step("writing")
        # first the copy: where it cannot be written, nothing is published either
        if terms.sealing and sealed is not None:
            write_atomically(terms.sealing.path, sealed, private=True)
        published = publish(outcome, folder, policy, photo_folders=[path.parent for path in files])
        return replace(published, notes=(*notes, *published.notes))


def _records(files: Sequence[Path], stored: Restricted | None, on_note: Step) -> Restricted:
    if not files and stored is None:
        msg = "say what to release: one GeoJSON file of field records or several, or a store"
        raise UsageError(msg)
    if stored is None:
        return read_records(files, on_note=on_note)
    return Restricted([*exact_features(read_records(files, on_note=on_note)), *exact_features(stored)])


def _sealed(files: Sequence[Path], records: Restricted, sealing: Sealing | None) -> bytes | None:
    """The copy, encrypted before anything is written: one file as it is, several as one collection."""
    if sealing is None:
        return None
    if len(files) == 1 and len(read_records(files)) == len(records):
        data = files[0].read_bytes()
    else:
        collection = {"type": "FeatureCollection", "features": list(exact_features(records))}
        data = json.dumps(collection, ensure_ascii=False).encode()
    return seal(data, recipients=sealing.recipients, passphrase=sealing.passphrase)


def _before(folder: Path, since: Sequence[Path], policy: Policy, places: PublicPlaces) -> list[Used]:
    """What the releases have shown that this one follows: that which it replaces, and those that were named."""
    shown = {path: earlier_release(path, policy, places) for path in (folder, *since)}
    if missing := [path for path in since if shown[path] is None]:
        msg = f"{missing[0]} holds no release; --since names the folder of an earlier one"
        raise UsageError(msg)
    return [used for used in shown.values() if used is not None]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without looking for garbage: records are many small objects that all live to the end."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
