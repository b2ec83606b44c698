"""Reads the tables of a project file; whatever is wrong is said in one error, by table and key, with a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project.cross_references import wrong_references
from atlas.border_project.details import (
    around_of,
    box_of,
    citation_of,
    offsets_of,
    projections_of,
    source_of,
    telephones_of,
    terms_of,
)
from atlas.border_project.key_values import LANGUAGES, problem_of
from atlas.border_project.keys import FIGURES, FREE_TABLES, LISTS, NAMED_TABLES, OPTIONAL, TABLES, Key
from atlas.border_project.model import (
    GIVEN_LINE,
    LAND_HERE,
    MODULES,
    BorderProject,
    Claim,
    Dispute,
    End,
    Language,
    Line,
    Outline,
    Side,
    SourceFile,
)
from atlas.border_project.overlays import labels_of
from atlas.errors import InputError, listed

TOLERANCE_M = 1_000.0
# thousands with commas in both, as in all that is written without a browser
LOCALES = MappingProxyType({"en": "en", "es": "es-419"})
_TWO = 2
_LIKE = 0.7
UNIT = MappingProxyType({"en": "units", "es": "unidades"})

Tables = Mapping[str, Any]


def read_border_tables(path: Path, tables: Tables, *, shipped: bool = False) -> BorderProject:
    """The border that a project file describes.

    Parameters
    ----------
    path
        The file, for messages; paths in it are meant from its folder.
    tables
        What TOML made of it.
    shipped
        Whether it is the border that comes with the atlas, whose outlines are those of packages and whose modules are
        there.

    Raises
    ------
    InputError
        A table or key is missing, unknown or of the wrong type, or what it names is not there.
    """
    faults = list(_faults(tables)) or ([] if shipped else list(wrong_references(path.parent, tables)))
    if faults:
        raise InputError(listed(f"{path} does not describe a border (docs/borders.md has every key):", faults))
    sources = {key: source_of(path.parent, key, table) for key, table in tables["sources"].items()}
    return BorderProject(
        title=_words(tables["project"]["title"]),
        languages=tuple(tables["project"].get("languages", LANGUAGES)),
        box=box_of(tables["project"]["box"]),
        around=around_of(tables),
        here=_side(tables["here"], sources),
        neighbours=tuple(_side(table, sources) for table in tables["neighbours"]),
        line=_line(tables["border"], sources),
        modules=MappingProxyType({name: tables.get("modules", {}).get(name, False) for name in MODULES}),
        sources=MappingProxyType(sources),
        texts=MappingProxyType(tables.get("texts", {})),
        citation=citation_of(tables),
        terms=terms_of(tables),
        labels=labels_of(tables),
        projections=projections_of(tables),
        telephones=telephones_of(tables),
        utc_offsets_h=offsets_of(tables),
        locales=_words(tables["project"].get("locales", LOCALES)),
        disputes=tuple(_dispute(table) for table in tables.get("disputes", ())),
        figures=MappingProxyType({name: box_of(each["box"]) for name, each in tables.get("figures", {}).items()}),
        more_languages=MappingProxyType(
            {
                code: Language(name=table["name"], path=(path.parent / table["file"]).resolve())
                for code, table in tables.get("languages", {}).items()
            }
        ),
    )


def _faults(tables: Tables) -> Iterator[str]:
    known = [name for name in TABLES if "." not in name]
    for name in tables:
        if name not in (*known, *FREE_TABLES):
            tables_known = (*known, *FREE_TABLES)
            yield f"[{name}] is no table of a project; {_known(name, tables_known, 'the tables')}; remove or rename it"
    for name in known:
        table = tables.get(name)
        if table is None:
            if name not in OPTIONAL:
                yield _missing(name)
        elif name in LISTS:
            yield from _of_list(name, table)
        elif not isinstance(table, dict) and name in NAMED_TABLES:
            yield f"[{name}] is no table of tables; write [{name}.KEY] for each, with one bracket"
        elif not isinstance(table, dict):
            yield f"[{name}] is no table; write [{name}] on a line and its keys below it"
        elif name in NAMED_TABLES:
            yield from _of_named(name, table)
        else:
            yield from _of_table(name, table, TABLES[name])
    yield from _of_texts(tables.get("texts", {}))


def _missing(name: str) -> str:
    needed = ", ".join(key for key, about in TABLES[name].items() if about.required)
    if name in NAMED_TABLES:
        return f"[{name}.KEY] is missing; add one for each file, such as [{name}.here], with {needed}"
    title = f"[[{name}]]" if name in LISTS else f"[{name}]"
    return f"{title} is missing; add it, with {needed}"


def _of_named(name: str, tables: Tables) -> Iterator[str]:
    for key, table in tables.items():
        if name == "figures" and key not in FIGURES:
            yield f"[figures.{key}] is no map of a figure; {_known(key, FIGURES, 'they')}; remove or rename it"
        else:
            yield from _of_table(f"{name}.{key}", table, TABLES[name])


def _of_list(name: str, tables: object) -> Iterator[str]:
    if not isinstance(tables, list) or not tables:
        yield f"[[{name}]] must stand once for each of the {name}; write [[{name}]] with two brackets"
        return
    for number, table in enumerate(tables, start=1):
        if name != "disputes" or not isinstance(table, dict):
            yield from _of_table(f"{name} {number}", table, TABLES[name])
            continue
        yield from _of_table(f"disputes {number}", {k: v for k, v in table.items() if k != "claims"}, TABLES[name])
        claims = table.get("claims")
        if not isinstance(claims, list) or len(claims) < _TWO:
            yield f"[disputes {number}] needs what each side claims; write [[disputes.claims]] for each, two at least"
            continue
        for claim in claims:
            yield from _of_table(f"disputes {number} claims", claim, TABLES["disputes.claims"])


def _of_table(title: str, table: object, keys: Mapping[str, Key]) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"[{title}] is no table; write [{title}] on a line and its keys below it"
        return
    inner = ("start", "end") if title == "border" else ()
    for name in table:
        if name not in keys and name not in inner:
            yield f"[{title}] {name} is unknown; {_known(name, (*keys, *inner), 'its keys')}; remove or rename it"
    for name, key in keys.items():
        if name not in table:
            if key.required:
                yield f"[{title}] {name} is missing: {key.about}; add {name} = {key.example}"
        elif problem := problem_of(table[name], key):
            yield f"[{title}] {name} {problem}; write {name} = {key.example}"
    for name in inner:
        if name in table:
            yield from _of_table(f"border.{name}", table[name], TABLES[f"border.{name}"])


def _known(name: str, known: Sequence[str], what: str) -> str:
    """What a name may be: the nearest one, where there is one, and all."""
    near = get_close_matches(name.casefold(), known, n=1, cutoff=_LIKE)
    return f"{f'did you mean {near[0]}? ' if near else ''}{what} are {', '.join(known)}"


def _of_texts(texts: object) -> Iterator[str]:
    if not isinstance(texts, dict):
        yield "[texts] is no table; write [texts.en] on a line and the texts below it"
        return
    for language, table in texts.items():
        if language not in LANGUAGES:
            yield f"[texts.{language}] is no language of the pages; they are {', '.join(LANGUAGES)}; remove it"
        elif not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
            yield f'[texts.{language}] must hold texts by key, such as "page.index.lead" = "…"'


def _side(table: Tables, sources: Mapping[str, SourceFile]) -> Side:
    outline = None
    if "source" in table:
        columns = {name: table.get(f"{name}_column") for name in ("code", "name", "parent")}
        outline = Outline(source=sources[table["source"]], **columns, leave_out=tuple(table.get("leave_out", ())))
    return Side(
        code=table["code"],
        name=_words(table["name"]),
        unit=_words(table.get("unit", UNIT)),
        outline=outline,
        country=table.get("country"),
        box=box_of(table["box"]) if "box" in table else None,
        land=table.get("land", LAND_HERE),
        parents=_words(table.get("parents", {})),
        lies=table.get("lies"),
        region_parents=tuple(table.get("region_parents", ())),
        part=_words(table.get("part", table["name"])),
        census_year=table.get("census_year"),
        treaties=tuple(table.get("treaties", ())),
        code_digits=MappingProxyType({key.lower(): tuple(each) for key, each in table.get("code_digits", {}).items()}),
    )


def _line(table: Tables, sources: Mapping[str, SourceFile]) -> Line:
    return Line(
        way=table["way"],
        file=sources[table["source"]] if table["way"] == GIVEN_LINE else None,
        leader=table.get("leader", "here"),
        contested=table.get("contested"),
        tolerance_m=float(table.get("tolerance_m", TOLERANCE_M)),
        start=_end(table.get("start", {"kind": "coast"}), {"en": "start", "es": "inicio"}),
        end=_end(table.get("end", {"kind": "coast"}), {"en": "end", "es": "fin"}),
    )


def _end(table: Tables, name: Mapping[str, str]) -> End:
    place = table.get("position")
    return End(
        kind=table["kind"],
        name=_words(table.get("name", name)),
        position=None if place is None else (float(place[0]), float(place[1])),
        onward=tuple((float(lon), float(lat)) for lon, lat in table.get("onward", ())),
    )


def _dispute(table: Tables) -> Dispute:
    places = [tuple(float(one) for one in table[name]) if name in table else None for name in ("from", "to")]
    claims = tuple(Claim(by=one["by"], text=_words(one["text"]), source=one["source"]) for one in table["claims"])
    return Dispute(name=_words(table["name"]), start=places[0], end=places[1], claims=claims)  # type: ignore[arg-type]


def _words(texts: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(texts))
