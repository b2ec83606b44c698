"""How the atlas wants to be cited; a test holds it against ``CITATION.cff``, which a wheel does not carry."""

from __future__ import annotations

from atlas._version import __version__
from atlas.border_project import shipped_border

AUTHORS = "southern-border atlas maintainers"
TITLE = shipped_border().citation.title["en"]


def plain(build: str | None = None, title: str | None = None) -> str:
    """One line of text, with the build where it is known; a project of another border is its owner's, by its title."""
    if title is not None:
        return f"{title}. Made with the atlas, version {__version__}{f', build {build}' if build else ''}."
    return f"{AUTHORS}. {TITLE}. Version {__version__}{f', build {build}' if build else ''}."


def bibtex(build: str | None = None, title: str | None = None) -> str:
    """A BibTeX entry; without a year, because the atlas states none."""
    fields = {"title": TITLE, "author": f"{{{AUTHORS}}}", "version": __version__}
    if title is not None:
        fields = {"title": title, "version": __version__}
    fields |= {"note": f"Build {build}"} if build else {}
    lines = [f"  {name:<7} = {{{value}}}" for name, value in fields.items()]
    return "\n".join(
        ["@misc{southern_border_atlas," if title is None else "@misc{border_atlas,", ",\n".join(lines), "}"]
    )
