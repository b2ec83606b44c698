from __future__ import annotations

from pathlib import Path

import pytest

from atlas.project import find_project
from atlas.published import PublishedLayers, open_published_layers


@pytest.fixture(scope="session")
def release() -> PublishedLayers:
    return open_published_layers(find_project(Path(__file__).parents[2]))
