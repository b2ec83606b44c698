"""Outputs in a store of objects: each appears whole or not at all.

A stream of pyarrow that is dropped half written is closed by its end, and what it has so far appears under its name.
So everything is written under a name beside its place, and takes its name once it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.fs

from atlas.errors import OutputError
from atlas.files import staging_path
from atlas.points.addresses import filesystem_of

# what a run that was killed leaves of a folder
_PART = re.compile(r"(part-\d+\.parquet|\.atlas-.*\.part)\Z")


@contextmanager
def remote_file(output: str, *, compression: str | None) -> Iterator[Any]:
    """An object that is whole or not there.

    Raises
    ------
    OSError
        It cannot be written.
    """
    system, path = _placed(output)
    staged = str(staging_path(PurePosixPath(path).parent))  # type: ignore[arg-type]
    try:
        with system.open_output_stream(staged, compression=compression) as stream:
            yield stream
        system.move(staged, path)
    except BaseException:
        with suppress(OSError):
            system.delete_file(staged)
        raise


@contextmanager
def remote_folder(output: str, record: str) -> Iterator[str]:
    """A folder of objects; of what fails nothing stays, and what a killed run left is written over.

    Parameters
    ----------
    output
        Its address.
    record
        Name of the object that says that a folder is finished.

    Raises
    ------
    OutputError
        Something is there already.
    """
    system, path = _placed(output)
    names = [PurePosixPath(one.path).name for one in _held(system, path)]
    if record in names or not all(_PART.match(name) for name in names):
        msg = f"{output.partition('?')[0]} is not empty; choose a new one"
        raise OutputError(msg)
    try:
        yield output.rstrip("/")
    except BaseException:
        with suppress(OSError):
            for one in _held(system, path):
                if _PART.match(PurePosixPath(one.path).name):
                    system.delete_file(one.path)
        raise
    # what a run that was killed wrote half
    for one in _held(system, path):
        if PurePosixPath(one.path).name.startswith(".atlas-"):
            system.delete_file(one.path)


def _placed(output: str) -> tuple[Any, str]:
    system, path = filesystem_of(output)
    return system, path.partition("?")[0].rstrip("/")


def _held(system: Any, path: str) -> list[Any]:  # noqa: ANN401 - a file system of pyarrow
    held = system.get_file_info(pa.fs.FileSelector(path, allow_not_found=True))
    return [one for one in held if one.type == pa.fs.FileType.File]
