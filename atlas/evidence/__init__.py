"""The fact tables as typed records: a fact without a source cannot be built."""

from atlas.evidence.load import Evidence, UnsourcedRow, load_evidence, project_evidence
from atlas.evidence.records import PartialCount, ReportedTotal, Source

__all__ = ["Evidence", "PartialCount", "ReportedTotal", "Source", "UnsourcedRow", "load_evidence", "project_evidence"]
