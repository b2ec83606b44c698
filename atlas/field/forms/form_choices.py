"""The municipalities and the stretches of the border as choices of a form, from the project's published layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atlas.project import Project
from atlas.published.layers import open_published_layers

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality at the border."""

    code: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of the border, from and to in kilometres from the start of the line."""

    code: str
    from_km: float
    to_km: float
    municipalities: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        """What a form shows, the same in both languages."""
        return f"{self.code} · km {self.from_km:.0f}\N{EN DASH}{self.to_km:.0f} · {', '.join(self.names)}"


def municipalities(project: Project) -> Sequence[Municipality]:
    """The municipalities at the border, by name.

    Raises
    ------
    InputError
        The project has no such layer.
    """
    properties_of_each = (
        feature["properties"] for feature in open_published_layers(project).features("municipalities")
    )
    made = [Municipality(row["cvegeo"], row["name"], row["state"]) for row in properties_of_each]
    return sorted(made, key=lambda one: (one.name, one.code))


def reaches(project: Project) -> Sequence[Reach]:
    """The stretches of the border in their order.

    Raises
    ------
    InputError
        The project has no such layer.
    """
    properties_of_each = (
        feature["properties"] for feature in open_published_layers(project).features("border_reaches")
    )
    return [
        Reach(
            row["reach"],
            row["chainage_from_km"],
            row["chainage_to_km"],
            tuple(row["municipality_cvegeos"]),
            tuple(row["municipality_names"]),
        )
        for row in properties_of_each
    ]
