"""What an audit can't read is a finding, and what it can read is none."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import sqlite3
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.slow

Rules = Callable[..., set[str]]

# as in conftest.py: plainly synthetic
NOTE = "Cruce junto al almendro grande detras de la tienda vieja"
LON, LAT = -92.0837415, 15.0712638
SECRET = json.dumps({"note": NOTE, "at": [LON, LAT]}).encode() * 3
NOISE = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(60))
ZSTD = b"\x28\xb5\x2f\xfd" + NOISE[:300]


def _zip(name: str = "a.txt", data: bytes = b"nothing at all\n" * 9, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def _tar(data: bytes = b"nothing at all\n" * 9) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def _picture(form: str, **more: object) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(stream, form, **more)
    return stream.getvalue()


def _pdf(filters: str = "/FlateDecode", content: bytes | None = None, trailer: str = "") -> bytes:
    body = zlib.compress(b"BT (nothing) Tj ET") if content is None else content
    head = f"%PDF-1.7\n1 0 obj\n<</Length {len(body)}/Filter {filters}>>\nstream\n".encode()
    return head + body + f"\nendstream\nendobj\ntrailer <<{trailer}>>\n%%EOF\n".encode()


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _heic(*, exif: bytes = b"", kind: bytes = b"Exif", after: bytes = b"", between: bytes = b"") -> bytes:
    """A picture of one item of image data, and one more item."""
    items = [(b"hvc1", NOISE[:200]), *([(kind, exif)] if exif else [])]
    entries = b"".join(
        _box(b"infe", struct.pack(">IHH4s", 0x02000000, n, 0, name) + b"\x00") for n, (name, _) in enumerate(items, 1)
    )
    head = _box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    info = _box(b"iinf", struct.pack(">IH", 0, len(items)) + entries)
    size = len(head) + 12 + 33 + len(info) + 8 + 8 + 14 * len(items) + 8
    places, at = b"", size
    for n, (_, data) in enumerate(items, 1):
        places += struct.pack(">HHHII", n, 0, 1, at, len(data))
        at += len(data) + (len(between) if n == 1 else 0)
    meta = bytes(4) + _box(b"hdlr", bytes(8) + b"pict" + bytes(13)) + info
    meta += _box(b"iloc", struct.pack(">IHH", 0, 0x4400, len(items)) + places)
    content = items[0][1] + between + b"".join(data for _, data in items[1:])
    return head + _box(b"meta", meta) + _box(b"mdat", content) + after


def _exif() -> bytes:
    tables = Image.Exif()
    tables[0x8825] = {1: "N", 2: (15.0, 4.0, 16.5497), 3: "W", 4: (92.0, 5.0, 1.4694)}
    return b"\x00\x00\x00\x00" + tables.tobytes().removeprefix(b"Exif\x00\x00")


def _database(blob: bytes) -> bytes:
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE attachments (id INTEGER, content BLOB)")
        base.execute("INSERT INTO attachments VALUES (1, ?)", (blob,))
        base.commit()
        return base.serialize()


def _alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


def _page(data: bytes) -> bytes:
    return f'<!DOCTYPE html><html><script>open("{base64.b64encode(data).decode()}")</script></html>'.encode()


PNG, JPEG, GIF, WEBP = (_picture(form) for form in ("PNG", "JPEG", "GIF", "WEBP"))
ENCRYPTED = bytearray(_zip())
ENCRYPTED[6] |= 1

UNREAD = {
    "noise": NOISE,
    "little noise": NOISE[:40],
    "zstd": ZSTD,
    "zstd after a frame to skip": b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" + ZSTD,
    "lz4": b"\x04\x22\x4d\x18" + NOISE,
    "7z": b"7z\xbc\xaf\x27\x1c" + NOISE,
    "rar": b"Rar!\x1a\x07\x01\x00" + NOISE,
    "lzip": b"LZIP\x01\x0c" + NOISE,
    "snappy": b"\xff\x06\x00\x00sNaPpY" + NOISE,
    "compress": b"\x1f\x9d\x90" + NOISE,
    "word of old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE,
    "array of numpy": b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'}" + struct.pack("<9d", *[LON] * 9),
    "shapefile": struct.pack(">7I", 9994, 0, 0, 0, 0, 0, 50) + struct.pack("<2I4d", 1000, 1, *[0.0] * 4),
    "film": _box(b"ftyp", b"isom\x00\x00\x02\x00isommp42") + _box(b"mdat", NOISE),
    "film of old": _box(b"wide", b"") + _box(b"mdat", NOISE),
    "encrypted zip": bytes(ENCRYPTED),
    "encrypted pdf": _pdf(trailer="/Encrypt 5 0 R"),
    "pdf of lzw": _pdf("/LZWDecode", NOISE),
    "pdf of jbig2": _pdf("[/FlateDecode /JBIG2Decode]", zlib.compress(NOISE)),
    "text, then none": b"a line of text\n" * 400 + NOISE,
    "zip that ends early": _zip(data=NOISE)[:-80],
    "zip of one that ends early": _zip(data=_zip(data=NOISE)[:200]),
    "zip without a list": _zip()[: _zip().index(b"PK\x01\x02")],
    "gzip that ends early": gzip.compress(NOISE)[:-40],
    "gzip damaged": gzip.compress(NOISE)[:500] + b"\x00" * 30 + gzip.compress(NOISE)[530:],
    "bzip2 that ends early": bz2.compress(NOISE)[:-40],
    "xz that ends early": lzma.compress(NOISE)[:-40],
    "second xz that ends early": lzma.compress(b"nothing") + lzma.compress(NOISE)[:-40],
    "lzma that ends early": _alone(NOISE)[:-40],
    "tar that ends early": _tar(NOISE)[:1500],
    "jpeg that ends early": JPEG[:-300],
    "png that ends early": PNG[:-300],
    "gif that ends early": GIF[:-300],
    "webp that ends early": WEBP[:-30],
    "pdf that ends early": _pdf().replace(b"%%EOF", b""),
    "heic that ends early": _heic(exif=_exif())[:-300],
    "avif that ends early": _picture("AVIF")[:-300],
    "heic with a part": _heic(exif=NOISE[:90], kind=b"abcd"),
    "heic of nothing": _box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic"),
    "base64 of zstd": json.dumps({"d": base64.b64encode(ZSTD).decode()}).encode(),
    "base64 of noise": json.dumps({"d": base64.b64encode(NOISE[:200]).decode()}).encode(),
    "base64 of little noise": json.dumps({"d": base64.b64encode(NOISE[:90]).decode()}).encode(),
    "base64 of noise in a page": _page(NOISE),
    "base64 for addresses": base64.urlsafe_b64encode(NOISE),
    "base64 in lines": base64.encodebytes(NOISE),
    "base64 of a heic part": _page(_heic(exif=NOISE[:90], kind=b"abcd")),
    "base64 of a zip of noise": _page(_zip(data=NOISE)),
    "base64 of a gzip of noise": _page(gzip.compress(NOISE)),
    "hex of noise": json.dumps({"d": NOISE.hex()}).encode(),
    "numbers of noise": json.dumps({"d": list(NOISE)}).encode(),
    "arcs that are none": b'{"perDegree":50000,"steps":"' + base64.urlsafe_b64encode(NOISE) + b'"}',
    "member of a zip": _zip("a.br", NOISE),
    "member of a tar": _tar(NOISE),
    "in gzip": gzip.compress(NOISE),
    "in a database": _database(NOISE),
    "zstd in a database": _database(ZSTD),
    "deep": _zip("1", _zip("2", _zip("3", _zip("4", _zip("5", _zip("6", _zip("7", _zip("8", _zip("9"))))))))),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_is_a_finding(judged: Rules, name: str) -> None:
    assert "unread" in judged(UNREAD[name])


HIDDEN = {
    "zip": _zip() + NOISE,
    "zip, much": _zip() + NOISE * 40,
    "comment of a zip": _zip()[:-2] + struct.pack("<H", 300) + NOISE[:300],
    "gzip": gzip.compress(b"nothing") + NOISE,
    "bzip2": bz2.compress(b"nothing") + NOISE,
    "xz": lzma.compress(b"nothing") + b"\x00" * 4 + NOISE,
    "tar": _tar() + NOISE,
    "jpeg": JPEG + NOISE,
    "jpeg that ends twice": JPEG + SECRET + b"\xff\xd9",
    "png": PNG + NOISE,
    "rows of a png": PNG[:33] + b"".join(
        struct.pack(">I4s", len(body), b"IDAT") + body + b"\x00" * 4
        for body in [zlib.compress(b"\x00" * 48 * 193) + SECRET]
    ) + PNG[-12:],
    "more rows of a png": PNG[:33] + b"".join(
        struct.pack(">I4s", len(body), b"IDAT") + body + b"\x00" * 4
        for body in [zlib.compress(b"\x00" * 48 * 193 + SECRET)]
    ) + PNG[-12:],
    "gif": GIF + NOISE,
    "webp": WEBP + NOISE,
    "tiff": _picture("TIFF") + NOISE,
    "tiff, between": _picture("TIFF", compression="tiff_lzw")[:4] + struct.pack("<I", 8 + 400) + NOISE[:400] + bytes(6),
    "pdf": _pdf() + NOISE,
    "heic": _heic(after=NOISE),
    "heic, between": _heic(exif=_exif(), between=b"a" * 40),
    "database": _database(b"") + NOISE * 9,
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_bytes_after_the_end_of_a_file_are_a_finding(judged: Rules, name: str) -> None:
    assert judged(HIDDEN[name]) & {"hidden-bytes", "unread"}


METADATA = {
    "heic": _heic(exif=_exif()),
    "avif": _picture("AVIF", exif=b"Exif\x00\x00" + _exif()[4:]),
    "png": _picture("PNG", exif=b"Exif\x00\x00" + _exif()[4:]),
    "heic in base64": _page(_heic(exif=_exif())),
    "heic in a zip": _zip("a.heic", _heic(exif=_exif())),
    "heic in a database": _database(_heic(exif=_exif())),
    "film": _box(b"ftyp", b"qt  \x00\x00\x00\x00qt  ") + _box(b"moov", b"\xa9xyz+15.0712-092.0837/"),
}


@pytest.mark.parametrize("name", METADATA)
def test_where_a_picture_was_taken_is_a_finding(judged: Rules, name: str) -> None:
    assert "exif" in judged(METADATA[name])


def test_a_segment_of_a_program_in_a_jpeg_is_a_finding(judged: Rules) -> None:
    for marker, body in ((0xE5, b"anything"), (0xEE, b"Adobe" + bytes(7) + SECRET), (0xE0, b"JFXX\x00\x10" + JPEG)):
        segment = struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
        assert "exif" in judged(JPEG[:2] + segment + JPEG[2:])


READ = {
    "second gzip": gzip.compress(b"nothing") + gzip.compress(SECRET),
    "second bzip2": bz2.compress(b"nothing") + bz2.compress(SECRET),
    "second xz": lzma.compress(b"nothing") + lzma.compress(SECRET),
    "xz after zeros": lzma.compress(b"nothing") + bytes(8) + lzma.compress(SECRET),
    "lzma": _alone(SECRET),
    "zlib": zlib.compress(SECRET),
    "raw deflate": zlib.compress(SECRET)[2:-4],
    "raw deflate in base64": _page(zlib.compress(SECRET * 9 + NOISE.hex().encode())[2:-4]),
    "zip by bzip2": _zip(data=SECRET, method=zipfile.ZIP_BZIP2),
    "zip by lzma": _zip(data=SECRET, method=zipfile.ZIP_LZMA),
    "pdf": _pdf("[/ASCII85Decode /FlateDecode]", base64.a85encode(zlib.compress(SECRET)) + b"~>"),
    "pdf of hex": _pdf("/ASCIIHexDecode", SECRET.hex().encode() + b">"),
    "after a gzip": gzip.compress(b"nothing") + SECRET,
}


@pytest.mark.parametrize("name", READ)
def test_what_is_packed_is_read(rules_of: Rules, name: str) -> None:
    assert {"secret-text", "secret-position"} <= rules_of(READ[name])


def test_a_bundle_and_a_pack_of_git_are_read(rules_of: Rules, judged: Rules, tmp_path: Path) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    for words in (["init", "-q"], ["add", "a.txt"], ["commit", "-qm", "one"], ["bundle", "create", "-q", "b", "HEAD"]):
        subprocess.run(["git", "-C", str(tmp_path), *identity, *words], check=True, capture_output=True)
    bundle = (tmp_path / "b").read_bytes()
    for data in (bundle, bundle[bundle.index(b"PACK") :], _zip("b", bundle)):
        assert "secret-text" in rules_of(data)
        assert "unread" not in judged(data)
    assert "unread" in judged(bundle[:-60])


def _streamed_zip() -> bytes:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: object) -> int:
            self.data += bytes(piece)  # type: ignore[call-overload]
            return len(bytes(piece))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.txt", "nothing at all\n" * 9)
        archive.writestr("b/", "")
        archive.writestr("c.txt", "nothing at all\n" * 9)
    return pipe.data


def _font() -> bytes:
    import matplotlib as mpl

    return (Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf").read_bytes()


def _figure(form: str) -> bytes:
    from matplotlib.figure import Figure

    figure, stream = Figure(), io.BytesIO()
    figure.subplots().plot([1, 2], [3, 4])
    figure.savefig(stream, format=form, metadata={"CreationDate": None} if form == "pdf" else {})
    return stream.getvalue()


CLEAN: dict[str, Callable[[], bytes]] = {
    **{form: (lambda form=form: _picture(form)) for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "AVIF")},  # type: ignore[misc]
    "progressive jpeg": lambda: _picture("JPEG", progressive=True, quality=95),
    "animated gif": lambda: _picture("GIF", save_all=True, append_images=[Image.new("RGB", (64, 48))], loop=0),
    "tiff of two pages": lambda: _picture(
        "TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))], compression="tiff_deflate"
    ),
    "palette": lambda: _picture("PNG", bits=8),
    "heic": _heic,
    "pdf": _pdf,
    "figure in pdf": lambda: _figure("pdf"),
    "figure in png": lambda: _figure("png"),
    "font": _font,
    "font in base64": lambda: _page(_font()),
    "zip": _zip,
    "zip of a stream": _streamed_zip,
    "zip of a zip": lambda: _zip("a", _zip("b")),
    "stored": lambda: _zip(method=zipfile.ZIP_STORED),
    "gzip": lambda: gzip.compress(b"nothing at all\n" * 9),
    "xz": lambda: lzma.compress(b"nothing at all\n" * 9),
    "tar in gzip": lambda: gzip.compress(_tar()),
    "page with a packed block": lambda: _page(gzip.compress(b'{"a": ["' + NOISE.hex().encode()[:400] + b'"]}')),
    "page with a deflated block": lambda: _page(zlib.compress(json.dumps(list(range(900))).encode())[2:-4]),
    "picture in a page": lambda: _page(_picture("PNG")),
    "hashes": lambda: "\n".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(40)).encode(),
    "integrity": lambda: json.dumps(
        [f"sha512-{base64.b64encode(NOISE[n : n + 64]).decode()}" for n in range(9)]
    ).encode(),
    "words": ("A" + "ndStillMoreOfTheSameWords" * 40).encode,
    "zeros": lambda: bytes(5000),
    "template": lambda: b"{% if a %}b{% endif %}",
    "settings": lambda: b"[core]\nname = a\n",
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_can_be_read_is_no_finding(judged: Rules, name: str) -> None:
    assert not judged(CLEAN[name]())


def test_the_pages_and_layers_of_the_atlas_are_read_to_the_end(judged: Rules, repo: Path) -> None:
    patterns = ("maps/*.html", "docs/**/*", "geodata/layers/*")
    paths = [path for pattern in patterns for path in repo.glob(pattern) if path.is_file()]
    assert len(paths) > 10
    assert not [path.name for path in paths if judged(path.read_bytes(), path.name) & {"unread", "hidden-bytes"}]
