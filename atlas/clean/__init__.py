"""Repairs in GeoJSON what has one right answer, asks about the rest, and writes down every change."""

from atlas.clean.actions import ACTIONS, Action, Strategy, rules_text
from atlas.clean.cleaner import Cleaned, clean
from atlas.clean.command import CleanedFiles, clean_files
from atlas.clean.options import Options, options

__all__ = [
    "ACTIONS",
    "Action",
    "Cleaned",
    "CleanedFiles",
    "Options",
    "Strategy",
    "clean",
    "clean_files",
    "options",
    "rules_text",
]
