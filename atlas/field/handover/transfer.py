"""How a sealed set crosses in numbered pieces: two state machines without clocks, keys or wires.

Messages may be lost, repeated and overtake one another, and a connection may break at any of them: the receiver says
what it lacks, the sender sends that, and only a receipt ends it. The page has the same machines
(``web/src/handover/transfer.js``), and ``tests/vectors/handover.json`` holds both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias, TypeGuard

from atlas.field.handover.store_key import decoded, encoded

Message: TypeAlias = Mapping[str, Any]

# how many pieces go out before the sender asks what has come
WINDOW = 16
MOST_PIECES = 65_536
MOST_PIECE_BYTES = 65_536
# half sets of one that never ends would fill the memory
MOST_OPEN, MOST_OPEN_BYTES = 16, 512_000_000
# a half of which so many messages of others have heard nothing makes room: its phone sends it again
IDLE_MESSAGES = 500
_MOST_GAPS = 64
_SUM_DIGITS = 8
_SET_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Sender:
    """What sends one set until there is a receipt.

    Parameters
    ----------
    data
        The sealed set.
    piece_bytes
        How long a piece is; the last one is shorter.
    accepts
        Whether a receipt is right.

    Attributes
    ----------
    arrived
        How many pieces have come without a gap.
    fault
        Why it does not go on; nothing as soon as it does.
    """

    data: bytes
    piece_bytes: int
    accepts: Callable[[Any], bool]
    receipt: Any = None
    fault: str | None = None
    arrived: int = 0
    set_id: str = field(init=False)
    count: int = field(init=False)

    def __post_init__(self) -> None:
        """Name the set by its content."""
        self.set_id = sha256(self.data).hexdigest()
        self.count = max(1, -(-len(self.data) // self.piece_bytes))

    def start(self) -> list[Message]:
        """What to send when a connection is there, again, or when nothing has come for a while."""
        return [] if self.receipt else [{"kind": "offer", "set": self.set_id, "count": self.count}]

    def receive(self, message: Message) -> list[Message]:
        """What to send after a message; one that is of another set, or no message at all, changes nothing."""
        if not isinstance(message, Mapping) or message.get("set") != self.set_id or self.receipt:
            return []
        kind = message.get("kind")
        if kind == "receipt":
            receipt = message.get("receipt")
            self.receipt, self.fault = (receipt, None) if self.accepts(receipt) else (None, "receipt")
        elif kind == "fault" and isinstance(message.get("why"), str):
            self.fault, self.arrived = message["why"], 0
        elif kind == "have":
            wanted = [n for _, n in zip(range(WINDOW), self._missing(message.get("missing")), strict=False)]
            arrived = wanted[0] if wanted else self.count
            # a fault stands until there is more than before: a set that is refused is asked for again at once
            if arrived > self.arrived:
                self.arrived, self.fault = arrived, None
            return [*map(self.piece, wanted), *(self.start() if wanted else ())]
        return []

    def piece(self, number: int) -> Message:
        """One numbered piece, with a sum that shows whether it was misread."""
        data = self.data[number * self.piece_bytes : (number + 1) * self.piece_bytes]
        return {"kind": "piece", "set": self.set_id, "n": number, "sum": _sum(self.set_id, number, data)} | {
            "data": encoded(data)
        }

    def _missing(self, gaps: object) -> Iterator[int]:
        for gap in gaps if isinstance(gaps, list) else ():
            if isinstance(gap, list) and len(gap) == 2 and all(_is_count(n) for n in gap):  # noqa: PLR2004 - from, to
                yield from range(gap[0], min(gap[1] + 1, self.count))


@dataclass(slots=True)
class _Arriving:
    count: int
    pieces: dict[int, bytes] = field(default_factory=dict)
    bytes: int = 0
    whole: bool = False
    receipt: Any = None
    touched: int = 0

    def gaps(self) -> list[list[int]]:
        """What is missing: the first runs of numbers, each with both ends."""
        gaps: list[list[int]] = []
        for number in range(self.count):
            if number in self.pieces or self.whole:
                continue
            if gaps and gaps[-1][1] == number - 1:
                gaps[-1][1] = number
            elif len(gaps) == _MOST_GAPS:
                break
            else:
                gaps.append([number, number])
        return gaps


@dataclass(slots=True)
class Receiver:
    """What puts sets together, several at once."""

    arriving: dict[str, _Arriving] = field(default_factory=dict)
    messages: int = 0

    def receive(self, message: Message) -> tuple[list[Message], bytes | None]:
        """What to answer, and a set that has just become whole.

        A set is given out once: whoever takes it in says so with `settle`.
        """
        if not isinstance(message, Mapping):
            return [], None
        set_id = message.get("set")
        if not isinstance(set_id, str) or not _SET_ID.fullmatch(set_id):
            return [], None
        self.messages += 1
        if known := self.arriving.get(set_id):
            known.touched = self.messages
        if message.get("kind") == "offer":
            return self._offered(set_id, message.get("count")), None
        if message.get("kind") == "piece":
            return self._came(set_id, message)
        return [], None

    def settle(self, set_id: str, receipt: object) -> list[Message]:
        """A set is in the store: from now on every question about it is answered with the receipt."""
        self.arriving[set_id] = _Arriving(1, whole=True, receipt=receipt)
        return [self._receipt(set_id)]

    def refuse(self, set_id: str, why: str) -> list[Message]:
        """A set cannot be taken in; offered again, it begins anew."""
        self.arriving.pop(set_id, None)
        return [{"kind": "fault", "set": set_id, "why": why}]

    def _offered(self, set_id: str, count: object) -> list[Message]:
        known = self.arriving.get(set_id)
        if known and known.receipt:
            return [self._receipt(set_id)]
        if not _is_count(count) or not 1 <= count <= MOST_PIECES:
            return [{"kind": "fault", "set": set_id, "why": "size"}]
        if known is None or (known.count != count and not known.whole):
            if known is None and not self._has_room():
                return [{"kind": "fault", "set": set_id, "why": "busy"}]
            known = self.arriving[set_id] = _Arriving(count, touched=self.messages)
        return [{"kind": "have", "set": set_id, "missing": known.gaps()}]

    def _has_room(self) -> bool:
        """Whether one more set may begin; a phone that went away in the middle does not keep others out for ever."""
        half = {name: each for name, each in self.arriving.items() if not each.receipt}
        if len(half) < MOST_OPEN:
            return True
        idle = [name for name, each in half.items() if not each.whole]
        oldest = min(idle, key=lambda name: half[name].touched, default=None)
        if oldest is None or self.messages - half[oldest].touched <= IDLE_MESSAGES:
            return False
        del self.arriving[oldest]
        return True

    def _came(self, set_id: str, message: Message) -> tuple[list[Message], bytes | None]:
        known, number = self.arriving.get(set_id), message.get("n")
        if known and known.receipt:
            return [self._receipt(set_id)], None
        if known is None or known.whole or not _is_count(number) or number >= known.count or number in known.pieces:
            return [], None
        try:
            data = decoded(message.get("data"))
        except (ValueError, TypeError):
            return [], None
        if len(data) > MOST_PIECE_BYTES or message.get("sum") != _sum(set_id, number, data):
            return [], None
        if sum(each.bytes for each in self.arriving.values()) + len(data) > MOST_OPEN_BYTES:
            return self.refuse(set_id, "size"), None
        known.pieces[number] = data
        known.bytes += len(data)
        return ([], None) if len(known.pieces) < known.count else self._put_together(set_id, known)

    def _put_together(self, set_id: str, known: _Arriving) -> tuple[list[Message], bytes | None]:
        whole = b"".join(known.pieces[number] for number in range(known.count))
        known.pieces, known.bytes = {}, 0
        if sha256(whole).hexdigest() != set_id:
            return [{"kind": "have", "set": set_id, "missing": known.gaps()}], None
        known.whole = True
        return [{"kind": "have", "set": set_id, "missing": []}], whole

    def _receipt(self, set_id: str) -> Message:
        return {"kind": "receipt", "set": set_id, "receipt": self.arriving[set_id].receipt}


def _is_count(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _sum(set_id: str, number: int, data: bytes) -> str:
    return sha256(f"{set_id} {number} ".encode() + data).hexdigest()[:_SUM_DIGITS]
