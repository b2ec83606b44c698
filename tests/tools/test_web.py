"""The browser code: its unit tests pass, and what is bundled is made anew when a source changes and only then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import bundles, node, web


@pytest.mark.daily
def test_the_unit_tests_of_the_browser_code_pass() -> None:
    assert web.test() == 0, "see above; `python -m tools.web test` runs them by themselves"


@pytest.fixture
def tree(repo: Path, tmp_path: Path) -> Path:
    shutil.copytree(repo / bundles.SOURCES, tmp_path / bundles.SOURCES)
    for path in (bundles.PACKAGE, bundles.LOCK):
        shutil.copyfile(repo / path, tmp_path / path)
    return tmp_path


def test_bundles_are_the_same_bytes_each_time_and_those_of_the_sources(tree: Path, repo: Path) -> None:
    assert not bundles.up_to_date(tree)
    bundles.bundle(tree, [str(node.node())], node.packages(repo / "web"))
    assert bundles.up_to_date(tree)
    made = {path.name: path.read_bytes() for path in (tree / bundles.BUNDLES).iterdir()}
    assert made == {path.name: path.read_bytes() for path in (repo / bundles.BUNDLES).iterdir()}


def test_a_source_that_changes_makes_the_bundles_stale(tree: Path, repo: Path) -> None:
    shutil.copytree(repo / bundles.BUNDLES, tree / bundles.BUNDLES)
    assert bundles.up_to_date(tree)
    with (tree / bundles.SOURCES / "frame.js").open("a", encoding="utf-8") as stream:
        stream.write("// changed\n")
    assert not bundles.up_to_date(tree)


def test_a_source_that_is_no_module_leaves_the_bundles_as_they_were(tree: Path, repo: Path) -> None:
    shutil.copytree(repo / bundles.BUNDLES, tree / bundles.BUNDLES)
    (tree / bundles.SOURCES / "frame.js").write_text("export const start = ;\n", encoding="utf-8")
    with pytest.raises(bundles.BundleError, match=r"could not bundle the browser code below web.src[\s\S]*frame\.js"):
        bundles.bundle(tree, [str(node.node())], node.packages(repo / "web"))
    assert {path.name for path in (tree / bundles.BUNDLES.parent).iterdir()} == {"bundles"}
    assert (tree / bundles.BUNDLES / "index.js").read_bytes() == (repo / bundles.BUNDLES / "index.js").read_bytes()
