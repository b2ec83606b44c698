"""What is made of a project's files, kept by what stands in them: one audit after the other asks for the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from atlas.border_project import BorderProject
from atlas.files import sha256_of_file
from atlas.project import Project

Made = TypeVar("Made")
_Contents = tuple[BorderProject | None, tuple[tuple[str, str], ...]]


def kept_by_content(function: Callable[[Project], Made]) -> Callable[[Project], Made]:
    """Make what a function makes of layers, registry and fact tables once a process, for the same content.

    Whoever gets it must not change it. What was made of the last project is kept, and nothing of a file that changed
    meanwhile.
    """
    kept: deque[tuple[_Contents, Made]] = deque(maxlen=1)

    @wraps(function)
    def made(project: Project) -> Made:
        contents = _contents(project)
        for known, value in tuple(kept):
            if known == contents:
                return value
        value = function(project)
        if contents is not None and contents == _contents(project):
            kept.append((contents, value))
        return value

    return made


def _contents(project: Project) -> _Contents | None:
    """The border, and files with their hashes; nothing where one cannot be read, which its reader says better."""
    paths = [*project.layers_dir.glob("*.geojson"), *project.evidence_dir.glob("*.csv"), project.registry_path]
    try:
        hashes = [(path.name, sha256_of_file(path)) for path in sorted(paths) if path.exists()]
    except OSError:
        return None
    return project.border, tuple(hashes)
