"""What can be cited, under which permanent id: layers, sources, claims and all other rows of facts.

An id is the name of a table (or ``layers``) and the key of the row, ``observations/monuments_deviation``; it is never
given to another row. Its URN is made of it alone, so that it stays whatever becomes of the row. A row of a table
without a key is named by its content: where that changes, it is another row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region
from atlas.deposit.row_titles import row_title, time_span
from atlas.errors import UsageError
from atlas.evidence import Evidence
from atlas.evidence.spec import Table
from atlas.evidence.tables import TABLES
from atlas.evidence.tombstones import TOMBSTONES, Tombstone

LAYERS = "layers"
# the URNs of all ids are made in this space; another one would be another atlas
_SPACE = uuid5(NAMESPACE_URL, "southern-border-atlas")
# decisions speak of rows and are none; the claims have their source in a column of one
_NOT_CITED = frozenset({"publication_decisions", TOMBSTONES})
# tables whose rows say something of a row of another, which their key names
_KEYED_BY_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        table.name: column.refers
        for table in TABLES
        for column in table.columns
        if table.key[:1] == (column.name,) and column.refers
    }
)


@dataclass(frozen=True, slots=True)
class Citable:
    """A layer or a row: its id, what it is, its cells or its record, and what it rests on.

    Attributes
    ----------
    name
        The permanent id, such as ``claims/C42``.
    title
        What it is, in words.
    cells
        The row's cells, or the registry's record of the layer.
    source_ids
        Sources of the fact tables that stand behind it.
    input_ids
        Packages or files that its geometry was read from; none of a row.
    """

    name: str
    title: str
    cells: Mapping[str, Any]
    source_ids: Sequence[str]
    input_ids: Sequence[str] = ()

    @property
    def urn(self) -> str:
        """The id as a URN, for places that want an address."""
        return urn(self.name)

    @property
    def is_withdrawn(self) -> bool:
        """Whether nothing has this id any more: its cells are those of a tombstone."""
        return "withdrawn_id" in self.cells

    @property
    def digest(self) -> str:
        """SHA-256 of a layer's file, or of the cells of a row: what the citation was made of."""
        if self.name.startswith(f"{LAYERS}/") and not self.is_withdrawn:
            return str(self.cells["sha256"])
        return _digest(self.cells)


def urn(name: str) -> str:
    """The URN of an id; the same for ever, and another one in each project."""
    border = region().border
    space = _SPACE if border == shipped_border() else uuid5(_SPACE, "|".join((border.title["en"], *_codes(border))))
    return f"urn:uuid:{uuid5(space, name)}"


def _codes(border: BorderProject) -> list[str]:
    return [side.code for side in border.sides]


def citables(evidence: Evidence, layers: Mapping[str, Mapping[str, Any]]) -> dict[str, Citable]:
    """Everything that can be cited, by id: layers as the registry has them, then the rows of the tables.

    Parameters
    ----------
    evidence
        The fact tables.
    layers
        The registry's records by name.
    """
    made = {}
    for record in layers.values():
        title = f"{record['title']['en']} (layer {record['name']})"
        layer = Citable(f"{LAYERS}/{record['name']}", title, record, record["source_ids"], record["inputs"])
        made[layer.name] = layer
    # what rows are about before what is about them
    for table in sorted(TABLES, key=lambda table: table.name in _KEYED_BY_OTHERS):
        if table.name not in _NOT_CITED:
            made |= {row.name: row for row in _rows(table, evidence, made)}
    return made | {stone.withdrawn_id: _buried(stone) for stone in evidence.tombstones}


def _buried(stone: Tombstone) -> Citable:
    instead = f" Use {', '.join(stone.replaced_by)} instead." if stone.replaced_by else ""
    title = f"[{stone.cause} on {stone.withdrawn_on}] {stone.reason_en}{instead}".removesuffix(".")
    return Citable(stone.withdrawn_id, title, asdict(stone), ())


def find(known: Mapping[str, Citable], asked: str) -> Citable:
    """What an id or a short form of it names: ``claims/C42``, ``C42`` or a URN.

    Raises
    ------
    UsageError
        Nothing, or more than one thing, has that name.
    """
    if asked in known:
        return known[asked]
    short = [
        name for name in known if urn(name) == asked or (name.partition("/")[2] == asked and _names_its_rows(name))
    ]
    # a layer is what people mean by its name, also where a table has a row of that name
    layer = f"{LAYERS}/{asked}"
    if layer in short:
        return known[layer]
    if len(short) == 1:
        return known[short[0]]
    if short:
        msg = f"{asked!r} is the name of {len(short)} things; give one of {', '.join(short[:6])}"
        raise UsageError(msg)
    near = _near(known, asked)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `atlas cite --list` lists all ids"
    msg = f"there is no layer, claim or row with the id {asked!r}{hint}"
    raise UsageError(msg)


def _near(known: Mapping[str, Citable], asked: str) -> list[str]:
    """Up to three ids that may be meant: in other case, longer, or with a letter changed."""
    names = list(dict.fromkeys([*known, *(name.partition("/")[2] for name in known)]))
    alike = [name for name in names if name.casefold() == asked.strip().casefold()]
    longer = [name for name in names if asked.strip() and name.casefold().startswith(asked.strip().casefold())]
    return list(dict.fromkeys([*alike, *longer, *get_close_matches(asked, names, n=3)]))[:3]


def _names_its_rows(name: str) -> bool:
    """Whether a table gives its rows names of their own; one of checks is keyed by the claim that it speaks of."""
    return name.partition("/")[0] not in _KEYED_BY_OTHERS


def _rows(table: Table, evidence: Evidence, made: Mapping[str, Citable]) -> Iterator[Citable]:
    held = getattr(evidence, table.name)
    spans = {row.claim_id: time_span(row.valid_from, row.valid_until) for row in evidence.claim_validity}
    for row in held.values() if isinstance(held, Mapping) else held:
        cells = asdict(row)
        key = [str(cells[name]) for name in table.key] or [_digest(cells)[:12]]
        name = f"{table.name}/{'.'.join(key).replace(' ', '_')}"
        about = made.get(f"{_KEYED_BY_OTHERS.get(table.name)}/{key[0].replace(' ', '_')}")
        title = row_title(table.name, cells, key, about.title if about else None)
        if table.name == "claims" and (span := spans.get(key[0])):
            title = f"{title} [{span}]"
        yield Citable(name, title, cells, tuple(_sources(table, cells, about)))


def _sources(table: Table, cells: Mapping[str, Any], about: Citable | None) -> Sequence[str]:
    """The sources of a row: its own, that of its series, or those of the row that it is about."""
    if table.name == "sources":
        return (cells["source_id"],)
    stated: Sequence[str] = cells.get("source_ids") or (cells.get("series") or {}).get("source_ids") or ()
    return stated or (about.source_ids if about else ())


def _digest(cells: Mapping[str, Any]) -> str:
    text = json.dumps(cells, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
