"""What each source is: package, version, hash, publisher, edition, licence, attribution, accuracy."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project import SourceFile, shipped_border
from atlas.errors import SourceError, UsageError
from atlas.files import sha256_of_file
from atlas.project import SourceOverride
from atlas.sources.kept_files import kept_while_unchanged


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source of geometry as it is cited: ``files`` holds sha256 by path, ``accuracy_m`` is horizontal, in metres."""

    key: str
    title: str
    package: str | None
    version: str | None
    publisher: str
    edition: str
    as_of: str
    licence: str
    licence_es: str
    attribution: str
    attribution_es: str
    accuracy_m: float
    accuracy_basis: str
    evidence_id: str
    files: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The record as the registry carries it."""
        return {**asdict(replace(self, files={})), "files": dict(self.files)}


@cache
def pinned_records() -> Mapping[str, SourceRecord]:
    """The records of the packaged sources by key: those of the shipped border, then those that every border has."""
    of_border = {key: record_of(source) for key, source in shipped_border().sources.items()}
    text = resources.files("atlas.sources").joinpath("pinned.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return MappingProxyType(of_border | {key: SourceRecord(key=key, **values) for key, values in tables.items()})


def record_of(source: SourceFile) -> SourceRecord:
    """The record of a file that a project reads, with the hash that the project states."""
    return SourceRecord(
        key=source.key,
        title=source.title,
        package=source.package,
        version=source.version,
        publisher=source.publisher,
        edition=source.edition,
        as_of=source.as_of,
        licence=source.licence["en"],
        licence_es=source.licence["es"],
        attribution=source.attribution["en"],
        attribution_es=source.attribution["es"],
        accuracy_m=source.accuracy_m,
        accuracy_basis=source.accuracy_basis,
        evidence_id=source.evidence_id,
        files=MappingProxyType({source.path.as_posix(): source.sha256 or ""}),
    )


def pinned(key: str) -> SourceRecord:
    """One packaged source's record.

    Raises
    ------
    UsageError
        No source has this key.
    """
    records = pinned_records()
    if key not in records:
        msg = f"there is no source {key!r}; the sources are {', '.join(records)}"
        raise UsageError(msg)
    return records[key]


def absent_packages(replaced: Collection[str], wanted: Collection[str] | None = None) -> list[str]:
    """Packages that a refresh would need and that are not installed.

    Sources in ``replaced`` need none; of the others those in ``wanted`` count, all if not given.
    """
    keys = pinned_records() if wanted is None else wanted
    needed = {str(pinned(key).package) for key in keys if key not in replaced}
    return sorted(name for name in needed if not is_installed(name))


def is_installed(package: str) -> bool:
    """Whether a Python package is installed."""
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def installed_file(record: SourceRecord) -> Path | None:
    """The first file of a packaged source where its package is installed, unchecked; none where it is not."""
    try:
        path = Path(str(distribution(str(record.package)).locate_file(next(iter(record.files)))))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def packaged_files(record: SourceRecord) -> list[Path]:
    """The files of a packaged source on this machine, each checked against its pinned hash.

    Raises
    ------
    SourceError
        The package is missing, is incomplete, or holds another file than the pinned one.
    """
    return [_checked(record, name, sha256) for name, sha256 in record.files.items()]


def _checked(record: SourceRecord, name: str, sha256: str) -> Path:
    remedy = f"run: pip install '{record.package}=={record.version}' (the sources extra has them all)"
    try:
        installed = distribution(str(record.package))
    except PackageNotFoundError as error:
        msg = f"source {record.key!r} needs the package {record.package}, which is not installed; {remedy}"
        raise SourceError(msg) from error
    path = Path(str(installed.locate_file(name)))
    if not path.is_file():
        msg = f"{record.package} {installed.version} has no file {name}; {remedy}"
        raise SourceError(msg)
    actual = _hash(path)
    if actual != sha256:
        msg = (
            f"source {record.key!r}: {name} of {record.package} {installed.version} has sha256 {actual[:16]}…, "
            f"expected {sha256[:16]}… of version {record.version}; {remedy}, "
            f"or use your own file with --source {record.key}=FILE"
        )
        raise SourceError(msg)
    return path


@kept_while_unchanged(32)
def _hash(path: Path) -> str:
    """Of a file of an installed package, which is hundreds of megabytes for all."""
    return sha256_of_file(path)


def replacement_record(key: str, override: SourceOverride) -> SourceRecord:
    """The record of a user's own file in place of a packaged source; what is not known of it is said to be unknown.

    Raises
    ------
    SourceError
        The file is missing.
    """
    packaged = pinned(key)
    path = override.path
    if not path.is_file():
        msg = f"source {key!r}: there is no file {path}; check --source {key}=FILE or the project's atlas.toml"
        raise SourceError(msg)
    return replace(
        packaged,
        package=None,
        version=None,
        edition=override.edition or "not stated by the user who gave the file",
        as_of="",
        accuracy_basis="not stated by the user who gave the file; taken to be that of the packaged one",
        files=MappingProxyType({path.name: sha256_of_file(path)}),
    )
