"""Photos keep the picture and lose what the camera hid in them."""

from __future__ import annotations

import base64
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from atlas.field.readers import ReadOptions, read_file
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.photos import photo
from atlas.field.row import FieldRow

# photos with something beside the picture, and what has to be left of each: its hash, or why it is not taken
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "field" / "photos.json").read_text("utf-8"))


def _pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


def _made(kind: str) -> bytes:
    buffer = io.BytesIO()
    image = Image.radial_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "SyntheticCamera"
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "SyntheticCamera")
        image.save(buffer, kind, pnginfo=info, exif=exif)
    elif kind == "JPEG progressive":
        image.save(buffer, "JPEG", exif=exif, progressive=True, quality=80)
    else:
        image.save(buffer, kind, exif=exif, xmp=b"<x>SyntheticCamera</x>")
    return buffer.getvalue() + b"14.68 -92.15"


@pytest.mark.parametrize("kind", ["JPEG", "JPEG progressive", "PNG", "WEBP"])
def test_a_photo_keeps_its_picture_and_nothing_else(kind: str) -> None:
    data = _made(kind)
    kept = photo("a", data)
    assert kept.kind == f"image/{kind.split(maxsplit=1)[0].lower()}"
    assert _pixels(kept.data) == _pixels(data)
    for secret in (b"SyntheticCamera", b"14.68", b"Exif", b"EXIF", b"XMP"):
        assert secret not in kept.data
    assert photo("a", kept.data).data == kept.data


def test_a_photo_that_was_turned_stays_turned(jpeg: bytes) -> None:
    kept = photo("a", jpeg)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    assert b"TRAILER" not in kept.data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"<svg onload=alert(1)>", "not a JPEG"),
        (b"\xff\xd8\xff\xe0\x00", "cut off or damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "cut off or damaged"),
        (b"RIFF\xff\xff\x00\x00WEBPVP8 ", "cut off or damaged"),
    ],
)
def test_what_cannot_be_cleaned_is_not_kept(data: bytes, reason: str) -> None:
    with pytest.raises(RowFaultError, match=reason):
        photo("a", data)


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x00\x00\x00WEBP"]), st.binary(max_size=80))
def test_no_bytes_break_the_cleaning(head: bytes, rest: bytes) -> None:
    try:
        kept = photo("a", head + rest)
    except RowFaultError as fault:
        assert fault.reason  # noqa: PT017 - the reason is what is tested
    else:
        assert kept.data


def _packed(folder: Path, kind: str, files: Mapping[str, bytes | str]) -> Path:
    """Files as a zip or as a folder."""
    path = folder / ("all.zip" if kind == "zip" else "all")
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return path
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("kind", ["zip", "folder"])
@pytest.mark.parametrize(
    "case",
    [
        ("1714.jpg", "media/1714.jpg", ["1714.jpg"]),
        ("IMG_1.JPG", "img_1.jpg", ["IMG_1.JPG"]),
        ("fotos\\1.jpg", "n/fotos/1.jpg", ["1.jpg"]),
        ("Foto%201.jpg", "x/Foto 1.jpg", ["Foto%201.jpg"]),
        ("n\u0303.jpg", "\u00f1.jpg", ["n\u0303.jpg"]),
        ("b.jpg|a.jpg", "a.jpg", ["b.jpg", "a.jpg"]),
        ('"b.jpg, a.jpg"', "a.jpg", ["b.jpg", "a.jpg"]),
        ("b.jpg ; a.jpg", "a.jpg", ["b.jpg", "a.jpg"]),
        ("a.jpg;b.m4a", "a.jpg", ["a.jpg"]),
    ],
)
def test_a_file_that_a_cell_names_is_a_photo_whatever_its_column_is_called(
    tmp_path: Path, jpeg: bytes, kind: str, case: tuple[str, str, list[str]]
) -> None:
    cell, file, names = case
    table = f"lat,lon,evidencia\n14.68,-92.15,{cell}\n"
    content: dict[str, bytes | str] = {"n/f.csv": table, file: jpeg, "b.m4a": "x"}
    path = _packed(tmp_path, kind, content)
    heard: list[str] = []
    (row,) = read_file(path, options=ReadOptions(notify=heard.append))
    assert isinstance(row, FieldRow)
    assert row.fields["photos"] == names
    assert [media.name for media in row.media] == [names[-1]]
    assert "evidencia" not in row.fields
    assert (row.fields.get("sounds") == ["b.m4a"]) == ("m4a" in cell)
    assert any("'b.m4a' is no recording" in note for note in heard) == ("m4a" in cell)


def test_photos_of_one_name_in_folders_of_their_own_are_those_that_the_rows_name(tmp_path: Path, jpeg: bytes) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "JPEG")
    rows = "14.68,-92.15,ana/1.jpg\n14.68,-92.14,beto/1.jpg\n14.68,-92.13,1.jpg\n"
    files: dict[str, bytes | str] = {
        "f.csv": f"lat,lon,photo\n{rows}",
        "ana/1.jpg": jpeg,
        "beto/1.jpg": buffer.getvalue(),
    }
    made = [row.media for row in read_file(_packed(tmp_path, "zip", files)) if isinstance(row, FieldRow)]
    sizes = [[Image.open(io.BytesIO(one.data)).size for one in media] for media in made]
    # a name that two have is none of them
    assert sizes == [[(40, 30)], [(9, 9)], []]


@pytest.mark.parametrize("cell", ["v1.2", "missing.jpg", "https://example.org/a.jpg", "see a.jpg"])
def test_text_that_names_no_file_stays_text(tmp_path: Path, jpeg: bytes, cell: str) -> None:
    path = _packed(tmp_path, "zip", {"f.csv": f"lat,lon,evidencia\n14.68,-92.15,{cell}\n", "a.jpg": jpeg})
    heard: list[str] = []
    (row,) = read_file(path, options=ReadOptions(notify=heard.append))
    assert isinstance(row, FieldRow)
    assert row.fields == {"evidencia": cell}
    assert [note.partition(": ")[2] for note in heard] == ["nothing used 1 file: a.jpg"]


def test_columns_that_nothing_used_are_said_by_name_once(tmp_path: Path) -> None:
    head = "SubmissionDate,start,place-Latitude,place-Longitude,place-Altitude,note,KEY,Status,empty\n"
    rows = [
        f"2026-05-05,2026-05-04T10:00:00Z,14.9,-92.2,5,a,uuid:{number}0000000-0000-4000-8000-000000000003,,"
        for number in (1, 2)
    ]
    files: dict[str, bytes | str] = {f"f{number}.csv": f"{head}{row}\n" for number, row in enumerate(rows)}
    heard: list[str] = []
    packed = _packed(tmp_path, "zip", {**files, "left.bin": b"x"})
    assert len(list(read_file(packed, options=ReadOptions(notify=heard.append)))) == 2
    assert [note.partition(": ")[2] for note in heard] == [
        "nothing used 1 column: place-Altitude",
        "nothing used 1 file: left.bin",
    ]
    heard.clear()
    path = tmp_path / "g.csv"
    path.write_text("lat,lon,chainage_km,altitude,x\n14.9,-92.2,7,8,9\n", encoding="utf-8")
    assert len(list(read_file(path, options=ReadOptions(notify=heard.append)))) == 1
    assert [note.partition(": ")[2] for note in heard] == ["nothing used 2 columns: altitude, chainage_km"]


def test_a_photo_outside_of_the_folder_is_not_taken(tmp_path: Path, jpeg: bytes) -> None:
    (tmp_path / "secret.jpg").write_bytes(jpeg)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "a.csv").write_text("lat,lon,photo\n14.68,-92.15,../secret.jpg\n14.68,-92.15,link.jpg\n")
    assert [row.media for row in read_file(inside / "a.csv")] == [(), ()]  # type: ignore[union-attr]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_nothing_is_left_in_a_photo_but_its_picture(case: dict[str, str]) -> None:
    data = base64.b64decode(case["data"])
    if "reason" in case:
        with pytest.raises(RowFaultError) as fault:
            photo("a", data)
        assert fault.value.reason == case["reason"]
        return
    kept = photo("a", data).data
    assert b"SECRET" not in kept
    assert sha256(kept).hexdigest() == case["kept"]
    assert photo("a", kept).data == kept


def test_the_page_leaves_of_a_photo_what_the_store_leaves(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    cases = [case for case in VECTORS if case["name"].startswith("jpeg")]
    results = on_page("jpeg", "bare", [[{"base64": case["data"]}] for case in cases])
    for case, made in zip(cases, results, strict=True):
        assert ("reason" in case) == ("fault" in made), (case["name"], made)
        if "kept" in case:
            assert sha256(base64.b64decode(made["result"]["base64"])).hexdigest() == case["kept"], case["name"]
        else:
            assert made["fault"].split(" (")[0] in case["reason"] or "begins no part" in case["reason"], case["name"]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize(
    "how", [{}, {"progressive": True}, {"subsampling": 2, "optimize": True}, {"restart_marker_rows": 1}]
)
def test_photos_of_all_kinds_keep_their_picture(mode: str, how: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize((133, 77)).convert(mode).save(buffer, "JPEG", **how)
    assert _pixels(photo("a", buffer.getvalue()).data) == _pixels(buffer.getvalue())


@pytest.mark.parametrize("how", [{}, {"restart_marker_blocks": 50}])
def test_words_behind_the_picture_of_a_large_photo_are_cut_off(how: dict[str, int]) -> None:
    buffer = io.BytesIO()
    grains = bytes(random.Random(1).choices(range(256), k=400 * 240 * 3))  # noqa: S311 - a picture
    Image.frombytes("RGB", (400, 240), grains).save(buffer, "JPEG", quality=95, **how)
    data = buffer.getvalue()
    assert len(data) > 100_000
    assert photo("a", data).data == data
    assert photo("a", data[:-2] + b"SECRET" + data[-2:]).data == data
    if how:
        at = data.index(b"\xff\xd3")
        assert photo("a", data[:at] + b"SECRET" + data[at:]).data == data
