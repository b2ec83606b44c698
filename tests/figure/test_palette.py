"""A page and its figure have one palette."""

from __future__ import annotations

import re
from pathlib import Path

from atlas.figure import signs


def test_the_figure_of_the_municipalities_has_the_colours_of_its_page(repo: Path) -> None:
    css = (
        (repo / "atlas" / "render" / "static" / "municipalities.css").read_text("utf-8").split('[data-theme="dark"]')[0]
    )
    assert tuple(re.findall(r"--class-\d: (#\w{6})", css)) == signs.CLASSES
