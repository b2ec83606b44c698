"""What left the tree stays out of it: held by structure and by lists of places, without a name to say so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from atlas.disclosure.gazetteer import Gazetteer, border_of
from atlas.disclosure.toponyms import folded, readings
from atlas.evidence import Evidence, load_evidence
from atlas.project import Project
from atlas.releasing import _gazetteers

pytestmark = pytest.mark.slow

READ = {".cff", ".csv", ".geojson", ".html", ".j2", ".js", ".json", ".md", ".py", ".svg", ".toml", ".txt"}
# all places of a list, and the world's countries, are no choice that leads anywhere; pages are made of the rest and
# held by the audit of maps/
LEFT_OUT = (
    "maps/",
    "geodata/layers/basemap.geojson",
    "geodata/layers/settlements.geojson",
    "geodata/evidence/settlement_names.csv",
    "atlas/cartography/world.geojson",
)
# common words, a newspaper, a municipality of Tabasco, a made-up example, and the two ends of a count's stretch; then
# another newspaper, and railway stations in Tabasco, Veracruz and Quintana Roo whose names small places share
OTHERWISE = {"consejo", "reforma", "paraiso", "benito juarez", "ucum"} | {
    *("los angeles", "el triunfo", "jesus carranza", "carrillo puerto"),
}
WORD = re.compile(r"[a-z0-9]+")
LIST = "a list of places"


@pytest.fixture(scope="module")
def evidence(repo: Path) -> Evidence:
    return load_evidence(repo / "geodata" / "evidence")


@pytest.fixture(scope="module")
def named_beside_the_line(project: Project, evidence: Evidence) -> set[str]:
    """Names that GeoNames has within the floor of the line, but those of formal crossings, municipalities and seats."""
    ((_, places),) = _gazetteers(None).items()
    near = Gazetteer.of(LIST, places(), border_of(project), 10_000.0).places
    public = [name for row in evidence.municipalities for name in (row.name, row.seat, row.state)]
    public += [name for row in evidence.crossings_formal for name in (row.name, row.name_other_side)]
    public += [name for row in evidence.crossings_informal_named for name in (row.name, row.opposite or "")]
    public += [row.name for row in evidence.places]
    known = [reading.words for name in public for reading in readings(name)]
    names = set()
    for place in near:
        readings_of_name = readings(place.names[0])
        if readings_of_name and not any(readings_of_name[0].words <= words for words in known):
            names.add(_plain(place.names[0]))
    return names - OTHERWISE


def test_no_file_names_a_settlement_beside_the_line(repo: Path, named_beside_the_line: set[str]) -> None:
    assert len(named_beside_the_line) > 100
    listed = subprocess.run(["git", "-C", str(repo), "ls-files"], capture_output=True, text=True, check=True).stdout
    files = [name for name in listed.splitlines() if Path(name).suffix in READ and not name.startswith(LEFT_OUT)]
    assert len(files) > 300
    wrong = []
    for name in files:
        if (path := repo / name).is_file():
            text = f" {_plain(path.read_text('utf-8', 'replace'))} "
            # counted, because a name in this message would be one more
            wrong += [name for known in named_beside_the_line if f" {known} " in text]
    assert not wrong, "each of these files names a settlement beside the line: count it, or record a decision"


def test_what_a_decision_withholds_has_no_row(evidence: Evidence) -> None:
    withheld = [made for made in evidence.publication_decisions if made.published_as == "withheld"]
    assert withheld
    assert all(made.row_id is None for made in withheld)
    assert sum(made.names_withheld for made in evidence.publication_decisions) == 23


def test_a_count_says_no_name(evidence: Evidence) -> None:
    """What is capital in the words of a count is a municipality, a state, a river, or the town across the river."""
    public = {"Tecún", "Umán", "Río", "Hondo", "Chiapas", "June"}
    for row in evidence.crossings_informal_counts:
        assert set(re.findall(r"\b[A-ZÁÉÍÓÚÑ]\w+", row.note or "")) <= public, row.count_id


def _plain(text: str) -> str:
    return " ".join(WORD.findall(folded(text)))
