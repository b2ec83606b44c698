"""Writes what a release publishes: the records, the table of counts and a record of the release itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas._version import __version__
from atlas.errors import InputError, PolicyError
from atlas.files import sha256_hex, sha256_of_file, write_files
from atlas.geojson.collection import read_json
from atlas.release.earlier import Used, used_places
from atlas.release.generalise import Outcome
from atlas.release.manifest import COUNTS, FORMAT, RECORD, RECORDS
from atlas.release.open_points import PHOTOS
from atlas.release.photos import bare_photos
from atlas.release.places import PublicPlaces
from atlas.release.restricted import Feature, Released
from atlas.release.succession import refuse_finer_rules, rules_of
from atlas.release.tally import counts_csv
from atlas.release.terms import Policy

_HASH_LETTERS = 16
_REMEDY = "choose another folder, or move what is there away"


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: files with their sizes in bytes, and which of them changed."""

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]
    count: int
    held: Mapping[str, int]
    notes: tuple[str, ...] = ()


def publish(outcome: Outcome, folder: Path, policy: Policy, *, photo_folders: Sequence[Path] = ()) -> Published:
    """Write a release into a folder: all of it, or nothing.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    photos = bare_photos(outcome.photos, photo_folders)
    released = _with_photos(outcome.released, photos)
    files = {RECORDS: records_bytes(released), COUNTS: counts_csv(released), **photos}
    files[RECORD] = _record(released, rules_of(policy), files)
    changed = write_files({folder / name: data for name, data in files.items()}, gone=_old_photos(folder, photos))
    missing = len(outcome.photos) - len(photos)
    notes = (f"{missing} photographs could not be read and were left out.",) if missing else ()
    sizes = {name: len(data) for name, data in sorted(files.items())}
    return Published(folder, sizes, _names(folder, changed), len(released), outcome.held, notes)


def records_bytes(released: Released) -> bytes:
    """The records as GeoJSON, one feature a line; shapes that many share are written out once and copied."""
    texts: dict[int, bytes] = {}
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

    def text_of(member: object) -> bytes:
        # features that share a place share the object too
        if id(member) not in texts:
            texts[id(member)] = encode(member).encode()
        return texts[id(member)]

    parts: list[bytes] = []
    for feature in released:
        # over a hundred megabytes are put together only once
        parts += (
            f',\n{{"type":"Feature","id":"{feature["id"]}","geometry":'.encode(),
            text_of(feature["geometry"]),
            b',"properties":',
            text_of(feature["properties"]),
            b"}",
        )
    first = parts[0].removeprefix(b",\n") if parts else b""
    return b"".join((b'{"type":"FeatureCollection","features":[\n', first, *parts[1:], b"\n]}\n"))


def earlier_release(folder: Path, policy: Policy, places: PublicPlaces) -> Used | None:
    """What the release in a folder has shown; nothing when there is none.

    Raises
    ------
    InputError
        What is there is no release, or not what was released.
    PolicyError
        A release under this policy, or with these places, could show more of its records.
    """
    path, records = folder / RECORD, folder / RECORDS
    if not path.exists() and not records.exists():
        return None
    record = _record_in(path) if path.exists() else {}
    try:
        features = read_json(records)["features"]
        used = used_places(features)
        shapes = {str(each["properties"]["place"]): each["geometry"] for each in features if _at_place(each)}
        policies = {str(each["properties"].get("policy")) for each in features}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"{records} is not a release; {_REMEDY}"
        raise InputError(msg) from error
    if record and sha256_of_file(records) != record["files"][RECORDS]["sha256"]:
        msg = (
            f"{records} is not as it was released: {RECORD} has another hash of it; restore both as they were published"
        )
        raise InputError(msg)
    if not record and policies <= {policy.sha256[:_HASH_LETTERS]}:
        # of before a release had a record: each feature names its policy
        record = {"policy_sha256": policy.sha256}
    refuse_finer_rules(folder, record, policy)
    if drawn_otherwise := [name for name, shape in shapes.items() if places.recognised(name, shape) is None]:
        msg = (
            f"{folder} shows places that this project draws otherwise, such as {drawn_otherwise[0]}; both together "
            f"could show where records are. Release with the geodata/ of then, or take {folder} down wherever it was "
            "published and release into another folder without --since"
        )
        raise PolicyError(msg)
    return used


def _record_in(path: Path) -> dict[str, Any]:
    document = read_json(path)
    record = document if isinstance(document, dict) and document.get("format") == FORMAT else {}
    files = record.get("files")
    listed = files.get(RECORDS) if isinstance(files, dict) else None
    if not isinstance(listed, dict) or not isinstance(listed.get("sha256"), str):
        msg = f"{path} is not the record of a release; {_REMEDY}"
        raise InputError(msg)
    return record


def _at_place(feature: Feature) -> bool:
    return feature["properties"].get("place") is not None


def _with_photos(released: Released, photos: Mapping[str, bytes]) -> Released:
    if not any("photos" in feature["properties"] for feature, _ in released.alike()):
        return released
    return Released(
        [_with_own(feature, photos) if "photos" in feature["properties"] else feature for feature in released],
        policy_sha256=released.policy_sha256,
        k=released.k,
    )


def _with_own(feature: Feature, photos: Mapping[str, bytes]) -> dict[str, Any]:
    kept = [name for name in feature["properties"]["photos"] if name in photos]
    rest = {key: value for key, value in feature["properties"].items() if key not in {"photos", "photos_reviewed"}}
    return {**feature, "properties": {**rest, "photos": kept, "photos_reviewed": True} if kept else rest}


def _record(released: Released, rules: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """What the release is made of; no number in it is smaller than k, but those of sizes and of k itself."""
    used: dict[str, list[str]] = {}
    for place, category in sorted(used_places(feature for feature, _ in released.alike())):
        used.setdefault(place, []).append(category)
    count = len(released)
    record = {
        "format": FORMAT,
        "atlas": __version__,
        "policy_sha256": released.policy_sha256,
        "k": released.k,
        "rules": rules,
        "records": count if count >= released.k else None,
        "files": {name: {"bytes": len(data), "sha256": sha256_hex(data)} for name, data in sorted(files.items())},
        "used": used,
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _old_photos(folder: Path, photos: Iterable[str]) -> list[Path]:
    """Photographs of an earlier release that are no longer released; they go with it."""
    kept = {folder / name for name in photos}
    return [path for path in sorted((folder / PHOTOS).glob("*.jpg")) if path not in kept]


def _names(folder: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(path.relative_to(folder).as_posix() for path in paths)
