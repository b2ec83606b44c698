"""Says what is wrong in a GeoJSON file of any size: where, why, and how to mend it."""

from atlas.check.catalogue import RULES, THEMES
from atlas.check.command import check_files, read_schema
from atlas.check.engine import check_file
from atlas.check.model import SHOWN_PER_RULE, Finding, Report, Rule, Severity
from atlas.check.report import failed, render, rules_text

__all__ = [
    "RULES",
    "SHOWN_PER_RULE",
    "THEMES",
    "Finding",
    "Report",
    "Rule",
    "Severity",
    "check_file",
    "check_files",
    "failed",
    "read_schema",
    "render",
    "rules_text",
]
