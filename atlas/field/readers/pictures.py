"""The photos that a row names, whatever their column is called, and the files that are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from atlas.field.readers import row_cells as cell
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.inline import is_inline, is_inline_photo
from atlas.field.readers.input_source import Source
from atlas.field.readers.photos import photo
from atlas.field.readers.remarks import Remarks
from atlas.field.readers.row_cells import Cells, Row
from atlas.field.readers.sounds import is_sound, sound
from atlas.field.row import Media


class Pictures:
    """Finds the photos of the rows of one file.

    Parameters
    ----------
    source
        The file, with the photos beside it.
    remarks
        Hears of photos that could not be taken in.
    form
        Whether a form server wrote the file: then a name of a photo is one, though its file may be missing.
    """

    def __init__(self, source: Source, remarks: Remarks, *, form: bool) -> None:
        self._source = source
        self._remarks = remarks
        self._form = form

    def named(self, cells: Cells) -> tuple[list[str], list[str], set[str]]:
        """The names of the photos and of the sounds of a row, and the columns that say nothing but these."""
        names = [name for value in cells.values("photos") for name in cell.names(value)]
        columns = set()
        for header in cells.layout.others:
            if not self._is_picture(value := cells.row[header]):
                continue
            here = cell.names(value)
            others = [name for name in here if not (is_inline(name) or cell.is_picture(name) or is_sound(name))]
            names += [name for name in here if name not in others]
            self._remarks.photos |= dict.fromkeys(others, "is neither a picture nor a sound, and is not kept")
            if not others:
                columns.add(header)
        sounds = [name for name in names if is_sound(name)]
        return [name for name in dict.fromkeys(names) if name not in sounds], list(dict.fromkeys(sounds)), columns

    def media(self, names: Sequence[str], row: Row, *, wanted: bool) -> Iterator[Media]:
        """The photos of these names, cleaned.

        Parameters
        ----------
        wanted
            Whether one that is not there is missed; of a row that was exported, the store has the photos.
        """
        # two phones may call their photos alike, in folders of their own
        paths = {name: path for value in row.values() if names for name, path in _paths(value)}
        for name in names:
            data = self._source.media(paths.get(name, name))
            if data is None:
                self._remarks.photos |= {name: "is not beside the file"} if wanted else {}
                continue
            try:
                yield sound(name, data) if is_sound(name) else photo(name, data)
            except RowFaultError as fault:
                self._remarks.photos[name] = fault.reason
            else:
                self._remarks.sounds += is_sound(name)

    def _is_picture(self, value: object) -> bool:
        """Whether a photo stands under a header that means nothing to the atlas."""
        if is_inline_photo(value) or (self._form and cell.is_photo(value)):
            return True
        # whatever its column is called, a file that lies there and is named is meant
        return cell.may_name_files(value) and any(map(self._source.media, cell.paths(value).values()))


def _paths(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Names of files with folders before them."""
    # most cells name no folder, and a table has millions of them
    if isinstance(value, str) and value.isascii() and "/" not in value and "\\" not in value:
        return
    if isinstance(value, str | list) and cell.may_name_files(value):
        yield from ((name, path) for name, path in cell.paths(value).items() if path != name)
