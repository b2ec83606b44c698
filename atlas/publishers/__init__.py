"""Publishers' own files of figures by place and month: declared layouts, editions that are kept, revisions as data."""

from atlas.publishers.edition_tables import PublishedEditions, read_editions
from atlas.publishers.layout import PUBLISHERS, Layout, layout_for
from atlas.publishers.publisher_file import PublisherReport, take_file
from atlas.publishers.unit_names import UnitNames

__all__ = [
    "PUBLISHERS",
    "Layout",
    "PublishedEditions",
    "PublisherReport",
    "UnitNames",
    "layout_for",
    "read_editions",
    "take_file",
]
