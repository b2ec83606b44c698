"""What a project of another border shows, writes and hands out says nothing of the border that the atlas comes with."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.border_project.expected_region import region_of
from atlas.field.forms.qfield import write_qfield
from atlas.field.forms.xlsform import write_xlsform
from atlas.project import find_project

NAMES = re.compile(
    r"mexic|méxic|guatemal|belize|belice|chiapas|suchiate|tapachula|chetumal|southern[ -]border|frontera sur"
    r"|14[.,]6789|\b15P[W ]",
    re.IGNORECASE,
)


def _blocks(page: str) -> str:
    """What Python wrote into a page: its HTML and data, without the scripts of the browser."""
    return re.sub(r"(?s)<script>.*?</script>", "", page)


@pytest.mark.parametrize("name", ["index", "atlas", "border", "municipalities", "annotate"])
def test_no_page_names_another_border(made: Path, name: str) -> None:
    text = _blocks((made / f"maps/{name}.html").read_text(encoding="utf-8"))
    assert 'id="atlas-texts"' in text
    assert NAMES.findall(text) == []


def test_no_form_names_another_border(made: Path, tmp_path: Path) -> None:
    project = find_project(made)
    # as a command does that was run in the project
    with region_of(project.described):
        write_xlsform(tmp_path / "form.xlsx", project)
        write_qfield(tmp_path / "qfield", project)
    with zipfile.ZipFile(tmp_path / "form.xlsx") as form:
        texts = [form.read(name).decode() for name in form.namelist()]
    texts.append((tmp_path / "qfield/atlas-notes.qgs").read_text(encoding="utf-8"))
    assert [name for text in texts for name in NAMES.findall(text)] == []
    assert "Field notes: Desert" in "".join(texts)


def test_a_layer_bears_the_terms_of_its_outlines_alone(made: Path) -> None:
    layers = json.loads((made / "geodata/registry.json").read_bytes())["layers"]
    border = next(layer for layer in layers if layer["name"] == "border")
    assert (border["licence"], border["licence_es"]) == ("not stated by the project", "not stated by the project")


def test_what_is_deposited_and_exported_names_no_other_border_and_bears_the_day_that_is_set(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    project = Atlas.at(made)
    deposited = project.deposit(tmp_path / "deposit").folder
    project.export(tmp_path / "export", layers=["border"], formats=["csv"])
    for folder in (deposited, tmp_path / "export"):
        records = [path for path in folder.iterdir() if path.is_file()]
        assert len(records) >= 4
        assert {(path.name, name) for path in records for name in NAMES.findall(path.read_text("utf-8"))} == set()
    record = json.loads((deposited / "datacite.json").read_bytes())
    assert (record["version"], record["publicationYear"]) == ("2023-11-14", "2023")
