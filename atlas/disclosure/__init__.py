"""The leak scan: what is about to be published, or was, is opened and attacked: openers, rules, secrets, report."""

from atlas.disclosure.audit import audit, audit_features, audit_published, audit_release, refuse_findings
from atlas.disclosure.audit_report import Attack, Report, render
from atlas.disclosure.finding import Finding, Severity

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
