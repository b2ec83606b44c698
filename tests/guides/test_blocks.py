"""Every block of code in the documentation: commands and options that are there, Python and TOML that run."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

import atlas
import atlas.cli
from atlas.cartography.map_toml import read_map_file

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# what --help prints, and pages that are made
MADE = {"commands.md"}
PAGES = sorted({ROOT / "README.md", ROOT / "README.es.md", *(ROOT / "docs").rglob("*.md")})


def _blocks(*languages: str) -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for language, code in BLOCK.findall(page.read_text("utf-8")):
            if page.name not in MADE and language in languages:
                yield page.relative_to(ROOT), code


def _options(words: list[str]) -> tuple[str, set[str]]:
    """The command that words name, and its options."""
    command = typer.main.get_command(atlas.cli.app)
    named, options = [], {option for one in command.params for option in one.opts}
    for word in words:
        inner = getattr(command, "commands", {}).get(word)
        if inner is not None:
            command = inner
            named.append(word)
            options |= {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return " ".join(named), options


@pytest.mark.slow
def test_every_command_in_a_block_is_there_with_its_options() -> None:
    wrong, lines = [], 0
    for page, code in _blocks("sh", "console", "text", "bat"):
        for line in re.split(r"\n|&&", code):
            words = shlex.split(line.replace("\\", "/"), comments=True)
            if not words or not words[0].endswith(("atlas", "bin/atlas")) or "…" in line:
                continue
            lines += 1
            named, options = _options(words[1:])
            asked = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
            if not named or set(asked) - options:
                wrong.append((str(page), line, sorted(set(asked) - options)))
    assert wrong == []
    assert lines > 50


def test_every_target_of_make_in_a_block_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {
        word for _, code in _blocks("sh", "console") for word in re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)
    }
    assert {"atlas", "test"} <= asked <= targets


@pytest.mark.parametrize("page", ["docs/overview.md", "docs/overview.es.md"])
def test_the_python_of_an_overview_runs(page: str, repo: Path) -> None:
    (code,) = (code for path, code in _blocks("python") if str(path) == page)
    names: dict[str, object] = {}
    exec(code.replace("atlas.open()", f"atlas.open({str(repo)!r})"), names)  # noqa: S102 - the guide's own
    assert isinstance(names["project"], atlas.Atlas)


def test_every_toml_is_toml_and_that_of_a_map_is_a_map(tmp_path: Path) -> None:
    maps = 0
    for page, code in _blocks("toml"):
        assert tomllib.loads(code), page
        if page.name.startswith("map-file"):
            (tmp_path / "map.toml").write_text(code, "utf-8")
            (tmp_path / "rates.csv").write_text("cvegeo,year,rate\n07089,2022,1\n", "utf-8")
            assert [str(layer.source) for layer in read_map_file(tmp_path / "map.toml").layers][1:] == ["border"]
            maps += 1
    assert maps == 2
