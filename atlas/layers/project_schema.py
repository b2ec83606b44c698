"""What a project's layers are called and hold: those of the atlas, or of the border that a file describes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from atlas.border_project import BorderProject, Dispute, Side
from atlas.layers.schema import FieldSpec, LayerSpec, Text, general_spec, layer_specs

_LANGUAGES = ("en", "es")
# the base map's sources besides the project's outlines
PACKAGED = ("geonames", "gshhg_shores", "wdbii_rivers", "wdbii_borders")


# the layers of modules that any project may have
MODULE_LAYERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crossings": ("crossings_formal", "crossings_informal", "crossings_reported"),
        "corridor": ("corridor", "checkpoints"),
        "containment": ("containment",),
        "facilities": ("facilities",),
    }
)
OF_MODULES = frozenset(name for layers in MODULE_LAYERS.values() for name in layers)
# the nature of a stretch in dispute
DISPUTED = "disputed"


def dispute_code(number: int) -> str:
    """The code of a dispute, counted from 1, in the column of what the line rests on."""
    return f"dispute-{number}"


def project_specs(border: BorderProject | None) -> Mapping[str, LayerSpec]:
    """All layers by name, in their order: those of the atlas' own border for None."""
    return layer_specs() if border is None else _specs(_Identity(border))


class _Identity:
    """A border as a key: it holds mappings, which have no hash."""

    def __init__(self, border: BorderProject) -> None:
        self.border = border

    def __hash__(self) -> int:
        return id(self.border)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.border is self.border


@cache
def _tables() -> Mapping[str, Any]:
    text = resources.files("atlas.layers").joinpath("project_schema.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _specs(key: _Identity) -> Mapping[str, LayerSpec]:
    names = ["border", "border_reaches", "municipalities", "neighbour_regions", "basemap"]
    if not any(side.outline for side in key.border.neighbours):
        names.remove("neighbour_regions")
    names += [name for module, layers in MODULE_LAYERS.items() if key.border.modules[module] for name in layers]
    return MappingProxyType({name: _spec(name, key.border) for name in names})


def _spec(name: str, border: BorderProject) -> LayerSpec:
    tables, base = _tables(), general_spec(name)
    table = tables[name]
    filled = [_filled(table, border, language) for language in _LANGUAGES]
    # a kind of crossing is not called like a kind of the base map's features
    words = table.get("values", {}) if name in OF_MODULES else tables["values"]
    named = frozenset(words if name in OF_MODULES else ())
    fields = tuple(
        _field(replace(spec, nullable=spec.nullable or spec.name in table.get("null", ())), border, words, named)
        for spec in base.fields
    )
    return replace(
        base,
        title=_text(*(each[0] for each in filled)),
        description=_text(*(each[1] for each in filled)),
        geometry_types=tuple(table.get("geometry", base.geometry_types)),
        source_keys=_sources_of(name, border),
        fields=fields,
    )


def _filled(table: Mapping[str, Any], border: BorderProject, language: str) -> tuple[str, str]:
    """Title and description of a layer in a language, with the project's words in them."""
    way = dict(zip(_LANGUAGES, _tables()["ways"][border.line.way], strict=True))[language]
    there = "; ".join(f"{side.unit[language]} ({side.name[language]})" for side in border.neighbours if side.outline)
    words = {"here": border.here.name[language], "unit": border.here.unit[language], "there": there, "way": way}
    # braces of a project's own words stay as they are
    title, about = (table[key.format(language)] for key in ("{}", "about_{}"))
    for word, text in words.items():
        title, about = title.replace(f"{{{word}}}", text), about.replace(f"{{{word}}}", text)
    return title[:1].upper() + title[1:], about


def _sources_of(name: str, border: BorderProject) -> tuple[str, ...]:
    line = () if border.line.file is None else (border.line.file.key,)
    here = () if border.here.outline is None else (border.here.outline.source.key,)
    there = tuple(side.outline.source.key for side in border.neighbours if side.outline)
    keys = {
        "municipalities": (*here, *there),
        "neighbour_regions": (*there, *here),
        **dict.fromkeys(("corridor", "checkpoints", "containment"), (*here, *there, "geonames")),
        "basemap": (*here, *there, *PACKAGED),
    }.get(name, (*line, *here, *there))
    return tuple(dict.fromkeys(keys))


def _field(made: FieldSpec, border: BorderProject, words: Mapping[str, Any], named: frozenset[str]) -> FieldSpec:
    """A field in the words of a project; ``named`` are fields that get their codes from these words alone."""
    tables, spec = _tables(), made
    if spec.name in tables["fields"]:
        made = replace(made, title=MappingProxyType(tables["fields"][spec.name]), description=None)
    if spec.name in tables["census"] and (year := border.here.census_year) is not None:
        return replace(made, title=_text(*(text.format(year=year) for text in tables["census"][spec.name])))
    if spec.name in {"neighbour", "neighbours"}:
        return replace(made, values=MappingProxyType({side.code: side.name for side in border.neighbours}))
    if spec.name == "treaty" and border.disputes:
        claims = {dispute_code(n): _claims(dispute, border) for n, dispute in enumerate(border.disputes, start=1)}
        return replace(made, title=MappingProxyType(tables["claims"]["title"]), values=MappingProxyType(claims))
    if spec.name == "region_kind":
        return replace(made, values=MappingProxyType({side.code: _unit(side) for side in border.neighbours}))
    if spec.name in words and (spec.values or spec.name in named):
        coded = {code: _text(*pair) for code, pair in words[spec.name].items()}
        # the land of one country becomes that of this side
        kept = {code: text for code, text in spec.values.items() if not code.startswith("land_")}
        if border.disputes and spec.name in {"nature", "natures"}:
            kept[DISPUTED] = _text(*tables["claims"][DISPUTED])
        return replace(made, values=MappingProxyType({**kept, **coded}))
    return made


def _claims(dispute: Dispute, border: BorderProject) -> Text:
    """What each side says of a stretch, side by side, with where it is written."""
    names = {side.code: side.name for side in (border.here, *border.neighbours)}
    return _text(
        *(
            f"{dispute.name[language]} – "
            + " | ".join(f"{names[c.by][language]}: {c.text[language]} ({c.source})" for c in dispute.claims)
            for language in _LANGUAGES
        )
    )


def _unit(side: Side) -> Text:
    return _text(*(f"{side.unit[language]} ({side.name[language]})" for language in _LANGUAGES))


def _text(english: str, spanish: str) -> Text:
    return MappingProxyType({"en": english, "es": spanish})
