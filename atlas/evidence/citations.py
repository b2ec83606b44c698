"""How a source is cited, in each language and in one place: pages, figures, exports and tables take it from here.

A source with a title is cited by it. Of one whose title was not recorded, its kind and its subject are given instead,
in words of our own: *Press: El Orbe (2019), on the Suchiate*. What is not known is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from atlas.evidence.records import Source

LANGUAGES = ("en", "es")
_KINDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "academic": {"en": "Academic text", "es": "Texto académico"},
        "code": {"en": "Public code", "es": "Código público"},
        "ngo": {"en": "Text of a civil organisation", "es": "Texto de una organización civil"},
        "official": {"en": "Official text", "es": "Texto oficial"},
        "other": {"en": "Text", "es": "Texto"},
        "press": {"en": "Press", "es": "Prensa"},
        "reference": {"en": "Work of reference", "es": "Obra de consulta"},
    }
)
_VIA = MappingProxyType({"en": "via {copy}", "es": "vía {copy}"})
# of a text whose first printing was not named
_COPY = MappingProxyType({"en": "copy at {copy}", "es": "copia en {copy}"})
_ON = MappingProxyType({"en": "on {subject}", "es": "sobre {subject}"})
# names of institutions that are words of our own
_OURS = MappingProxyType({"this project": {"en": "this project", "es": "este proyecto"}})


def who(source: Source, language: str) -> str | None:
    """Author, institution and the place of the copy that was read; nothing where none is known."""
    institution = _OURS.get(source.publisher or "", {}).get(language, source.publisher)
    how = _VIA if source.author or institution else _COPY
    copy = how[language].format(copy=source.copied_at) if source.copied_at else None
    return ", ".join(part for part in (source.author, institution, copy) if part) or None


def headline(source: Source, language: str) -> str:
    """What stands first: the title, or all that can be said where no title was recorded."""
    if source.title:
        return source.title
    kind, subject = _KINDS[source.kind][language], source.subject_en if language == "en" else source.subject_es
    if who(source, language) is None:
        return f"{kind}: {subject}"
    return f"{kind}: {short(source, language)}, {_ON[language].format(subject=subject)}"


def citation(source: Source, language: str) -> str:
    """The whole of it in one line, without a full stop at its end."""
    if not source.title:
        return headline(source, language)
    rest = ", ".join(str(part) for part in (who(source, language), source.year) if part)
    stop = "" if source.title.endswith(("…", ".", "?", "!")) else "."
    return f"{source.title}{stop} {rest}" if rest else source.title


def short(source: Source, language: str) -> str:
    """Who and when, for lists; what it is where neither is known."""
    named = who(source, language)
    if named is None:
        return source.title or headline(source, language)
    return f"{named} ({source.year})" if source.year else named


def spanish(sources: Iterable[Source]) -> dict[str, str]:
    """The Spanish of what is said of sources in words of our own, by its English."""
    both: dict[str, str] = {}
    for source in sources:
        for form in (headline, who, short):
            english, other = form(source, "en"), form(source, "es")
            if english and other and english != other:
                both[english] = other
    return both
