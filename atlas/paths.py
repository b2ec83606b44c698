"""Paths compared as the disk compares them: by what they lead to, else by name, with case where the disk keeps it."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePath, PureWindowsPath
from urllib.parse import quote_from_bytes

Probe = Callable[[Path], bool]

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_LONG_UNC, _LONG = "\\\\?\\UNC\\", "\\\\?\\"
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*|:.*)?", re.IGNORECASE)
_FEW = 20


def is_within(path: Path, folder: Path, *, folds: Probe | None = None) -> bool:
    """Whether a path is a folder, or lies below it, on the disk as it is.

    What exists is compared by its inode: through links, other names of a mount, and other case where the disk does
    not tell it apart. What is still to be made is compared by name, as the disk below which it is to be made would.

    Parameters
    ----------
    folds
        Tells whether the disk of a folder that exists takes ``A`` and ``a`` for one name; asked of the disk if not
        given.
    """
    anchor, wanted = _anchored(_real(folder))
    real = _real(path)
    for above in (real, *real.parents):
        if _same(above, anchor):
            rest = real.parts[len(above.parts) :][: len(wanted)]
            fold = (folds or folds_case)(anchor) if wanted else False
            return [_name(part, fold=fold) for part in rest] == [_name(part, fold=fold) for part in wanted]
    return False


def folds_case(folder: Path) -> bool:
    """Whether the disk on which a folder lies takes ``A`` and ``a`` for one name; nothing is written to find out.

    A folder without any name to try is taken for what its system usually has.
    """
    with suppress(OSError):
        names = [entry.name for entry in islice(folder.iterdir(), _FEW)]
        if name := next((each for each in names if each.swapcase() != each), None):
            # a link or a second name of the same file is listed, another spelling of one name is not
            other = folder / name.swapcase()
            return other.name not in names and _same(folder / name, other)
    for above in (folder, *folder.parents):
        if (name := above.name.swapcase()) != above.name and above.parent.exists():
            return _same(above, above.with_name(name))
    return sys.platform in {"win32", "darwin"}


def other_names(path: Path) -> Iterator[Path]:
    """Further paths of the same place, as far as Linux says where disks are mounted: bind mounts show no link."""
    try:
        mounts = [_mount(line) for line in _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()]
    except (OSError, ValueError, IndexError):
        return
    inside = [mount for mount in mounts if path.is_relative_to(mount[2])]
    if not inside:
        return
    # of several at one place the last hides the others
    disk, root, point = max(reversed(inside), key=lambda mount: len(mount[2].parts))
    on_disk = root / path.relative_to(point)
    for other, other_root, other_point in mounts:
        if other == disk and on_disk.is_relative_to(other_root):
            yield other_point / on_disk.relative_to(other_root)


def sqlite_uri(path: PurePath, query: str = "") -> str:
    """An address by which SQLite opens a file, whatever signs are in its path, on drives and network shares too."""
    text = str(path)
    if isinstance(path, PureWindowsPath):
        if text.startswith(_LONG_UNC):
            text = f"\\\\{text.removeprefix(_LONG_UNC)}"
        text = text.removeprefix(_LONG).replace("\\", "/")
    quoted = quote_from_bytes(os.fsencode(text), safe="/:" if isinstance(path, PureWindowsPath) else "/")
    # a host in such an address is refused; a share has its name in the path
    start = "//" if quoted.startswith("/") else "///"
    return f"file:{start}{quoted}{'?' if query else ''}{query}"


def reserved_part(path: PurePath, *, windows: bool = sys.platform == "win32") -> str | None:
    """The part of a path that is no file on Windows: a device, a stream, or a name that Windows would change."""
    if not windows:
        return None
    parts = path.parts[1:] if path.anchor else path.parts
    wrong = (part for part in parts if part not in {".", ".."} and _is_reserved(part))
    return next(wrong, None)


def _is_reserved(part: str) -> bool:
    return bool(_DEVICES.fullmatch(part)) or part.endswith((" ", ".")) or any(mark in part for mark in '<>:"|?*')


def plain_name(name: str) -> str:
    """A name as the most forgiving disk takes it: without case, composed, without the dots and blanks at its end."""
    return _name(name, fold=True).rstrip(". ")


def _name(name: str, *, fold: bool) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()) if fold else name


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path.expanduser()))


def _anchored(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The nearest part of a path that is there, and the names below it that are not."""
    anchor = next((above for above in (path, *path.parents) if os.path.lexists(above)), Path(path.anchor))
    return anchor, path.parts[len(anchor.parts) :]


def _same(first: Path, second: Path) -> bool:
    if first == second:
        return True
    try:
        one, other = first.stat(), second.stat()
    except (OSError, ValueError):
        return False
    # a file system that numbers nothing says 0 for all
    return bool(one.st_ino) and os.path.samestat(one, other)


def _mount(line: str) -> tuple[str, Path, Path]:
    """The disk of a mount, the part of it that is shown, and where."""
    words = [_ESCAPED.sub(lambda sign: chr(int(sign[1], 8)), word) for word in line.split(" ")]
    return words[2], Path(words[3]), Path(words[4])
