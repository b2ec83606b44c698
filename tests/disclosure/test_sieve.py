"""What is searched with many others is found as what is searched alone, and by nothing more than that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.disclosure.scan import Scan
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.disclosure.sieve import BATCH
from atlas.project import Project
from tests.disclosure import plants
from tests.disclosure.conftest import LAT, LON, NOTE
from tests.rounds import first

Reported = set[tuple[str, str, str, str]]


def reported(scan: Scan) -> Reported:
    return {(one.rule, one.file, one.where, one.what) for one in scan.findings.all()}


def alone(limits: Limits, search: Search, files: Mapping[str, bytes]) -> Reported:
    run = Scan(limits, search)
    run.among = len(files)
    for name, data in files.items():
        run.data(name, data, judged=False)
    return reported(run)


def together(limits: Limits, search: Search, files: Mapping[str, bytes]) -> Reported:
    run = Scan(limits, search)
    run.among = len(files)
    with run.sifted():
        for name, data in files.items():
            run.data(name, data, judged=False)
    return reported(run)


def numbered(texts: Iterable[bytes]) -> dict[str, bytes]:
    return {str(number): text for number, text in enumerate(texts)}


def tile(lon: float, lat: float, zoom: int, right: int = 0, up: int = 0) -> bytes:
    count = 1 << zoom
    column = int((lon + 180) / 360 * count) + right
    row = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * count) + up
    return b"see %d/%d/%d for more" % (zoom, column, row)


PLAIN = b"%.6f,%.6f\n" % (LON, LAT)
TRAPS = {
    "tiles around it in other files": [tile(LON, LAT, 15, x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)],
    "the other order among many": [
        *(b"%.4f,%.4f %.4f,%.4f\n" % (LON - 0.1 - i / 99, LAT + 0.1, LON - 0.3, LAT - i / 99) for i in range(20)),
        b"%.4f,%.4f,%.4f,%.4f\n" % (LAT + 0.0002, LON + 0.0003, LAT - 0.0002, LON - 0.0003),
    ],
    "the same number more finely before": [b"%.7f %.7f" % (LON + 3e-6, LAT), b"%.5f %.5f" % (LON, LAT)],
    "the same bytes twice": [PLAIN, b"nothing\n", PLAIN],
    "a half in each of two files": [b"%.6f," % LON, b"%.6f\n" % LAT],
    "words of a note in two files": [NOTE[:20].encode(), NOTE[20:].encode(), NOTE.encode()],
    "much before": [b"a row of words without a number\n" * (BATCH // 40), PLAIN],
    "bytes out of step": [b"\1\2\3" + np.array([LON, LAT]).tobytes() + bytes(5), bytes(range(1, 12)) * 9],
    "a number and its neighbour": [b"%.6f\n" % LON, b"14.9\n" * 40, b"%.2f %.2f\n" % (LON, LAT)],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAPS)
def test_files_do_not_hide_each_other(limits: Limits, search: Search, name: str) -> None:
    files = numbered(TRAPS[name])
    assert together(limits, search, files) == alone(limits, search, files)


def test_the_traps_hold_secrets(limits: Limits, search: Search) -> None:
    holding = [name for name, texts in TRAPS.items() if alone(limits, search, numbered(texts))]
    assert set(TRAPS) - set(holding) <= {"a half in each of two files"}


@pytest.mark.slow
def test_one_secret_among_many_files_is_found_at_its_byte(limits: Limits, search: Search) -> None:
    files = numbered(b"line %d of a file that says nothing\n" % number * 40 for number in range(300))
    files["123"] += PLAIN
    assert together(limits, search, files) == alone(limits, search, files) != set()


class Breaking(Search):
    """A search that a hostile file stops."""

    def strings(self, view):  # noqa: ANN001, ANN201 - as above
        if b"hostile" in view.data:
            raise RecursionError
        return super().strings(view)


@pytest.mark.slow
def test_a_file_that_stops_the_search_hides_no_other(limits: Limits, search: Search) -> None:
    breaking = Breaking(search.secrets, search.limits, search.public)
    findings = together(limits, breaking, numbered([b"nothing", b"hostile", PLAIN, b"nothing more"]))
    assert {(rule, file) for rule, file, _, _ in findings} == {("unread", "1"), ("secret-position", "2")}


@pytest.mark.slow
@pytest.mark.parametrize("each", first([3], [1]))
def test_plants_are_found_together_as_alone(project: Project, limits: Limits, each: int) -> None:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES)]
    search = Search(secrets_of(records, limits, public_words(project)), limits, public_pairs(project))
    some = list(plants.plants(plants.PLACES, every=False))[::each]
    files = {str(number): one.data for number, one in enumerate(some)}
    dice = np.random.default_rng(14)
    for number in range(60):
        rows = np.column_stack([dice.uniform(-92.6, -88, 30), dice.uniform(14.4, 18, 30)])
        files[f"noise {number}"] = "\n".join(f"{x:.4f},{y:.4f}" for x, y in rows).encode()
    assert together(limits, search, files) == alone(limits, search, files)
    assert len(files) > 60 + 140 / each


@pytest.mark.slow
def test_smaller_parts_of_the_chance_are_searched_once(limits: Limits, search: Search) -> None:
    asked: list[bytes] = []

    class Counting(Search):
        def findings(self, view, portion=1.0):  # noqa: ANN001, ANN202 - as above
            asked.append(view.data)
            return super().findings(view, portion)

    # near a secret at two decimals, which chance explains among so many
    dice = np.random.default_rng(3)
    rows = "\n".join(f"{x:.2f},{y:.2f}" for x, y in dice.uniform((-92.6, 14.5), (-91.8, 15.4), (400, 2)))
    counting = Counting(search.secrets, search.limits, search.public)
    run = Scan(limits, counting)
    with run.sifted():
        for number in range(5):
            run.data(str(number), rows.encode(), judged=False)
            assert run._sieve is not None
            run._sieve.flush()
    assert len(asked) == 1
    assert reported(run) == set()
