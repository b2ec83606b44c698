from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from atlas.admission.published_atlas import PublishedAtlas, open_published_atlas
from atlas.project import find_project
from atlas.render import build_pages
from atlas.render.build_context import BuildContext


@pytest.fixture(scope="session")
def release(repo: Path) -> PublishedAtlas:
    return open_published_atlas(find_project(repo))


@pytest.fixture(scope="session")
def edition(release: PublishedAtlas) -> BuildContext:
    return BuildContext(release)


@pytest.fixture(scope="session")
def pages(release: PublishedAtlas) -> Mapping[str, bytes]:
    return build_pages(release)
