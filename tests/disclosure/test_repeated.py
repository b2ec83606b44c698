"""A published object that says two things is a finding, and both of them are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.disclosure import audit
from atlas.project import Project

pytestmark = pytest.mark.slow

LINE = '"geometry":{"type":"LineString","coordinates":[[-92.2,14.5],[-92.2,14.7]]}'
FEATURE = f'{{"type":"Feature","id":"a",{LINE},"properties":{{%s}}}}'
COLLECTION = '{"type":"FeatureCollection","features":[%s]}'
PAGE = '<html><script type="application/json">%s</script><script>L.geoJson(%s)</script></html>'


def _rules(project: Project, path: Path) -> dict[str, str]:
    return {one.rule: one.what for one in audit(project, [path]).findings}


@pytest.mark.parametrize("order", ['"open","{}":"withheld"', '"withheld","{}":"open"'])
@pytest.mark.parametrize("name", ["sensitivity", "sensitivit\\u0079"])
@pytest.mark.parametrize("form", ["a.geojson", "lines.geojsonl", "page.html"])
def test_both_values_are_looked_at(project: Project, tmp_path: Path, order: str, name: str, form: str) -> None:
    one = COLLECTION % (FEATURE % f'"sensitivity":{order.format(name)}')
    path = tmp_path / form
    path.write_text(PAGE % (one, one) if form == "page.html" else f"{one}\n{one}" if form[0] == "l" else one)
    rules = _rules(project, path)
    assert "“sensitivity” stands twice in $" in rules["repeated"]
    assert "is 'withheld', which is never published" in rules["not-published-class"]


@pytest.mark.parametrize("first", [True, False])
def test_both_shapes_are_looked_at(project: Project, tmp_path: Path, *, first: bool) -> None:
    point = '"geometry":{"type":"Point","coordinates":[-92.147321,14.683215]}'
    both = f"{point},{LINE}" if first else f"{LINE},{point}"
    text = COLLECTION % (FEATURE % '"sensitivity":"generalised"').replace(LINE, both)
    path = tmp_path / "a.geojson"
    path.write_text(text)
    assert {"repeated", "point"} <= _rules(project, path).keys()


def test_nothing_twice_is_no_finding(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(COLLECTION % (FEATURE % '"sensitivity":"open"'))
    assert "repeated" not in _rules(project, path)
