"""The text of a new project file, made of one template so that a person can read and edit it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.border_project.model import MODULES

if TYPE_CHECKING:
    from atlas.borderland.new_project import Proposed, Wanted

_NOT_STATED = "not stated by the project"


def project_text(  # noqa: PLR0913 - all that the template needs
    sides: Sequence[Proposed],
    wanted: Wanted,
    *,
    others: Sequence[tuple[str, str]],
    way: str,
    box: Sequence[float],
    files: Mapping[Path, str],
    hashes: Mapping[Path, str],
) -> str:
    """The project file as TOML."""
    import jinja2  # noqa: PLC0415 - for a new project only

    text = resources.files("atlas.borderland").joinpath("atlas.toml.j2").read_text("utf-8")
    # TOML, and no page: every value passes `quoted`
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["quoted"] = _quoted
    title = wanted.title or " – ".join(side.name for side in sides)
    return (
        environment.from_string(text).render(
            title=title,
            title_es=wanted.title_es or title,
            box=", ".join(f"{value:g}" for value in box),
            sides=sides,
            others=others,
            way=way,
            wanted=wanted,
            files=files,
            hashes=hashes,
            licence=wanted.licence or _NOT_STATED,
            not_stated=_NOT_STATED,
            modules=MODULES,
        )
        + "\n"
    )


def _quoted(text: str) -> str:
    """A text as a basic string of TOML, which takes what JSON escapes, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
