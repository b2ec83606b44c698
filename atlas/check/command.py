"""What ``atlas check`` does, apart from parsing its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.check.check_report import FORMS, failed, render
from atlas.check.map_files import check_path
from atlas.check.model import SHOWN_PER_RULE, Severity
from atlas.check.strips import strips_layer
from atlas.errors import UsageError
from atlas.files import write_atomically
from atlas.geojson.collection import read_json
from atlas.work_steps import shares_of_files

_THRESHOLDS = (Severity.ERROR, Severity.WARNING)


def check_files(  # noqa: PLR0913 - each is an option of the command
    files: Sequence[Path],
    *,
    form: str = "text",
    schema: Mapping[str, Any] | None = None,
    fail_on: str = "warning",
    cap: int = SHOWN_PER_RULE,
    gaps: Path | None = None,
    on_step: Callable[[str], None] | None = None,
) -> tuple[str, bool]:
    """Check map files one after the other; of each rule at most ``cap`` findings are written out, all are counted.

    Parameters
    ----------
    files
        GeoJSON files.
    form
        ``text``, ``json`` or ``github``.
    schema
        A layer's JSON Schema, to hold the features against as well.
    fail_on
        The least severity that counts as failed: ``error`` or ``warning``.
    cap
        How many findings of one rule are written out.
    gaps
        Where gaps and overlaps are written as a layer of their own.
    on_step
        Is called with what is being read, and how much of all files was read before.

    Returns
    -------
    str
        The reports in the form asked for.
    bool
        Whether one of them has a finding at ``fail_on`` or worse.

    Raises
    ------
    UsageError
        No file is given, or the form or the threshold does not exist.
    InputError
        A file cannot be opened.
    OutputError
        The layer of gaps cannot be written.
    """
    if not files:
        msg = "give one map file or more, or --rules for what is looked for"
        raise UsageError(msg)
    if form not in FORMS:
        msg = f"--format {form!r}: expected one of {', '.join(FORMS)}"
        raise UsageError(msg)
    if fail_on not in _THRESHOLDS:
        msg = f"--fail-on {fail_on!r}: expected one of {', '.join(_THRESHOLDS)}"
        raise UsageError(msg)
    reports = [
        report
        for path, on_share in shares_of_files(files, on_step)
        for report in check_path(path, schema=schema, cap=cap, on_share=on_share)
    ]
    if gaps is not None:
        if gaps.resolve() in {path.resolve() for path in files}:
            msg = f"{gaps} is one of the files to be checked; write somewhere else"
            raise UsageError(msg)
        layer = [(report.path.name, strip, None) for report in reports for strip in report.strips]
        write_atomically(gaps, strips_layer(layer, gaps))
    return render(reports, form), any(failed(report, Severity(fail_on)) for report in reports)


def read_schema(folder: Path, layer: str) -> Mapping[str, Any]:
    """The JSON Schema of a layer from a folder of ``LAYER.json`` files.

    Parameters
    ----------
    folder
        A folder of schemas, such as ``geodata/schema/``.
    layer
        Name of the layer.

    Returns
    -------
    Mapping
        The schema.

    Raises
    ------
    UsageError
        There is no such layer.
    InputError
        The schema cannot be read.
    """
    known = sorted(path.stem for path in folder.glob("*.json"))
    if layer not in known:
        msg = f"--schema {layer!r}: there is no such layer; the layers are {', '.join(known)}"
        raise UsageError(msg)
    schema: Mapping[str, Any] = read_json(folder / f"{layer}.json")
    return schema
