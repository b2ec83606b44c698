"""What the rules of a fact table are made of: tables, columns, and the columns that many tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from atlas.border_project import shipped_border
from atlas.evidence.cells import Parser, cvegeo, list_of, matching, number, one_of, text

_CODES = shipped_border().neighbour_codes
NEIGHBOUR = one_of(*_CODES)
VEHICULAR = one_of("true", "false", "unknown")
DISTANCE = number(minimum=0)
IDENTIFIER = matching("[a-z0-9][a-z0-9_]*", "suchiate_1 (small letters, digits, underscores)")
CHECKPOINT = matching("CP[0-9]{2}", "CP01")
COUNT = matching("[TP][0-9]{2}", "T01 (a whole universe) or P01 (a partial count)")
# what an extent may look like, for messages
EXTENTS = "whole, {0}, {0}:land, {0}:state:07, municipality:07087 or rivers:Suchiate;Hondo".format(_CODES[0])
_BESIDE = rf"({'|'.join(_CODES)})(:land|:state:[0-9]{{2}})?"
EXTENT = matching(rf"whole|{_BESIDE}|municipality:[0-9]{{5}}|rivers:[A-Z]\w+(;[A-Z]\w+)*", EXTENTS)
# what units belong to, and pairs of countries, as published figures name them
PARENTS = tuple(shipped_border().here.parents.values())
PARENT = one_of(*PARENTS)
PAIRS = tuple(f"{shipped_border().here.country}-{side.country}" for side in shipped_border().neighbours)
COUNTRY = matching("[A-Z]{2}", "two capital letters, such as HN")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how its cells read, what an empty one means if it may be empty, the table whose key they name."""

    name: str
    parse: Parser = text
    optional: bool = False
    refers: str | None = None
    empty: object = None

    @property
    def attribute(self) -> str:
        """Name of the record's attribute that holds the value."""
        if self.refers == "sources":
            return "source_ids"
        return "from_" if self.name == "from" else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A fact table: ``needs`` says which columns a word in another column asks for.

    Attributes
    ----------
    key
        Columns that together name a row; without any, only rows that are alike in every cell are duplicates.
    positions
        Whether cells may hold degrees; tables of places that must stay at the level of a name may not.
    """

    name: str
    record: Callable[..., object]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    positions: bool = True
    needs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def file(self) -> str:
        """Name of the file in the folder of the fact tables."""
        return f"{self.name}.csv"


def optional(name: str, parse: Parser = text) -> Column:
    """A column whose cells may be empty."""
    return Column(name, parse, optional=True)


def place(name: str, *, required: bool = True) -> Column:
    """A column that names a settlement of ``places.csv``."""
    return Column(name, IDENTIFIER, optional=not required, refers="places")


def listing(name: str, item: Parser) -> Column:
    """A column with a list that may be empty."""
    return Column(name, list_of(item), optional=True, empty=())


SOURCES = Column("source_ids", list_of(IDENTIFIER), optional=True, refers="sources", empty=())
SOURCE = Column("source_id", list_of(IDENTIFIER), optional=True, refers="sources", empty=())
CONFIDENCE = Column("confidence", one_of("seen", "computed", "general", "not_found"))
NOTE = optional("note")
BOUND = one_of("=", "≈", "≥", ">", "≤")
BASIS = one_of("printed", "inferred", "not stated")
# who makes a published statement, where it is printed, and how exactly; the rules between them are in statements
STATEMENT = (
    optional("claimant"),
    optional("printed_in"),
    optional("bound", BOUND),
    optional("date_basis", BASIS),
    optional("hedge"),
)
CITED = (SOURCES, CONFIDENCE, NOTE)
# a row is as sure as its confidence says but for the fields named here, each with what it rests on instead
LESS_SURE = ("inferred", "general")
FIELD_CONFIDENCE = listing(
    "field_confidence", matching(rf"[a-z_]+:(?:{'|'.join(LESS_SURE)})", "as_of:inferred or municipality_cvegeo:general")
)
CITED_BY_FIELD = (SOURCES, CONFIDENCE, FIELD_CONFIDENCE, NOTE)
CODE = Column("municipality_cvegeo", cvegeo)
CODE_IF_KNOWN = optional("municipality_cvegeo", cvegeo)
