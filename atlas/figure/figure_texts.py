"""Words of the figures in one language: catalogue files, and what the registry calls layers, fields and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from atlas.border_project import FOLDER as PROJECT
from atlas.border_project import shipped_border
from atlas.border_project.expected_region import region
from atlas.errors import UsageError
from atlas.geojson.strict import read_json_file
from atlas.layers.project_schema import project_specs
from atlas.layers.schema import LayerSpec

LANGUAGES = ("en", "es")
FOLDER = Path(__file__).parent / "texts"
# words and places of names of the border that the atlas comes with
SHIPPED = PROJECT / "figure"
# before the key of a text that stands in place of another in figures of a project's border
_OF_PROJECT = "project."
# what the tables of facts say in English, in Spanish; the pages read it, too
_OF_DATA = PROJECT / "texts" / "data.es.json"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language; ``english`` is kept to tell whether a translation still fits the data."""

    language: str
    texts: Mapping[str, str]
    english: Mapping[str, str]
    of_project: bool = False

    def __call__(self, key: str, **values: str) -> str:
        """A text of the catalogue with its places filled; of a project's border its own, where it has one."""
        named = f"{_OF_PROJECT}{key}"
        return self.texts[named if self.of_project and named in self.texts else key].format(**values)

    def text_of(self, key: str, text: str) -> str:
        """A text of the data in this language; as it is when the catalogue translates another text, or none."""
        return self.texts[key] if self.english.get(key) == text else text

    def of_data(self, text: str) -> str:
        """A text of a table of facts in this language; as it is where it is a name, or has no translation."""
        return text if self.language == "en" else _spanish().get(text, text)

    def layer(self, name: str) -> str:
        """What a layer is called."""
        return _spec(name).title[self.language]

    def field(self, layer: str, name: str) -> str:
        """What a field is called."""
        return next(f.title[self.language] for f in _spec(layer).fields if f.name == name)

    def value(self, layer: str, name: str, code: str) -> str:
        """What a coded value is called."""
        values = next(f.values for f in _spec(layer).fields if f.name == name)
        return values[code][self.language] if code in values else code

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with a comma between thousands and a point before decimals."""
        return f"{value:,.{decimals}f}".replace("-", "\u2212")

    def km(self, value: float) -> str:
        """A length in kilometres, without decimals from ten upwards."""
        ten = 10
        return f"{self.number(value, 0 if value >= ten else 1)} km"

    def dated(self, as_of: str | None) -> str:
        """A date or a span as the data write it (``2021-03``, ``2019/2024``), for reading."""
        if not as_of:
            return self("date.none")
        return "–".join(self._date(part) for part in as_of.split("/"))

    def listed(self, parts: Sequence[str]) -> str:
        """Parts of a list with commas."""
        return ", ".join(parts)

    def _date(self, text: str) -> str:
        year, *rest = text.split("-")
        return f"{self('month.' + rest[0])} {year}" if rest else year


def _spec(layer: str) -> LayerSpec:
    """A layer of the project in use."""
    border = region().border
    return project_specs(None if border is shipped_border() else border)[layer]


@cache
def _spanish() -> Mapping[str, str]:
    texts: Mapping[str, str] = read_json_file(_OF_DATA, remedy="install the atlas again, or restore it")
    return texts


def load_words(language: str, *, of_project: bool = False) -> Words:
    """The texts of a language; ``of_project`` for a border that a project describes.

    Raises
    ------
    UsageError
        There is no such language.
    InputError
        A catalogue file is missing or damaged.
    """
    if language not in LANGUAGES:
        msg = f"a figure cannot be written in {language!r}; choose one of {', '.join(LANGUAGES)}"
        raise UsageError(msg)
    return Words(language, read_catalogue(language), read_catalogue("en"), of_project)


def read_catalogue(language: str) -> dict[str, str]:
    """The catalogue of a language with the words of the shipped border: texts by key."""
    remedy = "install the atlas again, or restore the file from the project"
    files = [folder / f"{language}.json" for folder in (FOLDER, SHIPPED)]
    return {key: text for path in files for key, text in read_json_file(path, remedy=remedy).items()}
