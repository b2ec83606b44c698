"""`atlas refresh`: from the sources and the fact tables to everything derived in ``geodata/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region_of
from atlas.errors import EvidenceError, InputError, UsageError, listed
from atlas.evidence import Evidence, project_evidence
from atlas.files import write_set
from atlas.layers.catalog import catalogue, pretty
from atlas.layers.layer_set import build_layers
from atlas.layers.project_schema import project_specs
from atlas.project import Project, SourceOverride
from atlas.published import publishable
from atlas.publishers import (
    PUBLISHERS,
    Layout,
    PublishedEditions,
    PublisherReport,
    UnitNames,
    layout_for,
    read_editions,
    take_file,
)
from atlas.publishers.edition_tables import edition_files
from atlas.sources import Sources, pinned_records, read_sources

# written by hand like the fact tables, but not derived from anything
_HAND_WRITTEN = ("schema/annotation.json",)
# layouts of publishers' files, and what was read from these
_KEPT = ("publishers", "series")


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
    reports
        What each publisher's file brought.
    notes
        What a person should know of what was made, a sentence each.
    """

    folder: Path
    sizes: Mapping[str, int]
    changed: tuple[str, ...]
    reports: tuple[PublisherReport, ...] = ()
    notes: tuple[str, ...] = ()


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
    if keys := sorted(set(PUBLISHERS) & set(overrides or {})):
        msg = f"--source {keys[0]}: a publisher's file is taken in by `atlas refresh`, and what is kept is verified"
        raise UsageError(msg)
    evidence = project_evidence(project)
    if project.border is not None:
        _refuse_overrides(overrides or {})
        return _derived_border(project.border, evidence, on_step).files
    sources = read_sources(_packaged({**project.overrides, **(overrides or {})}), on_read=on_step)
    return _derived(sources, evidence, on_step)


def _derived(sources: Sources, evidence: Evidence, on_step: Callable[[str], None] | None) -> dict[str, bytes]:
    with region_of(shipped_border()):
        layers = build_layers(sources, evidence, on_layer=on_step)
    for layer in layers:
        publishable.refuse(layer.name, layer.features)
    return catalogue(layers, sources.records, evidence)


def _refuse_overrides(overrides: Mapping[str, SourceOverride]) -> None:
    if overrides:
        msg = f"--source {next(iter(overrides))}: this project names its files in atlas.toml; correct [sources] there"
        raise UsageError(msg)


@dataclass(frozen=True, slots=True)
class _DerivedBorder:
    files: dict[str, bytes]
    notes: tuple[str, ...]


def _derived_border(border: BorderProject, evidence: Evidence, on_step: Callable[[str], None] | None) -> _DerivedBorder:
    """The same of a border that a project file describes, with remarks."""
    # for projects of their own only
    from atlas.borderland.match_ledger import FILE  # noqa: PLC0415
    from atlas.borderland.project_layers import project_layers  # noqa: PLC0415

    with region_of(border):
        made = project_layers(border, evidence, on_step=on_step)
    for layer in made.layers:
        publishable.refuse(layer.name, layer.features)
    specs, start = project_specs(border), border.frame_start
    files = catalogue(
        made.layers, made.records, made.evidence, specs, start=start, beside=made.beside, terms=border.terms
    )
    ledger = {} if made.ledger is None else {FILE: pretty(made.ledger)}
    return _DerivedBorder(files | ledger, made.notes)


def refresh(
    project: Project,
    *,
    overrides: Mapping[str, SourceOverride] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Refreshed:
    """Derive ``geodata/`` anew and write it as one set; nothing is written when anything fails.

    The data inside an installed package is never changed: a refresh of it goes to ``geodata/`` beside ``maps/``.

    Parameters
    ----------
    project
        The project.
    overrides
        Files by key: in place of a packaged source (``inegi_municipalities``), or a publisher's own (``upmrip``),
        which is kept as an edition in ``geodata/series/``.
    on_step
        Is called with the title of each step.

    Raises
    ------
    InputError
        A source, a publisher's file or a fact table cannot be used, or the review of a decision to publish is overdue.
    OutputError
        The folder cannot be written.
    """
    evidence = project_evidence(project)
    _refuse_lapsed(evidence, date.today())  # noqa: DTZ011 - a review is due on a day, not at an instant
    target = writable(project)
    given = {**project.overrides, **(overrides or {})}
    reports: tuple[PublisherReport, ...] = ()
    notes: tuple[str, ...] = ()
    if project.border is not None:
        _refuse_publishers(given)
        border = _derived_border(project.border, evidence, on_step)
        files, notes = border.files, border.notes
    else:
        # a name or file that cannot be used is told before the long work
        layouts = _layouts(project, target, given)
        sources = read_sources(_packaged(given), on_read=on_step)
        kept, reports = _with_publishers(target, given, layouts, sources)
        files = _derived(sources, evidence, on_step) | edition_files(kept)
    if target.geodata != project.geodata:
        files |= fact_tables(project)
    changed = write_set(target.geodata, files)
    return Refreshed(target.geodata, {name: len(data) for name, data in files.items()}, tuple(changed), reports, notes)


def _packaged(given: Mapping[str, SourceOverride]) -> dict[str, SourceOverride]:
    """Files in place of packaged sources; a publisher's figures are kept beside what is derived."""
    return {key: file for key, file in given.items() if key not in PUBLISHERS}


def _refuse_publishers(given: Mapping[str, SourceOverride]) -> None:
    if keys := sorted(set(PUBLISHERS) & set(given)):
        msg = f"the layouts of {', '.join(keys)} name places of the atlas' own border; this project is another's"
        raise UsageError(msg)


def _layouts(project: Project, target: Project, given: Mapping[str, SourceOverride]) -> dict[str, Layout]:
    """The layout of each publisher's file, once every key is known and every such file is there."""
    known = [*pinned_records(), *PUBLISHERS]
    if unknown := [key for key in given if key not in known]:
        near = get_close_matches(unknown[0].strip().lower(), known, n=1)
        meant = f"did you mean {near[0]}? The" if near else "the"
        msg = f"there is no source {unknown[0]!r}; {meant} sources are {', '.join(known)}"
        raise UsageError(msg)
    # what was written beside the maps goes before what an installed package holds
    folders = [one.geodata / "publishers" for one in (target, project)]
    layouts = {}
    for key in (key for key in given if key in PUBLISHERS):
        if not given[key].path.is_file():
            msg = f"{given[key].path} is no file; give the publisher's file, such as --source {key}=boletin.xlsx"
            raise InputError(msg)
        layouts[key] = layout_for(key, next((one for one in folders if (one / f"{key}.toml").is_file()), folders[0]))
    return layouts


def _with_publishers(
    target: Project, given: Mapping[str, SourceOverride], layouts: Mapping[str, Layout], sources: Sources
) -> tuple[PublishedEditions, tuple[PublisherReport, ...]]:
    """The editions that are kept, those of the files given among them."""
    kept = read_editions(target.geodata)
    if not layouts:
        return kept, ()
    units = sources.municipalities
    names = UnitNames.of((sources.states.codes, sources.states.names), (units.codes, units.names, units.areas))
    reports = []
    for key, layout in layouts.items():
        file = given[key]
        kept, report = take_file(file.path, layout, names, kept, edition=file.edition)
        reports.append(report)
    return kept, tuple(reports)


def _refuse_lapsed(evidence: Evidence, today: date) -> None:
    lapsed = [made for made in evidence.publication_decisions if made.lapsed(today)]
    if lapsed:
        what = "the review is overdue; look at each again and give it a new date in publication_decisions.csv:"
        raise EvidenceError(listed(what, [f"{made.decision_id} ({made.review_by})" for made in lapsed]))


def fact_tables(project: Project) -> dict[str, bytes]:
    """What is not derived, by path below ``geodata/``: fact tables, a record's schema, publishers' figures."""
    folder = project.evidence_dir
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    files += [path for name in _KEPT for path in sorted((project.geodata / name).glob("*")) if path.is_file()]
    files += [path for path in (project.geodata / name for name in _HAND_WRITTEN) if path.is_file()]
    return {path.relative_to(project.geodata).as_posix(): path.read_bytes() for path in files}


def writable(project: Project) -> Project:
    """The project itself, or, for data embedded in the package, a project in the folder of its maps."""
    if not project.embedded:
        return project
    return replace(project, geodata=project.maps.parent / "geodata", embedded=False)
