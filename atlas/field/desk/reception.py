"""What the desk does with messages of a hand-over: it puts sets together, takes them in, and answers with receipts."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from types import MappingProxyType
from typing import Any

from atlas.errors import AtlasError, InputError
from atlas.field.change import Json
from atlas.field.handover.arrival import Arrival, take_in
from atlas.field.handover.receipt import sentence
from atlas.field.handover.store_key import StoreKey
from atlas.field.handover.transfer import MOST_OPEN, Message, Receiver
from atlas.field.store import Store
from atlas.field.store_faults import kind_of

# why a phone gets no receipt: the set is at fault, and comes no further if it is sent again; or something here is
REFUSED, FAILED = "refused", "failed"

# what the receiver itself says no to: phones point to the desk's screen
_FULL = MappingProxyType(
    {
        "busy": f"{MOST_OPEN} hand-overs are under way, and this one waits; end some of them, or wait a few minutes",
        "size": "the hand-over is too large to cross so; hand it over as a file",
    }
)
_NAMED = MappingProxyType({"busy": "many", "size": "large"})
UNEXPECTED = "unexpected"


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
            events += [
                {"set": str(each["set"]), "fault": _FULL[each["why"]], "kind": _NAMED[each["why"]]}
                for each in more
                if each.get("why") in _FULL
            ]
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
        """Take a set in; whatever goes wrong, it is forgotten, the phone is told, and can send it again.

        A set that stayed whole without a receipt would be asked for by nobody and vouched for by nobody.
        """
        set_id = sha256(sealed).hexdigest()
        try:
            arrived = take_in(self.store, sealed, self.key)
            body = arrived.receipt.body
            # a phone knows what it sent; it is told which of it came in where that is not all
            stated = arrived.receipt.as_json(ids=body["notes"] < body["of"])
            event = _event(arrived)
        except InputError as error:
            return self._refused(set_id, REFUSED), {"set": set_id, "fault": str(error), "kind": kind_of(error)}
        except Exception as error:  # noqa: BLE001 - a store that is in use, a full disk, a fault of the atlas itself
            return self._refused(set_id, FAILED), {"set": set_id, **_failure(error)}
        except BaseException:
            self._refused(set_id, FAILED)
            raise
        with self._lock:
            return self.receiver.settle(set_id, stated), event

    def _refused(self, set_id: str, why: str) -> list[Message]:
        with self._lock:
            return self.receiver.refuse(set_id, why)


def _failure(error: Exception) -> dict[str, Json]:
    if isinstance(error, AtlasError):
        return {"fault": str(error), "kind": kind_of(error)}
    return {"fault": unexpected(error), "kind": UNEXPECTED, "detail": detail(error)}


def detail(error: Exception) -> str:
    """What a programmer calls a fault."""
    return f"{type(error).__name__}: {error}"


def unexpected(error: Exception) -> str:
    """What to say of a fault that nobody foresaw; where it happened goes to the terminal of the desk."""
    traceback.print_exception(error)
    return (
        f"a fault of the atlas itself ({detail(error)}); what the store held is intact. Do it "
        "again; if it stays so, report what stands in the terminal of `atlas field desk`"
    )


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
