"""Permanent ids, citations and provenance of layers, claims and rows of facts, and deposits for a repository."""

from atlas.deposit.citable import Citable, citables, find
from atlas.deposit.citation import FORMS, Citation

__all__ = ["FORMS", "Citable", "Citation", "citables", "find"]
