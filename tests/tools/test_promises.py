"""Each promise names tests that are there, in both languages the same; what is published on a tag can be made."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from atlas import __version__

TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.fixture(scope="module")
def workflow(repo: Path) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load((repo / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    return loaded


def _rows(path: Path) -> list[list[tuple[str, str]]]:
    lines = path.read_text("utf-8").splitlines()
    return [TEST.findall(line) for line in lines if line.startswith("| ") and not line.startswith(("| prom", "|---"))]


def test_each_promise_names_a_test_that_is_there(repo: Path) -> None:
    rows = _rows(repo / "docs" / "promises.md")
    assert len(rows) > 20
    assert all(rows), "a promise without a test"
    names = {
        path: {node.name for node in ast.parse((repo / path).read_text("utf-8")).body if hasattr(node, "name")}
        for path in {path for row in rows for path, _ in row}
    }
    assert [(path, test) for row in rows for path, test in row if test not in names[path]] == []


def test_both_languages_promise_the_same(repo: Path) -> None:
    assert _rows(repo / "docs" / "promises.md") == _rows(repo / "docs" / "promises.es.md")


def test_the_version_is_below_one_while_the_table_waits_for_its_run(repo: Path) -> None:
    sentences = {
        "promises.md": ("Version 1.0.0 comes when every row", "Before version 1.0.0 every row was green"),
        "promises.es.md": ("La versión 1.0.0 llegará cuando", "Antes de la versión 1.0.0, todas las filas pasaron"),
    }
    reached = int(__version__.partition(".")[0]) >= 1
    for name, (awaited, passed) in sentences.items():
        text = (repo / "docs" / name).read_text("utf-8")
        assert (awaited in text, passed in text) == (not reached, reached)


def test_the_changes_of_the_version_stand_under_its_heading(repo: Path) -> None:
    headings = re.findall(r"^## (?!Unreleased)(.+)$", (repo / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = re.search(r"^date-released: (\S+)$", (repo / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert released
    assert headings[0] == f"{__version__} — {released.group(1)}"


def test_every_decision_stands_in_the_index_of_its_language(repo: Path) -> None:
    folder = repo / "docs" / "decisions"
    words = {
        "": ("Context", "Decision", "Consequences"),
        ".es": ("Contexto", "Decisión", "Consecuencias"),
    }
    spanish = sorted(path.name for path in folder.glob("0*.es.md"))
    english = sorted(path.name for path in folder.glob("0*.md") if path.name not in spanish)
    assert [name.replace(".es.md", ".md") for name in spanish] == english
    for suffix, names in (("", english), (".es", spanish)):
        index = (folder / f"index{suffix}.md").read_text("utf-8")
        assert re.findall(r"\]\((\d{4}-[\w.-]+\.md)\)", index) == english
        for name, link in zip(names, english, strict=True):
            text = (folder / name).read_text("utf-8")
            parts = r".+".join(rf"\*\*{word}\.\*\*" for word in words[suffix])
            assert re.search(parts, text, re.DOTALL), name
            assert f"[{text.splitlines()[0].removeprefix('# ')}]({link})" in index


def test_what_the_workflow_runs_are_targets_of_make(workflow: dict[str, Any], repo: Path) -> None:
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    targets = set(re.findall(r"^([a-z-]+):.*## ", (repo / "Makefile").read_text("utf-8"), re.MULTILINE))
    made = [words[1] for run in runs if (words := run.split())[0] == "make"]
    assert {"check", "test", "docs", "package"} <= set(made) <= targets


def test_nothing_is_published_before_the_tests_and_each_job_may_only_what_it_needs(workflow: dict[str, Any]) -> None:
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert jobs["build"]["needs"] == "test"
    assert {name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()} == {
        "pages",
        "package",
    }
    assert all(jobs[name]["needs"] == "build" for name in ("pages", "package"))
    assert all("@" in step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step)


def test_the_tag_that_the_workflow_takes_is_that_of_the_version(workflow: dict[str, Any], repo: Path) -> None:
    (line,) = (step["run"] for step in workflow["jobs"]["test"]["steps"] if "grep" in step.get("run", ""))
    pattern = re.search(r'"(__version__.+)" atlas', line)
    assert pattern
    expected = pattern.group(1).replace('\\"', '"').replace("${GITHUB_REF_NAME#v}", __version__)
    assert expected in (repo / "atlas" / "_version.py").read_text("utf-8").splitlines()
