"""What ``atlas clean`` does, apart from parsing its options: cleans, then writes everything together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas._version import __version__
from atlas.check.messages import metres, several
from atlas.check.strips import strips_layer
from atlas.clean.cleaner import Step, clean
from atlas.clean.file_session import FileSession
from atlas.clean.freed_memory import give_back
from atlas.clean.ledger import Ledger
from atlas.clean.model import Feature
from atlas.clean.options import Options
from atlas.clean.output import document_in, output_name
from atlas.clean.writing import collection_bytes, value_bytes
from atlas.errors import InputError, UsageError, listed
from atlas.files import write_files
from atlas.geojson.lazy_json import is_feature_text
from atlas.vector.layer import LAYER_MARK
from atlas.vector.output_format import format_of

_LEDGERS = (".json", ".csv")


@dataclass(frozen=True, slots=True)
class CleanedFiles:
    """What was written, in bytes, which of it changed, and the sums of the ledger."""

    sizes: dict[Path, int]
    changed: tuple[Path, ...]
    total: dict[str, Any]
    rejected: int
    notes: tuple[str, ...]

    def summary(self, *, without: Path | None = None) -> str:
        """What was done, for a terminal: a line a rule, then the total, then the files but for one."""
        rules = self.total["by_rule"]
        width = max(map(len, rules), default=0)
        lines = [f"  {rule:<{width}}  {count:>9,}" for rule, count in rules.items()]
        lines += [f"  note: {note}" for note in self.notes]
        changes = several(self.total["changes"], "change", "changes")
        head = f"{changes} in {several(self.total['features'], 'feature', 'features')}"
        if self.total["changes"]:
            head += f", at most {metres(self.total['greatest_displacement_m'])}"
        if self.rejected:
            head += f"; {several(self.rejected, 'feature was', 'features were')} put aside"
        lines.append(f"{head}.")
        lines += [f"  {path}  {size / 1000:,.1f} kB" for path, size in self.sizes.items() if path != without]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Beside:
    """Where else to write: the ledger, what was put aside (of one file), gaps and overlaps.

    With ``alone``, nothing is written that is not named here, as beside standard output; a feature that would have to
    be put aside then ends it.
    """

    ledger: Path | None = None
    rejected: Path | None = None
    gaps: Path | None = None
    alone: bool = False


def clean_files(
    files: Sequence[Path],
    output: Path,
    options: Options,
    *,
    beside: Beside | None = None,
    on_step: Step | None = None,
) -> CleanedFiles:
    """Clean one file into another, or several together into a folder; everything is written, or nothing.

    Parameters
    ----------
    files
        Map files of any format that is read; what they share stays the same in all of them.
    output
        A file, or the folder for several.
    options
        How exact, how far, and answers.
    beside
        Where to write what was done, as .json or .csv (if not given, beside the output as .ledger.json), and more.
    on_step
        Is called with what is done next.

    Returns
    -------
    CleanedFiles
        Sizes in bytes by path, which files changed, and the sums of the ledger.

    Raises
    ------
    UsageError
        The paths do not fit together.
    InputError
        A file cannot be read, what was meant would be a guess, or nothing would be left of it.
    OutputError
        Something cannot be written; what was there before is intact.
    """
    beside = beside or Beside()
    targets = _targets(files, output, options.form)
    if beside.rejected and len(targets) > 1:
        msg = "--rejected takes one file; of several, what is put aside is written beside each"
        raise UsageError(msg)
    aside_of = {target: beside.rejected or rejected_beside(target) for target in targets}
    ledger = beside.ledger or (None if beside.alone else _ledger_beside(files, output))
    _refuse_endings(beside)
    written = [*targets, *aside_of.values(), *(path for path in (ledger, beside.gaps) if path)]
    _refuse_clash(files, written, ledger)
    if unknown := sorted(options.files.keys() - {path.name for path in files}):
        msg = f"the answers name {', '.join(unknown)}, which is not among the files; they hold for a file by its name"
        raise UsageError(msg)
    cleaned = clean(files, options, on_step=on_step, with_strips=beside.gaps is not None)
    _refuse_empty(cleaned.works, options)
    give_back()
    contents: dict[Path, bytes] = {}
    gone: set[Path] = set()
    for session, target in zip(cleaned.works, targets, strict=True):
        contents[target] = document_in(session.document, target, options.form)
        if data := _rejected(session):
            contents[aside_of[target]] = data
            _refuse_lost(session, beside)
        else:
            gone.add(aside_of[target])
    if ledger:
        contents[ledger] = _ledger_bytes(cleaned.ledger, ledger, files, targets)
    if beside.gaps:
        contents[beside.gaps] = strips_layer(cleaned.strips, beside.gaps)
    changed = write_files(contents, gone=gone)
    notes = [f"{work.name}: {note}" for work in cleaned.works for note in _notes(work)]
    total = cleaned.ledger.total()
    count = sum(len(work.document.rejected) for work in cleaned.works)
    return CleanedFiles({path: len(data) for path, data in contents.items()}, changed, total, count, tuple(notes))


def _refuse_endings(beside: Beside) -> None:
    """Before any work: layers beside the output whose names say a format that they would not have."""
    if beside.gaps:
        format_of(beside.gaps, usual="geojson")
    ending = beside.rejected.suffix.lower() if beside.rejected else ""
    if ending not in {"", ".geojson", ".json"}:
        msg = f"--rejected {str(beside.rejected)!r}: features are put aside as they stood; name a .geojson file"
        raise UsageError(msg)


def _refuse_lost(session: FileSession, beside: Beside) -> None:
    if beside.alone and beside.rejected is None:
        count = several(len(session.document.rejected), "feature", "features")
        msg = f"{session.document.path}: {count} would be put aside; say where they go by --rejected FILE"
        raise InputError(msg)


def _refuse_empty(sessions: Sequence[FileSession], options: Options) -> None:
    empty = [one.document for one in sessions if one.document.features and not one.document.kept]
    if not empty or options.allow_empty:
        return
    faults = []
    for document in empty:
        rules = ", ".join(sorted({str(one.rejected) for one in document.features}))
        faults.append(f"{document.path}: {several(len(document.features), 'feature', 'features')} ({rules})")
    what = "nothing is left: all that is in a file would be put aside. Nothing was written; --allow-empty writes it:"
    raise InputError(listed(what, faults))


_REJECTED = ".rejected.geojson"


def rejected_beside(target: Path) -> Path:
    """Where features go that were put aside."""
    return target.with_name(target.stem + _REJECTED)


def _targets(files: Sequence[Path], output: Path, form: str | None) -> list[Path]:
    if not files:
        msg = "give one map file or more, and -o for where the clean ones go"
        raise UsageError(msg)
    if len(files) == 1 and not output.is_dir():
        return [output]
    if output.exists() and not output.is_dir():
        msg = f"{output} is a file; give a folder (-o DIR) for {len(files)} files"
        raise UsageError(msg)
    names = [output_name(path, form) for path in files]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"several files are named {', '.join(twice)}; they cannot go into one folder"
        raise UsageError(msg)
    return [output / name for name in names]


def _ledger_beside(files: Sequence[Path], output: Path) -> Path:
    if len(files) == 1 and not output.is_dir():
        return output.with_name(output.stem + ".ledger.json")
    return output / "ledger.json"


def _refuse_clash(files: Sequence[Path], written: Sequence[Path], ledger: Path | None) -> None:
    if ledger is not None and ledger.suffix.lower() not in _LEDGERS:
        msg = f"--ledger {str(ledger)!r}: expected a name that ends in {' or '.join(_LEDGERS)}"
        raise UsageError(msg)
    places = [path.resolve() for path in written]
    if len(set(places)) < len(places):
        msg = "the output and what is written beside it would be the same file; choose other names"
        raise UsageError(msg)
    if odd := next((path for path in written if path.exists() and not path.is_file()), None):
        msg = f"{odd} is not a plain file; choose another name"
        raise UsageError(msg)
    sources = {Path(str(path).partition(LAYER_MARK)[0]).resolve() for path in files}
    if hit := next((path for path, place in zip(written, places, strict=True) if place in sources), None):
        msg = f"{hit} is one of the files to be cleaned; write somewhere else, so that nothing is lost"
        raise UsageError(msg)


def _rejected(session: FileSession) -> bytes:
    """The features that were put aside, as they stood, each with the rule and the reason beside it; or nothing."""
    aside = session.document.rejected
    return collection_bytes({}, [_as_it_was(one) for one in aside]) if aside else b""


def _as_it_was(feature: Feature) -> bytes:
    """The feature's own text with two members more; what is no feature stands as text in one."""
    text = feature.text
    reason = value_bytes({"rejected_rule": feature.rejected, "rejected_reason": feature.why})[1:-1]
    if (
        isinstance(feature.value, dict)
        and text.lstrip()[:1] == b"{"
        and text.rstrip()[-1:] == b"}"
        and is_feature_text(text)
    ):
        body = text.rstrip()[:-1].rstrip()
        return body + (b"," if body[-1:] != b"{" else b"") + reason + b"}"
    held = {"type": "Feature", "geometry": None, "properties": {"rejected_text": text.decode("utf-8", "replace")}}
    return value_bytes(held)[:-1] + b"," + reason + b"}"


def _ledger_bytes(ledger: Ledger, path: Path, files: Sequence[Path], targets: Sequence[Path]) -> bytes:
    if path.suffix.lower() == ".csv":
        return ledger.as_csv()
    pairs = [{"input": source.name, "output": target.name} for source, target in zip(files, targets, strict=True)]
    return ledger.as_json({"program": f"atlas clean {__version__}", "files": pairs})


def _notes(session: FileSession) -> list[str]:
    """What was let through although check would say something about it, and what check did not look at."""
    kept = sorted(session.options.keep)
    return [
        *session.document.remarks,
        *session.notes,
        *(f"{rule}, where there is any, was left as it is" for rule in kept),
    ]
