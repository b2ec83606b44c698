"""Both editions of the gallery have the same commands, and a small picture after each."""

from __future__ import annotations

import re

import pytest

from tools.gallery import GALLERY, MOST_BYTES, commands

EDITIONS = ("index.md", "index.es.md")


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_has_every_command_with_its_picture(name: str) -> None:
    text = (GALLERY / name).read_text("utf-8")
    after = re.findall(r"^```sh\n(.*)\n```\n\n!\[[^\]]+\]\((.*)\)$", text, re.MULTILINE)
    assert [command for command, _ in after] == commands()
    for command, picture in after:
        path = GALLERY / picture
        # number of the map in its file's name and in its picture's
        assert path.stem == command.split()[-1][:2]
        assert path.read_bytes()[8:12] == b"WEBP"
        assert path.stat().st_size <= MOST_BYTES


def test_no_picture_is_left_over() -> None:
    pictures = {path.name for path in (GALLERY / "pictures").iterdir()}
    assert pictures == {f"{number:02d}.webp" for number in range(1, len(commands()) + 1)}
