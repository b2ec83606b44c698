"""Exact records are neither written where files are published nor read from there, by whatever path one gets there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest

import atlas.cli
from atlas.api import Atlas
from atlas.errors import PolicyError
from atlas.project import Project, find_project
from atlas.release.boundary import published_folder, refuse_exact_input, refuse_exact_output
from atlas.release.sealed import seal

pytestmark = pytest.mark.slow(1.3)

Run = Callable[..., tuple[int, str]]
PHRASE = "correct horse battery staple"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Exit code of a command and what it prints, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["atlas", *map(str, arguments)])
        code: Any = 0
        try:
            atlas.cli.main()
        except SystemExit as done:
            code = done.code
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return call


@pytest.fixture(scope="module")
def project(repo: Path) -> Project:
    """The data that came with the package, into which no release writes its ledger."""
    return replace(find_project(repo), embedded=True)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, project: Project, records_near: Callable[..., list[dict[str, Any]]]
) -> Path:
    """A folder with exact records, a sealed copy of them, and their release in ``out``."""
    folder = tmp_path_factory.mktemp("made")
    exact = folder / "exact.geojson"
    exact.write_text(json.dumps({"type": "FeatureCollection", "features": records_near(3, 60)}), encoding="utf-8")
    Atlas(project).release([exact], folder / "out")
    (folder / "phrase").write_text(PHRASE, encoding="utf-8")
    (folder / "team.age").write_bytes(seal(exact.read_bytes(), passphrase=PHRASE))
    # a key opens in no time, a passphrase takes a second on purpose
    key = pyrage.x25519.Identity.generate()
    (folder / "key").write_text(str(key), encoding="utf-8")
    (folder / "lock").write_text(str(key.to_public()), encoding="utf-8")
    (folder / "key.age").write_bytes(seal(exact.read_bytes(), recipients=[str(key.to_public())]))
    return folder


@pytest.fixture
def released(made: Path, tmp_path: Path) -> Path:
    """A release beside the exact records, in a folder that a test may change."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


def _places(tmp_path: Path) -> Iterator[str]:
    """Ways into a released folder ``out`` and into a folder called maps."""
    (tmp_path / "maps").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    (tmp_path / "pages").symlink_to(tmp_path / "maps")
    yield from ("out/{}", "out/deep/er/{}", "./out/{}", "other/../out/{}", "link/{}", "link/new/{}", "pages/{}")
    yield from ("maps/{}", "Maps/{}", "GEODATA/x/{}", "maps./{}", f"{tmp_path}/out/{{}}")


def test_nothing_exact_is_written_into_what_is_published(run: Run, released: Path, tmp_path: Path) -> None:
    before = {path.name for path in released.rglob("*")}
    assert run("field", "new", "notes.gpkg")[0] == 0
    layer = tmp_path / "layer.geojson"
    layer.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    for number, place in enumerate(_places(tmp_path)):
        commands: list[tuple[str | Path, ...]] = [
            ("unseal", "team.age", "-o", place.format("x.geojson"), "--passphrase-file", "phrase"),
            ("field", "new", place.format("x.gpkg")),
            ("field", "merge", "notes.gpkg", "-o", place.format("x.gpkg")),
            ("field", "export", "--store", "notes.gpkg", "--exact", "-o", place.format("x.csv")),
            ("field", "export", "--store", "notes.gpkg", "--only", "open", "-o", place.format("x.csv")),
            ("field", "export", "--store", "notes.gpkg", "--sealed", place.format("x.csv.age")),
            ("field", "import", "exact.geojson", "--store", "notes.gpkg", "--quarantine", place.format("x.csv")),
            ("field", "page", "--layer", layer, "-o", place.format("x.html")),
            (
                "release",
                "exact.geojson",
                "-o",
                "out2",
                "--sealed",
                place.format("x.age"),
                "--passphrase-file",
                "phrase",
            ),
        ]
        # a third at each place, in turn: each command is refused at four places, and each place to three commands
        for command in commands[number % 3 :: 3]:
            code, text = run(*command)
            assert (code, "exact records do not go into" in text) == (2, True), (command, text)
            assert "Give a path outside of maps/" in text
    assert {path.name for path in released.rglob("*")} == before
    assert not list((tmp_path / "maps").iterdir())
    assert not (tmp_path / "out2").exists()


def test_the_remedy_works(run: Run, released: Path, tmp_path: Path) -> None:
    assert released.is_dir()
    assert run("unseal", "team.age", "-o", "house/x.geojson", "--passphrase-file", "phrase")[0] == 0
    assert (tmp_path / "house" / "x.geojson").read_bytes() == (tmp_path / "exact.geojson").read_bytes()


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_what_holds_exact_records_or_a_team_s_layer_is_its_owner_s_alone(
    run: Run, released: Path, tmp_path: Path, mask: int
) -> None:
    assert released.is_dir()
    recipient = ("--recipient", (tmp_path / "lock").read_text(encoding="utf-8"))
    layer = tmp_path / "layer.geojson"
    layer.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    before = os.umask(mask)
    try:
        for _ in range(2):
            assert run("unseal", "key.age", "-o", "house/x.geojson", "--identity", "key")[0] == 0
            code, text = run("release", "exact.geojson", "-o", "again", "--sealed", "house/x.age", *recipient)
            assert code == 0, text
            assert run("field", "page", "--layer", layer, "-o", "house/page.html")[0] == 0
            if not (tmp_path / "house" / "n.gpkg").exists():
                assert run("field", "new", "house/n.gpkg")[0] == 0
                assert run("field", "import", "exact.geojson", "--store", "house/n.gpkg")[0] in {0, 1}
            assert run("field", "export", "--store", "house/n.gpkg", "--exact", "-o", "house/c.csv")[0] == 0
            for path in (tmp_path / "house").iterdir():
                assert path.stat().st_mode & 0o777 == 0o600, path
            # whatever somebody made of it
            (tmp_path / "house" / "page.html").chmod(0o644)
            (tmp_path / "house" / "page.html").write_bytes(b"")
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "again").iterdir()}
        assert modes == {0o666 & ~mask}
    finally:
        os.umask(before)


@pytest.mark.parametrize("folder", ["maps", "MAPS/a", "geodata/x", "out", "out/a"])
def test_nothing_exact_is_read_from_what_is_published(run: Run, released: Path, tmp_path: Path, folder: str) -> None:
    assert released.is_dir()
    assert run("field", "new", "notes.gpkg")[0] == 0
    at = tmp_path / folder
    at.mkdir(parents=True, exist_ok=True)
    for name in ("exact.geojson", "notes.gpkg", "team.age"):
        shutil.copy(tmp_path / name, at / f"x-{name}")
    store = at / "x-notes.gpkg"
    for command in (
        ("release", at / "x-exact.geojson", "-o", "out3"),
        ("release", store, "-o", "out3"),
        ("field", "import", at / "x-exact.geojson", "--store", "notes.gpkg"),
        ("field", "import", at, "--store", "notes.gpkg"),
        ("field", "import", "exact.geojson", "--store", store),
        ("field", "list", "--store", store),
        ("field", "export", "--store", store, "--exact", "-o", "copy.csv"),
        ("field", "merge", "notes.gpkg", store),
        ("unseal", at / "x-team.age", "-o", "y.geojson", "--passphrase-file", "phrase"),
        ("audit", "out", "--against", at / "x-exact.geojson"),
    ):
        code, text = run(*command)
        assert (code, "exact records are not read from there" in text) == (2, True), (command, text)
        assert "Move it out" in text
    assert not (tmp_path / "out3").exists()


def test_what_a_release_wrote_can_be_read_from_its_folder(run: Run, released: Path) -> None:
    assert run("release", released / "records.geojson", "-o", "again")[0] == 0
    path = released / "records.geojson"
    path.write_bytes(path.read_bytes() + b"\n")
    assert run("release", path, "-o", "again2")[0] == 2


def test_a_store_is_not_published_with_its_folder(run: Run, released: Path) -> None:
    assert released.is_dir()
    assert run("field", "new", "house/notes.gpkg")[0] == 0
    code, text = run("release", "house/notes.gpkg", "-o", "house")
    assert code == 2
    assert "choose another folder to publish" in text


def test_an_older_release_and_a_copied_atlas_are_known_by_their_files(
    released: Path, project: Project, tmp_path: Path
) -> None:
    (released / "release.json").unlink()
    shutil.copytree(project.maps, tmp_path / "www")
    shutil.copytree(project.geodata / "layers", tmp_path / "data" / "layers")
    shutil.copy(project.registry_path, tmp_path / "data")
    damaged = tmp_path / "cut"
    damaged.mkdir()
    (damaged / "release.json").write_text('{"format": "atlas-release", "files', encoding="utf-8")
    for folder in (released, tmp_path / "www", tmp_path / "data", damaged):
        with pytest.raises(PolicyError, match="is published"):
            refuse_exact_output(folder / "a" / "x.geojson", project)


def test_another_project_s_release_json_is_none(project: Project, tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"version": "1.2"}', encoding="utf-8")
    refuse_exact_output(tmp_path / "x.geojson", project)
    refuse_exact_input([tmp_path / "x.geojson"], project)


def test_a_mount_is_seen_through(project: Project, released: Path, tmp_path: Path) -> None:
    (released / "photos").mkdir()
    mounted = tmp_path / "elsewhere"
    mounted.mkdir()
    try:
        done = subprocess.run(
            ["mount", "--bind", str(released / "photos"), str(mounted)], capture_output=True, text=True, check=False
        )
    except OSError as error:
        pytest.skip(f"nothing can be mounted here ({error})")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here ({done.stderr.strip()})")
    try:
        folder = published_folder(mounted / "new" / "x.geojson", project)
        assert folder is not None
        assert folder.path.samefile(released)
    finally:
        subprocess.run(["umount", str(mounted)], check=True)
