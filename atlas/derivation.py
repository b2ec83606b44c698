"""What an open project can make again: layers from sources and facts, pages from layers; and whether both are so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from atlas.project import Project, SourceOverride

if TYPE_CHECKING:
    from atlas.pipeline.build import Built
    from atlas.pipeline.refresh import Refreshed
    from atlas.pipeline.verify import Verified

Step = Callable[[str], None]


class Derivation:
    """The words of a project that have to do with making it; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    def build(self, *, on_page: Step | None = None) -> Built:
        """Make the pages in ``maps/`` as one set; the previous pages stay when anything fails.

        Parameters
        ----------
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
        from atlas.pipeline.build import build  # noqa: PLC0415 - as above

        return build(self.project, on_page=on_page)

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
