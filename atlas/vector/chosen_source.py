"""A file that is ready to be read, and which of its layers is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas.errors import InputError
from atlas.vector.file_format import FileFormat
from atlas.vector.layer import LAYER_MARK


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is ready to be read.

    Attributes
    ----------
    named
        As the user named it, without the layer.
    path
        Where it lies; elsewhere, where it was in a zip.
    layer
        The layer that the user named.
    title
        What it is called in a zip of several.
    """

    named: Path
    path: Path
    form: FileFormat
    layer: str | None
    title: str | None = None


def chosen(source: Source, shaped: Mapping[str, bool], *, every: bool) -> list[str]:
    """The names of the layers to read, of those of a file; each with whether it has shapes.

    Raises
    ------
    InputError
        There is no such layer, none, or several.
    """
    if source.layer is not None:
        if source.layer not in shaped:
            msg = f"{source.named.name} has no layer {source.layer!r}; it has {', '.join(shaped) or 'none'}"
            raise InputError(msg)
        return [source.layer]
    names = [name for name, has_shapes in shaped.items() if has_shapes]
    if not shaped:
        msg = f"{source.named} holds no layers; export it again from the program that made it"
        raise InputError(msg)
    if not names:
        msg = f"{source.named} holds no shapes, only a table ({', '.join(shaped)}); give a layer with shapes"
        raise InputError(msg)
    if len(names) > 1 and not every:
        within = f"{source.title}/" if source.title is not None else ""
        example = f"{source.named}{LAYER_MARK}{within}{names[0]}"
        msg = f"{source.named.name} holds several layers ({', '.join(names)}); give one as '{example}'"
        raise InputError(msg)
    return names
