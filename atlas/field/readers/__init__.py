"""Readers of everything that comes home from the field; one module a format, one door: ``read_file``."""

from __future__ import annotations

from atlas.field.readers.read_options import DateOrder, ReadOptions
from atlas.field.readers.registry import read_file

__all__ = ["DateOrder", "ReadOptions", "read_file"]
