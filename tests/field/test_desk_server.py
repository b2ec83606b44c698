"""The desk's server: who may ask, what it answers, and that every act is the change that the commands write."""

from __future__ import annotations

import http.client
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from atlas.errors import InputError, OutputError
from atlas.field import geopackage_store
from atlas.field.desk import board
from atlas.field.desk.server import SECRET_HEADER, DeskServer
from atlas.field.edit import Edit, edit
from atlas.field.review import Review, review
from atlas.field.stale import StaleError, version_of
from atlas.field.store import Store, open_store

JSON = "application/json"


class Asked:
    """A server with the secret of one window."""

    def __init__(self, server: DeskServer) -> None:
        self.server = server
        self.token = server.link().partition("desk=")[2]
        self.secret = self.post("/api/open", {"token": self.token}, secret=None)[1]["secret"]

    def raw(self, method: str, path: str, *, body: bytes | None = None, **headers: Any) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        connection.request(method, path, body=body, headers=given)
        return connection.getresponse()

    def get(self, path: str, secret: str | None = "", **headers: str) -> tuple[int, Any]:
        known: dict[str, Any] = {**self._known(secret), **headers}
        return _read(self.raw("GET", path, **known))

    def post(self, path: str, body: object, secret: str | None = "", **headers: str) -> tuple[int, Any]:
        text = json.dumps(body).encode()
        sent = {"Content_Type": JSON, **self._known(secret), **headers}
        return _read(self.raw("POST", path, body=text, **sent))

    def _known(self, secret: str | None) -> dict[str, Any]:
        given = self.secret if secret == "" else secret
        return {SECRET_HEADER.replace("-", "_"): given} if given else {}


def _read(answer: http.client.HTTPResponse) -> tuple[int, Any]:
    text = answer.read()
    return answer.status, json.loads(text) if text else None


@pytest.fixture
def store(notes: Any) -> Store:
    made: Store = notes.holding(notes.feature(1, note="one"), notes.feature(2, note="two"))
    return made


@pytest.fixture
def asked(store: Store) -> Iterator[Asked]:
    with DeskServer(store, b"<p>desk</p>", policy="default-src 'none'", port=0) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield Asked(running)
        running.shutdown()
        thread.join()


def test_without_the_secret_there_is_the_empty_page_and_nothing_else(asked: Asked) -> None:
    answer = asked.raw("GET", "/")
    assert (answer.status, answer.read()) == (200, b"<p>desk</p>")
    assert answer.getheader("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'"
    for path in (
        "/api/board",
        "/api/changes",
        "/api/record?id=1",
        "/api/photo?name=a",
        "/api/key",
        "/etc/passwd",
        "/../x",
        "/api/",
    ):
        assert asked.get(path, secret=None) == (403, None)
        assert asked.get(path, secret="é" * 43) == (403, None)
    for path in ("/api/act", "/api/link", "/api/handover"):
        assert asked.post(path, {}, secret=None) == (403, None)
    assert asked.get("/api/nothing") == (404, None)


def test_a_link_is_good_once(asked: Asked) -> None:
    assert asked.post("/api/open", {"token": asked.token}, secret=None) == (403, {"fault": "link"})
    strange: list[Any] = [{}, [], None, {"token": None}, {"token": ["a"]}, {"token": ""}]
    for nonsense in strange:
        assert asked.post("/api/open", nonsense, secret=None) == (403, {"fault": "link"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "elsewhere.example:80"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_other_names_and_other_pages_are_refused(asked: Asked, headers: Mapping[str, str]) -> None:
    assert asked.post("/api/link", {}, **headers) == (403, None)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": JSON, "Content_Length": "99999999999"}, 413),
        ({"Content_Type": JSON, "Content_Length": "²"}, 413),
        ({"Content_Type": JSON, "Content_Length": "-1"}, 413),
        # more digits than Python takes for a number
        ({"Content_Type": JSON, "Content_Length": "9" * 5000}, 413),
    ],
)
def test_what_a_form_can_send_and_what_is_too_long_is_refused(
    asked: Asked, headers: Mapping[str, str], status: int
) -> None:
    sent = {SECRET_HEADER.replace("-", "_"): asked.secret, **headers}
    if "Content_Length" in sent:
        sent["Content_Length"] = sent["Content_Length"].encode().decode("latin-1")
    assert asked.raw("POST", "/api/act", body=b"{}", **sent).status == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("x://[bad/", 404),
        ("//[x", 404),
        ("/../../etc/passwd", 404),
        ("/api/record?" + "&".join(f"n{number}=x" for number in range(500)), 400),
    ],
)
def test_addresses_that_are_none_have_an_answer(asked: Asked, path: str, status: int) -> None:
    assert asked.get(path)[0] == status


@pytest.mark.parametrize(
    ("error", "shown"), [(ConnectionResetError("gone"), ""), (ValueError("a fault"), "ValueError: a fault")]
)
def test_a_window_that_is_closed_leaves_no_traceback(
    asked: Asked, capfd: pytest.CaptureFixture[str], error: Exception, shown: str
) -> None:
    try:
        raise error
    except type(error):
        asked.server.handle_error(None, ("127.0.0.1", 1))
    printed = capfd.readouterr().err
    assert shown in printed if shown else not printed


def _act(asked: Asked, notes: Any, number: int, **more: Any) -> tuple[int, Any]:
    _, record = asked.get(f"/api/record?id={notes.id(number)}")
    return asked.post("/api/act", {"id": notes.id(number), "version": record["version"], "by": "Luz", **more})


def test_an_act_is_the_change_that_the_command_writes(asked: Asked, notes: Any, store: Store) -> None:
    assert _act(asked, notes, 1, kind="review", status="accepted") == (200, {"changes": 2, "notes": []})
    assert _act(asked, notes, 1, kind="edit", values={"note": "better"}, reason="went there")[0] == 200
    review(store, [notes.id(2)], Review(by="Luz", status="accepted"))
    with store.reading() as view:
        first, second = view.state(notes.id(1)), view.state(notes.id(2))
        assert (first.status, first.value("note")) == ("accepted", "better")
        desk, command = (
            [c for c in view.changes([r.record_id]) if c.field in {"status", "decision"}] for r in (first, second)
        )
        # alike but for the record, and for the second at which it happened
        assert [(c.field, c.author, c.device, c.value) for c in desk] == [
            (c.field, c.author, c.device, c.value) for c in command
        ]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"kind": "review"},
        {"kind": "erase"},
        {"kind": "review", "status": "rejected"},
        {"kind": "review", "status": ["accepted"]},
        {"kind": "review", "sensitivity": "open", "reason": "r", "answers": {"how": "h"}},
        {"kind": "review", "answers": [1]},
        {"kind": "review", "answers": {"strange": "x"}},
        {"kind": "edit", "values": {"note": 3}, "reason": "r"},
        {"kind": "edit", "cleared": "note", "reason": "r"},
        {"kind": "edit", "values": {"sensitivity": "open"}, "reason": "r"},
    ],
)
def test_an_act_that_is_not_complete_is_one_clear_error(
    asked: Asked, notes: Any, store: Store, more: Mapping[str, Any]
) -> None:
    before = _digest(store)
    status, answer = _act(asked, notes, 1, **more)
    assert (status, bool(answer["error"])) == (400, True)
    assert _digest(store) == before


def _digest(store: Store) -> str:
    with store.reading() as view:
        return view.digest()


def test_a_version_that_is_not_the_records_any_more_is_refused(asked: Asked, notes: Any, store: Store) -> None:
    with store.reading() as view:
        version = version_of(view.state(notes.id(1)))
    body = {"id": notes.id(1), "version": version, "by": "Luz", "kind": "review", "status": "accepted"}
    assert asked.post("/api/act", body)[0] == 200
    status, answer = asked.post("/api/act", {**body, "by": "Luis", "status": "rejected", "reason": "no"})
    assert (status, "changed by somebody else" in answer["error"]) == (409, True)
    with pytest.raises(StaleError, match="changed by somebody else"):
        review(store, [notes.id(1)], Review(by="Luis", status="rejected", reason="no"), version=version)
    with store.reading() as view:
        assert view.state(notes.id(1)).status == "accepted"


def test_what_is_not_sent_of_a_large_store_is_counted(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_RECORDS", 1)
    answer = asked.get("/api/board")[1]
    assert len(answer["records"]) == 1
    assert answer["waiting"] == {"waiting": 2, "conflicts": 0, "alike": 0, "pending": 2, "all": 2}


def test_every_record_of_a_large_store_can_be_reached(
    asked: Asked, notes: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(store, [notes.id(1)], Review(by="Luz", status="accepted"))
    edit(store, [notes.id(1)], Edit("Luz", "went there", {"note": "Está a la ORILLA"}, []))
    monkeypatch.setattr(board, "MOST_RECORDS", 1)
    reached = {
        path: asked.get(f"/api/board?{path}")[1] for path in ("which=pending", "find=esta+orilla", "find=nowhere")
    }
    first, second, third = ([row["id"] for row in answer["records"]] for answer in reached.values())
    assert (first, second, third) == ([notes.id(2)], [notes.id(1)], [])
    assert reached["find=esta+orilla"]["waiting"]["all"] == 1
    # what the store holds stays above the queue
    assert reached["find=nowhere"]["counts"]["records"] == 2


def test_a_search_knows_categories_and_classes_as_both_languages_call_them(notes: Any) -> None:
    store = notes.holding(notes.feature(1, category="checkpoint"), notes.feature(2, category="informal_crossing"))
    reached = {
        text: [row["id"] for row in board.board(store, find=text)["records"]]
        for text in ("puesto revision", "Informal crossing", "CRUCE informal", "informal_cross", "vehiculos")
    }
    one, two = [notes.id(1)], [notes.id(2)]
    assert list(reached.values()) == [one, two, two, two, []]
    # a class by its name, and not by the sentence that explains it
    assert len(board.board(store, find="restringido sin revisar")["records"]) == 2
    assert board.board(store, find="equipo")["records"] == []


def test_what_is_wrong_with_the_store_has_a_name_that_the_page_has_words_for(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "team.gpkg"
    asked.server.store = open_store(path)
    asked.server.store.create()
    monkeypatch.setattr(geopackage_store, "WAIT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asked.get("/api/changes")[1]["fault"] == "busy"
    assert asked.get("/api/changes")[0] == 200
    moved = path.rename(path.with_name("moved.gpkg"))
    assert asked.get("/api/board")[1]["fault"] == "missing"
    path.write_bytes(moved.read_bytes()[:5000])
    assert asked.get("/api/board")[1]["fault"] == "damaged"
    path.unlink()
    moved.rename(path)
    # any other error has its own words only
    assert asked.get("/api/record?id=nothing")[1]["fault"] is None


def test_of_two_at_the_same_moment_one_writes(asked: Asked, notes: Any, store: Store) -> None:
    _, record = asked.get(f"/api/record?id={notes.id(1)}")
    body = {"id": notes.id(1), "version": record["version"], "kind": "edit", "reason": "r"}
    answers: list[int] = []

    def write(name: str) -> Callable[[], None]:
        return lambda: answers.append(asked.post("/api/act", {**body, "by": name, "values": {"note": name}})[0])

    threads = [Thread(target=write(name)) for name in ("Ana", "Luis", "Luz")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409]
    with store.reading() as view:
        assert view.state(notes.id(1)).conflicts == {}


@pytest.mark.parametrize(
    "message", [None, 1, "x", [], {}, {"kind": "offer"}, {"kind": "piece", "set": "0" * 64, "n": 0}]
)
def test_messages_that_are_none_do_no_harm(asked: Asked, message: object) -> None:
    assert asked.post("/api/handover", {"messages": [message]}) == (200, {"messages": [], "events": []})
    assert asked.post("/api/handover", {"messages": message if not isinstance(message, list) else 1})[0] == 400
    assert asked.post("/api/handover", [message])[0] == 400
    sent = {SECRET_HEADER.replace("-", "_"): asked.secret, "Content_Type": "application/octet-stream"}
    answer = asked.raw("POST", "/api/handover/file", body=b"no hand-over", **sent)
    assert (answer.status, b"no whole hand-over" in answer.read()) == (400, True)


def test_there_is_no_desk_without_a_store_or_on_a_port_that_is_taken(asked: Asked, store: Store, tmp_path: Any) -> None:
    with pytest.raises(OutputError, match=r"cannot be used .* choose another with --port"):
        DeskServer(store, b"", policy="", port=asked.server.server_port)
    with pytest.raises(InputError, match=r"no store|not exist"):
        DeskServer(open_store(tmp_path / "nothing.gpkg"), b"", policy="", port=0)
