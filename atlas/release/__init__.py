"""From exact field records to records at public places, which may leave the house."""

from atlas.release.restricted import Restricted

__all__ = ["Restricted"]
