"""A user's own files in other formats: through the same door as a map, so that nothing restricted is handed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from atlas.admission.layer_input import LayerInput, read_document
from atlas.admission.user_layers import refuse_restricted
from atlas.check.member_rules import is_in_degrees
from atlas.errors import InputError, OutputError, UsageError
from atlas.export import Exported
from atlas.export.export_formats import ALL, wanted_formats
from atlas.files import write_files
from atlas.published.layers import PublishedLayers
from atlas.vector.layer import LAYER_MARK
from atlas.vector.output_format import OUTPUT_FORMATS, OutputFormat, encode, encode_flat, format_of, layer_name
from atlas.work_steps import each_in_turn

_TO_DEGREES = "bring it to degrees by `atlas clean FILE -o OUT.geojson`, and export OUT.geojson"


def export_files(  # noqa: PLR0913 - each is an option of the command
    files: Sequence[Path],
    output: Path,
    release: PublishedLayers,
    *,
    formats: Sequence[str] = (),
    flat: bool = False,
    sensitivity_field: str | None = None,
    on_step: Callable[[str], None] | None = None,
) -> Exported:
    """Write map files in other formats: one file by the ending of the output, or any into a folder.

    Parameters
    ----------
    files
        Of any format that is read; ``FILE|layername=NAME`` for a layer of several.
    output
        A file, if one format of one file is wanted; else a folder.
    release
        The project's released layers, and its policy.
    formats
        Names of formats, or ``all``; if none are given, the ending of the output says it.
    flat
        Whether to write a file for each kind of shape, with lists as text, into a folder; ``gpkg`` if no formats are
        given.
    sensitivity_field
        As in `atlas.admission.user_layers.open_user_layer`.
    on_step
        Is called with the name of each file before it is read.

    Raises
    ------
    UsageError
        The formats and paths do not fit together.
    InputError
        A file cannot be read, is not in degrees, or cannot be written in a format.
    PolicyError
        A feature is neither open nor shown to be released.
    OutputError
        Something cannot be written; what was there before is intact.
    """
    if flat:
        formats = wanted_formats(formats or ("gpkg",), flat=True)
    single = len(files) == 1 and not (flat or output.is_dir() or ALL in formats) and len(formats) < 2  # noqa: PLR2004 - one file
    contents: dict[Path, bytes] = {}
    notes: list[str] = []
    for path in each_in_turn(files, on_step, lambda path: path.name):
        given = read_document(path, for_page=False)
        refuse_restricted(given, release, sensitivity_field=sensitivity_field)
        notes += given.remarks
        features = _features(path, given)
        if single:
            chosen = format_of(output, *formats)
            contents[output] = _encoded(features, chosen, output, notes)
            continue
        for form in _wanted(formats):
            target = output / f"{_name(path)}{form.ending}"
            try:
                if flat:
                    made = encode_flat(features, form, layer_name(target))
                    contents |= {output / f"{name}{form.ending}": one.data for name, one in made.items()}
                    notes += [f"{name}{form.ending}: {note}" for name, one in made.items() for note in one.notes]
                else:
                    contents[target] = _encoded(features, form, target, notes)
            except (UsageError, InputError, OutputError) as error:
                if ALL not in formats:
                    raise
                notes.append(f"left out {target.name}: {error}")
    _refuse_clash(files, contents)
    changed = write_files(contents)
    folder = output.parent if single else output
    sizes = {path.name: len(data) for path, data in contents.items()}
    return Exported(folder, sizes, tuple(path.name for path in changed), tuple(dict.fromkeys(notes)))


def _wanted(formats: Sequence[str]) -> list[OutputFormat]:
    if not formats:
        msg = f"say by --format what to write into the folder: {', '.join(OUTPUT_FORMATS)}, or {ALL}"
        raise UsageError(msg)
    for name in formats:
        if name != ALL:
            format_of(Path(), name)
    return [one for one in OUTPUT_FORMATS.values() if one.name in formats or ALL in formats]


def _name(path: Path) -> str:
    name, _, layer = path.name.partition(LAYER_MARK)
    return (
        f"{layer_name(Path(Path(name).stem))}_{layer_name(Path(layer))}" if layer else layer_name(Path(Path(name).stem))
    )


def _encoded(features: Sequence[Any], form: OutputFormat, target: Path, notes: list[str]) -> bytes:
    encoded = encode(features, form, layer_name(target))
    notes += [f"{target.name}: {note}" for note in encoded.notes]
    return encoded.data


def _features(path: Path, given: LayerInput) -> list[Any]:
    document = given.document.value
    kind = document.get("type") if isinstance(document, dict) else None
    if not is_in_degrees(document):
        msg = f"{path} names another system than degrees in its member crs; {_TO_DEGREES}"
        raise InputError(msg)
    if kind == "FeatureCollection":
        features: list[Any] = document["features"]
        return features
    return [document if kind == "Feature" else {"type": "Feature", "geometry": document, "properties": {}}]


def _refuse_clash(files: Sequence[Path], contents: dict[Path, bytes]) -> None:
    sources = {Path(str(path).partition(LAYER_MARK)[0]).resolve() for path in files}
    if hit := next((path for path in contents if path.resolve() in sources), None):
        msg = f"{hit} is one of the files to be exported; write somewhere else, so that nothing is lost"
        raise UsageError(msg)
