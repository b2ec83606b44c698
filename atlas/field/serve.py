"""One page on this machine's own address: a browser keeps there what it may refuse to a file."""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from atlas.errors import OutputError

HOST = "127.0.0.1"
# notes belong to an address with its port: another port would show an empty page
PORT = 8765
DESK_PORT = 8766
_PATHS = ("/", "/annotate.html")
_NAMES = (HOST, "localhost")


class LocalServer(ThreadingHTTPServer):
    """A server for this machine, whose terminal hears of its own faults only."""

    daemon_threads = True
    # two servers on one port would answer in turn
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the signature of socketserver
        """Say what went wrong, but for a window that was closed while it was served."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class PageServer(LocalServer):
    """Serves one page, and nothing else, to this machine.

    Parameters
    ----------
    page
        The page as it would stand in a file.
    policy
        Its Content-Security-Policy, which goes as a header as well.
    port
        0 for any that is free.

    Raises
    ------
    OutputError
        The port is taken, or not allowed.
    """

    def __init__(self, page: bytes, *, policy: str, port: int = PORT) -> None:
        self.page = page
        self.policy = f"{policy}; frame-ancestors 'none'"
        try:
            super().__init__((HOST, port), _PageHandler)
        except (OSError, OverflowError) as error:
            msg = f"port {port} on {HOST} cannot be used ({error}); choose another with --port"
            raise OutputError(msg) from error

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"


class _PageHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: PageServer
    server_version = "atlas"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """The page, or nothing."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """What a GET would say of the page."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        # a name that somebody else's server points here would share the notes with that server's pages
        if self.headers.get("Host", "").rpartition(":")[0] not in _NAMES:
            self._end(HTTPStatus.FORBIDDEN)
        elif self.path.partition("?")[0] not in _PATHS:
            self._end(HTTPStatus.NOT_FOUND)
        else:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(self.server.page)))
            self.send_header("Content-Security-Policy", self.server.policy)
            self._common()
            if body:
                self.wfile.write(self.server.page)

    def _end(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self._common()

    def _common(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Nobody needs to know when a page was opened."""
