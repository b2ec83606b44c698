"""A project of another border with crossings of its own: layers, page, strip, and what its tables must be."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest

from atlas.api import Atlas
from atlas.border_project.expected_region import region_of
from atlas.borderland.new_project import Wanted, new_project
from atlas.errors import EvidenceError, UsageError
from atlas.evidence.module_tables import header_row
from atlas.figure import draw_figure
from atlas.pipeline.build import build
from atlas.pipeline.refresh import refresh
from atlas.pipeline.verify import verify
from atlas.project import find_project
from atlas.published import open_published_layers
from tests.borderland.test_words_of_another_border import NAMES

SOURCES = "gazette,Order of the ministry,,,,Ministry,,2024,en,,,,official,\n"
ROWS = (
    'bridge,"Кордай – Ақ көпір",Kordai,road_bridge,true,open,A-0,BBB,10.0,23.2,200,in the order,gazette,seen,,\n'
    "ferry,国境の渡し,Ferry,boat,false,closed,A-1,BBB,,,,not printed,gazette,seen,,\n"
)
COUNTS = "south,municipality:A-0,9,unknown,,gazette,seen,named by one text\n"
DECISION = (
    "D01,crossings_informal_counts,south,count,9,Those who cross.,By being looked for.,Printed.,How many.,"
    "More than ten kilometres of border.,the team,2026-01-01,2030-01-01,A count only.\n"
)
TOTALS = "T01,40,,Whole border,2024,gazette,seen,,the ministry,gazette,=,printed,\n"
TERMS = (
    '[tables]\nlicence = { en = "CC BY-SA 4.0", es = "CC BY-SA 4.0" }\n'
    'attribution = { en = "Tables: the desk", es = "Tablas: la mesa" }\n'
)
LABELS = (
    '[[labels]]\nname = { en = "Red Hills", es = "Cerros Rojos" }\nposition = [9.6, 23.5]\n'
    '[[labels]]\nname = { en = "Südland", es = "Tierra del Sur" }\nkind = "country"\nposition = [9.7, 23.2]\nto = 8\n'
)
MUNICIPALITIES = "A-0,Gau 0,Kreis 1,Well,BBB,1200,300,gazette\n"
SPANISH = (
    "[texts.es]\n"
    '"claims.subject.tea houses" = "casas de té"\n'
    '"cards.document.Tages-Pass.form" = "Formas de un día"\n'
    '"checkpoints.agency.Army" = "Ejército"\n'
)
EXTENTS = "T01,whole,seen,the whole border\n"
FACILITIES = (
    "customs_north,customs,Zollamt „Nord“,built,Gau 0,A-0,,2024,gazette,seen,,,10.0,23.2,300\n"
    "post,police,Post 7,planned,Gau 1,A-1,,2020,gazette,seen,,far away,,,\n"
    "lost,other,Lost office,unknown,somewhere,,,2020,gazette,seen,,,,,\n"
)
NAMED = "".join(
    f"D0{n},facilities,{row},name,0,Nobody.,Not.,Printed.,Where it is.,Its unit.,the team,2026-01-01,2030-01-01,A.\n"
    for n, row in enumerate(("customs_north", "post", "lost"), start=2)
) + "".join(
    f"D1{n},checkpoints,CP0{n},name,0,Nobody.,Not.,Printed.,Where it is.,Its unit.,the team,2026-01-01,2030-01-01,A.\n"
    for n in (1, 2)
)
PLACES = (
    ",,South Well,A-0,gazette,seen,,9.5,23.2,500\n",
    ",,Middle Well,A-1,gazette,seen,,9.6,23.6,500\n",
    ",,North Well,A-2,gazette,seen,,9.7,24.0,2000\n",
)
CORRIDOR = {
    "places": "".join(f"well_{n}{row}" for n, row in enumerate(PLACES)),
    "corridor_route": "".join(f"{n},well_{n},gazette,seen,\n" for n in range(3)),
    "checkpoints": "CP01,Gate,Gau 0,A-0,Army; Guard,fixed,20 km on,true,2019,gazette,seen,,\n"
    "CP02,Tower,Gau 2,A-2,Guard,fixed,,false,2019,gazette,seen,,\n",
    "corridor_readings": "CP01,distance,well_0,well_1,20,5,gazette,seen,by a map\nCP01,place,well_2,,,,gazette,seen,\n",
}
CONTAINMENT = {
    "containment": "wells,line,South Well,North Well,2014,a line of wells,gazette,seen,,\n"
    "belt,belt,,,2015/2016,a belt ten miles inland,gazette,seen,,\n"
    "middle,belt,,,,the middle unit,gazette,seen,,\n"
    "near,belt,,,2016,a belt three kilometres inland,gazette,seen,,\n",
    "containment_shapes": "wells,line,well_0,well_2,,,,,,between two wells,,\n"
    "belt,offset,,,,,10,,2000,ten miles,,\nnear,offset,,,,,,,500,three kilometres,,3\n"
    "middle,municipalities,,,A-1,,,,,the unit,,\n",
}
CARDS = "".join(
    f"1,Tages-Pass,{area},{year},{n}\n"
    for area, year, n in (("Gau 0", 2019, 30), ("Gau 1", 2019, 12), ("Total", 2019, 50), ("Gau 0", 2021, 7))
)
CARD_SERIES = (
    "1,Tages-Pass,form,2018,2019,gazette,table 1,seen,,Ministry,gazette,=,printed,\n"
    "1,Tages-Pass,card,2020,2022,gazette,table 1,seen,,Ministry,gazette,=,printed,\n"
)
CLAIMS = (
    "C01,border length,length of the border with Nordland,200,km,Nordland,2024,gazette,,border layer,seen,printed,"
    "Ministry,gazette,=,printed,\n"
    "C02,tea houses,tea houses on the road,12,count,Nordland,2024,gazette,,no layer,seen,printed,"
    "Ministry,gazette,=,printed,\n"
    "C03,rivers,rivers on the line,3,count,Nordland,2024,gazette,,border layer,seen,printed,"
    "Ministry,gazette,=,printed,\n"
)
CHECKS = (
    "C01,border_length,BBB,equal,,2,border,,,another length would be measured,otra longitud se confirmaría\n"
    "C03,border_rivers,,equal,,,border,,,another number would be measured,otro número se confirmaría\n"
)


def table(folder: Path, name: str, rows: str) -> None:
    path = folder / "geodata/evidence" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{header_row(name)}\n{rows}", encoding="utf-8")


@pytest.fixture(scope="module")
def crossed(outlines: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with both kinds of crossings, refreshed and built."""
    folder = tmp_path_factory.mktemp("crossed") / "desert"
    here, there = outlines
    columns = {0: {"code": "KENNZ", "name": "Bezeichnung", "parent": "kreis"}}
    names = ("AAA=Südland", "BBB=Nordland")
    wanted = Wanted(
        here=here,
        neighbours=(there,),
        title="Desert",
        names=names,
        columns=columns,
        modules=("crossings", "corridor", "containment", "facilities", "cards", "claims"),
    )
    made = new_project(folder, wanted)
    assert any("crossings_formal.csv has its header row; each row of it needs crossing_id" in s for s in made.proposals)
    empty = refresh(find_project(folder))
    for name in ("crossings_formal", "corridor_route", "containment", "facilities", "visitor_cards"):
        assert any(f"{name}.csv has no rows yet" in note for note in empty.notes)
    build(find_project(folder))
    table(folder, "sources", SOURCES)
    table(folder, "crossings_formal", ROWS)
    table(folder, "crossings_informal_counts", COUNTS)
    table(folder, "publication_decisions", DECISION + NAMED)
    table(folder, "facilities", FACILITIES)
    for name, rows in (CORRIDOR | CONTAINMENT).items():
        table(folder, name, rows)
    table(folder, "crossings_totals", TOTALS)
    table(folder, "totals_extent", EXTENTS)
    table(folder, "visitor_cards", CARDS)
    table(folder, "visitor_card_series", CARD_SERIES)
    table(folder, "municipalities", MUNICIPALITIES)
    table(folder, "claims", CLAIMS)
    table(folder, "claim_checks", CHECKS)
    atlas_toml = folder / "atlas.toml"
    atlas_toml.write_text(
        atlas_toml.read_text("utf-8").replace("[here]", "[here]\ncensus_year = 2017") + TERMS + SPANISH + LABELS,
        encoding="utf-8",
    )
    project = find_project(folder)
    refresh(project)
    build(project)
    assert not verify(project).differences
    return folder


# a machine may have no font for some letters
@pytest.mark.filterwarnings("ignore::atlas.figure.missing_letters.MissingLettersWarning")
@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("crossings", ("Desert: cruces", "Кордай – Ақ көпір", "9 informal crossings")),
        ("checkpoints", ("Desert: puestos de revisión", "North Well", "CP02", "fuera del camino")),
        ("containment", ("Desert: contención", "a belt ten miles inland", "2015–2016")),
    ],
)
def test_a_module_has_a_figure_in_words_of_its_project(
    crossed: Path, tmp_path: Path, page: str, words: tuple[str, ...]
) -> None:
    project = find_project(crossed)
    with region_of(project.described):
        draw_figure(open_published_layers(project), page, tmp_path / "f.pdf", lang="es")
    text = " ".join(pypdfium2.PdfDocument(tmp_path / "f.pdf")[0].get_textpage().get_text_bounded().split())
    for word in words:
        assert word in text
    assert not re.search("tapachula|wola|370|isthmus|istmo", text, re.IGNORECASE)
    assert NAMES.findall(text) == []


def test_a_module_that_is_off_has_no_figure(made: Path, tmp_path: Path) -> None:
    project = find_project(made)
    with region_of(project.described), pytest.raises(UsageError, match=r"a figure are atlas, border, municipalities$"):
        draw_figure(open_published_layers(project), "crossings", tmp_path / "f.pdf")


def _features(folder: Path, layer: str) -> list[dict[str, dict[str, object]]]:
    features: list[dict[str, dict[str, object]]] = json.loads(
        (folder / f"geodata/layers/{layer}.geojson").read_bytes()
    )["features"]
    return features


def test_a_formal_crossing_stands_where_its_table_says_or_on_the_stretch_of_its_unit(crossed: Path) -> None:
    bridge, ferry = _features(crossed, "crossings_formal")
    assert bridge["geometry"] == {"type": "Point", "coordinates": [10.0, 23.2]}
    assert bridge["properties"]["name"] == "Кордай – Ақ көпір"
    assert bridge["properties"]["municipality_name"] == "Gau 0 „Süd“"
    assert (ferry["geometry"]["type"], ferry["properties"]["status"]) == ("LineString", "closed")


def test_an_informal_crossing_is_a_count_on_a_stretch(crossed: Path) -> None:
    (counted,) = _features(crossed, "crossings_informal")
    assert counted["geometry"]["type"] == "LineString"
    assert counted["properties"]["named"] == 9
    assert "commission" not in str(counted["properties"]["informationWithheld"])
    assert "the unit's whole stretch" in str(counted["properties"]["dataGeneralizations"])


def test_a_facility_is_an_office_at_its_position_or_the_unit_it_lies_in(crossed: Path) -> None:
    office, lost, post = _features(crossed, "facilities")
    assert office["geometry"] == {"type": "Point", "coordinates": [10.0, 23.2]}
    assert office["properties"]["coordinateUncertaintyInMeters"] == 300
    assert (post["geometry"]["type"], post["properties"]["municipality_cvegeos"]) == ("MultiPolygon", ["A-1"])
    assert post["properties"]["georeferenceProtocol"] == "somewhere in the unit"
    assert lost["geometry"] is None
    registry = json.loads((crossed / "geodata/registry.json").read_bytes())
    kinds = next(f for one in registry["layers"] if one["name"] == "facilities" for f in one["fields"])["values"]
    assert kinds["police"] == {"en": "police", "es": "policía"}
    assert "caitf" not in kinds
    text = (crossed / "maps/atlas.html").read_text(encoding="utf-8")
    assert "Zollamt „Nord“" in text
    for words in ("Contornos simplificados a unos 100 m", "oficina pública en su posición", "instalación construida"):
        assert words in text


def test_posts_are_intervals_of_a_road_between_places_of_the_project(crossed: Path) -> None:
    one, two = _features(crossed, "corridor")
    assert (one["properties"]["from_place"], two["properties"]["to_place"]) == ("South Well", "North Well")
    assert one["properties"]["chainage_to_km"] == two["properties"]["chainage_from_km"] == pytest.approx(45.5, abs=0.5)
    gate, tower = _features(crossed, "checkpoints")
    assert gate["properties"]["readings_disagree"] is True
    assert gate["properties"]["chainage_from_km"] == 10.0
    assert (tower["geometry"]["type"], tower["properties"]["chainage_from_km"]) == ("MultiPolygon", None)
    assert tower["properties"]["position_note"] == "somewhere in the unit"
    text = (crossed / "maps/checkpoints.html").read_text(encoding="utf-8")
    for words in (
        "las lecturas no coinciden y el intervalo las abarca todas; distancia: by a map; lugar",
        "en algún lugar de la unidad",
        "carretera entre lugares del proyecto, esquemática",
        '"checkpoints.agency.Army":"Army"',
        '"checkpoints.agency.Army":"Ejército"',
    ):
        assert words in text
    assert "Federal Police" not in text


def test_lines_and_belts_stand_between_places_at_a_distance_and_on_units(crossed: Path) -> None:
    belt, middle, near, wells = _features(crossed, "containment")
    assert (near["properties"]["distance_mi"], near["properties"]["distance_km"]) == (None, 3)
    assert near["geometry"]["type"] in {"LineString", "MultiLineString"}
    assert wells["geometry"] == {"type": "LineString", "coordinates": [[9.5, 23.2], [9.7, 24.0]]}
    assert belt["properties"]["distance_km"] == pytest.approx(16.093)
    assert belt["geometry"]["type"] == "MultiLineString"
    assert middle["geometry"]["type"] == "MultiPolygon"
    assert middle["properties"]["georeferenceProtocol"] == "the units named"
    text = (crossed / "maps/containment.html").read_text(encoding="utf-8")
    for words in ("a belt ten miles inland", "año por año", "unidades", "unen los lugares nombrados"):
        assert words in text
    assert "Huixtla" not in text
    assert re.search(r'<aside class="year-events" id="events" hidden', text)


def test_a_count_on_the_whole_border_stands_in_no_place(crossed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desert"
    shutil.copytree(crossed, folder)
    table(folder, "crossings_informal_counts", COUNTS.replace("municipality:A-0", "whole"))
    refresh(find_project(folder))
    build(find_project(folder))
    (counted,) = _features(folder, "crossings_informal")
    assert counted["geometry"] is None
    assert "Frontera: 9 cruces informales" in (folder / "maps/crossings.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["index", "atlas", "border", "crossings", "checkpoints", "containment", "cards", "claims"]
)
def test_pages_show_the_crossings_and_name_no_other_border(crossed: Path, name: str) -> None:
    text = re.sub(r"(?s)<script>.*?</script>", "", (crossed / f"maps/{name}.html").read_text(encoding="utf-8"))
    assert ("Кордай" in text) or name in {"index", "checkpoints", "containment", "cards", "claims"}
    assert NAMES.findall(text) == []
    assert "crossings.html" in text or name != "index"


def test_the_terms_of_the_tables_stand_with_what_is_made_of_them(crossed: Path) -> None:
    records = {one["name"]: one for one in json.loads((crossed / "geodata/registry.json").read_bytes())["layers"]}
    assert records["facilities"]["licence"].endswith("; CC BY-SA 4.0")
    assert records["facilities"]["attribution_es"].endswith("; Tablas: la mesa")
    assert "CC BY-SA" not in records["border"]["licence"]
    assert "CC BY-SA 4.0" in (crossed / "geodata/README.md").read_text(encoding="utf-8")
    for page in ("atlas", "checkpoints"):
        text = (crossed / f"maps/{page}.html").read_text(encoding="utf-8")
        assert "Tables: the desk" in text
        assert "Tablas: la mesa" in text
    cited = Atlas.at(crossed).cite("facilities")
    assert "Tables: the desk (CC BY-SA 4.0)" in cited.text


def test_the_spanish_of_a_count_is_on_the_page(crossed: Path) -> None:
    text = (crossed / "maps/crossings.html").read_text(encoding="utf-8")
    assert "9 cruces informales en textos publicados" in text
    assert "todo el tramo fronterizo de la unidad" in text


def test_claims_are_held_against_the_layers_of_the_project(crossed: Path) -> None:
    findings = Atlas.at(crossed).claims()
    assert [(one.claim.claim_id, one.verdict.value) for one in findings] == [
        ("C01", "differs"),
        ("C02", "not_checkable"),
        ("C03", "not_checkable"),
    ]
    text = (crossed / "maps/claims.html").read_text(encoding="utf-8")
    assert "length of the border with Nordland" in text
    assert "casas de té" in text
    assert "CAITF" not in text


def test_cards_are_of_the_kinds_and_areas_of_the_table(crossed: Path) -> None:
    text = (crossed / "maps/cards.html").read_text(encoding="utf-8")
    for words in (
        "Tages-Pass: cards",
        "Formas de un día",
        "The published total is 50; the areas add up to 42. The difference is 8.",
        "las áreas suman {sum}",
    ):
        assert words in text
    assert "regional_visitor" not in re.sub(r"(?s)<script>.*?</script>", "", text)
    assert re.search(r'<aside class="year-events" id="events" hidden', text)


def test_names_stand_where_the_project_places_them(crossed: Path) -> None:
    text = (crossed / "maps/atlas.html").read_text(encoding="utf-8")
    for words in ("Red Hills", "Cerros Rojos", '"key":"label.1"', '"at":[9.6,23.5]', "Tierra del Sur"):
        assert words in text
    assert '"kind":"country","name":"Südland"' not in text
    assert '"kind":"country","name":"Nordland"' in text


def test_the_year_of_the_census_is_that_of_the_project(crossed: Path) -> None:
    text = (crossed / "maps/municipalities.html").read_text(encoding="utf-8")
    for words in ("People 2017", "Población, censo de 2017"):
        assert words in text
    registry = json.loads((crossed / "geodata/registry.json").read_bytes())
    fields = next(one["fields"] for one in registry["layers"] if one["name"] == "municipalities")
    titles = {one["name"]: one["title"] for one in fields}
    assert titles["dwellings_2020"] == {"en": "dwellings, census of 2017", "es": "viviendas, censo de 2017"}


def test_points_lie_in_units_of_either_side(crossed: Path) -> None:
    points = pd.DataFrame({"lon": [9.6, 10.4, 8.0], "lat": [23.2, 23.9, 23.2]})
    located = Atlas.at(crossed).locate(points)
    columns = located[["cvegeo", "name", "side"]].astype(object)
    assert columns.where(columns.notna(), None).to_numpy().tolist() == [
        ["A-0", "Gau 0 „Süd“", "AAA"],
        ["2", "Cercle 2", "BBB"],
        [None, None, None],
    ]


def test_an_argument_that_fits_nothing_is_no_difference(
    crossed: Path, tmp_path: Path, command_line: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    folder = tmp_path / "desert"
    shutil.copytree(crossed, folder)
    table(folder, "claim_checks", CHECKS.replace("BBB", "CCC"))
    refresh(find_project(folder))
    result = command_line("--project", folder, "build")
    assert result.returncode == 2
    assert "the argument 'CCC' of C01 fits nothing; write BBB, or nothing for the whole line" in result.stderr


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no table": (
        lambda d: (d / "geodata/evidence/crossings_formal.csv").unlink(),
        r"\[modules\] crossings = true needs crossings_formal.csv; begin it with the line crossing_id,name,.*false",
    ),
    "no checks": (
        lambda d: (d / "geodata/evidence/claim_checks.csv").unlink(),
        r"\[modules\] claims = true needs claim_checks.csv; begin it with the line claim_id,check,",
    ),
    "unknown unit": (
        lambda d: table(d, "crossings_formal", ROWS.replace("A-1", "Z-9")),
        r"crossings_formal.csv, ferry, municipality_cvegeo: 'Z-9' is no unit on the line; write one of A-0, A-1, A-2",
    ),
    "swapped": (
        lambda d: table(d, "crossings_formal", ROWS.replace("10.0,23.2", "23.2,10.0")),
        r"look swapped; exchange the two cells",
    ),
    "no accuracy": (
        lambda d: table(d, "crossings_formal", ROWS.replace("23.2,200", "23.2,")),
        r"coordinate_uncertainty_m.*expected how far off the position may be; give the metres",
    ),
    "half a position": (
        lambda d: table(d, "crossings_formal", ROWS.replace("10.0,23.2", "10.0,")),
        r"expected a latitude beside longitude '10.0'; fill it in or empty both",
    ),
    "status of another border": (
        lambda d: table(d, "crossings_formal", ROWS.replace(",closed,", ",closed_rail,")),
        r"'closed_rail'.*expected one of open, formal_on_paper, closed",
    ),
    "no decision": (
        lambda d: (d / "geodata/evidence/publication_decisions.csv").unlink(),
        r"'south' has no decision",
    ),
    "extent nowhere": (
        lambda d: table(d, "totals_extent", "T01,rivers:Styx,seen,\n"),
        r"totals_extent.csv, T01, extent: 'rivers:Styx' is no part of the line; write whole",
    ),
    "road of one place": (
        lambda d: table(d, "corridor_route", "0,well_0,gazette,seen,\n"),
        r"corridor_route.csv has one place; a road needs two or more",
    ),
    "post on no road": (
        lambda d: table(d, "corridor_route", ""),
        r"checkpoints.csv, CP01, on_corridor: corridor_route.csv has no rows yet; write the road",
    ),
    "place outside of its unit": (
        lambda d: table(d, "places", CORRIDOR["places"].replace("A-1", "A-0")),
        r"places.csv, well_1, municipality_cvegeo: Middle Well lies outside of A-0; correct the code",
    ),
    "place without position": (
        lambda d: table(d, "places", CORRIDOR["places"].replace("9.6,23.6,500", ",,")),
        r"places.csv, well_1, geonameid: GeoNames has no number in the region; correct it, or write longitude",
    ),
    "belt beyond the land": (
        lambda d: table(d, "containment_shapes", CONTAINMENT["containment_shapes"].replace(",10,", ",900,")),
        r"distance_mi or distance_km: no position in the area lies .* km from the line; correct the distance",
    ),
    "belt at no distance": (
        lambda d: table(d, "containment_shapes", CONTAINMENT["containment_shapes"].replace(",,3\n", ",,\n")),
        r"containment_shapes.csv, near, distance_mi and distance_km: neither is there; give the one that the source",
    ),
    "area that is none": (
        lambda d: table(d, "containment_shapes", "middle,states,,,,77,,,,the unit,,\n"),
        r"containment_shapes.csv, middle, states: '77' is no area of this side; write one of 01 \(Kreis 1\)",
    ),
    "exact police post": (
        lambda d: table(d, "facilities", FACILITIES.replace("far away,,,", "far away,10.0,23.6,100")),
        r"facilities.csv, line 3, column 'longitude'.*only customs, .* have a position; empty longitude and latitude",
    ),
    "undecided office": (
        lambda d: table(
            d, "publication_decisions", DECISION + NAMED.replace("D03,facilities,post", "D03,facilities,x")
        ),
        r"'post' has no decision",
    ),
    "facility in no unit": (
        lambda d: table(d, "facilities", FACILITIES.replace("A-1", "Z-9")),
        r"facilities.csv, post, municipality_cvegeo: 'Z-9' is no unit of the region; write one of 1, 2, A-0",
    ),
    "kind of another border": (
        lambda d: table(d, "facilities", FACILITIES.replace(",police,", ",caitf,")),
        r"'caitf'.*expected one of customs, immigration",
    ),
    "cards of no series": (
        lambda d: table(d, "visitor_card_series", CARD_SERIES.replace("2018,2019", "2018,2018")),
        r"visitor_cards.csv.*'table 1, Tages-Pass, 2019' is in no series .*; widen a series, or add one",
    ),
    "no source": (
        lambda d: table(d, "sources", ""),
        r"'gazette' is unknown, expected a source_id of sources.csv",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_table_that_does_not_fit_is_refused_with_a_remedy(name: str, crossed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desert"
    shutil.copytree(crossed, folder)
    spoil, wanted = FAULTS[name]
    spoil(folder)
    with pytest.raises(EvidenceError, match=wanted):
        refresh(find_project(folder))


def test_a_module_that_there_is_not_is_refused(
    outlines: tuple[Path, Path], tmp_path: Path, command_line: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    result = command_line("new", str(tmp_path / "p"), "--here", str(outlines[0]), "--module", "visas")
    assert result.returncode == 2
    assert "--module visas is no part of a project; give crossings or" in result.stderr
    assert not (tmp_path / "p").exists()
