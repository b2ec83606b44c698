"""Which tests a run leaves out, and in which order it takes the files: by how long each test takes, as measured.

``weights.json`` has the seconds of a core that a test takes, the mean of its parameters, for those that count;
`tests.weighing` writes it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

WEIGHTS = Path(__file__).with_name("weights.json")
# what one test may take of a core every day, with all its parameters
DAILY_S = 0.2
# a test of which nothing is known
USUAL_S, SLOW_S = 0.03, 0.3
# a browser is waited for, which is no work and holds a worker up all the same
BROWSER_S = 2.0
# what takes seconds to make, whichever test asks for it first
SHARED = frozenset({"built", "exports", "made", "pages", "sources", "towns"})
_OF_ALL_IN_A_FILE = re.compile(r"(?m)^pytestmark = (.*)")
_MARK = re.compile(r"\bmark\.(\w+)")
_UNWANTED = re.compile(r"not (?:(\w+)|\((\w+(?: or \w+)*)\))")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--unweighed", action="store_true", help="take no test for slow because it was measured to be")


# ── what is left out ────────────────────────────────────────────────────────────────────────────────────────────────
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file of which every test is left out: its imports take longer than many a test."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return None
    unwanted = marks_left_out(str(config.getoption("markexpr")))
    if collection_path.name == "interop":
        return True if unwanted >= {"interop", "long"} else None
    return True if unwanted and collection_path.suffix == ".py" and unwanted & marks_of_file(collection_path) else None


def marks_left_out(expression: str) -> frozenset[str]:
    """The marks that a marker expression refuses by themselves, where it says nothing else."""
    parts = [_UNWANTED.fullmatch(part) for part in expression.split(" and ")]
    names = [name for part in parts if part for name in (part[1] or part[2]).split(" or ")]
    return frozenset(names if all(parts) else ())


def marks_of_file(path: Path) -> frozenset[str]:
    """The marks that all tests of a file have, as they are written in it."""
    line = _OF_ALL_IN_A_FILE.search(path.read_text(encoding="utf-8"))
    return frozenset(_MARK.findall(line[1])) if line else frozenset()


def mark_slow(items: Sequence[pytest.Item], weights: Mapping[str, float]) -> None:
    """Mark as slow what was measured to be and is not marked `daily`, and what asks for what takes seconds to make.

    Of a test with parameters as many stay for every day as fit into `DAILY_S`, spread over all of them. By measure
    alone no file loses all of its tests: one of its lightest stays.
    """
    unmarked: dict[Path, dict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.get_closest_marker("slow") or item.get_closest_marker("daily"):
            continue
        if SHARED & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
        else:
            unmarked[item.path][function_of(item.nodeid)].append(item)
    for functions in unmarked.values():
        lightest = min(functions, key=lambda function: weights.get(function, 0.0))
        for function, those in functions.items():
            fitting = _fitting(those, weights.get(function, 0.0), least=int(function == lightest))
            for item in those:
                if item not in fitting:
                    item.add_marker(pytest.mark.slow)


def _fitting(those: Sequence[pytest.Item], each_s: float, *, least: int) -> Sequence[pytest.Item]:
    """Tests of one function that take no more than it has for every day."""
    count = len(those) if each_s * len(those) <= DAILY_S else max(least, int(DAILY_S / each_s))
    return those[:: -(-len(those) // count)] if count else ()


# ── in which order ──────────────────────────────────────────────────────────────────────────────────────────────────
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take long go first: where files run side by side, no core is left alone with one at the end."""
    if unlike := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        # workers that collect different tests run none
        msg = f"an address in memory is another one in each process; give ids to the parameters of {', '.join(unlike)}"
        raise pytest.UsageError(msg)
    weights = weights_by_function()
    mark_slow(items, {} if config.getoption("unweighed") else weights)
    long: dict[Path, float] = defaultdict(float)
    for item in items:
        long[item.path] += seconds_of(item, weights)
    items.sort(key=lambda item: -long[item.path])


def seconds_of(item: pytest.Item, weights: Mapping[str, float]) -> float:
    """How long a test holds a worker up, as far as is known; a mark with seconds goes before what was measured."""
    slow = item.get_closest_marker("slow")
    if slow and slow.args:
        return float(slow.args[0])
    weight = weights.get(function_of(item.nodeid), SLOW_S if slow else USUAL_S)
    return max(weight, BROWSER_S) if item.get_closest_marker("browser") else weight


def weights_by_function() -> dict[str, float]:
    """Seconds of a core that tests take."""
    weights: dict[str, float] = json.loads(WEIGHTS.read_bytes())
    return weights


def function_of(nodeid: str) -> str:
    """A test without its parameters."""
    return nodeid.split("[", maxsplit=1)[0]
