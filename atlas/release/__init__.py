"""From exact field records to records at public places, which may leave the house."""

from atlas.release.restricted import Released, Restricted

__all__ = ["Released", "Restricted"]
