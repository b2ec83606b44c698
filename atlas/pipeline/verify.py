"""`atlas verify`: everything derived is made again in a temporary folder and compared with what is there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from atlas.errors import InputError
from atlas.files import sha256_of_file, write_set
from atlas.geojson.collection import read_collection
from atlas.geojson.strict import parse
from atlas.layers.catalog import pretty, readme
from atlas.layers.project_schema import PACKAGED, project_specs
from atlas.pipeline.build import build
from atlas.pipeline.refresh import derive, fact_tables
from atlas.project import Project, SourceOverride
from atlas.published import open_published_layers
from atlas.sources.source_records import absent_packages

_GENERATED = ("schema/*", "registry.json", "README.md")
_DERIVED = (*_GENERATED, "layers/*", "edgematch.json")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared, in what it differs (a sentence each), and what could not be checked.

    Attributes
    ----------
    compared
        How many files were compared.
    differences
        A sentence for each file that differs, is missing or was not made by the atlas.
    notes
        What could not be checked, and why.
    """

    compared: int
    differences: tuple[str, ...]
    notes: tuple[str, ...]


def verify(
    project: Project,
    *,
    overrides: Mapping[str, SourceOverride] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Verified:
    """Compare ``geodata/`` and ``maps/`` with what the code makes of the same sources and facts.

    Without the source packages the layers cannot be derived again; they are then held against the hashes
    of the registry, and what is generated from it against it, which is said in the notes.

    Raises
    ------
    InputError
        The registry, a source or a fact table cannot be used.
    """
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="atlas-verify-") as name:
        fresh = replace(project, geodata=Path(name) / "geodata", maps=Path(name) / "maps")
        wanted = None if project.border is None else PACKAGED
        if absent := absent_packages({*project.overrides, *(overrides or {})}, wanted):
            notes.append(
                f"the layers were only held against registry.json, not made again: {', '.join(absent)} not installed "
                "(the sources extra has them)",
            )
            differences, compared = _against_registry(project, fresh)
            fresh = replace(fresh, geodata=project.geodata)
        else:
            write_set(fresh.geodata, derive(project, overrides=overrides, on_step=on_step) | fact_tables(project))
            differences, compared = _differing(project.geodata, fresh.geodata, _DERIVED)
        if not project.maps.is_dir():
            notes.append(f"there is no folder {project.maps} yet; run `atlas build`")
        elif absent and differences:
            notes.append("the pages were not compared, because the layers they are made from differ")
        elif roads := _built_with_roads(project.maps):
            notes.append(
                f"the pages were not compared, because they have the roads of {roads}, which only their maker has; "
                "to compare them, run `atlas build` without --roads"
            )
        else:
            build(fresh, on_page=on_step)
            differing, pages = _differing(project.maps, fresh.maps, ("*",))
            differences, compared = differences + differing, compared + pages
    return Verified(compared, tuple(differences), tuple(notes))


def _against_registry(project: Project, fresh: Project) -> tuple[list[str], int]:
    """What differs from the registry: the layers by hash, and the files that are generated from it."""
    registry = open_published_layers(project).registry
    generated = {
        f"schema/{name}.json": pretty(spec.json_schema()) for name, spec in project_specs(project.border).items()
    }
    made = {**generated, "registry.json": pretty(registry), "README.md": readme(registry)}
    write_set(fresh.geodata, made | fact_tables(project))
    differences, compared = _differing(project.geodata, fresh.geodata, _GENERATED)
    recorded = {record["file"]: record["sha256"] for record in registry["layers"]}
    for name, sha256 in recorded.items():
        path = project.geodata / name
        if not path.is_file():
            differences.append(f"geodata/{name}: missing")
        elif sha256_of_file(path) != sha256:
            differences.append(f"geodata/{name}: its content is not what registry.json records")
    extra = _files(project.geodata, ("layers/*",)) - set(recorded)
    differences += [f"geodata/{name}: not made by the atlas" for name in sorted(extra)]
    return differences, compared + len(recorded)


def _differing(here: Path, fresh: Path, patterns: tuple[str, ...]) -> tuple[list[str], int]:
    """A sentence for each file that is missing, unexpected or different, and the number of files compared."""
    ours, made = _files(here, patterns), _files(fresh, patterns)
    differences = [f"{here.name}/{name}: missing" for name in sorted(made - ours)]
    differences += [f"{here.name}/{name}: not made by the atlas" for name in sorted(ours - made)]
    for name in sorted(ours & made):
        if (here / name).read_bytes() != (fresh / name).read_bytes():
            differences.append(f"{here.name}/{name}: {_how(here / name, fresh / name)}")
    return differences, len(made)


def _files(folder: Path, patterns: tuple[str, ...]) -> set[str]:
    paths = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {path.relative_to(folder).as_posix() for path in paths}


def _how(here: Path, fresh: Path) -> str:
    """In what two files differ: the features, for a layer; the sizes, for anything else."""
    sizes = f"{here.stat().st_size} bytes here, {fresh.stat().st_size} made anew"
    if here.suffix != ".geojson":
        return f"differs ({sizes})"
    try:
        ours, made = (_by_id(path) for path in (here, fresh))
    except (InputError, KeyError, TypeError):
        return f"is not readable GeoJSON ({sizes})"
    changed = [feature_id for feature_id in {**made, **ours} if ours.get(feature_id) != made.get(feature_id)]
    named = ", ".join(changed[:_SHOWN]) + (f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else "")
    return f"differs in {len(changed)} features ({named})" if changed else f"same features, other bytes ({sizes})"


def _by_id(path: Path) -> dict[str, str]:
    return {str(feature["id"]): json.dumps(feature, sort_keys=True) for feature in read_collection(path)}


def _built_with_roads(maps: Path) -> str:
    """The file of roads that the pages were built with; empty where there was none, or nobody can say."""
    from atlas.render.page_set import MANIFEST, ROADS  # noqa: PLC0415 - folium is loaded only when a page is made

    try:
        manifest = parse((maps / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    roads = manifest.get(ROADS) if isinstance(manifest, dict) else None
    return ", ".join(map(str, roads)) if isinstance(roads, dict) else ""
