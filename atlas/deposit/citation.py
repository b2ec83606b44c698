"""How a layer, a claim or a row is cited: as text, BibTeX and CSL-JSON; and where it comes from, as PROV-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from atlas._version import __version__
from atlas.border_project import BorderProject, shipped_border
from atlas.border_project.expected_region import region_of
from atlas.deposit.citable import LAYERS, Citable, urn
from atlas.errors import UsageError
from atlas.evidence import Source, citations
from atlas.export import imprint

_ORGANIZATION: Mapping[str, str] = MappingProxyType({"$": "prov:Organization", "type": "prov:QUALIFIED_NAME"})
FORMS = ("text", "bibtex", "csl", "prov")
_CSL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "academic": "article-journal",
        "official": "report",
        "ngo": "report",
        "press": "article-newspaper",
        "code": "software",
    }
)
# signs that mean something to LaTeX
_LATEX = MappingProxyType(
    {sign: f"\\{sign}" for sign in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\^{}"}
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A thing that is cited, with the sources and inputs that it rests on.

    Attributes
    ----------
    cited
        The layer or row.
    sources
        The sources behind it, by id.
    inputs
        The registry's records of the inputs of a layer, by key.
    border
        The border of its project.
    """

    cited: Citable
    sources: Mapping[str, Source]
    inputs: Mapping[str, Mapping[str, Any]]
    border: BorderProject = field(default_factory=shipped_border, repr=False)

    def __str__(self) -> str:
        """The citation in words."""
        return self.text

    @property
    def text(self) -> str:
        """The citation in words, with the sources on lines of their own."""
        with region_of(self.border):
            return self._text()

    def _text(self) -> str:
        if self._is_source:
            return "\n".join(self._lines("", f" {self.cited.urn}"))
        head = (
            f"{imprint.author()} ({imprint.year()}). {self.cited.title}. In: {imprint.title()['en']}, "
            f"data edition {imprint.edition()}, "
            f"{self.cited.name}. {self.cited.urn}"
        )
        lines = self._lines("  Source: ")
        lines += [f"  Input: {held['attribution']} ({held['licence']})" for held in self.inputs.values()]
        terms = self.border.terms
        if terms and (not self._is_layer or terms.attribution["en"] in str(self.cited.cells.get("attribution"))):
            lines.append(f"  {terms.attribution['en']} ({terms.licence['en']})")
        return "\n".join([head, *lines])

    def _lines(self, before: str, after: str = "") -> list[str]:
        return [f"{before}{citations.citation(one, 'en')}.{_address(one)}{after}" for one in self._others()]

    @property
    def bibtex(self) -> str:
        """An entry for the thing and one for each source; UTF-8, for biber or a BibTeX that reads it."""
        with region_of(self.border):
            return self._bibtex()

    def _bibtex(self) -> str:
        if self._is_source:
            return "\n".join(map(_source_entry, self._others()))
        entry = _entry(
            "dataset" if self._is_layer else "misc",
            f"atlas:{self.cited.name}",
            {
                "author": "{" + imprint.author() + "}",
                "title": self.cited.title,
                "year": str(imprint.year()),
                "version": imprint.edition(),
                "howpublished": f"In: {imprint.title()['en']}, {self.cited.name}",
                "note": f"sha256 {self.cited.digest}",
                "url": self.cited.urn,
            },
        )
        return "\n".join([entry, *(_source_entry(source) for source in self._others())])

    @property
    def csl(self) -> str:
        """CSL-JSON: an array with the thing first and its sources after it."""
        with region_of(self.border):
            return self._csl()

    def _csl(self) -> str:
        if self._is_source:
            return _json(list(map(_csl_source, self._others())))
        item = {
            "id": self.cited.name,
            "type": "dataset",
            "title": self.cited.title,
            "container-title": imprint.title()["en"],
            "author": [{"literal": imprint.author()}],
            "issued": {"date-parts": [[imprint.year()]]},
            "version": imprint.edition(),
            "URL": self.cited.urn,
            "note": f"sha256 {self.cited.digest}",
        }
        return _json([item, *(_csl_source(source) for source in self._others())])

    @property
    def prov(self) -> str:
        """PROV-JSON: the thing, what it was derived from, who answers for it, and what made a layer."""
        with region_of(self.border):
            return self._prov()

    def _prov(self) -> str:
        thing, maker = self.cited.urn, "atlas:maintainers"
        parts = [urn(f"sources/{name}") for name in self.sources if f"sources/{name}" != self.cited.name]
        parts += [urn(f"inputs/{name}") for name in self.inputs]
        document: dict[str, Any] = {
            "prefix": {"atlas": f"urn:{imprint.identifier()}:", "urn": "urn:", "sha256": "urn:hash:sha256:"},
            "entity": {
                thing: {
                    "prov:label": self.cited.title,
                    "atlas:id": self.cited.name,
                    "atlas:sha256": self.cited.digest,
                    "atlas:edition": imprint.edition(),
                }
            },
            "agent": {maker: {"prov:label": imprint.author(), "prov:type": dict(_ORGANIZATION)}},
            "wasAttributedTo": {"_:a1": {"prov:entity": thing, "prov:agent": maker}},
        }
        for source in self._others():
            entity = urn(f"sources/{source.source_id}")
            document["entity"][entity] = {"prov:label": citations.citation(source, "en"), **_located(source.address)}
        for key, held in self.inputs.items():
            document["entity"][urn(f"inputs/{key}")] = {
                "prov:label": held["title"],
                "atlas:licence": held["licence"],
            }
        document["wasDerivedFrom"] = {
            f"_:d{place}": {"prov:generatedEntity": thing, "prov:usedEntity": part}
            for place, part in enumerate(parts, 1)
        }
        document |= self._ended()
        if self._is_layer:
            activity = "atlas:refresh"
            document["activity"] = {activity: {"prov:label": f"atlas refresh, version {__version__}"}}
            document["wasGeneratedBy"] = {"_:g1": {"prov:entity": thing, "prov:activity": activity}}
            document["used"] = {
                f"_:u{place}": {"prov:activity": activity, "prov:entity": part} for place, part in enumerate(parts, 1)
            }
        return _json(document)

    def render(self, form: str) -> str:
        """The citation in one of ``FORMS``.

        Raises
        ------
        UsageError
            There is no such form.
        """
        if form not in FORMS:
            msg = f"there is no format {form!r}; the formats are {', '.join(FORMS)}"
            raise UsageError(msg)
        return str(getattr(self, form)).rstrip("\n") + "\n"

    @property
    def _is_layer(self) -> bool:
        return self.cited.name.startswith(f"{LAYERS}/") and not self.cited.is_withdrawn

    @property
    def _is_source(self) -> bool:
        """A source is cited as what it is, and not as a row that speaks of it."""
        return self.cited.name.startswith("sources/") and not self.cited.is_withdrawn

    def _ended(self) -> dict[str, Any]:
        if not self.cited.is_withdrawn:
            return {}
        time = f"{self.cited.cells['withdrawn_on']}T00:00:00Z"
        return {"wasInvalidatedBy": {"_:i1": {"prov:entity": self.cited.urn, "prov:time": time}}}

    def _others(self) -> Sequence[Source]:
        """The sources behind the thing; of a source that is cited itself, itself."""
        return list(self.sources.values())


def _address(source: Source) -> str:
    return f" {source.address}" if source.address else ""


def _located(address: str | None) -> dict[str, str]:
    return {"prov:location": address} if address else {}


def _source_entry(source: Source) -> str:
    kind = _bibtex_kind(source)
    fields = {
        "author": "{" + (source.author or source.publisher or "") + "}" if source.author or source.publisher else "",
        "title": citations.headline(source, "en"),
        "journal" if kind == "article" else "publisher": source.publisher or "",
        "year": str(source.year or ""),
        "doi": source.doi or "",
        "isbn": source.isbn or "",
        "url": source.url or "",
        "langid": {"en": "english", "es": "spanish"}.get(source.language or "", ""),
    }
    return _entry(kind, f"atlas:sources/{source.source_id}", fields)


def _bibtex_kind(source: Source) -> str:
    if source.isbn:
        return "book"
    return "article" if source.kind in {"academic", "press"} and source.publisher else "misc"


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    key = re.sub(r"[^A-Za-z0-9:/._-]", "-", key)
    lines = [f"  {name} = {{{_escaped(name, value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _escaped(name: str, value: str) -> str:
    if name in {"url", "doi"}:
        return value.replace("{", "%7B").replace("}", "%7D")
    inner = value[1:-1] if name == "author" else value
    text = "".join(_LATEX.get(sign, sign) for sign in inner)
    return f"{{{text}}}" if name == "author" else text


def _csl_source(source: Source) -> dict[str, Any]:
    kind = "book" if source.isbn else _CSL_TYPES.get(source.kind, "document")
    item: dict[str, Any] = {
        "id": f"sources/{source.source_id}",
        "type": kind,
        "title": citations.headline(source, "en"),
    }
    if source.author:
        item["author"] = [{"literal": source.author}]
    if source.publisher:
        item["container-title" if kind.startswith("article-") else "publisher"] = source.publisher
    if source.year:
        item["issued"] = {"date-parts": [[source.year]]}
    known = {"DOI": source.doi, "ISBN": source.isbn, "URL": source.url, "language": source.language}
    return item | {name: value for name, value in known.items() if value}


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
