"""The bytes of an SQLite file that holds what is in its tables and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def bytes_of_tables(path: Path) -> bytes:
    """A file written anew from its tables: without what was deleted, and the same for the same tables.

    SQLite leaves what was deleted or moved where it stood, and counts how often a file was written to; how often GDAL
    does that depends on the time that it takes.
    """
    anew = path.with_name(f"{path.stem}-anew{path.suffix}")
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM INTO ?", (str(anew),))
    return anew.read_bytes()
