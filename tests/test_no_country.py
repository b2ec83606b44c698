"""The code knows no country: only the shipped project's own folder names this border."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_NAMES = re.compile(
    r"(?i:mexic|méxic|mexique|guatemal|beli[zc]e|chiapas|tabasco|campeche|quintana[ _]roo)"
    r"|\b(?:MEX|GTM|BLZ|MX|GT|BZ)\b"
)
# rivers, towns and institutions of this border; texts that name them are its own
_PLACES = re.compile(
    r"(?i:suchiate|r[ií]o hondo|usumacinta|tapachula|arriaga|soconusco|tehuantepec|\bistmo\b|isthmus|\binegi\b)"
)
_SUFFIXES = {".py", ".js", ".ts", ".json", ".toml", ".j2", ".css", ".html", ".md"}
_MADE = {"bundles", "vendor"}
# the border that the atlas comes with: its project file, words, layouts and layers
_SHIPPED = Path("atlas/projects/southern_border")


def files_with_names(repo: Path) -> list[str]:
    """Files outside the shipped project in which a country, a state or a code of this border is named."""
    files = [path.relative_to(repo) for root in ("atlas", "web/src") for path in sorted((repo / root).rglob("*"))]
    wanted = [path for path in files if path.suffix in _SUFFIXES and _MADE.isdisjoint(path.parts)]
    outside = [path for path in wanted if not path.is_relative_to(_SHIPPED)]
    return [path.as_posix() for path in outside if _NAMES.search((repo / path).read_text(encoding="utf-8"))]


@pytest.mark.slow
def test_no_file_names_this_border(repo: Path) -> None:
    assert files_with_names(repo) == [], f"take the names from the project file, or move what has them to {_SHIPPED}"


def test_the_shipped_project_is_where_they_are(repo: Path) -> None:
    assert _NAMES.search((repo / _SHIPPED / "atlas.toml").read_text(encoding="utf-8"))


def test_no_text_of_every_border_names_a_place_of_this_one(repo: Path) -> None:
    texts = [path for room in ("render", "figure") for path in (repo / "atlas" / room / "texts").rglob("*.json")]
    assert len(texts) > 10
    assert [path.name for path in texts if _PLACES.search(path.read_text(encoding="utf-8"))] == []
