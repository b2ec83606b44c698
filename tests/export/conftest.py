"""One export of everything, read by many tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.export import Exported


@pytest.fixture(scope="session")
def opened(repo: Path) -> Atlas:
    return Atlas.at(repo)


@pytest.fixture(scope="session")
def exported(opened: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return opened.export(tmp_path_factory.mktemp("gis"), formats=["all"])
