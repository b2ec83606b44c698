"""Two people at one store, by two desks and by commands: nothing lost, nothing doubled, each learns of the other."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any

import pytest

from atlas.field.desk.server import SECRET_HEADER, DeskServer
from atlas.field.edit import Edit, edit
from atlas.field.review import Review, review
from atlas.field.store import Store, open_store

_RECORDS = range(1, 6)


class Desk:
    """The window of one person."""

    def __init__(self, server: DeskServer, person: str) -> None:
        self.person = person
        self._port = server.server_port
        self._secret = ""
        self._secret = self.ask("POST", "/api/open", {"token": server.link().partition("desk=")[2]})[1]["secret"]

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Content-Type": "application/json", **({SECRET_HEADER: self._secret} if self._secret else {})}
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def record(self, record_id: str) -> Any:
        return self.ask("GET", f"/api/record?id={record_id}")[1]

    def act(self, record_id: str, version: str, **more: Any) -> tuple[int, Any]:
        return self.ask("POST", "/api/act", {"id": record_id, "version": version, "by": self.person, **more})

    def insist(self, record_id: str, **more: Any) -> int:
        """Look, act, and look again as long as somebody else was faster; how often that was."""
        for lost in range(200):
            status, answer = self.act(record_id, self.record(record_id)["version"], **more)
            if status == 200:
                return lost
            assert (status, "changed by somebody else" in answer["error"]) == (409, True), answer
        pytest.fail("never came to write")


@contextmanager
def _desk(store: Store, person: str) -> Iterator[Desk]:
    # a store of its own, as another process has
    with DeskServer(open_store(_address(store)), b"<p></p>", policy="default-src 'none'", port=0) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield Desk(running, person)
        running.shutdown()
        thread.join()


def _address(store: Store) -> str:
    url = getattr(store.database, "url", None)
    return url or store.address


@pytest.fixture
def store(notes: Any) -> Store:
    made: Store = notes.holding(*(notes.feature(number, note=f"note {number}") for number in _RECORDS))
    return made


@pytest.fixture
def desks(store: Store) -> Iterator[tuple[Desk, Desk]]:
    with ExitStack() as stack:
        yield stack.enter_context(_desk(store, "Ana")), stack.enter_context(_desk(store, "Luz"))


def _at_once(record_ids: Sequence[str], *acts: Callable[[str], object]) -> None:
    """Each act on all records, and all acts at the same time."""
    faults: list[BaseException] = []

    def run(act: Callable[[str], object]) -> None:
        try:
            for record_id in record_ids:
                act(record_id)
        except BaseException as fault:  # noqa: BLE001 - shown below
            faults.append(fault)

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def test_two_desks_and_two_commands_lose_and_double_nothing(desks: tuple[Desk, Desk], store: Store, notes: Any) -> None:
    ana, luz = desks

    def command_edit(record_id: str) -> None:
        edit(open_store(_address(store)), [record_id], Edit("Pia", "went there", {"category": "shelter"}))

    def command_review(record_id: str) -> None:
        decided = Review("Rut", reason="people sleep here", sensitivity="withheld")
        review(open_store(_address(store)), [record_id], decided)

    _at_once(
        [notes.id(number) for number in _RECORDS],
        lambda one: ana.insist(one, kind="edit", values={"note": "by Ana"}, reason="misheard"),
        lambda one: luz.insist(one, kind="review", status="accepted"),
        command_edit,
        command_review,
    )
    with store.reading() as view:
        states, changes = list(view.states()), list(view.changes())
    for state in states:
        held = (state.value("note"), state.status, state.value("category"), state.sensitivity, state.conflicts)
        assert held == ("by Ana", "accepted", "shelter", "withheld", {})
    at_home = [change for change in changes if (change.device or "").startswith("atlas field")]
    written = Counter((change.record_id, change.field, change.author) for change in at_home)
    assert set(written.values()) == {1}
    expected = {("note", "Ana"), ("edited", "Ana"), ("status", "Luz"), ("decision", "Luz"), ("category", "Pia")}
    expected |= {("edited", "Pia"), ("sensitivity", "Rut"), ("decision", "Rut")}
    assert {(name, author) for _, name, author in written} == expected
    assert ana.ask("GET", "/api/board") == luz.ask("GET", "/api/board")


def test_the_loser_of_a_decision_reads_why_and_sees_the_winner(desks: tuple[Desk, Desk], notes: Any) -> None:
    ana, luz = desks
    one = notes.id(1)
    version = ana.record(one)["version"]
    assert ana.act(one, version, kind="review", status="accepted")[0] == 200
    status, answer = luz.act(one, version, kind="review", status="rejected", reason="twice")
    assert (status, answer["error"]) == (
        409,
        f"{one} was changed by somebody else meanwhile; look at it again, and nothing was written",
    )
    again = luz.record(one)
    assert "Ana" in json.dumps(again)
    status, answer = luz.act(one, again["version"], kind="review", status="rejected", reason="twice")
    assert status == 200
    (note,) = answer["notes"]
    assert note.startswith(f'{one}: status was "accepted" by Ana (')
    assert ana.record(one) == luz.record(one)


def test_a_command_that_replaces_what_somebody_else_decided_says_so(store: Store, notes: Any) -> None:
    one, heard = notes.id(1), list[str]()
    review(store, [one], Review("Ana", status="accepted"))
    edit(store, [one], Edit("Ana", "misheard", {"note": "better"}))
    _, same = review(store, [one], Review("Ana", status="rejected", reason="twice"))
    _, other = review(store, [one], Review("Luz", status="accepted"))
    edit(store, [one], Edit("Luz", "went there", {"note": "best", "category": "shelter"}), notify=heard.append)
    assert same == []
    assert [note.partition(" (")[0] for note in (*other, *heard)] == [
        f'{one}: status was "rejected" by Ana',
        f'{one}: note was "better" by Ana',
    ]
    assert all("the history keeps both" in note for note in (*other, *heard))
