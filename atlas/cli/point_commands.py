"""Commands about points of any number: where they lie, and how many there are without saying where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.application import ProjectOption, app, opened_project
from atlas.errors import UsageError
from atlas.terminal import estimated

if TYPE_CHECKING:
    from atlas.points.tasks import Cluster

InputsArgument = Annotated[
    list[str],
    typer.Argument(metavar="IN", help="Files, folders, patterns in quotes, or addresses such as s3://bucket/pings/."),
]
LonOption = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="The column of longitudes.", show_default="one called so")
]
LatOption = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="The column of latitudes.", show_default="one called so")
]
LayerOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="The layer of a GeoPackage that has several.", show_default=False)
]
WorkersOption = Annotated[
    int,
    typer.Option(metavar="NUMBER", min=0, help="Processes on this machine that share the work.", show_default=False),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask cluster that is running, tls://HOST:8786.", show_default=False),
]
CaOption = Annotated[
    Path | None, typer.Option("--tls-ca", metavar="FILE", help="The authority's certificate.", show_default=False)
]
CertOption = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", help="Your certificate.", show_default=False)
]
KeyOption = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key.", show_default=False)]


@app.command(
    epilog="Examples:  atlas locate pings.parquet -o located  ·  atlas locate 'days/*.csv.gz' -o located --workers 2"
)
def locate(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    inputs: InputsArgument,
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="OUT", help="A new folder of GeoParquet, or a .parquet or .csv file."),
    ],
    areas: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Other polygons instead of the atlas' own.", show_default=False)
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="FIELD", help="The field of their codes.", show_default=False)
    ] = None,
    lon: LonOption = None,
    lat: LatOption = None,
    layer: LayerOption = None,
    workers: WorkersOption = 0,
    scheduler: SchedulerOption = None,
    tls_ca: CaOption = None,
    tls_cert: CertOption = None,
    tls_key: KeyOption = None,
    project: ProjectOption = None,
) -> None:
    """Add to points the municipality, the reach and kilometre of the border, the distance to it and the side."""
    opened = opened_project(context, project)
    cluster = cluster_of(workers, scheduler, tls_ca, tls_cert, tls_key)
    with estimated("Locating") as step:
        done = opened.locate(
            inputs, output, areas=areas, key=key, lon=lon, lat=lat, layer=layer, cluster=cluster, on_progress=step
        )
    typer.echo(done.summary())


@app.command(
    epilog="Examples:  atlas count pings.parquet --by box,month --distinct device -o counts/box.csv  ·  "
    "atlas count 'days/*.csv.gz' --by zone,quarter,kind --distinct device -o counts/zone.geojson"
)
def count(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    inputs: InputsArgument,
    *,
    by: Annotated[str, typer.Option(metavar="PLACE,PERIOD", help="As box,month or zone,quarter; a column may follow.")],
    distinct: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column of devices or persons; each counts once.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="A .parquet, .csv or .geojson file.")],
    k: Annotated[int, typer.Option("--k", metavar="NUMBER", help="The step of the counts: 5, 10 or 20.")] = 10,
    time: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column of times.", show_default="one called so")
    ] = None,
    lon: LonOption = None,
    lat: LatOption = None,
    layer: LayerOption = None,
    workers: WorkersOption = 0,
    scheduler: SchedulerOption = None,
    tls_ca: CaOption = None,
    tls_cert: CertOption = None,
    tls_key: KeyOption = None,
    project: ProjectOption = None,
) -> None:
    """Count devices by box, zone or section in steps of k; no position is written, and the terms are locked."""
    opened = opened_project(context, project)
    cluster = cluster_of(workers, scheduler, tls_ca, tls_cert, tls_key)
    with estimated("Counting") as step:
        done = opened.count(
            inputs,
            output,
            by=by.split(","),
            distinct=distinct,
            k=k,
            time=time,
            lon=lon,
            lat=lat,
            layer=layer,
            cluster=cluster,
            on_progress=step,
        )
    typer.echo(done.summary())


def cluster_of(
    workers: int, scheduler: str | None, ca: Path | None, cert: Path | None, key: Path | None
) -> Cluster | None:
    """Where tasks run, as the options say; nothing for this process."""
    if not workers and scheduler is None:
        if ca or cert or key:
            msg = "--tls-ca, --tls-cert and --tls-key go with --scheduler tls://HOST:8786"
            raise UsageError(msg)
        return None
    from atlas.points.tasks import Cluster  # noqa: PLC0415 - pyarrow is loaded only for these commands

    return Cluster(workers, scheduler, *(str(one) if one else None for one in (ca, cert, key)))
