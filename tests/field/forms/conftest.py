"""What the tests of the forms share: the project whose layers they offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.project import Project, find_project


@pytest.fixture(scope="session")
def project(repo: Path) -> Project:
    return find_project(repo)
