"""What a person does at the desk: the reviews and edits of the commands, asked for in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.errors import UsageError
from atlas.field.change import Json
from atlas.field.edit import Edit, edit
from atlas.field.review import QUESTIONS, Review, review
from atlas.field.store import Store

_TEXTS = ("by", "reason", "status", "sensitivity", "review_by", "same_as", "different_from")
_WANTED = "expected id, version, by, and what is decided or edited"


def act(store: Store, asked: Mapping[str, Any]) -> dict[str, Json]:
    """Do one thing to one record; how many changes it got, and what else a person should know.

    Raises
    ------
    UsageError
        The act is not complete, or names what there is not.
    StaleError
        Somebody else changed the record meanwhile; nothing was written.
    """
    record_id, version = _text(asked, "id"), _text(asked, "version")
    if not record_id or not version:
        msg = f"the act names no record or no version; {_WANTED}"
        raise UsageError(msg)
    if asked.get("kind") == "edit":
        notes = list[str]()
        done = edit(store, [record_id], _edit(asked), version=version, notify=notes.append)
    elif asked.get("kind") == "review":
        done, notes = review(store, [record_id], _review(asked), version=version)
    else:
        msg = f"the act is neither a review nor an edit; {_WANTED}"
        raise UsageError(msg)
    return {"changes": done[next(iter(done))], "notes": notes}


def _review(asked: Mapping[str, Any]) -> Review:
    texts = {name: _text(asked, name) for name in _TEXTS}
    answers = _texts(asked, "answers")
    if strange := sorted(set(answers) - set(QUESTIONS)):
        msg = f"there is no question {strange[0]!r:.40}"
        raise UsageError(msg)
    by = texts.pop("by") or ""
    return Review(by=by, answers=dict(answers), keep=_texts(asked, "keep"), **texts)


def _edit(asked: Mapping[str, Any]) -> Edit:
    cleared = asked.get("cleared") or []
    if not isinstance(cleared, list) or not all(isinstance(name, str) for name in cleared):
        msg = "the fields to empty are a list of names"
        raise UsageError(msg)
    return Edit(_text(asked, "by") or "", _text(asked, "reason") or "", _texts(asked, "values"), cleared)


def _text(asked: Mapping[str, Any], name: str) -> str | None:
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        msg = f"{name} is text, got {type(value).__name__}"
        raise UsageError(msg)
    return value or None


def _texts(asked: Mapping[str, Any], name: str) -> dict[str, str]:
    values = asked.get(name) or {}
    if not isinstance(values, Mapping) or not all(isinstance(text, str) for text in values.values()):
        msg = f"{name} are texts by name"
        raise UsageError(msg)
    return dict(values)
