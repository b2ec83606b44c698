"""Writes docs/faults.md: what every command does with every fault, out of the tables that the commands use."""

from __future__ import annotations

from pathlib import Path

from atlas.check import FILE_RULES, FILE_THEME, THEMES
from atlas.check.command_verdicts import Command, rulings
from atlas.clean.actions import ACTIONS, FILE_ACTIONS

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"
_HEAD = """# What each command does with a fault

One table holds for every GeoJSON file that comes in (`atlas/check/verdicts.toml`; this page is made from it by
`python -m tools.faults`). It follows RFC 7946, RFC 8142 and what would harm somebody, not what a program happens to do.

- **taken**: as if nothing were wrong; `atlas check` says it.
- **noted**: taken, and the command says what it did.
- **aside**: the row is put aside with its reason, the others come in, exit 1.
- **refused**: nothing is made, exit 2.
- `clean`: **repair** · **reject** (put aside, kept in a file of its own) · **ask** · **keep** · **refuse**.

An error is never taken without a word, and what one command refuses no other takes silently: a test holds both, with a
file for every fault in `tests/data/invalid`.
"""
_OTHERS = """A shapefile, GeoPackage, table or any other format can have these as well; they are looked for before GDAL
hides them. A page refuses a file whose coordinate system is in doubt, and notes the others.
"""


def page_text() -> str:
    """The page as Markdown."""
    parts = [_HEAD]
    for theme, rules in THEMES.items():
        parts.append(f"\n## {theme[:1].upper()}{theme[1:]}\n")
        parts.append("| fault | check | clean | map | field import | release | why |\n|---|---|---|---|---|---|---|")
        for rule in rules:
            ruling = rulings()[rule.id]
            verdicts = [str(ruling.verdicts[each]) for each in Command]
            cells = [f"`{rule.id}` {rule.title}", str(rule.severity), str(ACTIONS[rule.id].strategy), *verdicts]
            why = f"{ruling.why} Where it is noted: {ruling.done}." if ruling.done else ruling.why
            parts.append(f"| {' | '.join(cells)} | {why} |")
    parts.append(f"\n## {FILE_THEME[:1].upper()}{FILE_THEME[1:]}\n\n{_OTHERS}")
    parts.append("| fault | check | clean | what clean does |\n|---|---|---|---|")
    for rule in FILE_RULES.values():
        action = FILE_ACTIONS[rule.id]
        parts.append(f"| `{rule.id}` {rule.title} | {rule.severity} | {action.strategy} | {action.meaning} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
