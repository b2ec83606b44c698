"""Submissions of ODK and KoboToolbox as the phone keeps them: one XML a submission, its photos beside it, no server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from atlas.errors import InputError
from atlas.field.readers.answers import Child, answered
from atlas.field.readers.fault import RowFaultError, unrepeated
from atlas.field.readers.input_source import Source
from atlas.field.readers.read_options import ReadOptions
from atlas.field.readers.record_rows import Rows
from atlas.field.readers.xml import bare, child, whole
from atlas.field.row import FieldRow, Rejected

# of each form, by its id, the ways to its repeats
Repeats = Mapping[str, frozenset[str]]

_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^>]*)")
_OPENROSA = re.compile(r"openrosa\.org/|\binstanceID\b|\bencrypted\s*=")
_XFORMS = "http://www.w3.org/2002/xforms"
_GEOPOINT = re.compile(r"[-+]?\d+(?:\.\d+)?(?: [-+]?\d+(?:\.\d+)?){3}\Z", re.ASCII)
_PARTS = ("Latitude", "Longitude", "Altitude", "Accuracy")
_FARTHEST = (90.0, 180.0)
# what servers write on the outermost element, by the header of their tables
_OF_ROOT = {"meta-instanceID": "instanceID", "SubmissionDate": "submissionDate"}
_IDS = ("meta-deprecatedID", "meta-instanceID")


def is_submission(text: str) -> bool:
    """Whether the beginning of an XML is that of a filled form."""
    match = _ROOT.search(text)
    if match is None or match[1].lower() == "html":
        return False
    return bool(_OPENROSA.search(match[2])) or "instanceID>" in text


def is_form(text: str) -> bool:
    """Whether the beginning of an XML is that of a form without answers."""
    match = _ROOT.search(text)
    return match is not None and match[1].lower() == "html" and _XFORMS in text


def repeats_of(forms: Sequence[Source]) -> Repeats:
    """Which groups of some forms repeat; of one that was answered once, only the form says so."""
    repeats: dict[str, frozenset[str]] = {}
    for form in forms:
        try:
            root = whole(form)
        except InputError:
            # the answers can be read without it
            continue
        instance = next((one for one in root.iter() if bare(one.tag) == "instance" and len(one)), None)
        paths = {one.get("nodeset", "") for one in root.iter() if bare(one.tag) == "repeat"}
        if instance is not None and (name := instance[0].get("id")):
            # /data/group/visit without the outermost element
            repeats[name] = repeats.get(name, frozenset()) | {path.strip("/").partition("/")[2] for path in paths}
    return repeats


def read_submission(
    source: Source, options: ReadOptions, repeats: Repeats | None = None
) -> Iterator[FieldRow | Rejected]:
    """The record of a submission, with those of its repeats, under the same ids and names as in a server's tables.

    Parameters
    ----------
    source
        The XML, with the photos beside it.
    options
        What a person said about it.
    repeats
        What the forms say about their repeats. Without that, a group repeats that stands there more than once.

    Raises
    ------
    InputError
        It is not XML, is cut off, is encrypted, or is a form without answers.
    """
    root = whole(source)
    if bare(root.tag) == "html":
        msg = f"{source.name} is a form without answers; give the submissions, on the phone in the folder 'instances'"
        raise InputError(msg)
    if root.get("encrypted") or child(root, "base64EncryptedKey") is not None:
        msg = f"{source.name} is encrypted for a server; send it there, and give what the server exports"
        raise InputError(msg)
    answers = _Answers((repeats or {}).get(root.get("id", ""), frozenset()))
    stated = {header: value for header, name in _OF_ROOT.items() if (value := root.get(name))}
    try:
        row = {**stated, **unrepeated(answers.of(root))}
        children = list(answers.children(root, next((row[name] for name in _IDS if row.get(name)), "")))
    except RowFaultError as fault:
        yield Rejected("submission", fault.reason, source.whole().decode("utf-8", "replace"))
        return
    rows = Rows(source, options, form=True)
    yield from answered(rows, row, children, "submission", raw=lambda: source.whole().decode("utf-8", "replace"))
    rows.remarks.notify(source, options)


class _Answers:
    """Takes a submission apart."""

    def __init__(self, repeats: frozenset[str]) -> None:
        self._repeats = repeats

    def of(self, element: Element, path: str = "", group: str = "") -> Iterator[tuple[str, str]]:
        """Answers outside of repeats, by the header that a server's table has for them."""
        for inner, here, repeated in self._inside(element, path):
            header = f"{group}{bare(inner.tag)}"
            if not repeated and len(inner):
                yield from self.of(inner, here, f"{header}-")
            elif not repeated:
                yield from answer_columns(header, (inner.text or "").strip())

    def children(self, element: Element, key: str, path: str = "", group: str = "") -> Iterator[Child]:
        """The repeats in an element, each followed by those inside of it."""
        numbers: Counter[str] = Counter()
        for inner, here, repeated in self._inside(element, path):
            name = bare(inner.tag)
            if not repeated:
                yield from self.children(inner, key, here, f"{group}{name}-")
                continue
            numbers[name] += 1
            repeat_key = f"{key}/{name}[{numbers[name]}]"
            yield Child(
                f"{group}{name}", f"submission, {name} {numbers[name]}", repeat_key, unrepeated(self.of(inner, here))
            )
            yield from self.children(inner, repeat_key, here, f"{group}{name}-")

    def _inside(self, element: Element, path: str) -> Iterator[tuple[Element, str, bool]]:
        counts = Counter(inner.tag for inner in element)
        for inner in element:
            here = f"{path}/{bare(inner.tag)}".strip("/")
            yield inner, here, here in self._repeats or (counts[inner.tag] > 1 and len(inner) > 0)


def answer_columns(header: str, words: str) -> Iterator[tuple[str, str]]:
    """An answer; a position is the four columns that a server makes of it."""
    numbers = words.split() if _GEOPOINT.match(words) else []
    if numbers and all(abs(float(one)) <= most for one, most in zip(numbers, _FARTHEST, strict=False)):
        yield from zip((f"{header}-{part}" for part in _PARTS), numbers, strict=True)
    else:
        yield header, words
