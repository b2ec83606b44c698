"""Writing that never leaves half a file: one file at a time, or a set of them together."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import signal
import stat
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from atlas.errors import InputError, OutputError
from atlas.paths import reserved_part

_PREFIX, _SUFFIX = ".atlas-", ".part"
_TOKEN, _MARK = 12, 12
_STALE_S, _BLOCK = 600, 1 << 20
_PUBLIC, _PRIVATE = 0o666, 0o600


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


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write one file so that a reader sees the old content or the new, never a part; see ``write_files``."""
    write_files({path: data}, private=private)


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
        As ``write_files``.
    """
    changed = write_files({folder / name: data for name, data in files.items()})
    return [path.relative_to(folder).as_posix() for path in changed]


def write_files(files: Mapping[Path, bytes], *, gone: Iterable[Path] = (), private: bool = False) -> tuple[Path, ...]:
    """Write files in any folders, and remove those of ``gone`` that are there: all of it, or nothing.

    A new file can be read by those whom the umask lets; one that is replaced keeps its mode.

    Parameters
    ----------
    private
        Nobody but their owner can read the files, whatever was there before.

    Returns
    -------
    Paths whose content changed, in the order of their names.

    Raises
    ------
    OutputError
        Nothing could be staged (read-only folder, full disk), or a file could not be replaced; the previous files are
        as they were. Where even that is not so, the message says of each file what it is now.
    """
    staged: dict[Path, Path] = {}
    targets = dict(sorted(files.items()))
    exchange = _Exchange()
    try:
        _refuse_other_kinds(targets)
        for parent in {target.parent for target in targets}:
            _sweep(parent)
        for target, data in targets.items():
            if not _holds(target, data):
                staged[target] = _stage(target, data, private=private)
            elif private:
                target.chmod(_PRIVATE)
        changed = tuple(staged)
        exchange.run(staged, [path for path in gone if path not in targets])
    except OSError as error:
        folders = " and ".join(sorted({str(target.parent) for target in targets}))
        state = exchange.state() or f"the previous files in {folders} are unchanged"
        msg = (
            f"cannot write {_where(error, targets)}: {error.strerror}; {state}. "
            "Free some space, change the folder's permissions, or choose another folder"
        )
        raise OutputError(msg) from error
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return changed


def _where(error: OSError, targets: Mapping[Path, bytes]) -> Path:
    """What could not be written; of a file that is being made, its folder."""
    path = Path(os.fsdecode(error.filename2 or error.filename or next(iter(targets), "")))
    return path.parent if path.name.startswith(_PREFIX) else path


def staging_path(folder: Path, token: str = "") -> Path:
    """A name in a folder for what is being made, by which a later run knows it for one of the atlas' own."""
    token = token or secrets.token_hex(_TOKEN // 2)
    mark = sha256_hex(f"a file that atlas is writing {token}".encode())[:_MARK]
    return folder / f"{_PREFIX}{token}{mark}{_SUFFIX}"


@dataclass(slots=True)
class _Exchange:
    """Staged files that take their places; what was there is kept until all of them have.

    Attributes
    ----------
    kept
        For each place, where its previous content is meanwhile; nothing where there was none.
    done
        Places that have their new content.
    """

    kept: dict[Path, Path | None] = field(default_factory=dict)
    done: list[Path] = field(default_factory=list)

    def run(self, staged: Mapping[Path, Path], gone: Iterable[Path]) -> None:
        """Rename all and remove what is to go, or put everything back."""
        leaving = [path for path in gone if os.path.lexists(path)]
        with _uninterrupted():
            try:
                # one rename is whole by itself
                if len(staged) + len(leaving) > 1:
                    for target in (*staged, *leaving):
                        self.kept[target] = _kept(target)
                for target, temporary in staged.items():
                    temporary.replace(target)
                    self.done.append(target)
                for path in leaving:
                    path.unlink()
                    self.done.append(path)
            except BaseException:
                self._put_back()
                raise
            finally:
                self._forget()

    def state(self) -> str:
        """What is where, file by file, when not everything could be put back; nothing when it could."""
        if not self.done:
            return ""
        news = [
            f"{target} is new" + (f" (its previous content is in {self.kept[target]})" if self.kept[target] else "")
            for target in self.done
        ]
        rest = [f"{target} is as it was" for target in self.kept if target not in self.done]
        return f"not everything could be put back: {', '.join([*news, *rest])}"

    def _put_back(self) -> None:
        for target in reversed(self.done.copy()):
            with suppress(OSError):
                previous = self.kept[target]
                if previous is None:
                    target.unlink(missing_ok=True)
                else:
                    previous.replace(target)
                self.done.remove(target)

    def _forget(self) -> None:
        """Let the previous content go, but for that of places that could not be put back."""
        lost = bool(self.done) and len(self.done) < len(self.kept)
        for target, previous in self.kept.items():
            if previous is not None and not (lost and target in self.done):
                with suppress(OSError):
                    previous.unlink(missing_ok=True)


def _kept(target: Path) -> Path | None:
    """A second name of what is at a place, or a copy where the disk knows no second names."""
    if not os.path.lexists(target):
        return None
    name = staging_path(target.parent)
    if target.is_symlink():
        name.symlink_to(target.readlink())
        return name
    try:
        if sys.platform == "win32":
            # there, a second name is as old as the file, and another run would sweep it away
            shutil.copy(target, name)
        else:
            os.link(target, name)
    except OSError:
        shutil.copy2(target, name)
    return name


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and termination back while staged files are renamed, so that no set is half new."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []
    previous = {one: signal.signal(one, lambda got, _: pending.append(got)) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for got in pending[:1]:
        signal.raise_signal(got)


def _refuse_other_kinds(targets: Iterable[Path]) -> None:
    """Find out before anything is renamed that a folder stands where a file is to be, or that no file can."""
    for target in targets:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
        if part := reserved_part(target):
            raise OSError(errno.EINVAL, f"Windows keeps the name {part!r} for itself", str(target))


def staged_in(folder: Path) -> Iterator[Path]:
    """What runs are writing beside its place, or left when they were killed; a name of another program is none."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        if path == staging_path(folder, path.name.removeprefix(_PREFIX)[:_TOKEN]):
            yield path


def is_stale(path: Path) -> bool:
    """Whether nobody has written there for long; what is kept of an old file was given its second name just now."""
    return time.time() - max(path.lstat().st_mtime, path.lstat().st_ctime) > _STALE_S


def _sweep(folder: Path) -> None:
    """Remove what a killed run left behind; a staged file lives for seconds, so an old one is nobody's."""
    for leftover in staged_in(folder):
        with suppress(OSError):
            if stat.S_ISREG(leftover.lstat().st_mode) and is_stale(leftover):
                leftover.unlink()


def _holds(path: Path, data: bytes) -> bool:
    try:
        if path.stat().st_size != len(data):
            return False
        with path.open("rb") as stream:
            return all(stream.read(_BLOCK) == data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))
    except OSError:
        return False


def _stage(target: Path, data: bytes, *, private: bool) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = staging_path(target.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, _PRIVATE if private else _PUBLIC)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if not private and target.is_file() and not target.is_symlink():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary
