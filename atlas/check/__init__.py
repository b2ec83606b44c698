"""Says what is wrong in a map file of any size: where, why, and how to mend it."""

from atlas.check.check_report import failed, render, rules_text
from atlas.check.checker import check_file
from atlas.check.command import check_files, read_schema
from atlas.check.map_files import check_path
from atlas.check.model import SHOWN_PER_RULE, Finding, Report, Rule, Severity
from atlas.check.rule_catalogue import EVERY_RULE, FILE_RULES, FILE_THEME, RULES, THEMES

__all__ = [
    "EVERY_RULE",
    "FILE_RULES",
    "FILE_THEME",
    "RULES",
    "SHOWN_PER_RULE",
    "THEMES",
    "Finding",
    "Report",
    "Rule",
    "Severity",
    "check_file",
    "check_files",
    "check_path",
    "failed",
    "read_schema",
    "render",
    "rules_text",
]
