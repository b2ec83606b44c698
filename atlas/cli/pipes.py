"""Standard input and output as files: what stands as ``-`` on the command line."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from atlas.errors import AtlasError, UsageError

STANDARD = Path("-")
_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class Piped:
    """The files to read and the one to write; ``to_output`` says that what is written there goes to standard output."""

    files: list[Path]
    output: Path | None
    to_output: bool
    folder: str = ""

    def shown(self, text: str) -> str:
        """A text in which standard input and output are called so."""
        if not self.folder:
            return text
        # in quotes where it stands in a command, in which standard input has its sign
        return text.replace(f"'{self.folder}/{_INPUT}'", str(STANDARD)).replace(f"{self.folder}/", "")


def refuse_as_folder(output: Path) -> None:
    """Refuse standard output where a folder is written.

    Raises
    ------
    UsageError
        The output is ``-``.
    """
    if output == STANDARD:
        msg = "several files are written, which standard output (-o -) can't take; give a folder by -o DIR"
        raise UsageError(msg)


@contextmanager
def piped(
    files: Sequence[Path],
    output: Path | None = None,
    *,
    source: BinaryIO | None = None,
    sink: BinaryIO | None = None,
) -> Iterator[Piped]:
    """Read standard input into a file for as long as it is worked on, and write the output there at the end.

    Raises
    ------
    UsageError
        Standard input is named twice, or standard output for several files.
    """
    names = list(files)
    if names.count(STANDARD) > 1:
        msg = "standard input (-) can be read once only"
        raise UsageError(msg)
    if output == STANDARD and len(names) > 1:
        msg = f"standard output (-o -) takes one file; give a folder (-o DIR) for {len(names)} files"
        raise UsageError(msg)
    if STANDARD not in names and output != STANDARD:
        yield Piped(names, output, to_output=False)
        return
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        held, made = Path(folder) / _INPUT, Path(folder) / "standard output"
        if STANDARD in names:
            held.write_bytes((source or sys.stdin.buffer).read())
        to_output = output == STANDARD
        paths = [held if one == STANDARD else one for one in names]
        pipes = Piped(paths, made if to_output else output, to_output, folder)
        try:
            yield pipes
        except AtlasError as error:
            raise type(error)(pipes.shown(str(error))) from error
        if to_output and made.exists():
            stream = sink or sys.stdout.buffer
            stream.write(made.read_bytes())
            stream.flush()
