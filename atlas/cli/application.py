"""What all commands share: the application, the options that several have, and how a project is opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

import atlas
from atlas.border_project.expected_region import expect_in
from atlas.errors import AtlasError, UsageError
from atlas.field.database_address import masked
from atlas.project import SourceOverride, find_project

if TYPE_CHECKING:
    from atlas.api import Atlas


def _value_name(parameter: TyperArgument | TyperOption, ctx: object) -> str | None:  # noqa: ARG001 - as typer calls it
    """What a help calls an option's value: its own name, never that of a type in Python; a flag has none."""
    return parameter.metavar if isinstance(parameter, TyperOption) else None


# typer has no setting for it
TyperArgument.display_type_rich = TyperOption.display_type_rich = _value_name  # type: ignore[assignment,method-assign]


class _Commands(TyperGroup):
    """Repeats no address of a database when it says what is wrong with a command."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - as typer has it
        try:
            return super().invoke(ctx)
        except Exception as error:
            # typer brings the class of these errors under a name of its own
            if isinstance(text := getattr(error, "message", None), str):
                error.message = masked(text)  # type: ignore[attr-defined]
            raise


app = typer.Typer(
    name="atlas",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="Folder with geodata/ and maps/.",
        show_default="the one you are in",
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="KEY=FILE",
        help="Your own file. KEY is inegi_municipalities, inegi_states or geonames in place of the packaged one, or "
        "upmrip, comar, inm or mmp for a publisher's figures, kept as an edition. Repeatable.",
        show_default=False,
    ),
]
SensitivityOption = Annotated[
    str | None,
    typer.Option(
        "--sensitivity-field",
        metavar="NAME",
        help="The layer's field that holds the class of sensitivity; none if it has no such field.",
        show_default=False,
    ),
]


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"atlas {atlas.__version__}")
        raise typer.Exit


@app.callback(
    epilog="Examples:  atlas build  ·  atlas layers border  ·  atlas refresh  ·  atlas verify",
)
def _root(
    context: typer.Context,
    project: ProjectOption = None,
    version: Annotated[  # noqa: ARG001 - the option acts by its callback
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=lambda v: _version(wanted=v)),
    ] = False,
    all_faults: Annotated[  # noqa: ARG001 - `main` looks for it, as an error ends the command
        bool, typer.Option("--all-faults", help="List all faults, where a message would stop after some.")
    ] = False,
) -> None:
    """An atlas of a border: layers with their sources, and maps that open offline."""
    context.obj = project


def wants_all_faults(context: typer.Context) -> bool:
    """Whether lists of faults are to be whole."""
    return bool(context.find_root().params.get("all_faults"))


def page_names(incomplete: str) -> list[str]:
    """Pages of the atlas that begin like this, for the completion of a shell."""
    from atlas.render import PAGES  # noqa: PLC0415 - folium is loaded only where a page is made or named

    return [page.key for page in PAGES if page.key.startswith(incomplete)]


def layer_names(incomplete: str) -> list[str]:
    """Layers of the project that begin like this, for the completion of a shell."""
    try:
        layers = atlas.open().layers
    except AtlasError:
        return []
    return [name for name in layers if name.startswith(incomplete)]


def opened_project(context: typer.Context, project: Path | None) -> Atlas:
    """The project that an option names, before or after the command."""
    opened = atlas.open(project or context.obj)
    expect_in(opened.project.described)
    return opened


def expect_region(folder: Path | None) -> None:
    """Expect files in the region of the project; in the shipped one's where the folder about has a broken project."""
    try:
        expect_in(find_project(folder).described)
    except AtlasError:
        if folder is not None:
            raise


def overrides(source: list[str] | None) -> Mapping[str, SourceOverride]:
    """What ``--source KEY=FILE`` says, by key.

    Raises
    ------
    UsageError
        One is not a pair.
    """
    pairs = {}
    for text in source or []:
        key, equals, path = text.partition("=")
        if not (key and equals and path):
            msg = f"--source {text!r}: expected KEY=FILE, such as inegi_municipalities=00mun.shp"
            raise UsageError(msg)
        if key in pairs:
            msg = f"--source {key} stands twice; give one file, and run the command again for the other"
            raise UsageError(msg)
        pairs[key] = SourceOverride(path=Path(path).expanduser().resolve())
    return pairs
