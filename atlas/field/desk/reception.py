"""What the desk does with messages of a hand-over: it puts sets together, takes them in, and answers with receipts."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Any

from atlas.errors import AtlasError
from atlas.field.change import Json
from atlas.field.handover.arrival import Arrival, take_in
from atlas.field.handover.receipt import sentence
from atlas.field.handover.store_key import StoreKey
from atlas.field.handover.transfer import Message, Receiver
from atlas.field.store import Store


@dataclass(slots=True)
class Reception:
    """Where hand-overs arrive, by any wire: the store's key never leaves this process."""

    store: Store
    key: StoreKey
    receiver: Receiver = field(default_factory=Receiver)
    _lock: Lock = field(default_factory=Lock)

    def messages(self, messages: list[Any]) -> dict[str, Json]:
        """What to answer to some messages, and what came of the sets that became whole with them."""
        answers: list[Message] = []
        events: list[dict[str, Json]] = []
        for message in messages:
            if isinstance(message, dict) and message.get("kind") == "hello":
                answers.append({"kind": "card", "card": self.key.public.card})
                continue
            with self._lock:
                more, whole = self.receiver.receive(message)
            answers += more
            if whole is not None:
                answered, event = self._whole(whole)
                answers += answered
                events.append(event)
        return {"messages": answers, "events": events}

    def file(self, sealed: bytes) -> dict[str, Json]:
        """A set that came as a file: its receipt, with the ids of its changes.

        Raises
        ------
        InputError, OutputError
            It cannot be taken in.
        """
        arrived = take_in(self.store, sealed, self.key)
        return {"receipt": arrived.receipt.as_json(), "events": [_event(arrived)]}

    def _whole(self, sealed: bytes) -> tuple[list[Message], dict[str, Json]]:
        set_id = sha256(sealed).hexdigest()
        try:
            arrived = take_in(self.store, sealed, self.key)
        except AtlasError as error:
            with self._lock:
                return self.receiver.refuse(set_id, "refused"), {"set": set_id, "fault": str(error)}
        body = arrived.receipt.body
        # a phone knows what it sent; it is told which of it came in where that is not all
        stated = arrived.receipt.as_json(ids=body["notes"] < body["of"])
        with self._lock:
            return self.receiver.settle(set_id, stated), _event(arrived)


def _event(arrived: Arrival) -> dict[str, Json]:
    aside = [f"{row.row.where}: {row.row.reason}" for row in arrived.aside]
    body = dict(arrived.receipt.body)
    return {
        "set": body["set"],
        "sentence": sentence(arrived.receipt),
        "body": body,
        "aside": aside,
        "receipt": arrived.receipt.as_json(ids=False),
    }
