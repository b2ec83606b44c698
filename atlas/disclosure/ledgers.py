"""Releases in boxes need no guesses: what they publish is a function of their ledger and the map, and is made again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from atlas.disclosure.finding import Finding
from atlas.errors import AtlasError, InputError
from atlas.files import sha256_hex
from atlas.geojson.collection import read_collection
from atlas.geojson.strict import parse
from atlas.release.book import Book
from atlas.release.box_levels import PART
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Places
from atlas.release.closing import limits_of
from atlas.release.groups import groups_of
from atlas.release.manifest import COUNTS, RECORD, RECORDS, manifest_in
from atlas.release.public_ledger import LEDGER, BookEntry, Ledger, read_ledger
from atlas.release.released_features import class_features
from atlas.release.tally import counts_csv

_RULE = "ledger"


def ledger_findings(paths: Sequence[Path], boxes: BoxMap | None) -> Iterator[Finding]:
    """What is wrong with the ledgers of releases, given oldest first, and with what was published beside them."""
    ledgers: list[tuple[Path, Ledger]] = []
    for path in (path / LEDGER for path in paths if path.is_dir()):
        try:
            ledger = read_ledger(path)
        except InputError as error:
            yield Finding(_RULE, str(path), "whole file", str(error))
            continue
        if ledger is not None:
            ledgers.append((path, ledger))
            faults = (*_faults(path.parent, ledger, boxes), *_changed_files(path.parent))
            yield from (Finding(_RULE, str(path), "release", fault) for fault in faults)
    for (_, first), (path, second) in pairwise(ledgers):
        if not second.follows(first):
            what = f"does not follow {first.path}: they went different ways, or stand in the wrong order"
            yield Finding(_RULE, str(path), "chain", what)
        else:
            yield from (Finding(_RULE, str(path), "chain", fault) for fault in _moved(first, second))


def _faults(folder: Path, ledger: Ledger, boxes: BoxMap | None) -> Iterator[str]:
    if boxes is None or ledger.map_sha256 != boxes.sha256:
        yield f"names the map {ledger.map_sha256[:16]}, which is not the project's"
        return
    try:
        expected = {each["id"]: each for each in parse(json.dumps(class_features(ledger, boxes)))}
        features = read_collection(folder / RECORDS)
        counts = (folder / COUNTS).read_bytes()
    except (AtlasError, OSError, ValueError, KeyError, TypeError) as error:
        yield f"what is beside it cannot be held against it ({type(error).__name__})"
        return
    shown = {each["id"]: each for each in features if "reports_at_least" in each["properties"]}
    if shown != expected:
        yield f"{RECORDS} does not show what it says: {len(shown.keys() ^ expected.keys())} features are not the same"
    if counts != counts_csv(expected.values(), boxes):
        yield f"{COUNTS} does not hold the sums of what it says"
    for name, entry in ledger.books.items():
        yield from _entry_faults(name, entry, boxes, narrowed=ledger.narrowed)


def _changed_files(folder: Path) -> Iterator[str]:
    """Files whose bytes are not those that the release has written down of itself."""
    stated = (manifest_in(folder) or {}).get("files")
    for name, about in stated.items() if isinstance(stated, dict) else ():
        path = folder / str(name)
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield f"{RECORD} names {name}, which is not there"
        elif not isinstance(about, dict) or sha256_hex(path.read_bytes()) != about.get("sha256"):
            yield f"{name} has other bytes than {RECORD} says: somebody changed it"


def _entry_faults(name: str, entry: BookEntry, boxes: BoxMap, *, narrowed: bool) -> Iterator[str]:
    """Numbers that are no steps, and rests of more than half of what the silent places can hold."""
    k = entry.terms["k"]
    if odd := [key for key, number in {**entry.shown, **entry.rest}.items() if number < k or number % k]:
        yield f"book {name}: {odd[0]} shows a number that is no step of {k}"
    places = Places(boxes, Book.of_terms(name, entry.terms))
    for group in groups_of(places.book.grouping):
        showing = {key.split("|")[0] for key in entry.shown if key.split("|")[1] == group}
        rests = {key.split("|")[0]: number for key, number in entry.rest.items() if key.split("|")[1] == group}
        limits = limits_of(group, rests, showing, places)
        for place, number in rests.items():
            # which zones a narrowed table is without is not public, and a part's limit depends on it
            if number > limits.get(place, 0) and not (narrowed and place.startswith(PART)):
                yield f"book {name}: {place}|{group} tells {number}, more than half of what its silent places can hold"


def _moved(first: Ledger, second: Ledger) -> Iterator[str]:
    """Numbers and terms that stood in the first and stand otherwise in the second, or nowhere."""
    for name, before in first.books.items():
        after = second.books.get(name)
        if after is None or dict(after.terms) != dict(before.terms):
            yield f"book {name} has other terms, or is gone"
            continue
        numbers = {**after.shown, **after.rest}
        lost = [key for key, number in {**before.shown, **before.rest}.items() if numbers.get(key) != number]
        if lost and not (second.narrowed and all(key not in numbers for key in lost)):
            yield f"book {name}: {lost[0]} is another number than it was"
