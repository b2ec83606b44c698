"""`atlas field site`: a folder to install the page of field notes from, the same bytes each time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from atlas.files import sha256_hex
from atlas.render.site_icons import icons

pytestmark = pytest.mark.slow

FILES = {
    "apple-touch-icon.png",
    "courier.html",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-512.png",
    "index.html",
    "manifest.webmanifest",
    "worker.js",
}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_atlas_gives_the_same_folder_and_the_worker_has_every_hash(
    command_line: Callable[..., Any], repo: Path, tmp_path: Path
) -> None:
    once, again = tmp_path / "once", tmp_path / "again"
    assert command_line("field", "site", "-o", str(once), "--project", str(repo)).returncode == 0
    assert command_line("field", "site", "-o", str(again), "--project", str(repo)).returncode == 0
    made = content(once)
    assert made.keys() == FILES
    assert made == content(again)
    worker = made["worker.js"].decode()
    site = json.loads(worker.partition("\n")[0].removeprefix("self.atlasSite = ").removesuffix(";"))
    assert {name: file["sha256"] for name, file in site["files"].items()} == {
        name: sha256_hex(data) for name, data in made.items() if name != "worker.js"
    }
    assert site["version"] in made["index.html"].decode()
    # a second run into the same folder has nothing to do, and what a host keeps there stays
    (once / "CNAME").write_text("notes.example", encoding="utf-8")
    run = command_line("field", "site", "-o", str(once), "--project", str(repo))
    assert run.returncode == 0
    assert "nothing changed" in run.stdout + run.stderr
    assert (once / "CNAME").is_file()


@pytest.mark.parametrize("other", ["thesis.docx", "index.html", "worker.js"])
def test_a_folder_with_other_files_is_left_as_it_is(
    command_line: Callable[..., Any], repo: Path, tmp_path: Path, other: str
) -> None:
    (tmp_path / other).write_text("somebody's", encoding="utf-8")
    run = command_line("field", "site", "-o", str(tmp_path), "--project", str(repo))
    assert run.returncode == 2
    assert other in run.stdout + run.stderr
    assert "new or empty folder" in run.stdout + run.stderr
    assert os.listdir(tmp_path) == [other]  # noqa: PTH208 - names only


def test_a_file_is_no_folder(command_line: Callable[..., Any], repo: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes.html"
    target.write_text("x", encoding="utf-8")
    run = command_line("field", "site", "-o", str(target), "--project", str(repo))
    assert run.returncode == 2
    assert "is a file; give a folder" in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("name", "size"), [("icon-192.png", 192), ("icon-512.png", 512), ("apple-touch-icon.png", 180)]
)
def test_icons_have_the_size_that_the_manifest_says(name: str, size: int) -> None:
    with Image.open(BytesIO(icons()[name])) as picture:
        assert picture.size == (size, size)


def test_a_launcher_that_cuts_a_circle_leaves_the_pin_whole() -> None:
    with Image.open(BytesIO(icons()["icon-maskable-512.png"])) as picture:
        assert picture.mode == "RGB"
        red = [
            (x - 256, y - 256)
            for x in range(512)
            for y in range(512)
            if (spot := picture.getpixel((x, y))) and spot[0] > 150 and spot[1] < 40  # type: ignore[index,operator]
        ]
    assert len(red) > 5_000
    assert max(x * x + y * y for x, y in red) < (0.4 * 512) ** 2
