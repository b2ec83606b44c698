"""The Jinja environment of the pages: templates are files, and every value is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Environment with escaping really on: ``select_autoescape`` ignores names that end in ``.j2``."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """A template file of ``atlas/render/templates``."""
    return environment().get_template(name)
