"""What a project says of its border: the tables of `atlas.toml` as a frozen model, their rules, their JSON Schema."""

from atlas.border_project.model import BorderProject, End, Line, Outline, Side, SourceFile
from atlas.border_project.project_tables import read_border_tables

__all__ = ["BorderProject", "End", "Line", "Outline", "Side", "SourceFile", "read_border_tables"]
