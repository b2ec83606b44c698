from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.export import Exported


@pytest.fixture(scope="session")
def opened(repo: Path) -> Atlas:
    return Atlas.at(repo)


@pytest.fixture(scope="session")
def exported(exports: Callable[[str], Exported]) -> Exported:
    return exports("EPSG:4326")
