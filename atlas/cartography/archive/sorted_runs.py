"""Rows sorted by a key on disk, in runs that fit into memory, so that any span of keys is soon read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from atlas.cartography.archive.quadrants import Keys

_RUN_ROWS = 1_000_000


class SortedRuns:
    """Takes rows in any order, and gives those of a span of keys.

    Parameters
    ----------
    folder
        Where the runs are kept; whoever made it removes it.
    run_rows
        How many rows are sorted at once.
    """

    def __init__(self, folder: Path, *, run_rows: int = _RUN_ROWS) -> None:
        self._folder = folder
        self._run_rows = run_rows
        self._waiting: list[tuple[Keys, pa.Table]] = []
        self._runs: list[tuple[Keys, pa.Table]] = []
        self._rows = 0
        self.count = 0

    def add(self, keys: Keys, rows: pa.Table) -> None:
        """Take rows."""
        self._waiting.append((keys, rows))
        self._rows += len(keys)
        self.count += len(keys)
        if self._rows >= self._run_rows:
            self.flush()

    def flush(self) -> None:
        """Write what waits as a run, so that it can be read."""
        if not self._rows:
            return
        keys = np.concatenate([one for one, _ in self._waiting])
        table = pa.concat_tables([rows for _, rows in self._waiting]).combine_chunks()
        self._waiting, self._rows = [], 0
        order = np.argsort(keys, kind="stable")
        stem = self._folder / f"run-{len(self._runs):05d}"
        np.save(stem.with_suffix(".npy"), keys[order])
        with pa.OSFile(str(stem.with_suffix(".arrow")), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.take(pa.array(order)))
        # both stay on the disk, and only what is looked at is in memory
        mapped: Keys = np.load(stem.with_suffix(".npy"), mmap_mode="r")
        self._runs.append((mapped, pa.ipc.open_file(pa.memory_map(str(stem.with_suffix(".arrow")))).read_all()))

    def span(self, low: int, high: int) -> int:
        """How many rows have a key of at least ``low`` and below ``high``."""
        return sum(last - first for first, last in self._places(low, high))

    def keys(self, low: int, high: int) -> list[Keys]:
        """The keys of a span, of each run by itself."""
        places = self._places(low, high)
        return [np.asarray(run[first:last]) for (run, _), (first, last) in zip(self._runs, places, strict=True)]

    def pieces(self, low: int, high: int) -> list[tuple[Keys, pa.Table]]:
        """The rows of a span, of each run by itself, in the order of their keys."""
        places = self._places(low, high)
        return [
            (np.asarray(run[first:last]), rows.slice(first, last - first))
            for (run, rows), (first, last) in zip(self._runs, places, strict=True)
            if last > first
        ]

    def rows(self, low: int, high: int) -> tuple[Keys, pa.Table]:
        """The rows of a span in the order of their keys; the span must not be empty."""
        pieces = self.pieces(low, high)
        keys = np.concatenate([one for one, _ in pieces])
        table = pa.concat_tables([rows for _, rows in pieces]).combine_chunks()
        order = np.argsort(keys, kind="stable")
        return keys[order], table.take(pa.array(order))

    def _places(self, low: int, high: int) -> list[tuple[int, int]]:
        ends = np.array([low, high], np.uint64)
        return [tuple(np.searchsorted(run, ends).tolist()) for run, _ in self._runs]
