"""The version of the atlas: read by the build, printed by the program, written into what it makes."""

__version__ = "1.0.0"
# the edition of the data, by year and month; it moves when tables or layers change and not with the code
DATA_EDITION = "2026.11"
DATA_RELEASED = "2026-11-30"
