"""Photos keep the picture and lose what the camera hid in them."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from atlas.field.readers import read_file
from atlas.field.readers.fault import RowFaultError
from atlas.field.readers.photos import photo

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
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", "SyntheticCamera")
        image.save(buffer, kind, pnginfo=said, exif=exif)
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
    results = on_page("jpeg", "jpeg.bare", [[{"base64": case["data"]}] for case in cases])
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
