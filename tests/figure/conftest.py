from __future__ import annotations

from pathlib import Path

import pytest

from atlas.project import find_project
from atlas.published import Release, open_release


@pytest.fixture(scope="session")
def release() -> Release:
    return open_release(find_project(Path(__file__).parents[2]))
