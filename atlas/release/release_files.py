"""Writes what a release publishes: records, counts, the ledger, a record of the release itself; all, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas._version import __version__
from atlas.files import sha256_hex, write_files
from atlas.project import Project
from atlas.published import publishable
from atlas.release.boxes import BoxMap
from atlas.release.manifest import COUNTS, FORMAT, RECORD, RECORDS
from atlas.release.open_points import PHOTOS
from atlas.release.photos import bare_photos
from atlas.release.private_state import PrivateState, files_of, private_path
from atlas.release.public_ledger import LEDGER, Ledger, ledger_path
from atlas.release.released_features import class_features
from atlas.release.restricted import Feature
from atlas.release.tally import counts_csv
from atlas.release.terms import Policy


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: files with their sizes in bytes, and which of them changed.

    Attributes
    ----------
    folder
        Where the release is.
    sizes
        Bytes by path in the folder.
    changed
        Paths of the files that differ from those before.
    count
        How many features are published.
    held
        How many records stayed behind, by why.
    notes
        What the team should know.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]
    count: int
    held: Mapping[str, int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """What is about to be published: the files of the release, in memory."""

    ledger: Ledger
    files: Mapping[str, bytes]
    count: int
    missing_photos: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of it."""
        missing = self.missing_photos
        return (f"{missing} photographs could not be read and were left out.",) if missing else ()


def publication_of(  # noqa: PLR0913 - each is a part of what is published
    ledger: Ledger,
    boxes: BoxMap,
    policy: Policy,
    opened: Sequence[Feature] = (),
    *,
    photos: Mapping[str, str] | None = None,
    photo_folders: Sequence[Path] = (),
) -> Publication:
    """The files of a release.

    Parameters
    ----------
    opened
        Features of open records, which leave as points.
    photos
        For each published photograph, the name of the file that it is made from, looked for in ``photo_folders``.
    """
    wanted = photos or {}
    pictures = bare_photos(wanted, photo_folders)
    points = [_with_photos(feature, pictures) for feature in opened]
    features = sorted([*class_features(ledger, boxes), *points], key=lambda feature: str(feature["id"]))
    publishable.refuse("released", features)
    files = {
        RECORDS: records_bytes(features),
        COUNTS: counts_csv(features, boxes),
        LEDGER: ledger.data,
        **pictures,
    }
    files[RECORD] = _record(ledger, policy, files)
    return Publication(ledger, files, len(features), len(wanted) - len(pictures))


def publish(
    publication: Publication, folder: Path, project: Project, state: PrivateState, held: Mapping[str, int]
) -> Published:
    """Write a release into a folder, the ledger into the project, and what is private beside it: all, or nothing.

    Raises
    ------
    OutputError
        Something cannot be written; all is as it was.
    """
    written = {folder / name: data for name, data in publication.files.items()}
    if not project.embedded:
        written[ledger_path(project)] = publication.ledger.data
        written |= files_of(project, state)
        # nobody else may look into it, from before the first file is there
        private_path(project).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    changed = write_files(written, gone=_old_photos(folder, publication.files))
    if not project.embedded:
        private_path(project).chmod(0o600)
    within = tuple(path.relative_to(folder).as_posix() for path in changed if path.is_relative_to(folder))
    sizes = {name: len(data) for name, data in sorted(publication.files.items())}
    return Published(folder, sizes, within, publication.count, held, publication.notes)


def records_bytes(features: Iterable[Feature]) -> bytes:
    """The records as GeoJSON, one feature a line."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    lines = ",\n".join(encode(feature) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _with_photos(feature: Feature, photos: Mapping[str, bytes]) -> Feature:
    """An open record with those of its photographs that could be read."""
    properties = feature["properties"]
    if "photos" not in properties:
        return feature
    kept = [name for name in properties["photos"] if name in photos]
    rest = {key: value for key, value in properties.items() if key not in {"photos", "photos_reviewed"}}
    return {**feature, "properties": {**rest, "photos": kept, "photos_reviewed": True} if kept else rest}


def _record(ledger: Ledger, policy: Policy, files: Mapping[str, bytes]) -> bytes:
    """What the release is made of: the program, the policy, the map and the ledger, and the hashes of its files."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "atlas": __version__,
        "policy_sha256": policy.sha256,
        "k": policy.k,
        "map_sha256": ledger.map_sha256,
        "ledger": ledger.ledger_id,
        "ledger_sha256": ledger.sha256,
        "files": {name: {"bytes": len(data), "sha256": sha256_hex(data)} for name, data in sorted(files.items())},
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _old_photos(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Photographs of an earlier release that are no longer released; they go with it."""
    return [path for path in sorted((folder / PHOTOS).glob("*.jpg")) if f"{PHOTOS}/{path.name}" not in files]
