"""What may leave the house: the gate between a layer's file and anything that is published from it."""

from atlas.release.gate import Release, open_release
from atlas.release.policy import Sensitivity
from atlas.release.restricted import Restricted

__all__ = ["Release", "Restricted", "Sensitivity", "open_release"]
