"""Repairs in GeoJSON what has one right answer, asks about the rest, and writes down every change."""

from atlas.clean.actions import ACTIONS, Action, Strategy, rules_text
from atlas.clean.answers import Answers, answered, read_answers
from atlas.clean.cleaner import Cleaned, clean
from atlas.clean.command import Beside, CleanedFiles, clean_files
from atlas.clean.options import Options, options

__all__ = [
    "ACTIONS",
    "Action",
    "Answers",
    "Beside",
    "Cleaned",
    "CleanedFiles",
    "Options",
    "Strategy",
    "answered",
    "clean",
    "clean_files",
    "options",
    "read_answers",
    "rules_text",
]
