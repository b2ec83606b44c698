"""The page's scanner for members that stand twice gives the answers of Python's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from atlas.geojson.repeated import repeated_members

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "json" / "repeated.json").read_text(encoding="utf-8")
)


def _by_page(repo: Path, texts: list[str]) -> list[list[list[Any]]]:
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no node to run the page's script with")
    script = repo / "web" / "src" / "annotate" / "repeated.js"
    command = [program, str(Path(__file__).with_name("repeated.mjs")), str(script)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    results: list[list[list[Any]]] = json.loads(done.stdout)
    return results


def test_the_page_names_the_same_members(repo: Path) -> None:
    assert _by_page(repo, [one["text"] for one in VECTORS]) == [one["repeated"] for one in VECTORS]


def test_so_it_does_in_layers_deep_nests_and_broken_texts(repo: Path) -> None:
    layers = [path.read_text(encoding="utf-8") for path in sorted((repo / "tests" / "data" / "layers").glob("dup*"))]
    texts = [*layers, '{"a":' * 5000 + '{"b":1,"b":2}' + "}" * 5000, '{"a": 1, "a', '{"a\\x": 1, "a\\x": 2}', "]},:{"]
    assert _by_page(repo, texts) == [[list(one) for one in repeated_members(text)] for text in texts]
