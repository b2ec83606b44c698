"""Writes what the scan looks for into docs/do-no-harm.md and its Spanish sister: out of its tables and the plants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from atlas.disclosure.families import FAMILIES
from atlas.disclosure.unpack import OPENERS, Unpacker
from tests.disclosure import plants

DOCS = Path(__file__).parent.parent / "docs"
_PART = re.compile(r"(?<=<!-- families -->\n).*?(?=<!-- end of families -->)", re.DOTALL)
_HEADS = {
    "en": ("family", "what", "rule", "test secrets", "not looked for", "Opened", "Not opened, and thereby *unread*"),
    "es": (
        "familia",
        "qué",
        "regla",
        "secretos de prueba",
        "no se busca",
        "Se abren",
        "No se abren, y por eso son *unread*",
    ),
}
_NAMES = {"do-no-harm.md": "en", "no-hacer-dano.md": "es"}


def _table(language: str, counts: Mapping[str, int]) -> str:
    family, what, rule, number, not_looked_for, opened, closed = _HEADS[language]
    lines = [f"| {family} | {what} | {rule} | {number} |", "|---|---|---|---|"]
    for name, one in FAMILIES.items():
        shown = f"`{one.rule}`" if one.rule else f"**{not_looked_for}**"
        lines.append(f"| {name} | {getattr(one, language)} | {shown} | {counts[name]} |")
    unread = sorted(form for form, opener in OPENERS.items() if opener is Unpacker.closed)
    others = sorted(form for form, opener in OPENERS.items() if opener not in {Unpacker.closed, Unpacker.plain})
    lists = [f"{opened}: {', '.join(others)}.", f"{closed}: {', '.join(unread)}."]
    return "\n" + "\n".join([*lines, "", *lists]) + "\n\n"


def pages() -> Mapping[str, str]:
    """The pages as they should be, by name."""
    counts = Counter(plant.family for plant in plants.plants(plants.PLACES, every=True))
    texts = {name: (DOCS / name).read_text("utf-8") for name in _NAMES}
    tables = {name: _table(language, counts) for name, language in _NAMES.items()}
    return {name: _PART.sub(tables[name].replace("\\", r"\\"), text) for name, text in texts.items()}


if __name__ == "__main__":
    for page, content in pages().items():
        (DOCS / page).write_text(content, encoding="utf-8")
