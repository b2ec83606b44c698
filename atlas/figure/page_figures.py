"""Which pages have a figure: those of the shipped border, and those of a border that a project describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from atlas.border_project import BorderProject
from atlas.figure.pages import atlas as overview
from atlas.figure.pages import (
    border,
    cards,
    checkpoints,
    containment,
    crossings,
    municipalities,
    project_border,
    series,
    timeline,
)
from atlas.figure.plan import Desk, Figure

Compose = Callable[[Desk], Figure]

PAGES: Mapping[str, Compose] = MappingProxyType(
    {
        "atlas": overview.compose,
        "border": border.compose,
        "municipalities": municipalities.compose,
        "crossings": crossings.compose,
        "checkpoints": checkpoints.compose,
        "containment": containment.compose,
        "cards": cards.compose,
        "series": series.compose,
        "timeline": timeline.compose,
    },
)
# the figures of a border that a project describes: that of its line, and of the modules that it has
PROJECT_PAGES: Mapping[str, tuple[Compose, str]] = MappingProxyType(
    {
        **dict.fromkeys(("atlas", "border", "municipalities"), (project_border.compose, "")),
        "crossings": (crossings.compose_of_project, "crossings"),
        "checkpoints": (checkpoints.compose, "corridor"),
        "containment": (containment.compose, "containment"),
    }
)


def figures_of(described: BorderProject | None) -> Mapping[str, Compose]:
    """Figures by page; of a project's border those of its line and of the modules that are on."""
    if described is None:
        return PAGES
    return {name: page for name, (page, module) in PROJECT_PAGES.items() if not module or described.modules[module]}
