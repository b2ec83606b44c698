"""Points that are read and looked at by the quick way must give what the careful way gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.check import check_file
from atlas.geojson import plain_line

_GOOD = '{"type":"Feature","properties":{"name":"a","n":1},"geometry":{"type":"Point","coordinates":[-92.1,15.1]}}'
# each is one line that the quick reader must leave alone, or read like the careful one
_ODD = (
    '{"type":"Feature","properties":{"name":"a","name":"b"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"a":"x","a" :"y"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"a":"x","a"\t:"y"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"n":NaN},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"n":9007199254740993},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"n":92233720368547758079},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"n":1e999},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"n":true},"geometry":{"type":"Point","coordinates":[-92.1,true]}}',
    '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-92.1,15.2,3]}}',
    '{"type":"Feature","properties":{"t":"at 10:30, \\u003a"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"t":"he said \\"a\\":1"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"t":"\\ud800"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{},"bbox":[0,0,1,1],"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{},"id":1e20,"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{},"id":12345678901234567890,"geometry":{"type":"Point","coordinates":[-92.1,1.2]}}',
    '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e300,15.2]}}',
    '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0,-0.0]}}',
    '{"type":"Feature","properties":{"text":"Ã¡rbol"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"a":[1,2]},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"a":"x","a"\n:"y"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    '{"type":"Feature","properties":{"a":"x},{y"},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
    "17",
    "[1,\n2]",
    '{"type":"Feature",\n"properties":{},"geometry":{"type":"Point","coordinates":[-92.1,15.2]}}',
)


# what stands before, between and after features
_LAYOUTS = {
    "a line each": ('{"type":"FeatureCollection","features":[\n', ",\n", "\n]}\n"),
    "one line": ('{"type":"FeatureCollection","features":[', ",", "]}"),
    "spaces": ('{"type": "FeatureCollection", "features": [', " , ", "]}"),
    "indented": ('{"type": "FeatureCollection",\n "features": [\n    ', ",\n\n    ", "\n ]}\n"),
    "sequence": ("", "\n", "\n"),
    "marked sequence": ("\x1e", "\n\x1e", "\n"),
}


def _findings(path: Path, lines: list[str], layout: tuple[str, str, str]) -> tuple[object, ...]:
    before, between, after = layout
    path.write_text(before + between.join(lines) + after, encoding="utf-8")
    report = check_file(path)
    return [*report.findings], report.features, report.counts


@pytest.mark.parametrize("layout", _LAYOUTS.values(), ids=_LAYOUTS)
@pytest.mark.parametrize("odd", _ODD)
def test_quick_and_careful_reading_agree(
    tmp_path: Path, odd: str, layout: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # one by one, and many lines at a time before and after
    lines = [_GOOD, odd, _GOOD, odd, *[_GOOD] * 20, odd, *[_GOOD] * 40, odd, odd, _GOOD]
    quick = _findings(tmp_path / "points.geojson", lines, layout)
    monkeypatch.setattr(plain_line, "_plain_points", lambda _text: None)
    assert quick == _findings(tmp_path / "points.geojson", lines, layout)


def test_lines_are_counted_by_the_quick_way(tmp_path: Path) -> None:
    """The line of a finding after thousands of quick ones is that of an editor."""
    odd = _GOOD.replace("-92.1,15.1", "-92.1,95.1")
    lines = [_GOOD.replace('"n":1', f'"n":{n}') for n in range(20_000)]
    path = tmp_path / "points.geojson"
    path.write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join([*lines, odd, _GOOD]) + "\n]}\n")
    (finding,) = [one for one in check_file(path).findings if one.rule == "position-range"]
    assert finding.line == 20_002
