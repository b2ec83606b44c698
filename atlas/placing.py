"""What an open project says of points of any number: where they lie, and how many there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.errors import UsageError
from atlas.project import Project

if TYPE_CHECKING:
    from atlas.points.counting import Counted
    from atlas.points.places import AreasOption
    from atlas.points.tasks import Cluster

Addresses = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class Placing:
    """The words of a project that have to do with many points; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    def locate(  # noqa: PLR0913 - what the command takes
        self,
        points: Any,  # noqa: ANN401 - a frame of pandas or geopandas, or addresses of files
        output: str | os.PathLike[str] | None = None,
        *,
        areas: str | os.PathLike[str] | None = None,
        key: str | None = None,
        lon: str | None = None,
        lat: str | None = None,
        layer: str | None = None,
        cluster: Cluster | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> Any:  # noqa: ANN401 - a frame for a frame
        """Add to points where they lie: cvegeo and name, reach, chainage, distance to the border and side.

        Parameters
        ----------
        points
            A frame of geopandas, or of pandas with columns of longitude and latitude; or one or several files, folders
            or patterns.
        output
            Where located files go: a new folder, or a .parquet or .csv file; none for a frame.
        areas
            A file of other polygons instead of the atlas' own.
        key
            Their field of codes.
        lon, lat
            Names of the columns of longitude and latitude in degrees, where they are not called so.
        layer
            The layer of a GeoPackage that has several.
        cluster
            Several workers, as `atlas.points.tasks.Cluster` names them.
        on_progress
            Is called with how much is done, from 0 to 1.

        Returns
        -------
        DataFrame, GeoDataFrame or Located
            For a frame a copy with the columns; for files what came of it.

        Raises
        ------
        InputError
            A file or a frame cannot be used as it is.
        UsageError
            Something named does not exist, or a package is missing.
        PolicyError
            The output lies where files are published.
        OutputError
            It cannot be written.

        Examples
        --------
        >>> import atlas, pandas
        >>> atlas.open().locate(pandas.DataFrame({"lon": [-92.26], "lat": [14.9]}))["name"].tolist()
        ['Tapachula']
        """
        _need_pyarrow()
        from atlas.points.locating import frame_located, locate_files  # noqa: PLC0415 - opening a project stays light
        from atlas.points.point_reader import ReadingOptions  # noqa: PLC0415 - as above

        chosen = _areas(areas, key)
        if not isinstance(points, str | os.PathLike) and hasattr(points, "columns"):
            return frame_located(self.project, points, chosen)
        if output is None:
            msg = "files are located into files: give output, a new folder or a .parquet or .csv file"
            raise UsageError(msg)
        return locate_files(
            self.project,
            _listed(points),
            os.fspath(output),
            reading=ReadingOptions(lon, lat, layer),
            areas=chosen,
            cluster=cluster,
            on_progress=on_progress,
        )

    def count(  # noqa: PLR0913 - what the command takes
        self,
        points: Addresses,
        output: str | os.PathLike[str],
        *,
        by: Sequence[str],
        distinct: str,
        k: int = 10,
        time: str | None = None,
        lon: str | None = None,
        lat: str | None = None,
        layer: str | None = None,
        cluster: Cluster | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> Counted:
        """Count devices through the release gate: by box, zone or section, in steps of k, each period told once.

        Parameters
        ----------
        points
            One or several files, folders or patterns.
        output
            The table, a .parquet, .csv or .geojson file; the ledger of its terms is written beside it.
        by
            A place (box, zone, section), a period (month, quarter, half, year) and, if wanted, a column.
        distinct
            The column of devices or persons, of which each counts once in a class.
        k
            The step of the counts: 5, 10 or 20.
        time
            The column of times, where it is not called so.
        lon, lat
            Names of the columns of longitude and latitude in degrees, where they are not called so.
        layer
            The layer of a GeoPackage that has several.
        cluster
            Several workers, as `atlas.points.tasks.Cluster` names them.
        on_progress
            Is called with how much is done, from 0 to 1.

        Returns
        -------
        Counted
            The table, its ledger, how many classes show a number, and what was not counted.

        Raises
        ------
        InputError
            A file, the map of boxes or the ledger cannot be used as it is.
        UsageError
            A column or a term does not exist, or a package is missing.
        PolicyError
            The source was counted under other terms that this table does not sum.
        OutputError
            The table stands without its ledger, or cannot be written.
        """
        _need_pyarrow()
        from atlas.points.count_terms import CountTerms  # noqa: PLC0415 - as above
        from atlas.points.counting import count_files  # noqa: PLC0415 - as above
        from atlas.points.point_reader import ReadingOptions  # noqa: PLC0415 - as above

        terms = CountTerms.of(by, distinct, k, (time, lon, lat, layer))
        return count_files(
            self.project,
            _listed(points),
            Path(output),
            terms,
            reading=ReadingOptions(lon, lat, layer),
            time=time,
            cluster=cluster,
            on_progress=on_progress,
        )


def _listed(addresses: Addresses) -> Sequence[str | os.PathLike[str]]:
    return [addresses] if isinstance(addresses, str | os.PathLike) else list(addresses)


def _areas(path: str | os.PathLike[str] | None, key: str | None) -> AreasOption | None:
    from atlas.points.places import AreasOption  # noqa: PLC0415 - as above

    if (path is None) != (key is None):
        msg = "other polygons need both their file and their field of codes: --areas FILE --key FIELD"
        raise UsageError(msg)
    return None if path is None or key is None else AreasOption(Path(path), key)


def _need_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        msg = "points in files need pyarrow: pip install 'border-atlas[scale]'"
        raise UsageError(msg)
