"""How the atlas wants to be cited; a test holds it against ``CITATION.cff``, which a wheel does not carry."""

from __future__ import annotations

from atlas._version import __version__

AUTHORS = "southern-border atlas maintainers"
TITLE = "Atlas of Mexico's southern border"


def plain(build: str) -> str:
    """One line of text."""
    return f"{AUTHORS}. {TITLE}. Version {__version__}, build {build}."


def bibtex(build: str) -> str:
    """A BibTeX entry; without a year, because the atlas states none."""
    fields = {"title": TITLE, "author": f"{{{AUTHORS}}}", "version": __version__, "note": f"Build {build}"}
    lines = [f"  {name:<7} = {{{value}}}" for name, value in fields.items()]
    return "\n".join(["@misc{southern_border_atlas,", ",\n".join(lines), "}"])
