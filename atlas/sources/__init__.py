"""Reads outlines, coasts, rivers and towns out of installed packages or a user's own files."""

from atlas.sources.read import REGION, SOUTHERN_STATES, Sources, read_sources
from atlas.sources.source_records import SourceRecord, pinned_records

__all__ = ["REGION", "SOUTHERN_STATES", "SourceRecord", "Sources", "pinned_records", "read_sources"]
