"""One change of one field of one record: the only thing that a store keeps and that a merge unites.

The id of a change is the hash of its content, computed alike here and in the browser, so that the same change is the
same wherever it arrives, and a change that was tampered with is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple, TypeAlias

from atlas.field.javascript_numbers import as_javascript
from atlas.geojson.geometries import coordinates_in
from atlas.geojson.stored import stored

Json: TypeAlias = Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CHANGE_ID = re.compile(r"[0-9a-f]{64}")
# integers beyond this are not exact in JavaScript
_EXACT = 2**53
_PLAIN_FROM, _PLAIN_BELOW = 1e-4, 1e16
_LONGEST = 1000
_LARGEST = 1_000_000
_DEEPEST = 64
_TEXT_OR_NOTHING = frozenset({str, type(None)})

# the fields with a meaning of their own; a record may have any other as well
GEOMETRY = "geometry"
DELETED = "deleted"
STATUS = "status"
DECISION = "decision"
SAME_AS = "same_as"
DIFFERENT_FROM, EDITED = "different_from", "edited"


class ChangeError(ValueError):
    """Something that is not a change, or not the change that it says it is; its message is half a sentence."""


class Change(NamedTuple):
    """A value that somebody gave to a field; a tuple, because a table of notes makes millions of them.

    Attributes
    ----------
    text
        The value as canonical JSON; ``value`` is the same for use, and None empties the field.
    parents
        Ids of the changes that this one knew and supersedes, sorted: those of the same field, and for a deletion
        every head of the record that was seen, so that an edit which the deleter never saw shows as a conflict.
    author, device, claimed_at
        Who, with what, and when by that clock: for show only, never for order.
    """

    change_id: str
    record_id: str
    field: str
    text: str
    parents: tuple[str, ...]
    author: str | None = None
    device: str | None = None
    claimed_at: str | None = None

    @property
    def value(self) -> Json:
        """The value that was given."""
        return value_of(self.text)

    @classmethod
    def of(  # noqa: PLR0913 - the parts of a change
        cls,
        record_id: str,
        field: str,
        value: Json,
        *,
        parents: Iterable[str] = (),
        author: str | None = None,
        device: str | None = None,
        claimed_at: str | None = None,
    ) -> Change:
        """A change with its id.

        Raises
        ------
        ChangeError
            A part has the wrong type, is too long, or is nothing that JSON can say.
        """
        _refuse_texts(record_id, field, author, device, claimed_at)
        known = tuple(sorted(set(parents))) if parents else ()
        if bad := [parent for parent in known if not _CHANGE_ID.fullmatch(parent)]:
            msg = f"the parent {bad[0]!r} is no id of a change (64 hexadecimal digits)"
            raise ChangeError(msg)
        text = _value_text(field, value)
        stated = ",".join([f'"{parent}"' for parent in known])
        head = f"{_provenance(author, claimed_at, device)}{_field_named(field)}"
        content = f'{head},"parents":[{stated}],"record_id":{_text(record_id)},"value":{text}}}'
        change_id = sha256(content.encode()).hexdigest()
        return cls(change_id, record_id, field, text, known, author, device, claimed_at)

    @classmethod
    def of_row(
        cls,
        record_id: str,
        values: Iterable[tuple[str, Json]],
        *,
        author: str | None = None,
        device: str | None = None,
        claimed_at: str | None = None,
    ) -> Iterator[Change]:
        """Changes of one record that know no others, as ``of`` makes them; what they have in common is looked at once.

        Raises
        ------
        ChangeError
            As for ``of``.
        """
        plain = type(record_id) is str and 0 < len(record_id) <= _LONGEST and record_id.isprintable()
        if not (plain and _TEXT_OR_NOTHING.issuperset((type(author), type(device), type(claimed_at)))):
            # what is rare is looked at closely
            _refuse_texts(record_id, "field", author, device, claimed_at)
        provenance = _provenance(author, claimed_at, device)
        middle = f',"parents":[],"record_id":{_text(record_id)},"value":'
        for field, value in values:
            short = type(value) is str and len(value) < _LONGEST and value.isascii()
            text = encode_basestring(value) if short else _value_text(field, value)
            change_id = sha256(f"{provenance}{_field_named(field)}{middle}{text}}}".encode()).hexdigest()
            yield tuple.__new__(cls, (change_id, record_id, field, text, (), author, device, claimed_at))

    @classmethod
    def from_json(cls, stated: object) -> Change:
        """A change as an export carries it; an id beside it must be its own, other members are passed over.

        Raises
        ------
        ChangeError
            It is not a change, or its content is not what its id says.
        """
        if not isinstance(stated, Mapping):
            msg = f"expected a change as an object, got {type(stated).__name__}"
            raise ChangeError(msg)
        if missing := [name for name in ("record_id", "field", "value") if name not in stated]:
            msg = f"the change has no {missing[0]!r}"
            raise ChangeError(msg)
        parents = stated.get("parents") or []
        if not isinstance(parents, list | tuple) or not all(isinstance(parent, str) for parent in parents):
            msg = f"the parents of a change are a list of ids, got {parents!r:.80}"
            raise ChangeError(msg)
        text = {name: stated.get(name) for name in ("author", "device", "claimed_at")}
        made = cls.of(stated["record_id"], stated["field"], stated["value"], parents=parents, **text)
        given = stated.get("change_id", made.change_id)
        if given != made.change_id:
            msg = f"the change {given!r:.80} does not have the content that its id says; it was altered on the way"
            raise ChangeError(msg)
        return made

    def as_json(self) -> dict[str, Json]:
        """The change as exports carry it."""
        return {
            "change_id": self.change_id,
            "record_id": self.record_id,
            "field": self.field,
            "value": self.value,
            "parents": list(self.parents),
            "author": self.author,
            "device": self.device,
            "claimed_at": self.claimed_at,
        }


def value_of(text: str) -> Json:
    """The value of which this is the canonical text."""
    # most values are plain text, which needs no parser
    return text[1:-1] if text.startswith('"') and "\\" not in text else stored(text)


def canonical(value: Json, *, depth: int = 0) -> str:
    """A JSON value as text, the same in every language: keys in order, no spaces, numbers as JavaScript writes them.

    This is RFC 8785: keys by UTF-16 code units, ``JSON.stringify`` for everything else.

    Raises
    ------
    ChangeError
        The value is nothing that JSON can say, or nested too deeply.
    """
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if depth > _DEEPEST:
        msg = f"a value is nested more than {_DEEPEST} levels deep"
        raise ChangeError(msg)
    if isinstance(value, (list, tuple)):
        depth += 1
        return "[" + ",".join([canonical(item, depth=depth) for item in value]) + "]"
    if isinstance(value, (dict, Mapping)) and all(isinstance(key, str) for key in value):
        # the two orders differ only beyond ASCII
        keys = sorted(value) if "".join(value).isascii() else sorted(value, key=_utf16)
        return "{" + ",".join([f"{_text(key)}:{canonical(value[key], depth=depth + 1)}" for key in keys]) + "}"
    msg = f"{type(value).__name__} is nothing that JSON can say"
    raise ChangeError(msg)


def _value_text(field: str, value: Json) -> str:
    if type(value) is str:
        text = _text(value)
    elif field == GEOMETRY:
        text = _point_text(value) or canonical(value)
    else:
        text = canonical(value)
    if len(text) > _LARGEST:
        msg = f"the value of {field!r} is {len(text):,} characters long; at most {_LARGEST:,} are kept"
        raise ChangeError(msg)
    return text


def _point_text(value: Json) -> str | None:
    """What ``canonical`` says of a point in degrees, as nearly all places are; nothing of anything else."""
    if type(value) is not dict or len(value) != 2 or value.get("type") != "Point":  # noqa: PLR2004 - members
        return None
    position = coordinates_in(value)
    if type(position) is not list or list(map(type, position)) != [float, float]:
        return None
    return f'{{"coordinates":[{_number(position[0])},{_number(position[1])}],"type":"Point"}}'


@lru_cache(maxsize=1024)
def _provenance(author: str | None, at: str | None, device: str | None) -> str:
    """How the content of a change begins."""
    for name, text in (("author", author), ("device", device), ("claimed_at", at)):
        if text is not None:
            _refuse_text(name, text)
    return f'{{"author":{canonical(author)},"claimed_at":{canonical(at)},"device":{canonical(device)}'


@lru_cache(maxsize=1024)
def _field_named(field: str) -> str:
    """How it goes on."""
    _refuse_text("field", field)
    return f',"field":{_text(field)}'


def _text(text: str) -> str:
    quoted: str = encode_basestring(text)
    # half of a pair has no UTF-8; JavaScript writes it as an escape
    return quoted if text.isascii() else _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", quoted)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _number(number: float) -> str:
    if isinstance(number, float) and _PLAIN_FROM <= abs(number) < _PLAIN_BELOW:
        # Python and JavaScript write these alike but for whole ones
        return repr(number).removesuffix(".0")
    if isinstance(number, int):
        if abs(number) <= _EXACT:
            return str(number)
        try:
            number = float(number)
        except OverflowError:
            number = math.inf
    if not math.isfinite(number):
        msg = f"{number} is not a number of JSON"
        raise ChangeError(msg)
    if number == 0:
        return "0"
    return ("-" if number < 0 else "") + as_javascript(abs(number))


def _refuse_texts(record_id: object, field: object, author: Any, device: Any, claimed_at: Any) -> None:  # noqa: ANN401 - looked at here
    try:
        _refuse_text("field", field)
        _refuse_text("record_id", record_id)
        _provenance(author, claimed_at, device)
    except TypeError as error:
        # what has no hash is no text either
        msg = f"the parts of a change are text: {error}"
        raise ChangeError(msg) from error


@lru_cache(maxsize=1024)
def _refuse_text(name: str, text: object) -> None:
    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        msg = f"the {name} of a change is text of 1 to {_LONGEST} characters, got {text!r:.80}"
        raise ChangeError(msg)
    if _UNPRINTABLE.search(text):
        msg = f"the {name} {text!r:.80} of a change holds characters that cannot be printed"
        raise ChangeError(msg)
