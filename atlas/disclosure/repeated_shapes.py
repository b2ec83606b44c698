"""Shapes that stand in a GeoJSON file again and again, searched once: a release has few places and many records."""

from __future__ import annotations

from atlas.disclosure.byte_view import View
from atlas.geojson.shared_shapes import repeated_spans


def without_repeats(view: View) -> View:
    """The same view with every shape once; where it stands again, there is nothing."""
    pieces: list[bytes] = []
    here, there = [0], [0]
    done = length = 0
    for start, end in repeated_spans(view.data):
        pieces.append(view.data[done:start])
        length += len(pieces[-1])
        done = end
        here.append(length)
        there.append(done)
    if not pieces:
        return view
    return View(view.file, b"".join([*pieces, view.data[done:]]), view.form, view.trail, (here, there))
