"""The version of the atlas: read by the build, printed by the program, written into what it makes."""

__version__ = "0.1.0"
