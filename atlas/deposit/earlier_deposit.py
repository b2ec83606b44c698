"""Where a deposit may go: what stands in the folder is an earlier making of the same one, or is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.deposit import crate
from atlas.errors import InputError, UsageError
from atlas.export.data_package import CHECKSUMS, stated_digests
from atlas.files import sha256_of_file
from atlas.geojson.strict import parse, read_json_file

_REMEDY = "name another folder with -o"


def refuse_other_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Hold that a folder has nothing but an unchanged deposit of this project and data edition, if anything.

    A strange file would go along into the archive, and no checksum would speak of it; one of a name that every
    deposit uses would be lost.

    Raises
    ------
    UsageError
        The folder is a file or holds something else; the message names the first such file.
    """
    if folder.is_file():
        msg = f"{str(folder)!r} is a file; name a folder with -o"
        raise UsageError(msg)
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in (folder.rglob("*") if folder.is_dir() else ())
        if not path.is_dir()
    }
    if others := sorted(paths.keys() - files.keys()):
        msg = f"{str(folder)!r} holds what is not of this deposit ({len(others)}): {others[0]}; {_REMEDY}"
        raise UsageError(msg)
    if not paths:
        return
    stated = stated_digests(folder)
    (name, edition), (new_name, new_edition) = _earlier(folder), _named(parse(files[crate.NAME].decode()))
    if not stated or name != new_name:
        what = f"is no deposit of this project ({len(paths)}): {min(paths)}"
        msg = f"{str(folder)!r} holds what {what}; {_REMEDY}"
        raise UsageError(msg)
    if edition != new_edition:
        what = f"the deposit of data edition {edition}, and this is {new_edition}"
        msg = f"{str(folder)!r} holds {what}; {_REMEDY}: `atlas diff` tells the two apart"
        raise UsageError(msg)
    if changed := _changed(paths, stated):
        what = f"was changed after it was deposited ({len(changed)}): {changed[0]}"
        msg = f"{str(folder)!r} holds what {what}; move it away, or {_REMEDY}"
        raise UsageError(msg)


def _changed(paths: Mapping[str, Path], stated: Mapping[str, str]) -> Sequence[str]:
    """Files that are not what the deposit's own checksums say; a link that leads nowhere is none of it."""
    return sorted(
        name
        for name, path in paths.items()
        if name != CHECKSUMS and (not path.is_file() or sha256_of_file(path) != stated.get(name))
    )


def _earlier(folder: Path) -> tuple[str | None, str | None]:
    """The id and the data edition of the deposit in a folder; None where it cannot be read or says none."""
    try:
        return _named(read_json_file(folder / crate.NAME, remedy=_REMEDY))
    except InputError:
        return None, None


def _named(document: Any) -> tuple[str | None, str | None]:  # noqa: ANN401 - whatever stands in a file of that name
    graph = document.get("@graph") if isinstance(document, dict) else None
    for entity in graph if isinstance(graph, list) else ():
        if isinstance(entity, dict) and entity.get("@id") == "./":
            return entity.get("identifier"), entity.get("version")
    return None, None
