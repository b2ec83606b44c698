"""What an open project can make again: layers from sources and facts, pages from layers; and whether both are so."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.border_project.expected_region import region_of
from atlas.project import Project, SourceOverride
from atlas.published import open_published_layers
from atlas.work_steps import each_in_turn

if TYPE_CHECKING:
    from atlas.export import Exported, Material
    from atlas.pipeline.build import Built
    from atlas.pipeline.refresh import Refreshed
    from atlas.pipeline.verify import Verified

Step = Callable[[str], None]


class Derivation:
    """The words of a project that have to do with making it; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    def build(
        self,
        *,
        roads: str | os.PathLike[str] | None = None,
        roads_credit: str = "",
        roads_licence: str = "",
        on_page: Step | None = None,
    ) -> Built:
        """Make the pages in ``maps/`` as one set; the previous pages stay when anything fails.

        Parameters
        ----------
        roads
            A map file with roads as lines, or a file of OpenStreetMap, for the base map.
        roads_credit, roads_licence
            Whom the pages name for them, and under which terms they were published.
        on_page
            Is called with the name of each file when that page is finished.

        Returns
        -------
        Built
            The folder, the size of each page in bytes, and which pages changed.

        Raises
        ------
        InputError
            The registry or a layer is missing or damaged.
        PolicyError
            A layer holds something that must not be published, or the audit found such a thing in a page.
        OutputError
            The folder cannot be written.
        """
        from atlas.pipeline.build import RoadFile, build  # noqa: PLC0415 - as above

        file = RoadFile(Path(roads), roads_credit, roads_licence) if roads is not None else None
        return build(self.project, roads=file, on_page=on_page)

    def refresh(
        self, *, overrides: Mapping[str, SourceOverride] | None = None, on_step: Step | None = None
    ) -> Refreshed:
        """Derive ``geodata/`` from the sources and the fact tables; nothing is written when anything fails.

        Parameters
        ----------
        overrides
            Files in place of packaged sources, by the key of the source, such as ``inegi_municipalities``.
        on_step
            Is called with the name of each source and layer before it is read or made.

        Returns
        -------
        Refreshed
            The folder, the size of each file in bytes, and which files changed.

        Raises
        ------
        InputError
            A source or a fact table cannot be used, or the review of a decision to publish is overdue.
        OutputError
            The folder cannot be written.
        """
        from atlas.pipeline.refresh import refresh  # noqa: PLC0415 - as above

        return refresh(self.project, overrides=overrides, on_step=on_step)

    def verify(self, *, overrides: Mapping[str, SourceOverride] | None = None, on_step: Step | None = None) -> Verified:
        """Make everything derived again in a temporary folder, and compare it with what is there.

        Parameters
        ----------
        overrides
            As for ``refresh``.
        on_step
            Is called with the name of what is made next.

        Returns
        -------
        Verified
            How many files were compared, a sentence for each difference, and what could not be checked.

        Raises
        ------
        InputError
            The registry, a source or a fact table cannot be used.
        """
        from atlas.pipeline.verify import verify  # noqa: PLC0415 - as above

        return verify(self.project, overrides=overrides, on_step=on_step)

    def deposit(self, folder: Path | str, *, on_step: Step | None = None) -> Exported:
        """Write a deposit for a repository such as Zenodo: layers, tables, records, licences and checksums.

        Parameters
        ----------
        folder
            Where the files go: a folder that is not there, is empty, or holds a deposit of this project and data
            edition that nobody has changed, which is replaced.
        on_step
            Is called with the name of each step before it is taken.

        Returns
        -------
        Exported
            The folder, the size of each file in bytes, which files changed, and what a reader should know.

        Raises
        ------
        UsageError
            The folder is a file, or holds something else than such a deposit.
        OutputError
            The folder cannot be written.
        PolicyError
            The audit found in a file what must not be published; nothing is written.
        """
        from atlas.deposit.deposit_files import deposit  # noqa: PLC0415 - as above
        from atlas.disclosure import audit_published, refuse_findings  # noqa: PLC0415 - as above
        from atlas.evidence import project_evidence  # noqa: PLC0415 - as above

        steps = each_in_turn(("making", "auditing", "writing"), on_step)
        next(steps)

        def inspect(files: Mapping[str, bytes]) -> None:
            next(steps)
            refuse_findings(audit_published(self.project, files), what="the deposit")
            next(steps)

        with region_of(self.project.described):
            return deposit(
                self._material(), project_evidence(self.project), self.project, Path(folder), inspect=inspect
            )

    def _material(self, layers: Sequence[str] = ()) -> Material:
        """Layers with all that must be named beside them; all layers, if none are named."""
        from atlas._version import __version__  # noqa: PLC0415 - as above
        from atlas.export import Layer, Material  # noqa: PLC0415 - as above

        release = open_published_layers(self.project)
        # the same layer named twice is one layer
        names = tuple(dict.fromkeys(layers)) or release.names
        chosen = [Layer(release.record(name), release.written_features(name)) for name in names]
        cff = self.project.geodata.parent / "CITATION.cff"
        citation = cff.read_bytes() if cff.is_file() else None
        return Material(chosen, release.sources, release.inputs, __version__, citation)
