"""Patterns of the telephone numbers of a region, made of how its project says that they are written."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from atlas.border_project import shipped_border
from atlas.border_project.model import TelephoneForm

_BEFORE, _AFTER_GROUPS, _AFTER_RUN = r"(?<![\w.,/+-])", r"(?![\w.,/-]*\d)", r"(?![\w.,/-])"
_THREE = 3

Numbering = tuple[re.Pattern[str], tuple[str, ...]]


@cache
def numbering(forms: tuple[TelephoneForm, ...]) -> tuple[Numbering, ...]:
    """Patterns, each with what a text must have for it, with all digits as zeros and what separates as blanks.

    The forms of the border that the atlas comes with are looked for in every project: what is no leak there costs a
    look, and what is one here must not pass for want of a table.
    """
    every = tuple(dict.fromkeys((*forms, *shipped_border().telephones)))
    runs = [form for form in every if form.digits]
    made = [_grouped(form) for form in every if form.groups]
    return (*made, *([_in_one_run(runs)] if runs else []))


def _grouped(form: TelephoneForm) -> Numbering:
    first, *others = (_range(text) for text in form.groups)
    long = len(form.groups) >= _THREE
    between = r"[\s.-]" if long else r"[\s-]"
    head = rf"[{form.begins}]{_digits(first[0] - 1, first[1] - 1)}"
    pattern = between.join([rf"\(?{head}\)?" if long else head, *(_digits(*one) for one in others)])
    return re.compile(f"{_BEFORE}{pattern}{_AFTER_GROUPS}"), _needed(first, others, long=long)


def _needed(first: tuple[int, int], others: list[tuple[int, int]], *, long: bool) -> tuple[str, ...]:
    tails = [" ".join("0" * count for count in one) for one in product(*(range(a, b + 1) for a, b in others))]
    if not long:
        return tuple(f"{'0' * min(first[0], _THREE)} {tail}" for tail in tails)
    # a bracket after the first group is a blank, too
    return (*(f"0 {tail}" for tail in tails), *(f"0  {'0' * count}" for count in range(others[0][0], others[0][1] + 1)))


def _in_one_run(forms: list[TelephoneForm]) -> Numbering:
    runs = [rf"{code}[{form.begins}]\d{{{form.digits - 1}}}" for form in forms for code in (form.after or ("",))]
    least = min(form.digits + min((len(code) for code in form.after), default=0) for form in forms)
    return re.compile(f"{_BEFORE}(?:{'|'.join(runs)}){_AFTER_RUN}"), ("0" * least,)


def _range(text: str) -> tuple[int, int]:
    least, _, most = text.partition("-")
    return int(least), int(most or least)


def _digits(least: int, most: int) -> str:
    return rf"\d{{{least}}}" if least == most else rf"\d{{{least},{most}}}"


# the forms of the shipped border, by a name for the test of all patterns
SHIPPED = numbering(())
