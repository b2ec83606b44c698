"""The page to compare with, served whole by this machine: its libraries in the versions that it names, from npm."""

from __future__ import annotations

import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WEB = Path(__file__).with_name("web")
MODULES = WEB / "node_modules"
ASSETS = "assets"
TILE = "tile.png"
# what folium asks for, and where npm puts it
PLACES = {
    "leaflet@1.9.3/dist/": "leaflet/dist/",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "bootstrap@5.2.2/dist/": "bootstrap/dist/",
    "Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.css": (
        "drmonty-leaflet-awesome-markers/css/leaflet.awesome-markers.css"
    ),
    "Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js": (
        "drmonty-leaflet-awesome-markers/js/leaflet.awesome-markers.js"
    ),
    "bootstrap/3.0.0/css/bootstrap-glyphicons.css": "glyphicons-only-bootstrap/css/bootstrap.min.css",
    "@fortawesome/fontawesome-free@6.2.0/": "@fortawesome/fontawesome-free/",
}
# a rule of 200 bytes that no package has; it is answered with nothing, in the page's favour
NOWHERE = "leaflet.awesome.rotate.min.css"
_ASKED = re.compile(r'((?:src|href)=")https?://([^"]+)(")')
_TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"


def install() -> bool:
    """Fetch the libraries unless they are there; without npm there is nothing to serve."""
    if (MODULES / "leaflet").is_dir():
        return True
    if shutil.which("npm") is None:
        return False
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(command, cwd=WEB, check=False, capture_output=True).returncode == 0


def localise(page: Path) -> None:
    """Rewrite a page's addresses to this machine's; one that is not known stops the benchmark."""

    def here(match: re.Match[str]) -> str:
        before, address, after = match.groups()
        if address.endswith(NOWHERE):
            return f"{before}{ASSETS}/{NOWHERE}{after}"
        for asked, given in PLACES.items():
            if asked in address:
                path = given + address.split(asked, 1)[1]
                if not (MODULES / path).is_file():
                    sys.exit(f"{MODULES / path} is missing: remove {MODULES} and run the benchmark again")
                return f"{before}{ASSETS}/{path}{after}"
        sys.exit(f"folium asks for {address!r}, which benchmarks/web/package.json does not have: add it")

    html = page.read_text(encoding="utf-8").replace(_TILES, f"/{TILE}")
    page.write_text(_ASKED.sub(here, html), encoding="utf-8")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, the libraries and one grey tile; gives the address."""
    (folder / ASSETS).symlink_to(MODULES)
    (folder / TILE).write_bytes(_grey())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["--bind", "127.0.0.1", "--directory", str(folder), "--protocol", "HTTP/1.1", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit("the local server of the benchmark did not start")


def _grey(size: int = 256) -> bytes:
    """A plain tile: one grey, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xdd" * size) * size)
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
