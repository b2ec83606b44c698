"""`atlas refresh`: from the sources and the fact tables to everything derived in ``geodata/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence, load_evidence
from atlas.files import write_set
from atlas.layers.catalog import catalogue
from atlas.layers.layer_set import build_layers
from atlas.project import Project, SourceOverride
from atlas.published import publishable
from atlas.sources import read_sources

# written by hand like the fact tables, but not derived from anything
_HAND_WRITTEN = ("schema/annotation.json",)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Where a refresh wrote, what it made (bytes by path) and which of these changed.

    Attributes
    ----------
    folder
        The ``geodata/`` that was written.
    sizes
        Bytes by path in the folder.
    changed
        Paths of the files that differ from those before.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]


def derive(
    project: Project,
    *,
    overrides: Mapping[str, SourceOverride] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> dict[str, bytes]:
    """All derived files of ``geodata/``, by path, without writing any.

    Raises
    ------
    InputError
        A source or a fact table cannot be used.
    PolicyError
        A layer would hold what must not be published.
    """
    evidence = load_evidence(project.evidence_dir)
    sources = read_sources({**project.overrides, **(overrides or {})}, on_read=on_step)
    layers = build_layers(sources, evidence, on_layer=on_step)
    for layer in layers:
        publishable.refuse(layer.name, layer.features)
    return catalogue(layers, sources.records, evidence)


def refresh(
    project: Project,
    *,
    overrides: Mapping[str, SourceOverride] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Refreshed:
    """Derive ``geodata/`` anew and write it as one set; nothing is written when anything fails.

    The data inside an installed package is never changed: a refresh of it goes to ``geodata/`` beside ``maps/``.

    Raises
    ------
    InputError
        A source or a fact table cannot be used, or the review of a decision to publish is overdue.
    OutputError
        The folder cannot be written.
    """
    _refuse_lapsed(load_evidence(project.evidence_dir), date.today())  # noqa: DTZ011 - a review is due on a day, not at an instant
    files = derive(project, overrides=overrides, on_step=on_step)
    target = writable(project)
    if target.geodata != project.geodata:
        files |= fact_tables(project)
    changed = write_set(target.geodata, files)
    return Refreshed(target.geodata, {name: len(data) for name, data in files.items()}, tuple(changed))


def _refuse_lapsed(evidence: Evidence, today: date) -> None:
    lapsed = [made for made in evidence.publication_decisions if made.lapsed(today)]
    if lapsed:
        what = "the review is overdue; look at each again and give it a new date in publication_decisions.csv:"
        raise EvidenceError(listed(what, [f"{made.decision_id} ({made.review_by})" for made in lapsed]))


def fact_tables(project: Project) -> dict[str, bytes]:
    """The files that are written by hand, by path below ``geodata/``: fact tables and the schema of a field record."""
    files = sorted(path for path in project.evidence_dir.iterdir() if path.is_file())
    files += [path for path in (project.geodata / name for name in _HAND_WRITTEN) if path.is_file()]
    return {path.relative_to(project.geodata).as_posix(): path.read_bytes() for path in files}


def writable(project: Project) -> Project:
    """The project itself, or, for data embedded in the package, a project in the folder of its maps."""
    if not project.embedded:
        return project
    return replace(project, geodata=project.maps.parent / "geodata", embedded=False)
