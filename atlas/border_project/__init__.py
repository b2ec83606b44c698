"""What a project says of its border: the tables of `atlas.toml` as a frozen model, their rules, their JSON Schema."""

from atlas.border_project.details import box_of
from atlas.border_project.model import (
    LAND_HERE,
    BorderProject,
    Claim,
    Dispute,
    End,
    Language,
    Line,
    Outline,
    Side,
    SourceFile,
)
from atlas.border_project.project_tables import read_border_tables
from atlas.border_project.shipped import FOLDER, land_kinds, shipped_border, with_names

__all__ = [
    "FOLDER",
    "LAND_HERE",
    "BorderProject",
    "Claim",
    "Dispute",
    "End",
    "Language",
    "Line",
    "Outline",
    "Side",
    "SourceFile",
    "box_of",
    "land_kinds",
    "read_border_tables",
    "shipped_border",
    "with_names",
]
