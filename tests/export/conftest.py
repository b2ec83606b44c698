"""One export of everything, read by many tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.export import Exported


@pytest.fixture(scope="session")
def opened(repo: Path) -> Atlas:
    return Atlas.at(repo)


@pytest.fixture(scope="session")
def exported(opened: Atlas, once: Callable[[str, Callable[[Path], object]], Path]) -> Exported:
    """All layers in all formats, written once."""

    def export(folder: Path) -> None:
        made = opened.export(folder / "gis", formats=["all"])
        about = {"sizes": dict(made.sizes), "changed": made.changed, "notes": made.notes}
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")

    folder = once("exported", export)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    return Exported(folder / "gis", about["sizes"], tuple(about["changed"]), tuple(about["notes"]))
