"""The command reference is what the commands print; what a message leaves out of a list can be seen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from atlas.cli import app
from atlas.errors import InputError, listed, message_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reference(repo: Path) -> str:
    # another typer lays the help out in another way; which one the reference is made with stands in the constraints
    pinned = re.search(r"(?m)^typer==(\S+)", (repo / "constraints.txt").read_text("utf-8"))
    if pinned is None or pinned[1] != version("typer"):
        pytest.skip("another version of typer than the reference is made with")
    code = "from tools.commands import page_text; print(page_text(), end='')"
    made = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True)
    return made.stdout


def test_the_reference_is_what_the_commands_print(repo: Path, reference: str) -> None:
    assert (repo / "docs" / "commands.md").read_text("utf-8") == reference, "make it again: python -m tools.commands"


def test_no_help_shows_the_name_of_a_type(reference: str) -> None:
    assert not re.findall(r"(?m)^.*<\w[^>]*>.*$", reference)


def _parameters(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield from ((f"{name}: {one.name}", one) for one in command.params)
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner, f"{name} {inner.name}")


def test_every_argument_and_option_has_words_and_a_name_for_its_value() -> None:
    known = dict(_parameters(get_command(app), "atlas"))
    assert len(known) > 100
    assert [name for name, one in known.items() if not (one.help or "").strip().endswith((".", ".)"))] == []
    named = {name: one.metavar for name, one in known.items() if not getattr(one, "is_flag", False)}
    # in capitals, with an ending or a form that the value must have
    assert [
        name for name, value in named.items() if not re.fullmatch(r"[A-Z]+((?:[=:,][A-Z]+)+|\.\w+)?", value or "")
    ] == []


def test_a_list_of_faults_is_whole_when_asked_for(repo: Path, tmp_path: Path) -> None:
    short = listed("Faults:", [f"number {n}" for n in range(40)])
    assert "and 28 more (`atlas --all-faults …` lists them)" in short
    assert message_of(InputError(short), whole=True).splitlines()[-1] == "  - number 39"
    features = [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[-92, 15]]}, "properties": {}}
        for _ in range(40)
    ]
    path = tmp_path / "short.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    for before, count in ([], 20), (["--all-faults"], 40):
        command = [sys.executable, "-m", "atlas", *before, "check", path]
        run = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
        assert run.stdout.count("A line of one position") == count
        assert ("`atlas --all-faults check …` lists them" in run.stdout) is (not before)


@pytest.mark.parametrize(("words", "answer"), [("atlas map bor", "border"), ("atlas layers mun", "municipalities")])
def test_a_shell_completes_pages_and_layers(repo: Path, words: str, answer: str) -> None:
    asked = {"_ATLAS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "2"}
    code = "from atlas.cli import app; app(prog_name='atlas')"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, env=asked, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout.split() == [answer], run.stderr
