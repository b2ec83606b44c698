from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from atlas.project import find_project
from atlas.release import Release, open_release
from atlas.render import build_pages
from atlas.render.edition import Edition


@pytest.fixture(scope="session")
def release(repo: Path) -> Release:
    return open_release(find_project(repo))


@pytest.fixture(scope="session")
def edition(release: Release) -> Edition:
    return Edition(release)


@pytest.fixture(scope="session")
def pages(release: Release) -> Mapping[str, bytes]:
    return build_pages(release)
