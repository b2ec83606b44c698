"""Holds the published claims against what the layers measure."""

from atlas.audit.claims import Finding, Verdict, audit_claims
from atlas.audit.measures import MEASURED, Rival

__all__ = ["MEASURED", "Finding", "Rival", "Verdict", "audit_claims"]
