"""An import of a large file that was cut off goes on where it was: nothing twice, nothing lost."""

from __future__ import annotations

import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field import batch, batch_pickle, import_stage
from atlas.field.import_stage import Resumption
from atlas.field.importing import Imported, import_files
from atlas.field.readers import ReadOptions, read_file
from atlas.field.row import FieldRow, Rejected
from atlas.field.store import Store

ROWS = 600


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_stage, "_LARGE_BYTES", 1)
    monkeypatch.setattr(batch, "_ROWS", 50)


def _table(folder: Path, *, ids: bool = True, rows: int = ROWS) -> Path:
    """A table with rows that repeat others, also without ids, and some that cannot come in."""
    path = folder / "rows.csv"
    lines = ["id,category,note,observed_at,sensitivity,lon,lat,odd column"]
    for n in range(rows):
        at = f"{-92 + n % 40 * 0.03:.5f},{15 + n // 40 * 0.02:.5f}"
        name = f"00000000-0000-4000-8000-{n:012d}" if ids else ""
        text = "alike" if n % 31 == 0 else f"synthetic {n}"
        at = "-92.0,15.0" if n % 31 == 0 else "200,99" if n % 50 == 3 else at
        lines.append(f"{name},observation,{text},2026-05-04,restricted,{at},x")
        if n % 90 == 0:
            lines.append(lines[-1])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _import(store: Store, path: Path, **options: Any) -> tuple[Imported, list[str]]:
    notes: list[str] = []
    settings = ReadOptions(notify=notes.append)
    options = {"resumption": Resumption("", notes), **options}
    (done,), _ = import_files(store, [path], lambda file: read_file(file, options=settings), **options)
    return done, sorted(notes)


def _content(store: Store) -> list[Any]:
    """All that a store says but when it came in."""
    with store.reading() as view:
        queries = (
            "SELECT id, note, status, chainage_km, municipality_cvegeo FROM annotations ORDER BY id",
            "SELECT place, reason, raw FROM quarantine ORDER BY place, reason",
            "SELECT proposal_id, why FROM proposals ORDER BY proposal_id",
            "SELECT file, sha256, row_count, quarantined, new_changes FROM imports",
        )
        return [view.digest(), *(list(view.session.rows(sql)) for sql in queries)]


def _stages(folder: Path) -> list[Path]:
    return sorted(folder.glob(f".*{import_stage.SUFFIX}"))


def _killed_at(step: int, store: Store, path: Path) -> bool:
    """Import in a process that is killed at a step; false where it was done before."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            _import(store, path, on_step=lambda _step: os.write(write_end, b"."))
            os.write(write_end, b"!")
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb", buffering=0) as stream:
        for _ in range(step):
            if stream.read(1) in {b"!", b""}:
                break
        else:
            os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "without ids"])
def test_an_import_that_is_killed_again_and_again_brings_what_one_run_brings(notes: Any, *, ids: bool) -> None:
    path = _table(notes.folder, ids=ids)
    whole, cut = notes.store(), notes.store()
    _, heard = _import(whole, path)
    expected = _content(whole)
    assert expected[2]
    chance = random.Random(19)  # noqa: S311 - not for secrets
    kills = 0
    for _ in range(8):
        # further at each time, now and then less far, so that reading and storing are both met
        kills += _killed_at(chance.randint(1, 34), cut, path)
        state = _content(cut)
        assert state == expected or not state[1], "a part of a file is in the store"
    assert kills > 2
    done, again = _import(cut, path)
    assert _content(cut) == expected
    assert again == heard
    assert done.rows == expected[4][0][2]
    assert _stages(notes.folder) == []


def _stopped_after(count: int) -> Callable[[Path], Iterator[FieldRow | Rejected]]:
    def read(path: Path) -> Iterator[FieldRow | Rejected]:
        for number, row in enumerate(read_file(path)):
            if number == count:
                raise KeyboardInterrupt
            yield row

    return read


def _stop(store: Store, path: Path, count: int = 330, settings: str = "") -> None:
    with pytest.raises(KeyboardInterrupt):
        import_files(store, [path], _stopped_after(count), resumption=Resumption(settings))


def test_what_was_ready_is_neither_checked_nor_placed_again(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path, store = _table(files.folder), files.store()
    _stop(store, path)
    placed = 0
    portion = batch._portion

    def counted(prepared: Any, *others: Any) -> Any:
        nonlocal placed
        placed += len(prepared)
        return portion(prepared, *others)

    monkeypatch.setattr(batch, "_portion", counted)
    done, _ = _import(store, path)
    assert (done.resumed, done.rows) == (300, ROWS)
    assert 0 < placed <= ROWS - 300
    assert _stages(files.folder) == []


def test_a_file_that_was_read_wholly_is_not_read_again(files: Any) -> None:
    path, store = _table(files.folder), files.store()
    expected = files.store()
    _, heard = _import(expected, path)

    def stop(step: str) -> None:
        if "stored" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(store, path, on_step=stop)
    assert list(files.records(store)) == []

    def unread(_path: Path) -> Iterator[FieldRow]:
        pytest.fail("it was read")

    again: list[str] = []
    (done,), _ = import_files(store, [path], unread, resumption=Resumption("", again))
    assert done.resumed == ROWS
    assert sorted(again) == heard
    assert _content(store) == _content(expected)


def test_what_waits_cannot_be_read_without_the_file(files: Any) -> None:
    path, store = _table(files.folder), files.store()
    _stop(store, path)
    (stage,) = _stages(files.folder)
    assert stage.stat().st_mode & 0o077 == 0
    content = stage.read_bytes()
    assert len(content) > 10_000
    assert b"synthetic" not in content
    assert b"00000000-0000" not in content


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _longer(data: bytes) -> bytes:
    return data + b"\0" * 40


def _nothing(_data: bytes) -> bytes:
    return b""


def _foreign(_data: bytes) -> bytes:
    return b"something else" * 1000


def _turned(data: bytes) -> bytes:
    return data[:2000] + bytes([data[2000] ^ 1]) + data[2001:]


def _in_another_order(data: bytes) -> bytes:
    sizes = import_stage._SIZES
    start = len(import_stage._MAGIC) + import_stage._SALT_BYTES
    first = start + sizes.size + sum(sizes.unpack_from(data, start))
    second = first + sizes.size + sum(sizes.unpack_from(data, first))
    return data[:start] + data[first:second] + data[start:first] + data[second:]


@pytest.mark.parametrize("change", [_cut, _longer, _nothing, _foreign, _in_another_order])
def test_what_is_damaged_is_read_again(files: Any, change: Callable[[bytes], bytes]) -> None:
    path, store, expected = _table(files.folder), files.store(), files.store()
    _import(expected, path)
    _stop(store, path)
    (stage,) = _stages(files.folder)
    stage.write_bytes(change(stage.read_bytes()))
    _import(store, path)
    assert _content(store) == _content(expected)
    assert _stages(files.folder) == []


def test_what_was_altered_brings_nothing_and_is_removed(files: Any) -> None:
    path, store = _table(files.folder), files.store()
    _stop(store, path)
    (stage,) = _stages(files.folder)
    stage.write_bytes(_turned(stage.read_bytes()))
    with pytest.raises(InputError, match="was damaged; run the command again"):
        _import(store, path)
    assert list(files.records(store)) == []
    done, _ = _import(store, path)
    assert (done.resumed, done.new + done.quarantined) == (0, ROWS)
    assert _stages(files.folder) == []


class _Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("trap",)


@pytest.mark.parametrize(
    "thing", [_Trap(), [_Trap()], Path("x"), 5, os.system], ids=["trap", "list", "path", "number", "function"]
)
def test_only_portions_are_made_of_what_waits(thing: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert batch_pickle.unpacked(pickle.dumps(thing)) is None
    assert list(tmp_path.iterdir()) == []


def test_another_file_of_that_name_or_other_words_begin_anew(files: Any) -> None:
    path, store = _table(files.folder), files.store()
    _stop(store, path)
    first = _stages(files.folder)
    _stop(store, path, settings="dates: dmy")
    second = _stages(files.folder)
    assert len(second) == 1
    assert first != second
    _table(files.folder, rows=ROWS + 1)
    assert _import(store, path, author="Ana")[0].resumed == 0
    assert _stages(files.folder) == []


def test_a_file_that_is_cut_off_leaves_nothing_to_go_on_from(files: Any) -> None:
    store, path = files.store(), files.write("a.geojson", *(files.feature(n) for n in range(300)))
    path.write_text(path.read_text(encoding="utf-8")[:-900], encoding="utf-8")
    with pytest.raises(InputError):
        _import(store, path)
    assert list(files.records(store)) == []
    assert _stages(files.folder) == []


def test_two_imports_of_one_file_do_not_share_what_waits(files: Any) -> None:
    path, store = _table(files.folder), files.store()
    inner: list[Imported] = []

    def at_step(step: str) -> None:
        if not inner and "read" in step:
            inner.append(Imported("rows.csv"))
            inner[0] = _import(store, path)[0]

    outer, _ = _import(store, path, on_step=at_step)
    assert (inner[0].new, outer.new) == (ROWS - inner[0].quarantined, 0)
    assert outer.known == inner[0].new
    assert _stages(files.folder) == []


@pytest.mark.slow(10)
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_same_command_goes_on(number: signal.Signals, repo: Path, tmp_path: Path) -> None:
    path, store = _table(tmp_path, rows=11_000), tmp_path / "s.gpkg"
    # above the size from which a file is large
    path.write_text(path.read_text(encoding="utf-8").replace(",x\n", "," + "x" * 200 + "\n"), encoding="utf-8")
    atlas = [sys.executable, "-m", "atlas", "--project", str(repo), "field"]
    subprocess.run([*atlas, "new", str(store)], check=True, capture_output=True)
    command = [*atlas, "import", str(path), "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        while first.poll() is None and not any(stage.stat().st_size > 500_000 for stage in _stages(tmp_path)):
            time.sleep(0.01)
        # the portion is written by now
        time.sleep(0.3)
        first.send_signal(number)
        heard = first.communicate()[1]
    assert first.returncode != 0
    if number != signal.SIGKILL:
        assert "rows wait in" in heard
        assert "the same command goes on there" in heard
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "rows were ready from an import that was cut off" in done.stdout
    with closing(sqlite3.connect(store)) as connection:
        (records,) = connection.execute("SELECT count(*) FROM annotations").fetchone()
        (aside,) = connection.execute("SELECT count(*) FROM quarantine").fetchone()
    assert records + aside == 11_000
    assert f"11,000 rows, {records:,} new records, 0 known" in done.stdout, done.stdout + done.stderr
    assert _stages(tmp_path) == []
