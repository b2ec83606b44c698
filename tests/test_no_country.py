"""The code knows no country: only the shipped project's own folder names this border."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

_NAMES = re.compile(
    r"(?i:mexic|méxic|mexique|guatemal|beli[zc]e|chiapas|tabasco|campeche|quintana[ _]roo)"
    r"|\b(?:MEX|GTM|BLZ|MX|GT|BZ)\b"
)
# rivers, towns, registers and offices of this border, its grids and calling codes; texts that name them are its own
_PLACES = re.compile(
    r"(?i:suchiate|\br[ií]o hondo|usumacinta|tapachula|arriaga|soconusco|tehuantepec|\bistmo\b|isthmus|\binegi\b"
    r"|chetumal|villahermosa|huixtla|tenosique|comit[aá]n\b|\bpet[eé]n\b|quetzaltenango|huehuet|corozal|tec[uú]n)"
    r"|\b(?:INM|COMAR|CAITF|CILA|CONAPO|SEGOB|WOLA|POBTOT)\b|\b6372\b|\+50?[12]\b"
)
# what a user's terminal shows: names of keys and of this border's own readers may stand in docstrings and comments
_IN_CODE = re.compile(_PLACES.pattern.replace("|isthmus", ""))
# the schemes of codes and the readers that the shipped project names, and a list of grids of countries
_OF_SHIPPED = {
    "atlas/check/projections.py",
    "atlas/evidence/cells.py",
    "atlas/evidence/spec.py",
    "atlas/render/pages/containment.py",
    "atlas/sources/outlines.py",
}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
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


def test_no_text_sign_or_template_of_every_border_names_a_place_of_this_one(repo: Path) -> None:
    files = [path for path in sorted((repo / "atlas").rglob("*")) if path.suffix in _SUFFIXES - {".py", ".js", ".ts"}]
    texts = [path for path in files if _MADE.isdisjoint(path.parts) and not path.is_relative_to(repo / _SHIPPED)]
    assert len(texts) > 100
    assert [str(path) for path in texts if _PLACES.search(path.read_text(encoding="utf-8"))] == []


def test_no_message_of_every_border_names_a_place_of_this_one(repo: Path) -> None:
    named = set()
    for path in sorted((repo / "atlas").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        about = {ast.get_docstring(one, clean=False) for one in ast.walk(tree) if isinstance(one, _DOCUMENTED)}
        texts = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if any(_IN_CODE.search(text) for text in texts - about):
            named.add(path.relative_to(repo).as_posix())
    outside = {path for path in named if not Path(path).is_relative_to(_SHIPPED)}
    assert outside <= _OF_SHIPPED, "take the name from the project file"
    assert outside == _OF_SHIPPED, "strike from the list what names none any more"
