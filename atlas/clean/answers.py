"""Answers in a file: what a pipeline knows before clean asks, for all files or for single ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atlas.check import EVERY_RULE
from atlas.check.strips import WIDEST_M
from atlas.clean.actions import FILE_ACTIONS, action_of
from atlas.clean.options import Options, options
from atlas.clean.validity import Filling
from atlas.errors import InputError, UsageError
from atlas.geojson.strict import parse

_LISTS = ("keep", "reject", "repair")
_VALUES: Mapping[str, type | tuple[type, ...]] = {
    "precision": int,
    "snap-m": (int, float),
    "simplify-m": (int, float),
    "crs": str,
    "encoding": str,
    "form": str,
    "swap-axes": bool,
    "all-safe": bool,
    "allow-empty": bool,
}
# rules whose answer is the value of an option
_OPTION_OF = {
    "crs-member": "crs",
    "crs-nested": "crs",
    "crs-projected": "crs",
    "crs-missing": "crs",
    "crs-disagrees": "crs",
    "file-encoding": "encoding",
    "encoding-not-utf8": "encoding",
    "gap": "snap-m",
    "overlap": "snap-m",
    "edge-mismatch": "snap-m",
}
_MEANT = {
    "crs": "a coordinate system such as EPSG:32615",
    "encoding": "an encoding such as cp1252",
    "snap-m": f"metres from 0 to {WIDEST_M:g}",
}


@dataclass(slots=True)
class Answers:
    """Options of clean by their names as keywords; those of single files by the files' names."""

    common: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_answers(path: Path) -> Answers:
    """Read a file of answers, TOML or JSON by its name.

    A member is a rule with ``repair``, ``reject``, ``keep`` (or a coordinate system, an encoding, metres, where that is
    the answer), an option without its hyphens, or the name of a file with members that hold for it alone.

    Parameters
    ----------
    path
        The file, whose name ends in .toml or .json.

    Returns
    -------
    Answers
        Those for all files, and those for single ones.

    Raises
    ------
    InputError
        It cannot be read.
    UsageError
        A member is neither, or its value is no answer.
    """
    if path.suffix.lower() not in {".toml", ".json"}:
        msg = f"--answers {str(path)!r}: expected a name that ends in .toml or .json"
        raise UsageError(msg)
    try:
        text = path.read_text("utf-8")
        value = tomllib.loads(text) if path.suffix.lower() == ".toml" else parse(text)
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); give the path of a file of answers"
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"{path} is no {path.suffix[1:].upper()} ({error}); mend it there"
        raise InputError(msg) from error
    if not isinstance(value, dict):
        msg = f"{path}: expected an object of rules and answers"
        raise InputError(msg)
    answers = Answers()
    for key, member in value.items():
        if isinstance(member, dict):
            of_file = answers.files.setdefault(key, {})
            for inner, one in member.items():
                _take(of_file, f"{path}, {key}", inner, one)
        else:
            _take(answers.common, str(path), key, member)
    return answers


def _take(into: dict[str, Any], where: str, key: str, value: Any) -> None:  # noqa: ANN401 - whatever the file holds
    if key in EVERY_RULE:
        _take_answer(into, where, key, value)
        return
    if key not in _VALUES:
        known = ", ".join(sorted(_VALUES))
        msg = f"{where}: {key!r} is neither a rule (`atlas clean --rules` lists them) nor one of {known}"
        raise UsageError(msg)
    if not _is_of(value, _VALUES[key]):
        msg = f"{where}: {key} = {value!r}: expected {_expected(_VALUES[key])}"
        raise UsageError(msg)
    if key == "all-safe":
        into["repair"] = (*into.get("repair", ()), *((key,) if value else ()))
    else:
        into[key.replace("-", "_")] = value


def _take_answer(into: dict[str, Any], where: str, rule: str, value: Any) -> None:  # noqa: ANN401 - as `_take`
    answer, _, way = value.partition("=") if isinstance(value, str) else ("", "", "")
    option = _OPTION_OF.get(rule)
    if value in answers_to(rule):
        into[answer] = (*into.get(answer, ()), f"{rule}={way}" if way else rule)
    elif option and answer not in _LISTS and _is_of(value, _VALUES[option]):
        into[option.replace("-", "_")] = value
    else:
        values = (_MEANT[option],) if option else ()
        msg = f"{where}: {rule} = {value!r}: expected one of {', '.join((*answers_to(rule), *values))}"
        raise UsageError(msg)


def answers_to(rule: str) -> tuple[str, ...]:
    """What a file may answer to a question about a rule, besides the value of an option.

    Parameters
    ----------
    rule
        One of those of check.
    """
    action = action_of(rule)
    ways = tuple(f"repair={way}" for way in Filling if f"{rule}=" in action.options)
    # what is wrong with a whole file of another format puts no feature aside
    aside = () if rule in FILE_ACTIONS and rule in _OPTION_OF else ("reject",)
    return (*(("repair",) if action.usual else ()), *ways, *aside, "keep")


def _is_of(value: Any, kind: type | tuple[type, ...]) -> bool:  # noqa: ANN401 - as `_take`
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _expected(kind: type | tuple[type, ...]) -> str:
    names = {bool: "true or false", str: "text", int: "a whole number"}
    return names.get(kind, "a number") if isinstance(kind, type) else "a number"


def answered(given: Mapping[str, Any], answers: Answers) -> Options:
    """Options out of keywords of `options` and a file of answers; what is given goes before what the file says.

    Parameters
    ----------
    given
        Keywords of `options`.
    answers
        What a file of answers holds.

    Returns
    -------
    Options
        Checked, and frozen; those of single files among them.

    Raises
    ------
    UsageError
        As `options`.
    """
    files = {
        name: options(**_merged(_merged(answers.common, of_file), given)) for name, of_file in answers.files.items()
    }
    return options(**_merged(answers.common, given), files=files)


def _merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords of ``more`` over those of ``base``; of a rule that both answer, only the later answer holds."""
    named = {str(rule).partition("=")[0] for key in _LISTS for rule in more.get(key, ())}
    made = {key: value for key, value in (*base.items(), *more.items()) if key not in _LISTS}
    for key in _LISTS:
        earlier = tuple(rule for rule in base.get(key, ()) if rule.partition("=")[0] not in named)
        made[key] = (*earlier, *more.get(key, ()))
    return made
