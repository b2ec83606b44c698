"""The audit's doors: files and folders, and files that are about to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.disclosure.attacks import Attacker
from atlas.disclosure.audit_report import Attack, Report
from atlas.disclosure.byte_view import View
from atlas.disclosure.count_tables import differenced
from atlas.disclosure.exact_yardstick import truth_of
from atlas.disclosure.feature_rules import Judge
from atlas.disclosure.finding import Finding, Severity
from atlas.disclosure.gazetteer import ListedPlace
from atlas.disclosure.landmarks import landmarks
from atlas.disclosure.ledgers import ledger_findings
from atlas.disclosure.limits import Limits
from atlas.disclosure.name_decisions import name_check, withheld_count
from atlas.disclosure.past_releases import PastRelease, read_release, release_files
from atlas.disclosure.personal_data import personal
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.disclosure.scan import Scan, scan_files
from atlas.disclosure.scanned_feature import Collection, ScannedFeature
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.errors import PolicyError, UsageError, listed
from atlas.project import Project
from atlas.release.boxes import BOXES_FILE, BoxMap, open_boxes
from atlas.release.record_reader import read_records
from atlas.release.restricted import Restricted, exact_features
from atlas.release.terms import Policy
from atlas.release.terms_reader import load_policy


def audit(  # noqa: PLR0913 - each is an option of the command
    project: Project,
    paths: Sequence[Path],
    *,
    policy: Path | None = None,
    against: Path | Restricted | None = None,
    gazetteers: Mapping[str, Callable[[], Iterable[ListedPlace]]] = MappingProxyType({}),
    workers: int = 1,
    on_step: Callable[[str], None] | None = None,
) -> Report:
    """Audit files and folders; several releases are given oldest first.

    Parameters
    ----------
    project
        The project, whose layers are public and whose policy holds.
    paths
        Files and folders; releases oldest first.
    policy
        A policy file; if not given, that of the project, or the default.
    against
        The team's exact records, or a GeoJSON file of them; every byte is then searched for them.
    gazetteers
        Lists of places besides the project's own layers, by title, in which names are looked up.
    workers
        How many processes look through the files.
    on_step
        Is told which file is read, and how much of a large one.

    Returns
    -------
    Report
        Findings, worst first, and what each attack reached.

    Raises
    ------
    UsageError
        A file does not exist, or none is named.
    InputError
        A file can't be read, or the exact records are no GeoJSON.
    PolicyError
        The policy is incomplete.
    """
    if not paths:
        msg = "nothing to audit; name files or folders, such as maps/ or a folder that `atlas release` wrote"
        raise UsageError(msg)
    # a review that is overdue says nothing about what was published
    terms = load_policy(project, policy, allow_lapsed=True)
    exact = read_records(against) if isinstance(against, Path) else against
    read = (read_release(str(path), release_files(path)) for path in paths if path.exists())
    releases = [release for release in read if release]
    scan = _scan(project, terms, exact, releases)
    scan.names = name_check(project, scan.limits.floor_m, gazetteers)
    if on_step is not None:
        scan.progress = on_step
    scan_paths(scan, paths, workers=workers)
    for fault in ledger_findings(paths, scan.limits.places):
        scan.findings.add(fault, kind=fault.what)
    report = _report(project, scan, releases, exact)
    return replace(report, notes=tuple(scan.names.notes(withheld_count(project))))


def audit_release(
    project: Project, files: Mapping[str, bytes], policy: Policy, exact: Restricted | None = None
) -> tuple[Finding, ...]:
    """Audit the files of a release before they are written: the errors that were found.

    Parameters
    ----------
    project
        The project that releases.
    files
        Content by path relative to the folder of the release.
    policy
        Classes, floor and k.
    exact
        The records that were released; every byte is searched for them.

    Returns
    -------
    tuple of Finding
        What must not be published.
    """
    past = read_release("the release", files)
    releases = [past] if past else []
    scan = _scan(project, policy, exact, releases)
    scan_files(scan, files)
    return _report(project, scan, releases, exact).errors


def audit_features(features: Sequence[Mapping[str, Any]], policy: Policy, places: BoxMap) -> tuple[Finding, ...]:
    """Audit features that say they were released: classes, places, fields, texts and steps of k; the errors.

    Parameters
    ----------
    features
        GeoJSON features.
    policy
        Classes, floor and k.
    places
        The map of boxes, whose places are the public ones.

    Returns
    -------
    tuple of Finding
        What must not be published; empty if nothing is.
    """
    scan = Scan(Limits(policy, places))
    judge = Judge(scan.limits, "records.geojson")
    scanned = [ScannedFeature("records", one.get("id"), one["geometry"], one["properties"]) for one in features]
    for kind, fault in judge.collection(Collection("records", None, scanned), ""):
        scan.findings.add(fault, kind=kind)
    texts = {text for one in scanned for text in one.properties.values() if isinstance(text, str)}
    scan.findings.extend(personal(View("records.geojson", "\n".join(sorted(texts)).encode(), "text")))
    return tuple(one for one in scan.findings.all() if one.severity == Severity.ERROR)


def audit_published(project: Project, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Audit what the atlas is about to write from its own layers: what was packed, and patterns in it; the errors.

    Parameters
    ----------
    project
        The project whose layers are public.
    files
        Content by path relative to the folder that is written.

    Returns
    -------
    tuple of Finding
        What must not be published.
    """
    limits = Limits(load_policy(project, allow_lapsed=True))
    scan = Scan(limits, names=name_check(project, limits.floor_m), thorough=False)
    scan_files(scan, files)
    return tuple(one for one in scan.findings.all() if one.severity == Severity.ERROR)


def refuse_findings(findings: Iterable[Finding], *, what: str) -> None:
    """Stop when anything was found that must not be published.

    Parameters
    ----------
    findings
        What an audit found.
    what
        What was audited, for the message, such as ``the export``.

    Raises
    ------
    PolicyError
        With every finding, its place and the remedy.
    """
    faults = [
        f"{one.file}, {one.where}: {one.what}; {one.remedy}" for one in findings if one.severity == Severity.ERROR
    ]
    if faults:
        raise PolicyError(listed(f"the audit stopped {what}; nothing was written:", faults))


def _scan(project: Project, policy: Policy, exact: Restricted | None, releases: Sequence[PastRelease]) -> Scan:
    # a project without a map has released nothing in boxes: places are judged by their size then
    places = open_boxes(project) if (project.geodata / BOXES_FILE).is_file() else None
    limits = Limits(policy, places)
    if exact is None:
        return Scan(limits)
    secrets = secrets_of(exact_features(exact), limits, public_words(project))
    named = {claim.place for release in releases for claim in release.claims}
    shapes = [place.shape for name in sorted(named) if places and (place := places.place(name)) is not None]
    return Scan(limits, Search(secrets, limits, public_pairs(project, shapes)))


def _report(project: Project, scan: Scan, releases: Sequence[PastRelease], exact: Restricted | None) -> Report:
    policy = scan.limits.policy
    attacks: list[Attack] = []
    if releases:
        truth = None if exact is None else truth_of(exact_features(exact))
        attacker = Attacker(releases, scan.limits, landmarks(project), truth)
        for attack, attack_findings in (*attacker.attacks(), *differenced(releases, policy.k)):
            attacks.append(attack)
            scan.findings.extend(attack_findings)
    return Report(
        files=scan.files,
        size=scan.size,
        floor_m=policy.floor_m,
        k=policy.k,
        policy_sha256=policy.sha256,
        against=None if exact is None else len(exact),
        findings=scan.findings.all(),
        attacks=attacks,
    )
