"""The form of a record as an XLSForm, for ODK Collect, KoboToolbox and everything else that reads these."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from atlas.errors import InputError, UsageError
from atlas.field.forms.form_choices import municipalities, reaches
from atlas.field.forms.workbook import Sheet, workbook
from atlas.field.record import Field, Schema, annotation_schema
from atlas.files import sha256_hex, write_atomically
from atlas.project import Project

FORM_ID = "atlas_field_notes"
LANGUAGES = {"en": "English (en)", "es": "Español (es)"}
_TITLES = {"en": "Field notes: {title}", "es": "Notas de campo: {title}"}
_TRANSLATED = ("label", "hint", "constraint_message", "required_message")
_PLAIN = ("required", "relevant", "constraint", "default", "appearance", "choice_filter", "parameters")
_NEEDED = {"en": "This answer is required.", "es": "Esta respuesta es obligatoria."}

Row = dict[str, str]


def write_xlsform(path: Path, project: Project, *, lang: str = "en") -> None:
    """Write the form.

    Parameters
    ----------
    path
        The workbook, ending in ``.xlsx``.
    project
        Whose schema, municipalities and stretches of the border the form offers.
    lang
        The language that it opens in, en or es; it always has both.

    Raises
    ------
    UsageError
        The language or the ending of the file is not possible.
    InputError
        The project has no usable schema or layers.
    OutputError
        The file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        msg = f"{str(path)!r} does not end in .xlsx, as ODK and KoboToolbox expect; name it so"
        raise UsageError(msg)
    if lang not in LANGUAGES:
        msg = f"--lang {lang!r} is no language of the form; choose one of {', '.join(LANGUAGES)}"
        raise UsageError(msg)
    write_atomically(path.expanduser().resolve(), xlsform(project, lang=lang))


def xlsform(project: Project, *, lang: str = "en") -> bytes:
    """The form as a workbook.

    Raises
    ------
    InputError
        The project has no usable schema or layers.
    """
    schema = annotation_schema(project)
    choices = list(_choices(schema, project))
    survey = list(_survey(schema, _municipality_columns(choices)))
    version = str(int(sha256_hex(repr((survey, choices)).encode())[:12], 16))
    settings = {
        "form_title": _TITLES[lang].format(title=project.described.title[lang]),
        "form_id": FORM_ID,
        "version": version,
        "default_language": LANGUAGES[lang],
        "instance_name": "concat(${category}, ' · ', ${observed_at})",
    }
    return workbook(
        {
            "survey": _sheet(survey, ("type", "name", *_translated("label", "hint"), *_PLAIN)),
            "choices": _sheet(choices, ("list_name", "name", *_translated("label"))),
            "settings": _sheet([settings], ()),
        }
    )


def questions() -> Sequence[Mapping[str, Any]]:
    """The questions of the form as ``questions.toml`` has them."""
    text = resources.files("atlas.field.forms").joinpath("questions.toml").read_text("utf-8")
    questions_stated: Sequence[Mapping[str, Any]] = tomllib.loads(text)["questions"]
    return questions_stated


def _translated(*columns: str) -> Iterator[str]:
    for column in columns:
        yield from (f"{column}::{language}" for language in LANGUAGES.values())


def _sheet(rows: Sequence[Row], first: Sequence[str]) -> Sheet:
    """Columns in a fixed order, then the others as they come, without those that are empty."""
    columns = dict.fromkeys([*first, *(name for row in rows for name in row)])
    return [name for name in columns if any(row.get(name) for row in rows)], rows


def _survey(schema: Schema, municipality_columns: Sequence[str]) -> Iterator[Row]:
    by_municipality = " or ".join(f"{column} = ${{municipality_cvegeo}}" for column in municipality_columns)
    for question in questions():
        field = schema.fields.get(question["name"])
        kind, _, offered = question["type"].partition(" ")
        if field is None and kind == "select_one" and offered in schema.fields:
            msg = f"the schema of a record has no {question['name']!r}, which the form asks for; restore it"
            raise InputError(msg)
        yield _question(question, field, by_municipality)


def _question(question: Mapping[str, Any], field: Field | None, by_municipality: str) -> Row:
    row: Row = {"type": question["type"], "name": question["name"]}
    for lang, language in LANGUAGES.items():
        label = question.get(lang) or (field.titles[lang] if field else None)
        hint = question.get(f"hint_{lang}") or (field.descriptions[lang] if field else None)
        texts = {"label": label, "hint": hint, "constraint_message": question.get(f"why_{lang}")}
        row |= {f"{name}::{language}": text for name, text in texts.items() if text}
    row |= {name: str(question[name]) for name in _PLAIN if name in question and name != "required"}
    if "choice_filter" in row:
        row["choice_filter"] = by_municipality
    if field is not None and isinstance(field.default, str):
        row.setdefault("default", field.default)
    if question.get("required") or (field is not None and field.required):
        row["required"] = "yes"
        row |= {f"required_message::{language}": _NEEDED[lang] for lang, language in LANGUAGES.items()}
    return row


def _choices(schema: Schema, project: Project) -> Iterator[Row]:
    asked = {question["type"].partition(" ")[2] for question in questions()}
    for name in sorted(asked & set(schema.fields)):
        for code, titles in schema.fields[name].values.items():
            yield {"list_name": name, "name": code, **_labels(titles)}
    for choice in municipalities(project):
        label = f"{choice.name}, {choice.state}"
        yield {"list_name": "municipality", "name": choice.code, **_labels({"en": label, "es": label})}
    for reach in reaches(project):
        within = {f"municipality_{number}": code for number, code in enumerate(reach.municipalities, start=1)}
        yield {"list_name": "reach", "name": reach.code, **_labels({"en": reach.label, "es": reach.label}), **within}


def _labels(titles: Mapping[str, str]) -> Row:
    return {f"label::{language}": titles[lang] for lang, language in LANGUAGES.items()}


def _municipality_columns(choices: Sequence[Row]) -> Sequence[str]:
    names = {name for row in choices for name in row if name.startswith("municipality_")}
    return sorted(names)
