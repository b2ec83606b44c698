"""Where a project's folders are, and its settings: frozen, found once, passed in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project import FOLDER as SHIPPED
from atlas.border_project import BorderProject, read_border_tables, shipped_border
from atlas.errors import InputError, UsageError
from atlas.files import read_text

SETTINGS_FILE = "atlas.toml"
# a file with one of these describes a border of its own
_BORDER = frozenset({"project", "here", "neighbours", "border"})
# tables that no other program's file has; two of them show what a file is, even where something in it is wrong
_HEADINGS = re.compile(r"(?m)^[ \t]*\[{1,2}[ \t]*(here|neighbours|border)[ \t]*\]")
_TELLING = 2


@dataclass(frozen=True, slots=True)
class SourceOverride:
    """A user's own file in place of a packaged source: path, and what the file does not say itself.

    Attributes
    ----------
    path
        The file.
    layer
        Which of its layers is meant, where it has several.
    crs
        Its coordinate system, such as ``EPSG:6372``, where it does not say.
    edition
        What its publisher calls it, for the citation.
    columns
        The names of its columns by those that are expected, such as ``{'CVEGEO': 'clave'}``.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    edition: str | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with ``geodata/`` and ``maps/``, and the sources that its owner chose.

    Attributes
    ----------
    geodata
        Folder of tables, layers and registry.
    maps
        Folder of the pages.
    overrides
        Files in place of packaged sources, by key.
    embedded
        Whether the data are those inside the package.
    border
        The border that the project file describes; None for the one that the atlas comes with.
    """

    geodata: Path
    maps: Path
    overrides: Mapping[str, SourceOverride] = field(default_factory=lambda: MappingProxyType({}))
    embedded: bool = False
    border: BorderProject | None = None

    @property
    def described(self) -> BorderProject:
        """What is said of the border: by the project's own file, or by that of the border that the atlas comes with."""
        return self.border or shipped_border()

    @property
    def frame_start(self) -> float | None:
        """The longitude in degrees below which longitudes go on beyond 180°, where its border crosses that."""
        return None if self.border is None else self.border.frame_start

    @property
    def evidence_dir(self) -> Path:
        """Folder of the fact tables."""
        return self.geodata / "evidence"

    @property
    def layers_dir(self) -> Path:
        """Folder of the GeoJSON layers."""
        return self.geodata / "layers"

    @property
    def registry_path(self) -> Path:
        """The record of all layers."""
        return self.geodata / "registry.json"


def find_project(folder: Path | None = None) -> Project:
    """The project in ``folder``; without one, that of the working folder, or the embedded data.

    Raises
    ------
    UsageError
        ``folder`` is not a project.
    InputError
        Its settings file cannot be used.
    """
    if folder is not None:
        root = folder.expanduser().resolve()
        project = _project_at(root)
        if project.border is None and not (root / "geodata").is_dir():
            msg = f"{str(folder)!r} is not an atlas project: it has no folder geodata/. Give a folder that has one"
            raise UsageError(msg)
        return project
    here = Path.cwd()
    for root in (here, *here.parents):
        if (root / "geodata" / "evidence").is_dir() or _has_border(root / SETTINGS_FILE):
            return _project_at(root)
    return Project(geodata=embedded_geodata(), maps=here / "maps", embedded=True)


def embedded_geodata() -> Path:
    """The data that came with the package: inside an installed wheel, or beside it in a source tree."""
    package = Path(__file__).resolve().parent
    for folder in (package / "geodata", package.parent / "geodata"):
        if folder.is_dir():
            return folder
    msg = "the atlas was installed without its data; install the wheel again, or give --project a folder with geodata/"
    raise UsageError(msg)


def _project_at(root: Path) -> Project:
    path = root / SETTINGS_FILE
    tables = _tables(path)
    geodata, maps = root / "geodata", root / "maps"
    if _BORDER.isdisjoint(tables):
        return Project(geodata=geodata, maps=maps, overrides=_overrides(path, tables))
    return Project(geodata=geodata, maps=maps, border=read_border_tables(path, tables))


def _has_border(path: Path) -> bool:
    """Whether a file of settings is meant to describe a border; one of another program is none of ours.

    By its headings alone: a slip in the file must not make it another project, whose pages a build would then write.
    """
    try:
        text = path.read_bytes().replace(b"\0", b"").decode("latin-1") if path.is_file() else ""
    except OSError:
        return False
    headings = set(_HEADINGS.findall(text))
    return len(headings) >= _TELLING or _has_tables(text)


def _has_tables(text: str) -> bool:
    """The same of a file that has its tables on one line each."""
    try:
        return len({"here", "neighbours", "border"} & set(tomllib.loads(text))) >= _TELLING
    except ValueError:
        return False


def _tables(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(read_text(path, remedy="remove it or make it readable"))
    except tomllib.TOMLDecodeError as error:
        msg = f"{path} is not TOML ({error}); see the section on settings in README.md"
        raise InputError(msg) from error


def _overrides(path: Path, tables: Mapping[str, Any]) -> Mapping[str, SourceOverride]:
    if unknown := sorted(set(tables) - {"shipped", "sources"}):
        msg = f"{path} has unknown keys {unknown}; known: ['shipped', 'sources']"
        raise InputError(msg)
    if tables.get("shipped", SHIPPED.name) != SHIPPED.name:
        msg = f'{path}: shipped = {tables["shipped"]!r} is no border of the atlas; write shipped = "{SHIPPED.name}"'
        raise InputError(msg)
    sources = tables.get("sources", {})
    if not isinstance(sources, dict):
        msg = f"{path}: [sources] must be a table of tables, such as [sources.inegi_municipalities]"
        raise InputError(msg)
    return MappingProxyType({name: _override(path, name, values) for name, values in sources.items()})


def _override(path: Path, name: str, values: Any) -> SourceOverride:  # noqa: ANN401 - straight from the TOML parser
    allowed = {"path", "layer", "crs", "edition", "columns"}
    if not isinstance(values, dict) or not isinstance(values.get("path"), str):
        msg = f'{path}: [sources.{name}] needs path = "FILE"'
        raise InputError(msg)
    if unknown := sorted(set(values) - allowed):
        msg = f"{path}: [sources.{name}] has unknown keys {unknown}; known: {sorted(allowed)}"
        raise InputError(msg)
    texts = {key: values[key] for key in ("layer", "crs", "edition") if key in values}
    columns = values.get("columns", {})
    if not isinstance(columns, dict):
        msg = f'{path}: [sources.{name}] columns must be a table, such as columns = {{ CVEGEO = "clave" }}'
        raise InputError(msg)
    if not all(isinstance(text, str) for text in (*texts.values(), *columns.values())):
        msg = f"{path}: [sources.{name}] layer, crs, edition and columns must be text"
        raise InputError(msg)
    return SourceOverride(path=(path.parent / values["path"]).resolve(), columns=MappingProxyType(columns), **texts)
