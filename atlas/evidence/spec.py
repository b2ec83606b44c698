"""What the rules of a fact table are made of: tables, columns, and the columns that many tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region
from atlas.evidence.cells import Parser, cvegeo, list_of, matching, number, one_of, state_code, text


def of_border(make: Callable[[BorderProject], Parser]) -> Parser:
    """Parser that goes by what is said of the border whose tables are read."""

    def parse(cell: str) -> object:
        return make(region().border)(cell)

    return parse


def pairs_of(border: BorderProject) -> tuple[str, ...]:
    """Pairs of countries, as published figures name them: this one and each neighbour."""
    here, *others = (side.country or side.code for side in border.sides)
    return tuple(f"{here}-{other}" for other in others)


def extents_of(border: BorderProject) -> str:
    """What the extent of a count may look like, for messages."""
    first = border.neighbour_codes[0]
    area, unit = ("07", "07087") if _is_inegi(border) else ("CODE", "CODE")
    return f"whole, {first}, {first}:land, {first}:state:{area}, municipality:{unit} or rivers:NAME;NAME"


def _extent(border: BorderProject) -> Parser:
    area, unit = ("[0-9]{2}", "[0-9]{5}") if _is_inegi(border) else (_CODE, _CODE)
    beside = rf"({'|'.join(border.neighbour_codes)})(:land|:state:{area})?"
    form = rf"whole|{beside}|municipality:{unit}|rivers:[A-Z]\w+(;[A-Z]\w+)*"
    return matching(form, extents_of(border))


def _is_inegi(border: BorderProject) -> bool:
    outline = border.here.outline
    return outline is not None and outline.code == _INEGI


def _code(inegi: Parser) -> Parser:
    """Codes of an area, by which scheme the outlines have them."""
    return of_border(lambda border: inegi if _is_inegi(border) else _ANY_CODE)


def _parent(*others: str) -> Parser:
    def make(border: BorderProject) -> Parser:
        names = border.here.parents.values()
        return one_of(*names, *others) if names else text

    return of_border(make)


# the column of codes in INEGI's outlines; other countries have schemes of their own
_INEGI = "CVEGEO"
_STATUSES_OF_SHIPPED = ("open", "formal_on_paper", "inm_staffed_outside_cila_list", "closed_rail")
_CARDS_OF_SHIPPED = ("regional_visitor", "border_worker")
# of a formal crossing, in a table of any border
STATUSES = ("open", "formal_on_paper", "closed")
_CODE = r"[\w.-]{1,40}"
_ANY_CODE = matching(_CODE, "AT130 (letters, digits, points, without spaces)")
UNIT_CODE, AREA_CODE = _code(cvegeo), _code(state_code)
UNIT_OR_AREA_CODE = _code(
    matching(r"(?:0[1-9]|[12][0-9]|3[0-2])(?:[0-9]{3})?", "07 or 07089 (INEGI code, text with its leading zero)")
)
NEIGHBOUR = of_border(lambda border: one_of(*border.neighbour_codes))
VEHICULAR = one_of("true", "false", "unknown")
DISTANCE = number(minimum=0)
STATUS = of_border(lambda border: one_of(*(_STATUSES_OF_SHIPPED if border is shipped_border() else STATUSES)))
CARD = of_border(lambda border: one_of(*_CARDS_OF_SHIPPED) if border is shipped_border() else text)
IDENTIFIER = matching("[a-z0-9][a-z0-9_]*", "river_1 (small letters, digits, underscores)")
CHECKPOINT = matching("CP[0-9]{2}", "CP01")
COUNT = matching("[TP][0-9]{2}", "T01 (a whole universe) or P01 (a partial count)")
EXTENT = of_border(_extent)
# what units belong to
PARENT, PARENT_OR_TOTAL = _parent(), _parent("Total")
PAIR = of_border(lambda border: one_of(*pairs_of(border), "both"))
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
    in_projects
        Columns of a project of another border, in place of those of the same name or beside the others.
    project_needs
        What ``needs`` says in such a project, where that differs.
    """

    name: str
    record: Callable[..., object]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    positions: bool = True
    needs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    in_projects: tuple[Column, ...] = ()
    project_needs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of_project(self) -> Table:
        """The table as a project of another border has it."""
        others = {column.name: column for column in self.in_projects}
        kept = [others.pop(column.name, column) for column in self.columns]
        needs = MappingProxyType({**self.needs, **self.project_needs})
        return replace(self, columns=(*kept, *others.values()), needs=needs) if self.in_projects else self

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
CODE = Column("municipality_cvegeo", UNIT_CODE)
CODE_IF_KNOWN = optional("municipality_cvegeo", UNIT_CODE)
