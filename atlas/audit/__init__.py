"""Holds the published claims against what the layers measure."""

from atlas.audit.claims import Finding, Verdict, audit_claims

__all__ = ["Finding", "Verdict", "audit_claims"]
