"""The store and the page fold the same changes to the same record, in whatever order they come: one truth in both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest

from atlas.field.change import Change, canonical
from atlas.field.state import record_state
from atlas.field.version import Version
from tools import node

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "fold.json").read_text(encoding="utf-8")
)["cases"]
HISTORIES, ORDERS = 400, 3
POINT, OTHER = ({"type": "Point", "coordinates": [longitude, 15]} for longitude in (-92, -91.5))
VALUES: dict[str, tuple[Any, ...]] = {
    "note": ("a", "b", "", None),
    "sensitivity": ("open", "restricted", "withheld", "nonsense"),
    "deleted": (True, True, False),
    "geometry": (POINT, OTHER, None),
    "status": ("accepted", "rejected"),
    "same_as": ("r2", None),
    "different_from:r3": (True, False),
    "submission:odd": ("no version", {"names": ["n1"]}),
}
NOBODYS = "0" * 64

Folded = Mapping[str, Mapping[str, Any]]


def _history(random: Random) -> list[Change]:
    """Changes of one record by people who know some of the others', all, or none; and versions of a submission."""
    made: list[Change] = []
    versions = [Version((f"v{number}",), tuple(f"v{n}" for n in range(1, number))[-1:]) for number in range(1, 4)]
    versions += [Version((f"o{n}",), order=(kind, str(n))) for kind in ("number", "updated") for n in range(1, 4)]
    for _ in range(random.randint(1, 9)):
        name = random.choice(list(VALUES))
        same = [change.change_id for change in made if change.field == name]
        every = [change.change_id for change in made] + [NOBODYS]
        known = random.choice([[], same, same[-1:], every, random.sample(every, random.randint(1, len(every)))])
        parents, version = known, None
        if random.random() < 0.2:
            version = random.choice(versions)
            parents = version.parents
        change = Change.of("r1", name, random.choice(VALUES[name]), parents=parents, author=random.choice("uvw"))
        made += [change, *([version.brought("r1", [change])] if version else [])]
    return list({change.change_id: change for change in made}.values())


def _by_page(repo: Path, histories: Iterable[Iterable[Mapping[str, Any]]]) -> list[Folded]:
    script = repo / "tests" / "field" / "data" / "fold.mjs"
    command = [str(node.node()), str(script), str(repo / "web" / "src" / "annotate")]
    given = json.dumps([list(history) for history in histories])
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folded: list[Folded] = json.loads(done.stdout)
    return folded


def _by_store(changes: Iterable[Change]) -> Folded:
    ordered = sorted(changes, key=lambda change: change.record_id)
    return {record: _state(record, list(part)) for record, part in groupby(ordered, key=lambda one: one.record_id)}


def _state(record_id: str, changes: list[Change]) -> dict[str, Any]:
    fields = record_state(record_id, changes).fields
    # what a deletion did not know of is not a value of the field
    sides = {
        name: None if name == "deleted" else sorted(canonical(side.value) for side in field.sides)
        for name, field in fields.items()
        if field.sides
    }
    return {"values": {name: field.value for name, field in fields.items()}, "conflicts": sides}


@pytest.mark.parametrize("case", VECTORS, ids=[case["about"] for case in VECTORS])
def test_the_store_folds_the_vectors(case: dict[str, Any]) -> None:
    assert _by_store(map(Change.from_json, case["changes"])) == case["records"]


def test_the_page_folds_the_vectors(repo: Path) -> None:
    folded = _by_page(repo, [case["changes"] for case in VECTORS])
    assert dict(zip([case["about"] for case in VECTORS], folded, strict=True)) == {
        case["about"]: case["records"] for case in VECTORS
    }


@pytest.mark.slow
def test_both_fold_any_history_to_the_same_in_any_order(repo: Path) -> None:
    random = Random(13)  # noqa: S311 - the same histories each time
    histories = [_history(random) for _ in range(HISTORIES)]
    orders = [[random.sample(history, len(history)) for _ in range(ORDERS)] for history in histories]
    # a merge brings what is there already once more
    given = [[change.as_json() for change in (*order, *order[:2])] for each in orders for order in each]
    folded = iter(_by_page(repo, given))
    for history, each in zip(histories, orders, strict=True):
        wanted = _by_store(history)
        for order in each:
            assert _by_store(order) == wanted
            assert next(folded) == wanted, json.dumps([change.as_json() for change in history], indent=1)
