"""Hand-over with a receipt: what the page seals is opened here, taken in, and vouched for by the store's own key."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from atlas.cli import app
from atlas.errors import AtlasError, InputError, OutputError
from atlas.field.change import Change
from atlas.field.desk import reception
from atlas.field.desk.reception import UNEXPECTED, Reception
from atlas.field.handover import arrival
from atlas.field.handover.arrival import take_in, take_in_file
from atlas.field.handover.receipt import changes_digest, faults_in, read_receipt, signed
from atlas.field.handover.refusal import HandOverRefusedError, NoRoomToWaitError
from atlas.field.handover.sealed_set import MAGIC, opened_set
from atlas.field.handover.store_key import StoreKey, kept_key, store_key
from atlas.field.handover.transfer import IDLE_MESSAGES, MOST_OPEN, Receiver, Sender
from atlas.field.store import Store
from atlas.render.page_texts import FOLDER, read_catalogue
from tests.rounds import first
from tools import node

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "handover.json").read_text(encoding="utf-8"))

_BODY = {
    **dict.fromkeys(("notes", "of", "changes", "photos"), 0),
    **dict.fromkeys(("fingerprint", "set", "changes_digest", "store_digest"), "0" * 64),
    "store": "team.gpkg",
    "received_at": "2026-11-22T10:00:00Z",
}


def _changes(count: int) -> list[Change]:
    """Notes that are plainly synthetic."""
    made = []
    for number in range(count):
        record = f"00000000-0000-4000-8000-{number:012d}"
        at = {"type": "Point", "coordinates": [-92 + number / 100, 15]}
        values = {"category": "observation", "note": f"synthetic ñ 🗺 {number}", "geometry": at}
        made += [Change.of(record, name, value, author="Ana") for name, value in values.items()]
    return made


@pytest.fixture
def sealed(repo: Path, tmp_path: Path) -> Any:
    """The page's own sealing, in Node."""

    def seal(key: StoreKey, changes: list[Change], media: list[Mapping[str, str]] | None = None) -> Path:
        document = {"card": key.public.card, "changes": [change.as_json() for change in changes], "media": media or []}
        script = repo / "tests" / "field" / "data" / "seal.mjs"
        done = subprocess.run(
            [str(node.node()), str(script), str(repo / "web" / "src")],
            input=json.dumps(document).encode(),
            capture_output=True,
            check=True,
        )
        path = tmp_path / "notes.atlashandover"
        path.write_bytes(done.stdout)
        return path

    return seal


def test_what_the_page_seals_is_in_the_store_with_a_receipt_that_holds(notes: Any, sealed: Any) -> None:
    store: Store = notes.store()
    changes = _changes(37)
    arrived = take_in_file(store, sealed(store_key(store), changes))
    body = arrived.receipt.body
    assert (body["notes"], body["of"], body["changes"], arrived.aside) == (37, 37, 111, [])
    with store.reading() as view:
        assert {change.change_id for change in view.changes()} == {change.change_id for change in changes}
        # a store that holds nothing else has the same digest
        assert body["changes_digest"] == view.digest() == body["store_digest"]
    assert faults_in(arrived.receipt, kept_key(store), store) == []


def test_handing_over_again_changes_nothing_and_gives_a_receipt_again(notes: Any, sealed: Any) -> None:
    store: Store = notes.store()
    path = sealed(store_key(store), _changes(2))
    first, second = take_in_file(store, path), take_in_file(store, path)
    assert (first.imported.changes, second.imported.changes) == (6, 0)
    assert second.receipt.body["changes_digest"] == first.receipt.body["changes_digest"]


@pytest.mark.slow
def test_the_command_writes_a_receipt_that_the_command_checks_years_later(
    notes: Any, sealed: Any, tmp_path: Path
) -> None:
    store, other = notes.store(), notes.store()
    path, run = sealed(store_key(store), _changes(3)), CliRunner().invoke
    address, elsewhere = _address(store), _address(other)
    done = run(app, ["field", "import", str(path), "--store", address])
    assert done.exit_code == 0, done.output
    assert "3 of 3 notes (9 changes) are in store" in done.output
    receipt = tmp_path / "notes.atlasreceipt"
    held = run(app, ["field", "receipt", str(receipt), "--store", address])
    assert (held.exit_code, "It holds." in held.output) == (0, True)
    strange = run(app, ["field", "receipt", str(receipt), "--store", elsewhere])
    assert (strange.exit_code, "of another store" in strange.output) == (1, True)
    altered = receipt.read_text().replace('"notes": 3', '"notes": 4')
    receipt.write_text(altered)
    made_up = run(app, ["field", "receipt", str(receipt), "--store", address])
    assert (made_up.exit_code, "the signature is not of these words" in made_up.output) == (1, True)


@pytest.mark.slow
def test_a_folder_of_hand_overs_is_taken_in_each_with_its_receipt(notes: Any, sealed: Any, tmp_path: Path) -> None:
    store, folder = notes.store(), tmp_path / "from phones"
    folder.mkdir()
    for number in (1, 2):
        sealed(store_key(store), _changes(number)).rename(folder / f"{number}.atlashandover")
    run = CliRunner().invoke
    done = run(app, ["field", "import", str(folder), "--store", _address(store)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in folder.glob("*.atlasreceipt")} == {"1.atlasreceipt", "2.atlasreceipt"}
    # the receipts beside them are no notes, and the second time nothing is new
    again = run(app, ["field", "import", str(folder), "--store", _address(store)])
    assert (again.exit_code, "2 of 2 notes" in again.output) == (0, True)
    notes.write("from phones/more.geojson", notes.feature(7))
    mixed = run(app, ["field", "import", str(folder), "--store", _address(store)])
    assert (mixed.exit_code, "1 new records" in mixed.output) == (0, True), mixed.output


def test_what_the_store_refuses_stands_in_no_receipt(notes: Any, sealed: Any) -> None:
    store: Store = notes.store()
    bad = Change.of("00000000-0000-4000-8000-000000000099", "geometry", {"type": "Point", "coordinates": [999, 15]})
    arrived = take_in_file(store, sealed(store_key(store), [*_changes(1), bad]))
    body = arrived.receipt.body
    assert (body["notes"], body["of"], body["changes"], len(arrived.aside)) == (1, 2, 3, 1)
    assert bad.change_id not in arrived.receipt.ids


def _address(store: Store) -> str:
    return str(store.path) if store.path else store.database.url  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"format": "atlas-field-receipt", "version": 1}',
        '{"format": "atlas-field-receipt", "version": 9}',
        json.dumps({"format": "atlas-field-receipt", "version": 1, "body": _BODY}),
        json.dumps({"format": "atlas-field-receipt", "version": 1, "body": _BODY, "key": "k", "signature": "s"}),
        json.dumps({"format": "atlas-field-receipt", "version": 1, "body": {**_BODY, "received_at": "yesterday"}}),
    ],
)
def test_what_is_no_receipt_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(text)
    # in words of a person, and not in Python's
    with pytest.raises(
        InputError, match=r"receipt\.json is no receipt of a store \((it does|it is of|it has|its|is not JSON)"
    ):
        read_receipt(path)


def test_a_receipt_that_is_none_does_not_keep_the_others_from_being_checked(notes: Any, tmp_path: Path) -> None:
    store: Store = notes.holding(notes.feature(1))
    key, good, bad = store_key(store), tmp_path / "good.atlasreceipt", tmp_path / "bad.atlasreceipt"
    signed({**_BODY, "fingerprint": key.public.fingerprint, "changes_digest": changes_digest([])}, key, []).write(good)
    bad.write_text("")
    done = CliRunner().invoke(app, ["field", "receipt", str(bad), str(good), "--store", _address(store)])
    assert "good.atlasreceipt: 0 of 0 notes" in done.stdout
    with pytest.raises(InputError, match=r"bad\.atlasreceipt is no receipt"):
        raise done.exception or AssertionError


def test_a_store_that_lost_changes_does_not_hold_its_receipt(notes: Any, sealed: Any) -> None:
    store: Store = notes.store()
    arrived = take_in_file(store, sealed(store_key(store), _changes(2)))
    key = store_key(store)
    emptied = notes.store()
    with emptied.writing() as writer:
        rows = store_rows(store)
        writer.session.put("atlas_store", ("key", "value"), rows, key='"key"')
    assert kept_key(emptied) == key.public
    assert faults_in(arrived.receipt, kept_key(emptied), emptied) == [
        f"6 of 6 changes are not in {emptied.address} any more; restore a copy"
    ]


def store_rows(store: Store) -> list[tuple[Any, ...]]:
    """The row of the store's key."""
    with store.reading() as view:
        return list(view.session.rows('SELECT "key", "value" FROM atlas_store WHERE "key" = \'handover_key\''))


def test_a_set_for_another_store_stays_closed(notes: Any, sealed: Any) -> None:
    store, other = notes.store(), notes.store()
    path = sealed(store_key(other), _changes(1))
    with pytest.raises(InputError, match=r"notes\.atlashandover: the hand-over is sealed for another store"):
        take_in_file(store, path)


@pytest.mark.parametrize("at", [8, 40, 106, 130, -1])
def test_one_bit_on_the_way_and_nothing_is_taken_in(notes: Any, sealed: Any, at: int) -> None:
    store: Store = notes.store()
    path = sealed(store_key(store), _changes(1))
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged or altered|another store"):
        take_in_file(store, path)
    with store.reading() as view:
        assert view.change_count() == 0


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda data: data[:60], "cut"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "handover"),
        (lambda data: data[:8] + bytes(32) + data[40:], "other-store"),
    ],
)
def test_why_nothing_was_taken_in_is_in_the_words_of_the_desk(notes: Any, sealed: Any, spoil: Any, kind: str) -> None:
    store: Store = notes.store()
    data = spoil(sealed(store_key(store), _changes(1)).read_bytes())
    with pytest.raises(HandOverRefusedError) as refused:
        Reception(store, store_key(store)).file(data)
    assert refused.value.kind == kind


def test_every_kind_of_refusal_has_words_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"cut", "handover", "other-store", "newer", "large", NoRoomToWaitError.kind, "many", UNEXPECTED}
    for language in ("en", "es"):
        words = read_catalogue(FOLDER / language / "desk.json")
        assert {f"desk.fault.{kind}" for kind in kinds} <= words.keys()
    # a full disk here is no fault of the set: the phone is to send it again
    monkeypatch.setattr(
        arrival.tempfile, "TemporaryDirectory", Mock(side_effect=OSError(28, "No space left on device"))
    )
    with pytest.raises(NoRoomToWaitError, match="free some space"):
        take_in(Mock(), b"", Mock())


@pytest.mark.parametrize("length", [0, 8, 100, 130])
def test_a_cut_off_set_is_one_clear_error(notes: Any, length: int) -> None:
    with pytest.raises(InputError, match=r"no whole hand-over|another store|damaged"):
        opened_set((MAGIC + bytes(200))[:length], store_key(notes.store()))


@pytest.mark.slow
def test_the_key_leaves_by_no_copy_and_no_merge(notes: Any, sealed: Any, tmp_path: Path) -> None:
    store: Store = notes.store()
    take_in_file(store, sealed(store_key(store), _changes(1)))
    secret = json.loads(str(store_rows(store)[0][1]))["signing"]
    run = CliRunner().invoke
    for form in ("geojson", "csv", "gpkg"):
        copy = tmp_path / f"copy.{form}"
        assert run(app, ["field", "export", "--exact", "-o", str(copy), "--store", _address(store)]).exit_code == 0
        assert secret[:40].encode() not in copy.read_bytes()
    merged = tmp_path / "merged.gpkg"
    assert run(app, ["field", "merge", _address(store), "-o", str(merged)]).exit_code == 0
    assert secret[:40].encode() not in merged.read_bytes()


# ── the desk ──────────────────────────────────────────────────────────────
class _Stopped(BaseException):
    """As when the process is told to end."""


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (sqlite3.InterfaceError("bad parameter"), "failed"),
        (RuntimeError("nobody foresaw this"), "failed"),
        (MemoryError(), "failed"),
        (OutputError("the store is in use"), "failed"),
        (InputError("sealed for another store"), "refused"),
        (_Stopped(), None),
    ],
)
def test_whatever_goes_wrong_at_the_desk_the_phone_is_told_and_sends_again(
    notes: Any, sealed: Any, monkeypatch: pytest.MonkeyPatch, trouble: BaseException, why: str | None
) -> None:
    store: Store = notes.store()
    key = store_key(store)
    desk, real = Reception(store, key), take_in
    sender = Sender(sealed(key, _changes(2)).read_bytes(), 100, lambda receipt: receipt["body"]["notes"] == 2)
    monkeypatch.setattr(reception, "take_in", Mock(side_effect=trouble))
    if why is None:
        with pytest.raises(_Stopped):
            _hand_over(sender, desk)
    else:
        (event,) = _hand_over(sender, desk)
        assert str(trouble) in event["fault"]
        assert event["kind"] == (None if isinstance(trouble, AtlasError) else "unexpected")
        assert (sender.fault, sender.arrived, sender.receipt) == (why, 0, None)
    # before it was put right the set stayed whole for ever: nothing was missing, and nobody vouched for it
    monkeypatch.setattr(reception, "take_in", real)
    (event,) = _hand_over(sender, desk)
    assert "2 of 2 notes" in event["sentence"]
    assert (bool(sender.receipt), sender.fault) == (True, None)


def _hand_over(sender: Sender, desk: Reception) -> list[Any]:
    """What the desk had to say of a set, from the first offer to the end of it."""
    messages = sender.start()
    events: list[Any] = []
    while messages and not events:
        answered = desk.messages(list(messages))
        messages = [more for message in answered["messages"] for more in sender.receive(message)]
        events = answered["events"]
    return events


# ── the protocol ──────────────────────────────────────────────────────────
def test_both_machines_answer_as_the_vectors_say() -> None:
    for case in VECTORS["cases"]:
        receiver = Receiver()
        for step in case["receiver"]:
            if "settle" in step:
                answers, whole = receiver.settle(*step["settle"]), None
            elif "refuse" in step:
                answers, whole = receiver.refuse(*step["refuse"]), None
            else:
                answers, whole = receiver.receive(step["message"])
            assert answers == step["answers"]
            assert whole == (b64decode(step["whole"]) if "whole" in step else None)
        sender = Sender(b64decode(case["data"]), case["piece_bytes"], bool)
        assert sender.start() == case["start"]
        for step in case["sender"]:
            assert sender.receive(step["message"]) == step["answers"]
            assert sender.fault == step.get("fault")


@pytest.mark.slow
@pytest.mark.parametrize("runs", first([2_000], [2_000, 10_000]))
def test_no_cut_repeat_or_reorder_loses_doubles_or_invents_a_change(runs: int) -> None:
    random = Random(17)  # noqa: S311 - tests have to repeat
    troubles: Counter[str] = Counter()
    for _ in range(runs):
        _run_once(random, troubles)
    assert troubles.total() > 10_000
    assert min(troubles[kind] for kind in ("cut", "repeated", "reordered")) > 1_000


def _run_once(random: Random, troubles: Counter[str]) -> None:
    """A hand-over over a bad wire, and then a good one."""
    data = random.randbytes(random.randint(0, 120))
    taken: list[bytes] = []
    sender = Sender(data, random.randint(1, 9), lambda receipt: receipt == "signed")
    receiver = Receiver()
    up, down = list(sender.start()), list[Any]()
    for step in range(random.randint(0, 60)):
        _spoil(random, up, troubles)
        _spoil(random, down, troubles)
        if random.random() < 0.1:
            # the desk is started again, and what came in halves is forgotten
            receiver = Receiver()
        _exchange(sender, receiver, up, down, taken)
        if step % 5 == 0:
            up += sender.start()
    # whoever has a receipt has handed everything over
    assert not sender.receipt or taken
    for _ in range(200):
        if sender.receipt:
            break
        up += sender.start()
        _exchange(sender, receiver, up, down, taken)
    assert sender.receipt == "signed"
    assert set(taken) == {data}


def _spoil(random: Random, messages: list[Any], troubles: Counter[str]) -> None:
    """What a wire does to messages: lose, repeat, overtake, mangle, cut."""
    if not messages:
        return
    if random.random() < 0.15:
        troubles["cut"] += 1
        messages.clear()
        return
    troubles["reordered"] += len(messages) > 1
    random.shuffle(messages)
    for message in list(messages):
        chance = random.random()
        if chance < 0.15:
            messages.remove(message)
        elif chance < 0.3:
            troubles["repeated"] += 1
            messages.append(message)
        elif chance < 0.35:
            messages.append({**message, random.choice(list(message)): random.choice([None, 0, "x", [], {}, -1, 1e9])})


def _exchange(sender: Sender, receiver: Receiver, up: list[Any], down: list[Any], taken: list[bytes]) -> None:
    sent, up[:] = list(up), []
    for message in sent:
        answers, whole = receiver.receive(message)
        down += answers
        if whole is not None:
            taken.append(whole)
            down += receiver.settle(sender.set_id, "signed")
    came, down[:] = list(down), []
    for message in came:
        up += sender.receive(message)


def test_sets_that_never_end_do_not_fill_the_memory() -> None:
    receiver = Receiver()
    answers = [receiver.receive({"kind": "offer", "set": f"{n:064x}", "count": 2})[0] for n in range(MOST_OPEN + 1)]
    assert answers[-2][0]["kind"] == "have"
    late = {"kind": "offer", "set": f"{MOST_OPEN:064x}", "count": 2}
    assert answers[-1] == [{"kind": "fault", "set": late["set"], "why": "busy"}]
    # phones that went away make room, the one that goes on stays
    for _ in range(IDLE_MESSAGES):
        receiver.receive({"kind": "offer", "set": f"{0:064x}", "count": 2})
    assert receiver.receive(late)[0][0]["kind"] == "have"
    assert (f"{0:064x}" in receiver.arriving, f"{1:064x}" in receiver.arriving) == (True, False)
    assert len(receiver.arriving) == MOST_OPEN


def test_the_desk_says_why_it_takes_no_more(notes: Any) -> None:
    store: Store = notes.store()
    desk = Reception(store, store_key(store))
    many = [{"kind": "offer", "set": f"{n:064x}", "count": 2} for n in range(MOST_OPEN + 1)]
    (event,) = desk.messages(many)["events"]
    assert "hand-overs are under way" in event["fault"]
    assert event["kind"] == "many"
    (event,) = desk.messages([{"kind": "offer", "set": "f" * 64, "count": 99_999_999}])["events"]
    assert "hand it over as a file" in event["fault"]
