"""A map as a TOML file: several layers, texts in both languages, and the same again when it is written."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from atlas.cartography.composition import (
    TEXTS,
    Bilingual,
    Composition,
    Join,
    MapLayer,
    Style,
    bilingual,
    checked_extent,
    parsed_join,
)
from atlas.errors import InputError, UsageError

_MOST_BYTES = 1_000_000
_STYLE = tuple(one.name for one in fields(Style))
_SWITCHES = ("categories", "hatch")
_LAYER = ("source", "title", "popup", "join", "where", "sensitivity_field", *_STYLE)
_WHOLE = (*TEXTS, "sources", "extent", "layers")


def read_map_file(path: Path) -> Composition:
    """Read a map file; files that it names lie beside it.

    Raises
    ------
    InputError
        It cannot be read, is not TOML, or says what no map has.
    UsageError
        A style, text or extent in it is impossible.
    """
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            msg = f"{path} has {len(data) / 1e6:.0f} MB; a map file names its data, it does not hold them"
            raise InputError(msg)
        stated = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        msg = f"{str(path)!r} cannot be read ({error.strerror}); give a map file"
        raise InputError(msg) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"{path} is not TOML: {error}; see what `atlas map FILE … --as-toml` prints"
        raise InputError(msg) from error
    try:
        return _composition(stated, path.parent)
    except UsageError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from error


def _composition(stated: Mapping[str, Any], folder: Path) -> Composition:
    _known(stated, _WHOLE, "the map")
    layers = stated.get("layers", [])
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        msg = "its layers are not tables; begin each with [[layers]]"
        raise UsageError(msg)
    sources = stated.get("sources", [])
    if not isinstance(sources, list):
        msg = 'sources is not a list, such as sources = ["Survey (2024)"]'
        raise UsageError(msg)
    return Composition(
        tuple(_layer(layer, number, folder) for number, layer in enumerate(layers, start=1)),
        {name: bilingual(stated[name], name) for name in TEXTS if name in stated},
        tuple(bilingual(source, "a source") for source in sources),
        checked_extent(stated["extent"]) if "extent" in stated else None,
    )


def _layer(stated: Mapping[str, Any], number: int, folder: Path) -> MapLayer:
    what = f"layer {number}"
    _known(stated, _LAYER, what)
    source = _text(stated, "source", what)
    if not source:
        msg = f"{what} names no source: a file, or a layer of the atlas"
        raise UsageError(msg)
    where = stated.get("where", {})
    if not isinstance(where, dict):
        msg = f'{what}: where is not a table, such as where = {{ year = "2024" }}'
        raise UsageError(msg)
    return MapLayer(
        _placed(source, folder),
        _style(stated, what),
        popup=_names(stated, what),
        join=_join(stated.get("join"), what, folder),
        title=bilingual(stated["title"], f"the title of {what}") if "title" in stated else None,
        where=tuple((name, str(value)) for name, value in where.items()),
        sensitivity_field=_text(stated, "sensitivity_field", what),
    )


def _placed(source: str, folder: Path) -> str | Path:
    """A file beside the map file, else the name as it is, which may be a layer of the atlas."""
    path = folder / Path(source).expanduser()
    bare = source.isidentifier() and not path.exists()
    return source if bare else path


def _style(stated: Mapping[str, Any], what: str) -> Style:
    kinds: dict[str, Any] = {"classes": int, "midpoint": (int, float), "opacity": (int, float)}
    kinds |= dict.fromkeys(_SWITCHES, bool)
    given = {}
    for name in _STYLE:
        if name not in stated:
            continue
        value = stated[name]
        if name == "breaks":
            if not isinstance(value, list) or not all(_is_number(item) for item in value):
                msg = f"{what}: breaks are not numbers, such as breaks = [10, 50, 100]"
                raise UsageError(msg)
            value = tuple(map(float, value))
        elif not isinstance(value, kinds.get(name, str)) or (isinstance(value, bool) and name not in _SWITCHES):
            msg = f"{what}: {name} = {value!r} is not {'a number' if name in kinds else 'a text'}"
            raise UsageError(msg)
        given[name] = value
    return Style(**given)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _names(stated: Mapping[str, Any], what: str) -> tuple[str, ...] | None:
    names = stated.get("popup")
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        msg = f'{what}: popup is not a list of fields, such as popup = ["name", "kind"]'
        raise UsageError(msg)
    return tuple(names)


def _join(stated: object, what: str, folder: Path) -> Join | None:
    if stated is None:
        return None
    if isinstance(stated, str):
        join = parsed_join(stated)
        return replace(join, layer=str(_placed(join.layer, folder)))
    if isinstance(stated, dict):
        _known(stated, ("layer", "key", "column"), f"the join of {what}")
        layer, key, column = (_text(stated, name, what) for name in ("layer", "key", "column"))
        if layer and key:
            return Join(str(_placed(layer, folder)), key, column)
    msg = f'{what}: join is not such as join = {{ layer = "municipalities", key = "cvegeo" }}'
    raise UsageError(msg)


def _text(stated: Mapping[str, Any], name: str, what: str) -> str | None:
    value = stated.get(name)
    if value is None or isinstance(value, str):
        return value
    msg = f"{what}: {name} = {value!r} is not a text"
    raise UsageError(msg)


def _known(stated: Mapping[str, Any], names: Sequence[str], what: str) -> None:
    wrong = next((name for name in stated if name not in names), None)
    if wrong is not None:
        near = get_close_matches(wrong, names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        msg = f"{what} has no {wrong!r}; {hint}It may have {', '.join(names)}"
        raise UsageError(msg)


def map_file_text(composition: Composition) -> str:
    """A composition as the text of a map file, which reads back as the same.

    Raises
    ------
    UsageError
        A layer is an object in memory, which a file cannot name.
    """
    lines = [f"{name} = {_bilingual(text)}" for name, text in composition.texts.items()]
    if composition.sources:
        lines.append(f"sources = [{', '.join(map(_bilingual, composition.sources))}]")
    if composition.extent:
        lines.append(f"extent = {_value(composition.extent)}")
    for layer in composition.layers:
        lines += ["", "[[layers]]", *_layer_lines(layer)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _layer_lines(layer: MapLayer) -> list[str]:
    if not isinstance(layer.source, str | os.PathLike):
        msg = "a layer in memory cannot be named in a map file; save it as a file first"
        raise UsageError(msg)
    lines = [f"source = {_value(os.fspath(layer.source))}"]
    lines += [f"title = {_bilingual(layer.title)}"] if layer.title else []
    lines += [f"popup = {_value(layer.popup)}"] if layer.popup is not None else []
    if layer.join:
        parts = [
            f"{name} = {_value(getattr(layer.join, name))}"
            for name in ("layer", "key", "column")
            if getattr(layer.join, name)
        ]
        lines.append(f"join = {{ {', '.join(parts)} }}")
    if layer.where:
        lines.append(f"where = {{ {', '.join(f'{_value(name)} = {_value(text)}' for name, text in layer.where)} }}")
    plain = Style()
    for name in _STYLE:
        value = getattr(layer.style, name)
        if value != getattr(plain, name):
            lines.append(f"{name} = {_value(value)}")
    return [*lines, *([f"sensitivity_field = {_value(layer.sensitivity_field)}"] if layer.sensitivity_field else [])]


def _bilingual(text: Bilingual) -> str:
    if len(set(text.values())) == 1 and len(text) > 1:
        return _value(next(iter(text.values())))
    return "{ " + ", ".join(f"{language} = {_value(words)}" for language, words in text.items()) + " }"


def _value(value: Any) -> str:  # noqa: ANN401 - what a style or a text is
    if isinstance(value, str):
        # JSON's escapes are TOML's too, but for delete, which TOML wants escaped
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)
