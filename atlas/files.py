"""Writing that never leaves half a file: one file at a time, or a set of them together."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from atlas.errors import InputError, OutputError

_SUFFIX = ".part"
_STALE_S = 600


def sha256_hex(data: bytes) -> str:
    """Hex digest of bytes."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hex digest of a file's content, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_text(path: Path, *, remedy: str) -> str:
    """A UTF-8 file as text; any failure is an ``InputError`` that names the file and the remedy."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        msg = f"{path} does not exist; {remedy}"
    except UnicodeDecodeError as error:
        msg = f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8, or {remedy}"
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); {remedy}"
    raise InputError(msg)


def write_atomically(path: Path, data: bytes) -> None:
    """Write one file so that a reader sees the old content or the new, never a part."""
    write_set(path.parent, {path.name: data})


def write_set(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write several files below ``folder``: all are staged on the same disk, then renamed into place.

    Parameters
    ----------
    folder
        Where the files go; created when it does not exist.
    files
        Content by path relative to ``folder``.

    Returns
    -------
    Relative paths whose content changed, sorted.

    Raises
    ------
    OutputError
        Nothing could be staged (read-only folder, full disk); the previous files are as they were.
    """
    changed = write_files({folder / name: data for name, data in files.items()})
    return [path.relative_to(folder).as_posix() for path in changed]


def write_files(files: Mapping[Path, bytes], *, gone: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Write files in any folders, and remove those of ``gone`` that are there: all of it, or nothing.

    Returns
    -------
    Paths whose content changed, in the order of their names.

    Raises
    ------
    OutputError
        Nothing could be staged (read-only folder, full disk); the previous files are as they were.
    """
    staged: dict[Path, Path] = {}
    changed: list[Path] = []
    targets = dict(sorted(files.items()))
    try:
        _refuse_folders(targets)
        for parent in {target.parent for target in targets}:
            _sweep(parent)
        for target, data in targets.items():
            if not _holds(target, data):
                changed.append(target)
                staged[target] = _stage(target, data)
        with _uninterrupted():
            for target, temporary in staged.items():
                temporary.replace(target)
            for path in gone:
                path.unlink(missing_ok=True)
    except OSError as error:
        where = error.filename or next(iter(targets), Path())
        folders = " and ".join(sorted({str(target.parent) for target in targets}))
        msg = (
            f"cannot write {where}: {error.strerror}; the previous files in {folders} are unchanged. "
            "Free some space, change the folder's permissions, or choose another folder"
        )
        raise OutputError(msg) from error
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return tuple(changed)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and termination back while staged files are renamed, so that no set is half new."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []
    held = (signal.SIGINT, signal.SIGTERM)
    previous = {number: signal.signal(number, lambda got, _frame: pending.append(got)) for number in held}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for got in pending[:1]:
        signal.raise_signal(got)


def _refuse_folders(targets: Iterable[Path]) -> None:
    """Find out before anything is renamed that a folder stands where a file is to be."""
    for target in targets:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))


def _sweep(folder: Path) -> None:
    """Remove what a killed run left behind; a staged file lives for seconds, so an old one is nobody's."""
    for leftover in folder.glob(f".*{_SUFFIX}"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_S:
                leftover.unlink()


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _stage(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=_SUFFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary
