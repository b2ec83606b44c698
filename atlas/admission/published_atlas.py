"""A project's layers together with the field notes that it has released: all that its pages may show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.errors import UsageError
from atlas.geojson.collection import read_collection
from atlas.project import Project
from atlas.published import publishable
from atlas.published.layers import NOTES, PublishedLayers, open_published_layers
from atlas.publishers import PublishedEditions, read_editions
from atlas.release.terms_reader import load_policy


class PublishedAtlas(PublishedLayers):
    """The layers of a project and its released field notes, as they may be published."""

    __slots__ = ()

    @property
    def released(self) -> Sequence[Mapping[str, Any]]:
        """The field notes that passed the release gate, as GeoJSON features.

        Raises
        ------
        PolicyError
            One of them must not be published.
        """
        return released_records(self.project)

    @property
    def editions(self) -> PublishedEditions:
        """What publishers' own files gave this project, edition by edition.

        Raises
        ------
        InputError
            A table of them is damaged.
        """
        return read_editions(self.project.geodata)


def open_published_atlas(project: Project) -> PublishedAtlas:
    """Open all that a project publishes.

    Raises
    ------
    InputError
        The registry is missing, damaged, or does not list the layers that the atlas has.
    """
    opened = open_published_layers(project)
    return PublishedAtlas(opened.project, opened.registry)


def released_records(project: Project) -> list[dict[str, Any]]:
    """The field records that a project publishes: ``geodata/released/records.geojson``, once the audit has passed it.

    Raises
    ------
    InputError
        The file is damaged.
    PolicyError
        The audit found in it, or in the counts beside it, what must not be published.
    UsageError
        There is one in the working folder, which is no project: nothing would show it.
    """
    records = project.geodata / NOTES
    stray = project.maps.parent / "geodata" / NOTES
    if project.embedded and stray != records and stray.is_file():
        msg = (
            f"{stray} would be shown by no page: {project.maps.parent} is no project, and the pages are made from the "
            "data inside the package. Copy it into geodata/released/ in the folder of the atlas, and build there"
        )
        raise UsageError(msg)
    if not records.is_file():
        return []
    from atlas.disclosure import audit_release, refuse_findings  # noqa: PLC0415 - most projects have no records

    features = read_collection(records)
    publishable.refuse("released", features)
    files = {path.name: path.read_bytes() for path in sorted(records.parent.iterdir()) if path.is_file()}
    policy = load_policy(project, allow_lapsed=True)
    refuse_findings(audit_release(project, files, policy), what=f"the records in {records.parent}")
    return features
