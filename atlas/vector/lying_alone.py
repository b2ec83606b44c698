"""A file as GDAL may open it: where nothing is written beside it, and without positions that nobody wrote."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.errors import InputError
from atlas.vector.file_format import FileFormat
from atlas.vector.layer import FileFault
from atlas.vector.xml_positions import without_odd_positions

if TYPE_CHECKING:
    from atlas.vector.chosen_source import Source

_OF_TEXT = frozenset({FileFormat.KML, FileFormat.GML, FileFormat.GPX})
# larger files are left as they are: their text would have to be held whole
_MOST_BYTES = 500_000_000


@contextmanager
def lying_alone(source: Source) -> Iterator[tuple[str, list[FileFault]]]:
    """What GDAL opens, and what was taken out of it.

    GML lies in a folder of its own, as GDAL would write a file beside the user's.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        text, faults = _sound_text(source)
    except OSError as error:
        msg = f"{source.named} cannot be read ({error.strerror}); give a file that you may read"
        raise InputError(msg) from error
    if text is None and source.form is not FileFormat.GML:
        yield str(source.path), faults
        return
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        suffix = source.path.suffix.lower()
        copy = Path(folder) / (f"layer{suffix}" if source.form is FileFormat.GML else source.path.name)
        schema = source.path.with_suffix(".xsd")
        if schema.is_file() and source.form is FileFormat.GML:
            shutil.copyfile(schema, copy.with_suffix(".xsd"))
        if text is None:
            shutil.copyfile(source.path, copy)
        else:
            copy.write_bytes(text)
        yield str(copy), faults


def _sound_text(source: Source) -> tuple[bytes | None, list[FileFault]]:
    """The text without positions that cannot be read, where there are any, and what is said of them."""
    if source.form not in _OF_TEXT or not source.path.is_file() or source.path.stat().st_size > _MOST_BYTES:
        return None, []
    data = source.path.read_bytes()
    text, faults = without_odd_positions(source.form, data)
    return (None if text is data else text), faults
