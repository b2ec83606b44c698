"""Holds the published claims against what the layers measure."""

from atlas.claims.measures import MEASURED, Rival
from atlas.claims.verdicts import Finding, Verdict, audit_claims, in_unit

__all__ = ["MEASURED", "Finding", "Rival", "Verdict", "audit_claims", "in_unit"]
