"""`atlas build`: from ``geodata/`` to the pages in ``maps/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas.files import write_set
from atlas.project import Project


@dataclass(frozen=True, slots=True)
class Built:
    """Where a build wrote, what it made (bytes by file name) and which of these changed.

    Attributes
    ----------
    folder
        Where the pages are.
    sizes
        Bytes by file name.
    changed
        Names of the files that differ from those before.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoadFile:
    """A user's own file of roads, and what the user says of whose it is."""

    path: Path
    credit: str = ""
    licence: str = ""


def build(project: Project, *, roads: RoadFile | None = None, on_page: Callable[[str], None] | None = None) -> Built:
    """Make every page and write them as one set; the previous pages stay when anything fails.

    Raises
    ------
    InputError
        The registry or a layer is missing or damaged, or the file of roads cannot be used.
    PolicyError
        A layer holds something that must not be published, or the audit found such a thing in a page.
    OutputError
        The folder cannot be written.
    """
    from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - as below
    from atlas.admission.road_lines import read_roads  # noqa: PLC0415 - as below
    from atlas.disclosure import audit_published, refuse_findings  # noqa: PLC0415 - as below
    from atlas.render import build_pages  # noqa: PLC0415 - folium is loaded only when a page is made

    release = open_published_atlas(project)
    lines = read_roads(roads.path, release, credit=roads.credit, licence=roads.licence) if roads else None
    pages = build_pages(release, roads=lines, on_page=on_page)
    refuse_findings(audit_published(project, pages), what="the build")
    changed = write_set(project.maps, pages)
    return Built(project.maps, {name: len(data) for name, data in pages.items()}, tuple(changed))
