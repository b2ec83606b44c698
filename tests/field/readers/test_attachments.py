"""Files that rows name come in from any column; recordings stay in the store; what nothing used is said."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from atlas.field.export import export

from .conftest import Reading

M4A = b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 40
HEAD = "id,lat,lon,note,{}\n"


def _packed(**parts: bytes | str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return stream.getvalue()


def test_photos_and_recordings_of_any_column_come_in(reading: Reading, jpeg: bytes) -> None:
    for column in ("attachments", "attachment_1", "Lo que vimos", "evidencia"):
        table = HEAD.format(column) + "x1,14.9,-92.2,here,a.jpg|b.m4a\n"
        came = reading(_packed(**{"f.csv": table, "media/a.jpg": jpeg, "media/b.m4a": M4A}), name="f.zip")
        row = came.only
        assert (row.fields["photos"], row.fields["sounds"]) == (["a.jpg"], ["b.m4a"])
        assert [one.kind for one in row.media] == ["image/jpeg", "audio/mp4"]
        assert column not in row.fields
        assert any("no copy, export or release carries" in note for note in came.notes)
        assert not any("nothing used" in note for note in came.notes)


def test_a_recording_that_is_none_is_named_and_the_row_comes_in(reading: Reading) -> None:
    table = HEAD.format("attachments") + "x1,14.9,-92.2,here,b.m4a\n"
    came = reading(_packed(**{"f.csv": table, "b.m4a": b"<html>"}), name="f.zip")
    assert not came.only.media
    assert any("'b.m4a' is no recording" in note for note in came.notes)


def test_no_copy_carries_a_recording(notes: Any) -> None:
    path = notes.folder / "f.zip"
    path.write_bytes(_packed(**{"f.csv": HEAD.format("audio") + "x1,14.9,-92.2,here,b.m4a\n", "b.m4a": M4A}))
    store = notes.store()
    notes.take_in(store, path)
    with store.reading() as view:
        assert [name for (name,) in view.session.rows("SELECT name FROM media")] == ["b.m4a"]
    for form in ("geojson", "csv", "gpkg"):
        assert b"ftypM4A" not in export(store, form, exact=True)[0]
    assert not json.loads(export(store, "geojson", exact=True)[0])["atlas"].get("media")


def test_what_nothing_used_is_said_at_the_end(reading: Reading) -> None:
    table = HEAD.format("altitude") + "x1,14.9,-92.2,here,30\n"
    came = reading(_packed(**{"f.csv": table, "read.me": "x", "other/plan.pdf": "%PDF"}), name="f.zip")
    assert any("nothing used 1 column: altitude" in note for note in came.notes)
    assert any("nothing used 2 files: read.me, other/plan.pdf" in note for note in came.notes)
