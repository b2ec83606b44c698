"""Writes to stores until it is killed, again and again; run by test_crashes.py, prints one line of JSON.

A child is forked for each round, imports, reviews and merges, and says on a pipe what was committed. It is killed with
SIGKILL at a random moment. Then the store must open, hold all that was said, and hold nothing by halves.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from atlas.field.importing import import_files
from atlas.field.merge import merge
from atlas.field.review import Review, review
from atlas.field.row import FieldRow
from atlas.field.store import Store, open_store

FIELDS = {"category": "observation", "note": "synthetic", "observed_at": "2026-05-04", "sensitivity": "restricted"}
ROWS = 6
# of a file: its fields, its position, and nothing less
WHOLE = len(FIELDS) + 1


def main(folder: Path, rounds: int, seed: int, *addresses: str) -> None:
    """Run the rounds and print what came of them."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    store, other = (open_store(at) for at in addresses or (folder / "store.gpkg", folder / "other.gpkg"))
    store.create()
    other.create()
    _import(other, folder, "other-0-0", 0)
    store.placer, other.placer  # noqa: B018 - read once, before the forks
    reported: set[str] = set()
    for number in range(1, rounds + 1):
        reported |= _round(store, other, folder, number, chance)
        _check(store, reported, number)
    with store.reading() as view:
        print(json.dumps({"rounds": rounds, "said": len(reported), "changes": view.change_count()}))  # noqa: T201


def _round(store: Store, other: Store, folder: Path, number: int, chance: random.Random) -> set[str]:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            _work(store, other, folder, number, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    # what the child is doing when it is killed differs from round to round, however slow the machine is
    output = b""
    for _ in range(chance.randint(1, 4)):
        select.select([read_end], [], [], 30)
        output += os.read(read_end, 10_000)
    time.sleep(chance.uniform(0.0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(read_end, "rb") as stream:
        lines = (output + stream.read()).decode().splitlines(keepends=True)
    return {line.strip() for line in lines if line.endswith("\n")} - {"started"}


def _work(store: Store, other: Store, folder: Path, number: int, pipe: int) -> None:
    def say(word: str) -> None:
        os.write(pipe, f"{word}\n".encode())

    say("started")
    for step in range(200):
        name = f"{number}-{step}"
        _import(store, folder, name, step)
        say(f"import {name}")
        review(store, [_id(name, 0)], Review(by="synthetic", status="accepted"))
        say(f"review {name}")
        _import(other, folder, f"other-{name}", step)
        merge(store, [other])
        say(f"import other-{name}")


def _import(store: Store, folder: Path, name: str, step: int) -> None:
    path = folder / "rows.txt"
    path.write_text(name, encoding="utf-8")
    place = {"type": "Point", "coordinates": [-92.0 + step / 1000, 15.0]}
    rows = [FieldRow(f"row {i}", _id(name, i), FIELDS, place) for i in range(ROWS)]
    import_files(store, [path], lambda _path: iter(rows))


def _id(name: str, row: int) -> str:
    """A UUID that tells the file and the row."""
    *other, number, step = name.split("-")
    return f"{len(other)}{int(number):07d}-{int(step):04d}-4000-8000-{row:012d}"


def _name(record_id: str) -> str:
    return f"{'other-' if record_id[0] == '1' else ''}{int(record_id[1:8])}-{int(record_id[9:13])}"


def _check(store: Store, reported: set[str], number: int) -> None:
    with store.reading() as view:
        rows = dict(view.session.rows("SELECT id, status FROM annotations"))
        sql = "SELECT record_id, count(*) FROM changes WHERE field NOT IN ('status', 'decision') GROUP BY record_id"
        whole = dict(view.session.rows(sql))
        latest = list(view.states(record_id for record_id in rows if int(record_id[1:8]) == number))
    assert set(rows) == set(whole)
    assert set(whole.values()) <= {WHOLE}, whole
    files = Counter(map(_name, rows))
    assert set(files.values()) <= {ROWS}, files
    assert all(rows[state.record_id] == state.status for state in latest)
    for word in reported:
        kind, _, name = word.partition(" ")
        assert name in files if kind == "import" else rows[_id(name, 0)] == "accepted", word


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
