"""The code knows no country: what still names this border, file by file; the list may only get shorter."""

from __future__ import annotations

import json
import re
from pathlib import Path

_NAMES = re.compile(
    r"Mexic|Méxic|Mexique|Guatemal|Beli[zc]e|Chiapas|Tabasco|Campeche|Quintana Roo|land_mexico"
    r"|\b(?:MEX|GTM|BLZ|MX|GT|BZ)\b"
)
_SUFFIXES = {".py", ".js", ".ts", ".json", ".toml", ".j2", ".css"}
_MADE = {"bundles", "vendor"}
LIST = Path(__file__).parent / "data" / "names_of_this_border.json"


def files_with_names(repo: Path) -> list[str]:
    """Files in which a country, a state or a code of this border is named."""
    # the shipped project is the place where this border is named
    files = [path for root in ("atlas", "web/src") for path in sorted((repo / root).rglob("*"))]
    files = [path for path in files if not path.is_relative_to(repo / "atlas" / "projects")]
    wanted = [path for path in files if path.suffix in _SUFFIXES and _MADE.isdisjoint(path.parts)]
    named = [path for path in wanted if _NAMES.search(path.read_text(encoding="utf-8"))]
    return [path.relative_to(repo).as_posix() for path in named]


def test_no_other_file_names_this_border(repo: Path) -> None:
    left: list[str] = json.loads(LIST.read_bytes())
    more = sorted(set(files_with_names(repo)) - set(left))
    assert more == [], f"take the names from a project file ({LIST.name} is what is left to move)"


def test_a_file_that_names_it_no_more_leaves_the_list(repo: Path) -> None:
    left: list[str] = json.loads(LIST.read_bytes())
    assert sorted(set(left) - set(files_with_names(repo))) == []


def test_any_border_is_drawn_without_a_name_of_this_one(repo: Path) -> None:
    rooms = ("atlas/borderland/", "atlas/border_project/", "atlas/layers/project_schema", "atlas/render/texts/project/")
    assert not [name for name in files_with_names(repo) if name.startswith(rooms)]
