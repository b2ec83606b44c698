"""What looks at each commit is what `make check` runs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def test_each_check_is_a_hook(repo: Path) -> None:
    checks = re.search(r"(?m)^check:.*\n((?:\t.*\n)+)", (repo / "Makefile").read_text("utf-8"))
    assert checks is not None
    hooks = (repo / ".pre-commit-config.yaml").read_text("utf-8")
    wanted = [line.strip().removeprefix("$(BIN)/").removesuffix(" .") for line in checks[1].splitlines()]
    assert wanted
    assert [one for one in wanted if f"entry: .venv/bin/{one}" not in hooks] == []


def test_what_is_made_is_marked_as_generated(repo: Path) -> None:
    made = ["maps/index.html", "geodata/registry.json", "geodata/layers/border.geojson", "docs/commands.md"]
    command = ["git", "check-attr", "linguist-generated", "--", *made]
    run = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [f"{name}: linguist-generated: set" for name in made]
