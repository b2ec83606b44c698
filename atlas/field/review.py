"""What a person decides about a record: each decision is a change like any other, with a name and a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from atlas.errors import UsageError, listed
from atlas.field.change import DECISION, DELETED, DIFFERENT_FROM, SAME_AS, STATUS, Change, Json
from atlas.field.stale import refuse_stale, replaced
from atlas.field.state import ACCEPTED, CLASSES, REJECTED, RecordState
from atlas.field.store import Store, Writer, now
from atlas.work_steps import OnStep, each_in_turn

_DEVICE = "atlas field review"
_SENSITIVITY = "sensitivity"
# the questions that a decision to show something answers; the same as in the policy of the release gate
QUESTIONS = ("who_could_be_harmed", "how", "already_public", "what_is_gained")
_SHOWING = frozenset({"open", "generalised"})


@dataclass(frozen=True, slots=True)
class Review:
    """What is decided: any of these together.

    Attributes
    ----------
    status
        ``accepted`` or ``rejected``.
    sensitivity
        The class that the record gets.
    answers
        To the four questions, by name; needed where the class lets something be shown.
    keep
        By field the beginning of the id of the change whose value stands, to end a conflict.
    same_as, different_from
        The record that this one repeats, or that it only looks like.
    """

    by: str
    reason: str | None = None
    status: str | None = None
    sensitivity: str | None = None
    answers: Mapping[str, str | None] = field(default_factory=dict)
    review_by: str | None = None
    keep: Mapping[str, str] = field(default_factory=dict)
    same_as: str | None = None
    different_from: str | None = None


def review(
    store: Store, names: Sequence[str], decided: Review, *, version: str | None = None, on_step: OnStep | None = None
) -> tuple[dict[str, int], list[str]]:
    """Decide about records, all of them or none.

    Parameters
    ----------
    names
        Ids of records, or their beginnings.
    version
        The version of the record that the person saw, where they say it.
    on_step
        Is called with the record that is next.

    Returns
    -------
    How many changes each record got, by id, and what else a person should know.

    Raises
    ------
    UsageError
        The decision is not complete, or a record or change does not exist.
    StaleError
        The record is not what the person saw any more.
    """
    _refuse_incomplete(decided, names)
    done, others = dict[str, int](), list[str]()
    with store.writing() as writer:
        for name in each_in_turn(names, on_step):
            state = writer.state(writer.find(name))
            refuse_stale(state, version)
            changes = _changes(writer, state, decided)
            others += replaced(state, changes)
            done[state.record_id] = writer.add(changes, origin="review")
        notes = [_note(writer.state(record_id)) for record_id in done]
    return done, [*others, *(note for note in notes if note)]


def _refuse_incomplete(decided: Review, names: Sequence[str]) -> None:
    faults = []
    if not names:
        faults.append("name a record")
    if not decided.by.strip():
        faults.append("say who decides: --by NAME")
    chosen = (decided.status, decided.sensitivity, decided.keep, decided.same_as, decided.different_from)
    if not any(chosen):
        faults.append(
            "say what is decided: --accept, --reject, --classify CLASS, --keep FIELD=CHANGE, --same-as ID "
            "or --different-from ID"
        )
    if decided.status == REJECTED and not _is_given(decided.reason):
        faults.append("say why it is rejected: --reason TEXT")
    if decided.sensitivity is not None:
        faults += _faults_in_class(decided)
    if faults:
        raise UsageError(listed("the review is not complete, and nothing was changed:", faults))


def _faults_in_class(decided: Review) -> list[str]:
    if decided.sensitivity not in CLASSES:
        return [f"{decided.sensitivity!r} is no class; the classes are {', '.join(CLASSES)}"]
    faults = [] if _is_given(decided.reason) else ["say why the class is right: --reason TEXT"]
    if decided.sensitivity in _SHOWING:
        missing = [question for question in QUESTIONS if not _is_given(decided.answers.get(question))]
        options = [f"--{question.replace('_', '-')}" for question in missing]
        faults += [f"the class {decided.sensitivity} lets something be shown: answer {', '.join(options)}"] * bool(
            missing
        )
    return faults


def _is_given(text: str | None) -> bool:
    return bool(text and text.strip())


def _changes(writer: Writer, state: RecordState, decided: Review) -> list[Change]:
    values: dict[str, Json] = {}
    if decided.status:
        values[STATUS] = decided.status
    if decided.sensitivity:
        values[_SENSITIVITY] = decided.sensitivity
    if decided.same_as:
        values[SAME_AS] = _another(writer, state, decided.same_as)
    if decided.different_from:
        other = _another(writer, state, decided.different_from)
        values[f"{DIFFERENT_FROM}:{other}"] = True
        if state.same_as == other:
            values[SAME_AS] = None
    values |= {name: _kept(state, name, change_id) for name, change_id in decided.keep.items()}
    needed = {name: value for name, value in values.items() if not _holds(state, name, value)}
    if needed or decided.sensitivity:
        # who decided what and why goes with every decision
        needed[DECISION] = _record(decided, values)
    return [_change(state, name, value, decided.by) for name, value in needed.items() if not _holds(state, name, value)]


def _record(decided: Review, values: Mapping[str, Json]) -> dict[str, Json]:
    """The decision record."""
    answers = {question: text.strip() for question in QUESTIONS if (text := decided.answers.get(question))}
    return {
        "decided": dict(values),
        "decided_by": decided.by.strip(),
        "decided_on": datetime.now(UTC).date().isoformat(),
        **({"reason": decided.reason.strip()} if decided.reason else {}),
        **({"review_by": decided.review_by} if decided.review_by else {}),
        **answers,
    }


def _another(writer: Writer, state: RecordState, name: str) -> str:
    other = writer.find(name)
    if other == state.record_id:
        msg = f"{other} is this record itself; name the other one"
        raise UsageError(msg)
    return other


def _kept(state: RecordState, name: str, change_id: str) -> Json:
    field_state = state.fields.get(name)
    sides = (field_state.sides or field_state.heads) if field_state else ()
    if not sides:
        msg = f"{state.record_id} has no field {name!r}; it has {', '.join(sorted(state.fields))}"
        raise UsageError(msg)
    chosen = [side for side in sides if change_id and side.change_id.startswith(change_id.lower())]
    if len(chosen) != 1:
        offered = ", ".join(f"{side.change_id[:12]} ({side.text:.40})" for side in sides)
        msg = f"--keep {name}={change_id}: expected the beginning of one change of {name!r}: {offered}"
        raise UsageError(msg)
    # of a deletion and an edit that did not know of it, the edit means that the record stays
    return chosen[0].value if chosen[0].field == name else False


def _holds(state: RecordState, name: str, value: Json) -> bool:
    """Whether a field has a value already, without a conflict."""
    field_state = state.fields.get(name)
    return bool(field_state and not field_state.sides and field_state.value == value) or (
        field_state is None and value is None
    )


def _change(state: RecordState, name: str, value: Json, by: str) -> Change:
    field_state = state.fields.get(name)
    heads = list(field_state.heads) if field_state else []
    if name == DELETED and value is True:
        heads = [head for each in state.fields.values() for head in each.heads]
    parents = [head.change_id for head in heads]
    return Change.of(state.record_id, name, value, parents=parents, author=by.strip(), device=_DEVICE, claimed_at=now())


def _note(state: RecordState) -> str | None:
    if state.status == ACCEPTED and state.conflicts:
        fields = ", ".join(state.conflicts)
        return (
            f"{state.record_id} is accepted and still in conflict over {fields}; it counts as restricted until decided"
        )
    return None
