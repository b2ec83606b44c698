"""What an open project can do with exact field records and with what is published: release, forecast, audit, boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.border_project.expected_region import region_of
from atlas.project import Project

if TYPE_CHECKING:
    from atlas.disclosure import Report
    from atlas.disclosure.gazetteer import ListedPlace
    from atlas.pipeline.publish_options import PublishOptions
    from atlas.release.box_project import MadeBoxes
    from atlas.release.release_files import Published
    from atlas.release.risk import Sheet

Step = Callable[[str], None]


class Releasing:
    """The words of a project that have to do with publishing; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    def audit(  # noqa: PLR0913 - each is an option of the command
        self,
        paths: Sequence[Path | str],
        *,
        policy: Path | str | None = None,
        against: Path | str | None = None,
        gazetteer: Path | str | None = None,
        workers: int = 1,
        on_step: Step | None = None,
    ) -> Report:
        """Attack files and folders that are published or about to be; several releases are given oldest first.

        Parameters
        ----------
        paths
            Files and folders, archives and git repositories among them; releases oldest first.
        policy
            A policy file; if not given, that of the project, or the default.
        against
            The team's exact records, as in `release`; every byte is then searched for them.
        gazetteer
            A list of places in which published names are looked up, besides the project's layers and, where the
            `sources` extra is installed, GeoNames: GeoNames' tab-separated export, a CSV or GeoJSON.
        workers
            Processes that look through the files; what is found is the same.
        on_step
            Is called with the file that is read, and how much of a large one.

        Returns
        -------
        AuditReport
            Findings, worst first, and what each attack reached in metres; ``failed`` if anything must not be published.

        Raises
        ------
        UsageError
            A file does not exist, or none is named.
        InputError
            A file can't be read, or the exact records are no GeoJSON.
        PolicyError
            The policy is incomplete, or the exact records lie where files are published.

        Examples
        --------
        >>> import atlas
        >>> project = atlas.open()
        >>> report = project.audit([project.project.layers_dir / "border.geojson"])
        >>> report.files, report.failed
        (1, False)
        """
        from atlas.disclosure import audit  # noqa: PLC0415 - opening a project must stay light
        from atlas.field.releasable import exact_input  # noqa: PLC0415 - as below

        chosen = None if policy is None else Path(policy)
        exact = None if against is None else exact_input(str(against), self.project)
        with region_of(self.project.described):
            return audit(
                self.project,
                [Path(path) for path in paths],
                policy=chosen,
                against=exact,
                gazetteers=_gazetteers(None if gazetteer is None else Path(gazetteer)),
                workers=workers,
                on_step=on_step,
            )

    def release(
        self,
        records: Sequence[Path | str],
        folder: Path | str,
        terms: PublishOptions | None = None,
        *,
        on_step: Step | None = None,
    ) -> Published:
        """Release exact field records into a folder, counted in boxes; see ``docs/release-gate.md``.

        Parameters
        ----------
        records
            GeoJSON files, GeoPackages, or stores: of one at a path that ends in .gpkg, or at a ``postgresql://``
            address, the records that the team has accepted. Positions are longitude, latitude in degrees.
        folder
            Where the release goes; a folder without anything else in it.
        terms
            Policy, earlier releases, sealed copy, books to close; if not given, the project's policy or the default.
        on_step
            Is called with the name of each step before it is taken.

        Returns
        -------
        Published
            The files with their sizes in bytes, how many features they have, and how many records stayed behind, by
            the reason.

        Raises
        ------
        PolicyError
            The policy cannot be used, or exact records lie, or would end, where files are published.
        InputError
            The records cannot be read.
        OutputError
            The folder cannot be written.
        """
        from atlas.field.releasable import is_database, records_of  # noqa: PLC0415 - as above
        from atlas.pipeline.publish import publish_records  # noqa: PLC0415 - as above
        from atlas.pipeline.publish_options import PublishOptions  # noqa: PLC0415 - as above

        databases = [str(each) for each in records if is_database(str(each))]
        files = [Path(each) for each in records if str(each) not in databases]
        stored = records_of(databases, self.project, outside=Path(folder), on_step=on_step)
        with region_of(self.project.described):
            return publish_records(
                self.project, files, Path(folder), terms or PublishOptions(), stored=stored, on_step=on_step
            )

    def forecast(
        self, records: Sequence[Path | str], terms: PublishOptions | None = None, *, on_step: Step | None = None
    ) -> Sheet:
        """What a release would tell and risk, for the team's eyes; nothing is written but the report that is asked for.

        Parameters
        ----------
        records, terms, on_step
            As in `release`.

        Returns
        -------
        RiskSheet
            Which classes and books would be told, and what they would risk.

        Raises
        ------
        PolicyError, InputError, OutputError
            As in `release`.
        """
        from atlas.field.releasable import is_database, records_of  # noqa: PLC0415 - as above
        from atlas.pipeline.publish import forecast  # noqa: PLC0415 - as above
        from atlas.pipeline.publish_options import PublishOptions  # noqa: PLC0415 - as above

        databases = [str(each) for each in records if is_database(str(each))]
        files = [Path(each) for each in records if str(each) not in databases]
        stored = records_of(databases, self.project, on_step=on_step)
        with region_of(self.project.described):
            return forecast(self.project, files, terms or PublishOptions(), stored=stored, on_step=on_step)

    def make_boxes(self, *, after: Sequence[Path | str] = (), on_step: Step | None = None) -> MadeBoxes:
        """Make the project's map of boxes, prove that each box keeps the floor, and write it.

        Parameters
        ----------
        after
            Folders of releases of before there were boxes; see `atlas.release.old_format`.
        on_step
            Is called with the name of each step before it is taken.

        Returns
        -------
        MadeBoxes
            Where the map is, its size in bytes, its sha256, and how many boxes it has.

        Raises
        ------
        PolicyError
            A release in boxes names the map that is there, or the new one fails its proof.
        InputError
            A layer or a release cannot be read.
        """
        from atlas.release.box_project import make_boxes  # noqa: PLC0415 - as above

        return make_boxes(self.project, [Path(folder) for folder in after], on_step=on_step)


def _gazetteers(path: Path | None) -> Mapping[str, Callable[[], Iterable[ListedPlace]]]:
    """Where published names are looked up besides the project's layers: GeoNames where it is installed, and a file."""
    from atlas.disclosure.gazetteer_files import read_places  # noqa: PLC0415 - opening a project must stay light
    from atlas.sources.geonames import installed_extract  # noqa: PLC0415 - as above

    lists: dict[str, Callable[[], Iterable[ListedPlace]]] = {}
    if (extract := installed_extract()) is not None:
        title, file = extract
        lists[title] = partial(_named_places, file)
    if path is not None:
        lists[path.name] = partial(list, read_places(path))
    return lists


def _named_places(file: Path) -> Sequence[ListedPlace]:
    from atlas.disclosure.gazetteer import ListedPlace  # noqa: PLC0415 - as above
    from atlas.sources.geonames import named_places  # noqa: PLC0415 - as above

    return [ListedPlace(*place) for place in named_places(file)]
