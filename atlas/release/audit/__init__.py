"""Attacks what is about to be published, and what was published before."""

from atlas.release.audit.audit import audit, audit_features, audit_published, audit_release, refuse_findings
from atlas.release.audit.finding import Finding, Severity
from atlas.release.audit.report import Attack, Report, render

__all__ = [
    "Attack",
    "Finding",
    "Report",
    "Severity",
    "audit",
    "audit_features",
    "audit_published",
    "audit_release",
    "refuse_findings",
    "render",
]
