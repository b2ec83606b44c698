"""Views in which nothing is looked for further: many small ones are asked at once, and the same bytes once.

A search measures chance by all that a view holds, and costs the same for ten bytes as for ten thousand. A history has
tens of thousands of small views, most of which hold no number near a secret, no cell around one and no word of one.
That is asked of many that are put together, without any measure of chance; only where something is near are they
parted again, down to single views, each of which is then searched by itself with its own part of the chance.

*Why it is right.* All that a search reports begins with something that stands in one place: a pair of numbers within
reach of a secret, one coordinate of it, a cell, a string. Whatever one view has of these, the same views put together
have too: what counts only by its neighbours in the file (which order of longitude and latitude most numbers have,
tiles among tiles, the same pair written twice, the coarsest number, what is public) is not asked here.

*Invariants*: what the sieve reports is what a search of each view reports; small views that wait take no more than
``BATCH`` bytes, so that limits by number, which hold for a view, are not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from math import inf

from atlas.disclosure.angle_units import ONLY_EXACT
from atlas.disclosure.byte_view import View
from atlas.disclosure.candidates import DEGREES, Candidates, Numbers, pairs
from atlas.disclosure.finding import Finding
from atlas.disclosure.numbers import ANGLES
from atlas.disclosure.search import TEXT_FORMS, Search
from atlas.disclosure.vicinity import neighbours, westward

BATCH = 131_072
_SMALL = BATCH // 2
# between two views that are put together: no number, word or code goes over it
_APART = b"\n\x00\n"

# a view, its part of the chance, and what its bytes are known by
Waiting = tuple[View, float, bytes]


def may_hold(search: Search, data: bytes, *, is_text: bool) -> bool:
    """Whether a search of any of the views that were put together could find anything, however chance were measured."""
    view = View("", data, "text" if is_text else "bytes")
    return (
        any(True for _ in search.strings(view))
        or any(True for _ in search.in_cells(view, is_text=is_text, every=True))
        or (
            bool(search.frames)
            and any(_is_near(search, data, one) for one in search.coordinates(data, is_text=is_text))
        )
    )


def _is_near(search: Search, data: bytes, given: Numbers | Candidates) -> bool:
    """Whether some numbers or pairs, read in one way, are a secret or come near to one."""
    frame = search.frames[given.frame]
    if isinstance(given, Candidates):
        near = search.vicinity is not None and given.how not in ONLY_EXACT and search.vicinity.may_hold(given)
        return near or frame.may_hold(given)
    if frame.may_hold(pairs(given, frame.box)):
        return True
    if given.frame != DEGREES or given.how in ONLY_EXACT:
        return False
    if "32-bit" not in given.how and frame.may_hold_single(given):
        return True
    if search.vicinity is None or "32-bit floats" in given.how:
        return False
    box = search.vicinity.box
    signed = given if "-bit" in given.how or given.how == ANGLES else westward(data, given, box)
    return search.vicinity.may_hold(neighbours(signed, box, both=True))


@dataclass
class Sieve:
    """Takes views, and searches those in which anything may be.

    Attributes
    ----------
    report
        Takes what was found.
    """

    search: Search
    report: Callable[[Iterable[Finding]], None]
    _waiting: list[Waiting] = field(default_factory=list)
    _size: int = 0
    _clean: dict[bytes, float] = field(default_factory=dict)

    def add(self, view: View, portion: float) -> None:
        """Take a view, with its part of the chance of a false alarm."""
        is_text = view.form in TEXT_FORMS
        key = blake2b(view.data, digest_size=16, person=b"text" if is_text else b"bytes").digest()
        if self._clean.get(key, 0.0) >= portion:
            return
        # in the order in which they came: of one rule in one file the first few are shown
        if len(view.data) > _SMALL:
            self.flush()
        self._waiting.append((view, portion, key))
        self._size += len(view.data) + len(_APART)
        if self._size >= BATCH - _SMALL:
            self.flush()

    def flush(self) -> None:
        """Search what waits."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        findings: dict[int, list[Finding]] = {}
        for is_text in (True, False):
            alike = [at for at, one in enumerate(waiting) if (one[0].form in TEXT_FORMS) == is_text]
            if alike:
                self._sift(waiting, alike, findings, is_text=is_text)
        for at in sorted(findings):
            self.report(findings[at])

    def _sift(
        self, waiting: list[Waiting], alike: list[int], findings: dict[int, list[Finding]], *, is_text: bool
    ) -> None:
        views = [waiting[at] for at in alike]
        if not self._may_hold(views, is_text=is_text):
            self._clean.update((key, inf) for _, _, key in views)
        elif len(views) == 1:
            findings[alike[0]] = self._searched(*views[0])
        else:
            half = len(views) // 2
            self._sift(waiting, alike[:half], findings, is_text=is_text)
            self._sift(waiting, alike[half:], findings, is_text=is_text)

    def _searched(self, view: View, portion: float, key: bytes) -> list[Finding]:
        try:
            findings = list(self.search.findings(view, portion))
        except Exception as error:  # noqa: BLE001 - a hostile file may break any reader, and must not pass by that
            what = f"made the reading stop ({type(error).__name__})"
            return [Finding("unread", view.file, "whole file", what)]
        if not findings:
            # with a smaller part of the chance there is nothing either
            self._clean[key] = max(portion, self._clean.get(key, 0.0))
        return findings

    def _may_hold(self, views: list[Waiting], *, is_text: bool) -> bool:
        try:
            return may_hold(self.search, _APART.join(view.data for view, _, _ in views), is_text=is_text)
        except Exception:  # noqa: BLE001 - what stops the reading is asked of each by itself
            return True
