"""A static host for tests: files of one folder on the loopback, with or without ranges."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_RANGE = re.compile(r"bytes=(\d+)-(\d+)\Z")


class _Ranges(SimpleHTTPRequestHandler):
    asked: list[tuple[str, str | None]]
    gives_ranges = True

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append((self.path, wanted))
        match = _RANGE.match(wanted or "") if self.gives_ranges else None
        path = Path(self.translate_path(self.path))
        if match is None or not path.is_file():
            super().do_GET()
            return
        first, last = map(int, match.groups())
        with path.open("rb") as stream:
            stream.seek(first)
            data = stream.read(last - first + 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{first + len(data) - 1}/{path.stat().st_size}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path, *, gives_ranges: bool = True) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The address of the folder, and what is asked of it: paths and ranges."""
    asked: list[tuple[str, str | None]] = []
    kind = type("Handler", (_Ranges,), {"asked": asked, "gives_ranges": gives_ranges})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(kind, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join()
