"""What was read from files once a process, as long as these stay as they are: packages hold hundreds of megabytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def kept_while_unchanged(most: int) -> Callable[[Callable[_Given, _Made]], Callable[_Given, _Made]]:
    """Keep what a function makes of files by its arguments and by place, size and time of the files among these.

    Whoever gets it must not change it. Of what was made, the last ``most`` are kept.
    """

    def keeping(function: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
        kept: OrderedDict[object, _Made] = OrderedDict()

        @wraps(function)
        def made(*given: _Given.args, **named: _Given.kwargs) -> _Made:
            stamps = [_stamp(one) for one in given if isinstance(one, Path)]
            key = given, tuple(sorted(named.items())), tuple(stamps)
            if None in stamps or key not in kept:
                value = function(*given, **named)
                # a file that changed meanwhile is read anew the next time
                if None not in stamps and stamps == [_stamp(one) for one in given if isinstance(one, Path)]:
                    kept[key] = value
                while len(kept) > most:
                    kept.popitem(last=False)
                return value
            kept.move_to_end(key)
            return kept[key]

        return made

    return keeping


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
