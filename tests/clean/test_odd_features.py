"""A few faulty features among many others are cleaned by themselves, and come out as in a file cleaned as a whole."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atlas.check.model import Findings
from atlas.check.rule_catalogue import RULES
from atlas.clean import ACTIONS, cleaner, feature_stream
from atlas.clean.command import clean_files
from atlas.clean.options import options
from atlas.errors import InputError
from atlas.geojson.streaming import Reader

INVALID = Path(__file__).parent.parent / "data" / "invalid"
REPAIRABLE = {rule for rule, action in ACTIONS.items() if action.usual}


def _texts(path: Path) -> list[str]:
    """The features of a file, as they stand in it."""
    return [one.text for one in Reader(io.BytesIO(path.read_bytes()), Findings(RULES)).items()]


FAULTY = {path.stem: texts for path in sorted(INVALID.iterdir()) if (texts := _texts(path))}


def _plain(count: int, *, areas: bool, digits: int) -> list[str]:
    """Points, or squares with a street between them; every third turns the wrong way, every fourth repeats itself."""
    made = []
    for n in range(count):
        x, y, side = -94 + n % 10 * 0.001 + 1.1e-9, 14 + n // 10 * 0.001 + 1.1e-9, 0.0005
        ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
        ring = [[round(lon, digits), round(lat, digits)] for lon, lat in (ring[::-1] if n % 3 == 0 else ring)]
        ring[2:2] = ring[2:3] if n % 4 == 0 else []
        shape: Any = {"type": "Polygon", "coordinates": [ring]}
        if not areas:
            shape = {"type": "Point", "coordinates": ring[0]}
        made.append(json.dumps({"type": "Feature", "id": f"p{n}", "properties": {"p": n}, "geometry": shape}))
    return made


def _written(path: Path, texts: list[str], *, sequence: bool = False) -> Path:
    lines = (",\n", "\n")[sequence].join(texts)
    text = f"{lines}\n" if sequence else f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8")
    return path


def _cleaned(path: Path, folder: Path, given: dict[str, Any]) -> object:
    folder.mkdir()
    try:
        made = clean_files([path], folder / "out.geojson", options(**given))
    except InputError as error:
        return str(error)
    return {one.name: one.read_bytes() for one in folder.iterdir()}, made.notes, made.rejected, made.total


class _Both:
    """Cleans a file as it is read, and as a whole; counts how often the first could be done."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch, self._real = folder, patch, feature_stream.cleaned_stream
        self.streamed = self._runs = 0
        patch.setattr(feature_stream, "_FEWEST", 0)

    def _stream(self, *arguments: Any) -> object:
        made = self._real(*arguments)
        self.streamed += made is not None
        return made

    def same(self, path: Path, **given: Any) -> object:
        """What comes of it, which is the same either way."""
        self._runs += 1
        self._patch.setattr(cleaner, "cleaned_stream", self._stream)
        quick = _cleaned(path, self._folder / f"quick{self._runs}", given)
        self._patch.setattr(cleaner, "cleaned_stream", lambda *_: None)
        assert quick == _cleaned(path, self._folder / f"whole{self._runs}", given), (path.read_text(), given)
        return quick


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Both:
    return _Both(tmp_path, monkeypatch)


@pytest.mark.parametrize("rule", sorted(FAULTY))
def test_every_rule_with_every_answer(tmp_path: Path, both: _Both, rule: str) -> None:
    """File, ledger, what is put aside, notes and questions."""
    ways = ["", "keep", "reject", *(["repair"] if rule in REPAIRABLE else [])]
    for areas, way in zip([True, False, True, False], ways, strict=False):
        texts = _plain(9, areas=areas, digits=9)
        texts[4:4] = FAULTY[rule]
        both.same(_written(tmp_path / f"{way}.geojson", texts), **({way: (rule,)} if way else {}))


# rules that are answered for single features, which then need not make the whole file be held
@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ("null-island", "reject"),
        ("null-island", "repair"),
        ("self-intersection", "repair"),
        ("self-intersection", "reject"),
        ("spike", "repair"),
        ("hole-outside", "repair"),
        ("overlap-parts", "reject"),
        ("polygon-invalid", "repair"),
        ("sliver", "reject"),
        ("text-lost", "reject"),
        ("personal-data", "keep"),
        ("position-mixed", "repair"),
        ("ring-open", "keep"),
        ("position-range", "reject"),
    ],
)
def test_what_is_answered_for_one_feature_is_cleaned_as_it_is_read(
    tmp_path: Path, both: _Both, rule: str, way: str
) -> None:
    texts = _plain(9, areas=False, digits=6)
    texts[4:4] = FAULTY[rule]
    assert isinstance(both.same(_written(tmp_path / "in.geojson", texts), **{way: (rule,)}), tuple)
    assert both.streamed == 1


@pytest.mark.parametrize("seed", range(30))
def test_random_faults_and_answers(tmp_path: Path, both: _Both, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Several at once, in collections and sequences; how many features are looked at together changes nothing."""
    dice = random.Random(seed)  # noqa: S311 - chosen anew each time, and the same
    monkeypatch.setattr("atlas.check.position_batch._LARGEST_ITEMS", dice.choice([3, 7, 2_500]))
    texts = _plain(dice.choice([9, 21]), areas=dice.random() < 0.6, digits=dice.choice([6, 7, 9]))
    chosen = dice.sample(sorted(FAULTY), dice.choice([1, 2, 3, 5]))
    for rule in chosen:
        at = dice.randrange(len(texts))
        texts[at:at] = FAULTY[rule]
    given: dict[str, Any] = {"keep": (), "reject": (), "repair": ()}
    for rule in chosen:
        way = dice.choice(["keep", "reject", "repair" if rule in REPAIRABLE else "reject"])
        given[way] = (*given[way], rule)
    given["precision"] = dice.choice([None, None, 5])
    both.same(_written(tmp_path / "in.geojson", texts, sequence=dice.random() < 0.2), **given)


def test_the_ledger_is_in_the_order_of_a_cleaning_as_a_whole(tmp_path: Path, both: _Both) -> None:
    """All is rounded first, then rings are mended in the order of the file, then what takes several rounds."""
    texts = _plain(9, areas=True, digits=9)
    texts[4:4] = FAULTY["self-intersection"] + FAULTY["null-island"]
    both.same(_written(tmp_path / "in.geojson", texts), reject=("null-island",), repair=("self-intersection",))
    assert both.streamed == 1
    rules = [one["rule"] for one in json.loads((tmp_path / "quick1" / "out.ledger.json").read_bytes())["changes"]]
    assert rules[0] == "precision-excessive"
    assert rules[-1] == "null-island"


def test_a_feature_a_line_is_cleaned_as_it_is_read(tmp_path: Path, both: _Both) -> None:
    texts = _plain(9, areas=False, digits=9)
    texts[4:4] = FAULTY["null-island"]
    path = _written(tmp_path / "in.geojsonl", texts, sequence=True)
    assert isinstance(both.same(path, reject=("null-island",)), tuple)
    assert both.streamed == 1


def test_many_odd_features_are_left_to_a_cleaning_as_a_whole(
    tmp_path: Path, both: _Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no more is held than there."""
    monkeypatch.setattr("atlas.clean.stream_look._HELD_BYTES", 100)
    texts = _plain(9, areas=False, digits=6)
    texts[1:1] = FAULTY["null-island"] * 3
    both.same(_written(tmp_path / "in.geojson", texts), reject=("null-island",))
    assert both.streamed == 0


_MEASURE = """
import re, sys
from pathlib import Path
from atlas.clean.command import clean_files
from atlas.clean.options import options
given = options(reject=("null-island",), repair=("self-intersection",))
clean_files([Path(sys.argv[1])], Path(sys.argv[2]), given)
print(int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(
    "areas", [pytest.param(False, id="points"), pytest.param(True, id="areas", marks=pytest.mark.long)]
)
def test_memory_grows_by_less_than_six_times_what_the_file_grows(tmp_path: Path, *, areas: bool) -> None:
    """By eighteen times it did."""
    sizes, peaks = [], []
    for count in (6_000, 30_000):
        texts = _plain(count, areas=areas, digits=6)
        for n in range(7, count, 2_000):
            fault = json.loads(FAULTY["null-island"][0])
            fault["id"], fault["properties"] = f"q{n}", {"q": n}
            texts[n:n] = [json.dumps(fault)]
        path = _written(tmp_path / f"{count}.geojson", texts)
        sizes.append(path.stat().st_size)
        command = [sys.executable, "-c", _MEASURE, str(path), str(tmp_path / "out.geojson")]
        peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] - peaks[0] < 6 * (sizes[1] - sizes[0])
