"""Text out of HTML, as Google Earth, Locus and others write it into descriptions."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# tags of whole documents: a person may have typed a lone <b>, which stays as it stands
_TAG = re.compile(
    r"</?(?:p|br|div|table|tbody|tr|td|th|img|ul|ol|li|h[1-6]|hr|html|body|center)"
    r"(?:\s[^<>]{0,2000})?/?>|<!\[CDATA\[|<!--",
    re.IGNORECASE,
)
_LINES = frozenset(
    {"p", "br", "div", "tr", "li", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "center"}
)
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "head", "title"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append("\t")
        elif tag == "a" and (link := dict(attrs).get("href")) and link.startswith(("http://", "https://")):
            # an address that stands nowhere else
            self.parts.append(f"{link} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def readable(words: str) -> str:
    """A text without HTML; one without HTML as it is."""
    if "<" not in words or not _TAG.search(words):
        return words
    reader = _Reader()
    reader.feed(words.replace("<![CDATA[", "").replace("]]>", ""))
    reader.close()
    lines = (" ".join(line.replace("\t", " : ").split()).strip(": ") for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
