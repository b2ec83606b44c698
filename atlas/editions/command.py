"""What ``atlas diff`` does, apart from parsing its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas.editions.change_files import edition_bytes, layer_bytes, ledger_bytes, table_bytes
from atlas.editions.changes import NEAR_M, TOLERANCE_M, Comparison, Kind, compare_editions
from atlas.editions.edition import paired_editions
from atlas.editions.edition_reader import EditionReader
from atlas.errors import UsageError
from atlas.files import sha256_of_file, write_files
from atlas.garbage import without_collector
from atlas.vector.layer import LAYER_MARK
from atlas.work_steps import PartOfWork

_SHOWN = 12
# about how much of the time has gone when both are read, and when they are compared
_READ, _COMPARED = 0.4, 0.8


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How two editions are compared; see `paired_editions` and `compare_editions`."""

    key: str | None = None
    name: str | None = None
    tolerance_m: float = TOLERANCE_M
    near_m: float = NEAR_M


@dataclass(frozen=True, slots=True)
class WrittenDiff:
    """A comparison, the files that tell of it, in bytes, and what is wrong with the files that were compared."""

    comparison: Comparison
    sizes: Mapping[Path, int]
    remarks: Sequence[str] = ()

    def summary(self) -> str:
        """What changed, for a terminal: a line a kind, then the first of each."""
        lines = [
            f"  {kind.value:<10}{count:>7,}  {self._first(kind)}".rstrip()
            for kind, count in self.comparison.counts.items()
        ]
        head = "The two editions are the same." if self.comparison.is_same else "The two editions differ."
        lines += [*(f"  note: {remark}" for remark in self.remarks), head]
        lines += [*(f"  {path}  {size / 1000:,.1f} kB" for path, size in self.sizes.items())]
        return "\n".join(lines) + "\n"

    def _first(self, kind: Kind) -> str:
        if kind is Kind.UNCHANGED:
            return ""
        old, new = self.comparison.old, self.comparison.new
        changed = [change for change in self.comparison.changes if change.kind is kind]
        named = []
        for change in changed[:3]:
            before = (
                None
                if change.old is None
                else old.names[change.old] or old.codes[change.old] or f"row {change.old + 1}"
            )
            after = (
                None
                if change.new is None
                else new.names[change.new] or new.codes[change.new] or f"row {change.new + 1}"
            )
            far = f" {change.displacement_m:,.0f} m" if kind is Kind.MOVED and change.displacement_m is not None else ""
            named.append(
                (before or after or "") + (f" → {after}" if before and after and before != after else "") + far
            )
        return ", ".join(named) + (", …" if len(changed) > len(named) else "")


Page = Callable[[Comparison], bytes]


def diff_files(  # noqa: PLR0913 - each is an option of the command
    old: Path,
    new: Path,
    folder: Path,
    options: DiffOptions | None = None,
    *,
    page: Page | None = None,
    on_step: Callable[[str], None] | None = None,
) -> WrittenDiff:
    """Compare two editions of a layer and write what changed; all files, or none.

    Parameters
    ----------
    old, new
        Map files of one layer: GeoJSON in degrees, or any other that names its system.
    folder
        Where ``changes.csv``, ``changes.geojson``, ``edition.geojson`` and ``ledger.json`` go.
    page
        What makes a page of the comparison, ``changes.html``; none is written without it.
    on_step
        Is called with what is done next, and how much was done before.

    Raises
    ------
    UsageError
        The folder is a file, a distance is not one, or an edition lacks the named field.
    InputError
        An edition cannot be read, or the two cannot be compared.
    """
    chosen = options or DiffOptions()
    for title, value in (("--tolerance-m", chosen.tolerance_m), ("--near-m", chosen.near_m)):
        if not 0 <= value < 1e6:  # noqa: PLR2004 - a thousand kilometres
            msg = f"{title} {value:g} is no distance in metres; give one from 0 to 1000000"
            raise UsageError(msg)
    if folder.is_file():
        msg = f"{folder} is a file; give a folder by -o DIR"
        raise UsageError(msg)
    with without_collector():
        return _written(old, new, folder, chosen, page, on_step or (lambda _step: None))


def _written(  # noqa: PLR0913, PLR0917 - as `diff_files`
    old: Path, new: Path, folder: Path, chosen: DiffOptions, page: Page | None, on_step: Callable[[str], None]
) -> WrittenDiff:
    reader = EditionReader()
    on_step(PartOfWork(old.name, 0.0))
    first = reader.read(old)
    on_step(PartOfWork(new.name, _READ / 2))
    second = reader.read(new)
    on_step(PartOfWork("comparing", _READ))
    pair = paired_editions(first, second, key=chosen.key, name=chosen.name)
    comparison = compare_editions(*pair, tolerance_m=chosen.tolerance_m, near_m=chosen.near_m)
    on_step(PartOfWork("writing", _COMPARED))
    inputs = {title: {"file": path.name, "sha256": _hash(path)} for title, path in (("old", old), ("new", new))}
    files = {
        folder / "changes.csv": table_bytes(comparison),
        folder / "changes.geojson": layer_bytes(comparison),
        folder / "edition.geojson": edition_bytes(comparison),
        folder / "ledger.json": ledger_bytes(comparison, inputs),
    }
    if page is not None:
        files[folder / "changes.html"] = page(comparison)
    folder.mkdir(parents=True, exist_ok=True)
    write_files(files)
    remarks = tuple(dict.fromkeys([*first.remarks, *second.remarks]))
    return WrittenDiff(comparison, {path: len(data) for path, data in files.items()}, remarks)


def _hash(path: Path) -> str | None:
    file = Path(str(path).partition(LAYER_MARK)[0])
    return sha256_of_file(file) if file.is_file() else None
