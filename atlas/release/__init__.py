"""From exact field records to records at public places, which may leave the house."""

from atlas.release.gate import Release, open_release
from atlas.release.policy import Sensitivity
from atlas.release.restricted import Released, Restricted

__all__ = ["Release", "Released", "Restricted", "Sensitivity", "open_release"]
