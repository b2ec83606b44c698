"""What a run shares is made once, by whoever asks first, and again where making it failed."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Once = Callable[[str, Callable[[Path], object]], Path]


def test_of_several_who_ask_at_a_time_one_fills_the_folder(once: Once) -> None:
    name, folders, filled = secrets.token_hex(8), [], []

    def fill(folder: Path) -> None:
        filled.append(folder)
        time.sleep(0.2)
        (folder / "made").write_text("whole", encoding="utf-8")

    def ask() -> None:
        folder = once(name, fill)
        folders.append((folder, (folder / "made").read_text(encoding="utf-8")))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(filled) == 1
    assert folders == [(filled[0], "whole")] * 4


def test_what_was_made_half_is_made_anew(once: Once) -> None:
    name = secrets.token_hex(8)

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        msg = "out of room"
        raise OSError(msg)

    with pytest.raises(OSError, match="out of room"):
        once(name, fail)
    assert list(once(name, lambda folder: (folder / "made").touch()).iterdir()) == [once(name, fail) / "made"]
