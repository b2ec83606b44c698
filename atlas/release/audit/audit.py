"""The audit's doors: files and folders, and files that are about to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from atlas.errors import PolicyError, UsageError, listed
from atlas.project import Project
from atlas.release.audit.finding import Finding, Severity
from atlas.release.audit.limits import Limits
from atlas.release.audit.public import public_pairs, public_words
from atlas.release.audit.report import Report
from atlas.release.audit.run import Scan, scan_files, scan_paths
from atlas.release.audit.search import Search
from atlas.release.audit.secrets import secrets_of
from atlas.release.exact import read_records
from atlas.release.ground import open_ground
from atlas.release.places import public_places
from atlas.release.restricted import Restricted, exact_features
from atlas.release.terms import Policy
from atlas.release.terms_reader import load_policy


def audit(
    project: Project, paths: Sequence[Path], *, policy: Path | None = None, against: Path | None = None
) -> Report:
    """Audit files and folders; several releases are given oldest first.

    Parameters
    ----------
    policy
        A policy file; if not given, that of the project, or the default.
    against
        The team's exact records as GeoJSON; every byte is then searched for them.

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
    terms = load_policy(project, policy)
    exact = None if against is None else read_records(against)
    scan = _scan(project, terms, exact)
    scan_paths(scan, paths)
    return _report(scan, terms, exact)


def audit_release(
    project: Project, files: Mapping[str, bytes], policy: Policy, exact: Restricted | None = None
) -> tuple[Finding, ...]:
    """Audit the files of a release before they are written: the errors that were found.

    Parameters
    ----------
    files
        Content by path relative to the folder of the release.
    exact
        The records that were released; every byte is searched for them.
    """
    scan = _scan(project, policy, exact)
    scan_files(scan, files)
    return _report(scan, policy, exact).errors


def refuse_findings(findings: Iterable[Finding], *, what: str) -> None:
    """Stop when anything was found that must not be published.

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


def _scan(project: Project, policy: Policy, exact: Restricted | None) -> Scan:
    limits = Limits(policy, public_places(open_ground(project)))
    if exact is None:
        return Scan(limits)
    secrets = secrets_of(exact_features(exact), limits, public_words(project))
    return Scan(limits, Search(secrets, limits, public_pairs(project)))


def _report(scan: Scan, policy: Policy, exact: Restricted | None) -> Report:
    return Report(
        files=scan.files,
        size=scan.size,
        floor_m=policy.floor_m,
        k=policy.k,
        policy_sha256=policy.sha256,
        against=None if exact is None else len(exact),
        findings=scan.findings.all(),
    )
