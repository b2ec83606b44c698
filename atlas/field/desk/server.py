"""The desk's server: one page and a few questions in JSON, for this machine and for whoever has the one-time link.

The page itself holds nothing of the store. What asks for anything has to know a secret, which a page of another address
cannot read and a form cannot send; names that somebody else's server points here are refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from atlas.errors import AtlasError, InputError, OutputError
from atlas.field.desk.acts import act
from atlas.field.desk.board import board, change_count, photo, record
from atlas.field.desk.reception import UNEXPECTED, Reception, detail, unexpected
from atlas.field.handover.sealed_set import MOST_BYTES
from atlas.field.handover.store_key import store_key
from atlas.field.serve import DESK_PORT, HOST, LocalServer
from atlas.field.stale import StaleError
from atlas.field.store import Store
from atlas.field.store_faults import kind_of
from atlas.geojson.strict import JsonFaultError, parse

SECRET_HEADER = "X-Atlas-Desk"  # noqa: S105 - the name of a header
_NAMES = (HOST, "localhost")
_MOST_ASKED = 8_000_000
# digits of a length, and names in a question
_LONGEST, _MOST_NAMES = 12, 8
_JSON, _BYTES = "application/json", "application/octet-stream"


@dataclass(slots=True)
class Doors:
    """Who may ask: each link opens once, and gives a secret that is good until the desk closes."""

    links: set[str] = field(default_factory=set)
    kept: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def link(self) -> str:
        """A new one-time token."""
        token = secrets.token_urlsafe(24)
        with self.lock:
            self.links.add(token)
        return token

    def open(self, token: object) -> str | None:
        """The secret for a token that nobody has used yet."""
        with self.lock:
            if not isinstance(token, str) or token not in self.links:
                return None
            self.links.remove(token)
            self.kept.append(secrets.token_urlsafe(32))
            return self.kept[-1]

    def knows(self, secret: str | None) -> bool:
        """Whether a secret is one of those that were given."""
        with self.lock:
            return any(compare_digest(each.encode(), (secret or "").encode()) for each in self.kept)


class DeskServer(LocalServer):
    """Serves one store to this machine.

    Parameters
    ----------
    page
        The desk's page.
    policy
        Its Content-Security-Policy, which goes as a header as well.
    port
        0 for any that is free.

    Raises
    ------
    InputError
        There is no store, or it cannot be used.
    OutputError
        The port is taken, or the store has no key yet and cannot be written.
    """

    def __init__(self, store: Store, page: bytes, *, policy: str, port: int = DESK_PORT) -> None:
        self.store = store
        self.page = page
        self.policy = f"{policy}; frame-ancestors 'none'"
        self.doors = Doors()
        self.reception = Reception(store, store_key(store))
        try:
            super().__init__((HOST, port), _DeskHandler)
        except (OSError, OverflowError) as error:
            msg = f"port {port} on {HOST} cannot be used ({error}); choose another with --port"
            raise OutputError(msg) from error

    def link(self) -> str:
        """A new address for one window; after the sign nothing is sent to a server or written into its log."""
        return f"http://{HOST}:{self.server_port}/#desk={self.doors.link()}"


class _DeskHandler(BaseHTTPRequestHandler):
    server: DeskServer
    server_version = "atlas"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """The page, or what it asks for."""
        path, _, query = self.path.partition("?")
        if not self._is_at_home():
            self._end(HTTPStatus.FORBIDDEN)
        elif path == "/":
            self._send(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")
        else:
            self._answer(_READING.get(path), _questions(query))

    def do_POST(self) -> None:
        """An act, or messages of a hand-over."""
        path = self.path.partition("?")[0]
        if not self._is_at_home() or self.headers.get("Origin", self._origins()[0]) not in self._origins():
            self._end(HTTPStatus.FORBIDDEN)
            return
        wanted, most = (_BYTES, MOST_BYTES) if path == "/api/handover/file" else (_JSON, _MOST_ASKED)
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Content-Type", "").partition(";")[0].strip() != wanted:
            self._end(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not (length.isascii() and length.isdigit() and len(length) <= _LONGEST) or int(length) > most:
            self._end(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif path == "/api/open":
            self._open(self.rfile.read(int(length)))
        elif not self.server.doors.knows(self.headers.get(SECRET_HEADER)):
            self._end(HTTPStatus.FORBIDDEN)
        else:
            body = self.rfile.read(int(length))
            self._answer(_WRITING.get(path), body if wanted == _BYTES else _asked(body))

    def _open(self, body: bytes) -> None:
        asked = _asked(body)
        secret = self.server.doors.open(asked.get("token") if isinstance(asked, Mapping) else None)
        if secret is None:
            self._json(HTTPStatus.FORBIDDEN, {"fault": "link"})
        else:
            self._json(HTTPStatus.OK, {"secret": secret})

    def _answer(self, answer: Callable[[DeskServer, Any], Any] | None, asked: object) -> None:
        if not self.server.doors.knows(self.headers.get(SECRET_HEADER)):
            self._end(HTTPStatus.FORBIDDEN)
        elif answer is None:
            self._end(HTTPStatus.NOT_FOUND)
        elif asked is None:
            self._json(HTTPStatus.BAD_REQUEST, {"error": "this is no JSON that the desk understands"})
        else:
            self._json(*self._outcome(answer, asked))

    def _outcome(self, answer: Callable[[DeskServer, Any], Any], asked: object) -> tuple[HTTPStatus, object]:
        try:
            return HTTPStatus.OK, answer(self.server, asked)
        except StaleError as error:
            return HTTPStatus.CONFLICT, {"error": str(error)}
        except AtlasError as error:
            return HTTPStatus.BAD_REQUEST, {"error": str(error), "fault": kind_of(error)}
        except Exception as error:  # noqa: BLE001 - without an answer the page would say that nobody is there
            return HTTPStatus.INTERNAL_SERVER_ERROR, {
                "error": unexpected(error),
                "fault": UNEXPECTED,
                "detail": detail(error),
            }

    def _origins(self) -> list[str]:
        return [f"http://{name}:{self.server.server_port}" for name in _NAMES]

    def _is_at_home(self) -> bool:
        """Whether it was asked by this machine's own name; another one would share the desk with its pages."""
        hosts = [f"{name}:{self.server.server_port}" for name in _NAMES]
        return self.headers.get("Host") in hosts and self.headers.get("Sec-Fetch-Site", "none") in {
            "none",
            "same-origin",
        }

    def _json(self, status: HTTPStatus, document: object) -> None:
        self._send(status, json.dumps(document, default=dict).encode(), "application/json")

    def _end(self, status: HTTPStatus) -> None:
        # what was sent and is not read would be taken for the next request
        self.close_connection = True
        self._send(status, b"", "text/plain")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Nobody needs to know what was looked at."""


def _asked(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    try:
        return parse(body.decode())
    except (JsonFaultError, UnicodeDecodeError, RecursionError):
        return None


def _questions(query: str) -> dict[str, str] | None:
    try:
        return {name: values[0] for name, values in parse_qs(query, max_num_fields=_MOST_NAMES).items()}
    except ValueError:
        return None


def _named(asked: Mapping[str, str], name: str) -> str:
    if not asked.get(name):
        msg = f"the question has no {name}"
        raise InputError(msg)
    return asked[name]


def _object(asked: object) -> Mapping[str, Any]:
    if not isinstance(asked, Mapping):
        msg = "expected an object"
        raise InputError(msg)
    return asked


def _messages(server: DeskServer, asked: object) -> Any:  # noqa: ANN401 - an answer as JSON
    messages = _object(asked).get("messages")
    if not isinstance(messages, list):
        msg = "expected a list of messages"
        raise InputError(msg)
    return server.reception.messages(messages)


_READING: Mapping[str, Callable[[DeskServer, Any], Any]] = {
    "/api/board": lambda server, asked: board(
        server.store, which=asked.get("which", "all"), find=asked.get("find", "")
    ),
    "/api/changes": lambda server, _asked: change_count(server.store),
    "/api/record": lambda server, asked: record(server.store, _named(asked, "id")),
    "/api/photo": lambda server, asked: photo(server.store, _named(asked, "name")),
    "/api/key": lambda server, _asked: {
        "card": server.reception.key.public.card,
        "fingerprint": server.reception.key.public.fingerprint,
    },
}
_WRITING: Mapping[str, Callable[[DeskServer, Any], Any]] = {
    "/api/act": lambda server, asked: act(server.store, _object(asked)),
    "/api/link": lambda server, _asked: {"link": server.link()},
    "/api/handover": _messages,
    "/api/handover/file": lambda server, asked: server.reception.file(asked),
}
