"""The fact tables that a module of a project needs: which they are, how they begin, and whether they are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from atlas.border_project import BorderProject
from atlas.errors import EvidenceError, listed
from atlas.evidence.spec import Table
from atlas.evidence.tables import TABLES

MODULE_TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crossings": ("crossings_formal", "sources"),
        "corridor": (
            "corridor_route",
            "places",
            "checkpoints",
            "corridor_readings",
            "publication_decisions",
            "sources",
        ),
        "containment": ("containment", "containment_shapes", "places", "sources"),
        "facilities": ("facilities", "publication_decisions", "sources"),
        "cards": ("visitor_cards", "visitor_card_series", "sources"),
        "claims": ("claims", "claim_checks", "sources"),
    }
)
# what may stand beside them
MORE_TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crossings": (
            "crossings_informal_named",
            "crossings_informal_counts",
            "crossings_totals",
            "totals_extent",
            "publication_decisions",
        ),
        "corridor": ("checkpoint_areas",),
        "containment": ("publication_decisions",),
        "facilities": ("facility_areas",),
        "claims": ("claim_validity",),
    }
)


def header_row(name: str) -> str:
    """The first line of a fact table, without its end."""
    return ",".join(_columns(name))


def required_columns(name: str) -> tuple[str, ...]:
    """The columns of a fact table whose cells may not be empty."""
    return tuple(column.name for column in _table(name).columns if not column.optional)


def begun_tables(modules: tuple[str, ...]) -> dict[str, bytes]:
    """The tables that modules need, each with its header row only, by the name of the file."""
    names = dict.fromkeys(name for module in modules for name in MODULE_TABLES[module])
    return {f"{name}.csv": f"{header_row(name)}\n".encode() for name in names}


def table_hints(modules: tuple[str, ...]) -> list[str]:
    """What has to be written into the tables that were begun for modules, a sentence each."""
    hints = []
    for module in modules:
        for name in MODULE_TABLES[module]:
            needed = ", ".join(required_columns(name))
            hints.append(f"{module}: geodata/evidence/{name}.csv has its header row; each row of it needs {needed}")
        if more := MORE_TABLES.get(module):
            hints.append(f"{module}: further tables that it reads, if you write them, are {', '.join(more)}")
    return hints


def empty_tables(border: BorderProject, rows: object) -> list[str]:
    """What to do next where a module is on and its first table has no rows yet.

    Parameters
    ----------
    border
        What the project's file says.
    rows
        The tables, one attribute each.
    """
    first = [MODULE_TABLES[module][0] for module in MODULE_TABLES if border.modules[module]]
    return [
        f"{name}.csv has no rows yet, so there is nothing of it to show. A row needs "
        f"{', '.join(required_columns(name))}; sources are ids of sources.csv. Then refresh again"
        for name in first
        if not getattr(rows, name)
    ]


def refuse_missing_tables(folder: Path, border: BorderProject) -> None:
    """Refuse a project whose modules lack a table.

    Parameters
    ----------
    folder
        The folder of the project's fact tables.
    border
        What its file says.

    Raises
    ------
    EvidenceError
        A table is missing; the message says how to begin it.
    """
    faults = [
        f"[modules] {module} = true needs {name}.csv; begin it with the line {header_row(name)} or write "
        f"{module} = false"
        for module, names in MODULE_TABLES.items()
        if border.modules[module]
        for name in names
        if not (folder / f"{name}.csv").is_file()
    ]
    if faults:
        raise EvidenceError(listed(f"tables are missing from {folder}:", faults))


def _columns(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in _table(name).columns)


def _table(name: str) -> Table:
    return next(one for one in TABLES if one.name == name).of_project()
