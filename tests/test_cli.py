"""The command line as people use it: exit codes, messages, and nothing broken when it is stopped."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import geopandas
import html5lib
import pytest
from markdown_it import MarkdownIt

import atlas
import atlas.cli
from atlas.errors import UsageError
from atlas.layers.schema import layer_specs
from tests.rounds import first

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
COMMANDS = sorted(str(command.name or command.callback.__name__) for command in atlas.cli.app.registered_commands)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output and standard error of a command."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["atlas", *map(str, arguments)])
        try:
            atlas.cli.main()
        except SystemExit as done:
            code = done.code
        else:
            code = 0
        assert isinstance(code, int)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def project(repo: Path, tmp_path: Path) -> Path:
    shutil.copytree(repo / "geodata", tmp_path / "project" / "geodata")
    return tmp_path / "project"


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_comes_with_examples(run: Run, command: str | None) -> None:
    code, output, _ = run(*([command] if command else []), "--help")
    assert code == 0
    assert f"Examples: atlas {command or 'build'}" in re.sub(r"\s+", " ", output)


@pytest.mark.parametrize("document", ["README.md", "README.es.md", "docs/overview.md", "docs/overview.es.md"])
def test_every_command_stands_in_the_one_table_of_the_readme(repo: Path, document: str) -> None:
    page = MarkdownIt("commonmark").enable("table").render((repo / document).read_text(encoding="utf-8"))
    html = html5lib.parse(page, namespaceHTMLElements=False)
    tables = [table for table in html.iter("table") if table.findtext(".//th") in {"command", "comando"}]
    assert len(tables) == 1
    named = " ".join("".join(row.find("td").itertext()) for row in tables[0].iter("tr") if row.find("td") is not None)
    assert [name for name in COMMANDS if f"atlas {name}" not in named] == []
    (group,) = atlas.cli.app.registered_groups
    notes = [str(one.name or one.callback.__name__) for one in group.typer_instance.registered_commands]
    assert [name for name in notes if not re.search(rf"\b{name}\b", named.partition("atlas field ")[2])] == []


def test_the_package_is_a_program(repo: Path) -> None:
    command = [sys.executable, "-m", "atlas", "--version"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=True)
    assert done.stdout == f"atlas {atlas.__version__}\n"


@pytest.mark.parametrize("arguments", [["--version"], ["layers", "none"]])
def test_a_command_leaves_no_handler_of_signals_behind(run: Run, arguments: list[str]) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    run(*arguments)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before


def test_a_command_runs_in_any_thread(run: Run) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(run("--version")[0]))
    thread.start()
    thread.join()
    assert codes == [0]


@pytest.mark.parametrize("columns", ["40", "60", "200"])
def test_help_and_tables_fit_any_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for arguments in (["--help"], ["refresh", "--help"], ["layers"], ["layers", "municipalities"]):
        code, output, _ = run(*arguments)
        assert code == 0
        assert max(len(line) for line in output.splitlines()) <= int(columns) or arguments == ["layers"]


def test_the_version_is_said(run: Run) -> None:
    assert run("--version") == (0, f"atlas {atlas.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "No such command 'bild'"),
        (["build", "--fast"], "No such option"),
        (["layers", "boarder"], "there is no layer 'boarder'; the layers are border, border_reaches"),
        (["layers", "border", "more"], "unexpected extra argument"),
        (["build", "--project", "nowhere"], "'nowhere' is not an atlas project"),
        (["refresh", "--source", "inegi_municipalities"], "expected KEY=FILE"),
        (["refresh", "--source"], "requires an argument"),
    ],
)
def test_wrong_use_ends_with_2_and_says_so_on_stderr(run: Run, arguments: list[str], message: str) -> None:
    code, out, errors = run(*arguments)
    assert (code, out) == (2, "")
    assert message in re.sub(r"[\s│]+", " ", errors)
    assert "Traceback" not in errors


def test_all_layers_are_listed_with_what_they_are(run: Run) -> None:
    code, out, _ = run("layers")
    assert code == 0
    # what a layer is may go on in the next line, which begins with a blank
    names = [line.split()[0] for line in out.splitlines() if line.strip() and not line.startswith(" ")]
    assert [name for name in names if name in layer_specs()] == list(layer_specs())
    assert "generalised" in out


def _one_line(text: str) -> str:
    """Text without its line breaks and without blanks that keep two words together."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", layer_specs())
def test_a_layer_is_shown_with_its_fields_and_sources(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = run("layers", name)
    assert code == 0
    record = atlas.open().layers[name]
    words = set(re.split(r"[\s:,;]+", out))
    assert {described["name"] for described in record["fields"]} <= words
    assert set(record["source_ids"]) | set(record["inputs"]) <= words
    assert record["title"]["es"] in out
    plain = _one_line(out)
    assert _one_line(record["description"]["en"]) in plain
    texts = [described["description"]["en"] for described in record["fields"] if "description" in described]
    assert all(_one_line(text) in plain for text in texts)


def test_the_project_may_be_named_before_or_after_the_command_and_building_twice_changes_nothing(
    run: Run, project: Path
) -> None:
    code, out, _ = run("--project", project, "build")
    assert code == 0
    assert (project / "maps" / "index.html").is_file()
    assert re.search(r"Built \d+ files \([\d,]+ kB\) in .*maps, \d+ changed, in \d+\.\d s\.", out)
    before = _hashes(project)
    code, out, _ = run("build", "--project", project)
    assert code == 0
    assert re.search(r"Built \d+ files \([\d,]+ kB\) in .*maps, 0 changed, in \d+\.\d s\.", out)
    assert _hashes(project) == before


def test_an_empty_folder_uses_the_data_of_the_package(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("layers")[0] == 0
    assert run("build")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["maps"]


@pytest.mark.parametrize("file", ["registry.json", "layers/border.geojson", "layers/municipalities.geojson"])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_damaged_input_stops_a_build_and_leaves_the_pages(
    run: Run, built: Path, tmp_path: Path, file: str, share: float
) -> None:
    project = shutil.copytree(built, tmp_path / "project")
    path = project / "geodata" / file
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    before = _hashes(project)
    code, _, errors = run("build", "--project", project)
    assert code == 2
    assert errors.startswith(f"Error: {path} is not ")
    assert _hashes(project) == before


def test_a_folder_that_cannot_be_written_stops_a_build(run: Run, project: Path) -> None:
    (project / "maps").write_bytes(b"a file in the way")
    code, _, errors = run("build", "--project", project)
    assert code == 2
    assert re.search(r"Error: cannot write .*maps.*choose another folder", errors)
    assert (project / "maps").read_bytes() == b"a file in the way"


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
# each command, signal and moment once; each two of them by `make long`
@pytest.mark.parametrize(
    ("command", "number", "ending", "after_s"),
    first(
        [("build", signal.SIGTERM, 143, 1.7), ("refresh", signal.SIGINT, 130, 0.9)],
        [("build", signal.SIGINT, 130, 0.9), ("refresh", signal.SIGTERM, 143, 1.7)],
    ),
)
def test_stopping_at_any_moment_leaves_whole_files(
    project: Path, command: str, number: int, ending: int, after_s: float
) -> None:
    (project / "maps").mkdir()
    (project / "maps" / "index.html").write_bytes(b"the page before")
    layer = project / "geodata" / "layers" / "border.geojson"
    layer.write_bytes(layer.read_bytes() + b"\n")
    before = _hashes(project)
    environment = {**os.environ, "PYTHONPATH": str(Path(atlas.__file__).parent.parent)}
    code = [sys.executable, "-m", "atlas.cli", command, "--project", str(project)]
    with subprocess.Popen(code, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(after_s)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    after = _hashes(project)
    assert not [name for name in after if name.endswith(".part")]
    if after != before:
        # the whole set was in place before it was stopped: doing it again changes nothing
        again = subprocess.run(code, env=environment, capture_output=True, text=True, check=True)
        assert ", 0 changed, " in again.stdout
    # while Python itself still loads its modules nobody can answer for it
    if "Traceback" not in errors and process.returncode > 0:
        assert (process.returncode, errors.strip()) == (ending, "Stopped; every file is whole.")


def test_every_layer_opens_as_a_table_with_its_rows(repo: Path) -> None:
    opened = atlas.open(repo)
    for name, record in opened.layers.items():
        frame = opened.layer(name)
        assert isinstance(frame, geopandas.GeoDataFrame)
        assert frame.crs == "EPSG:4326"
        assert len(frame) == record["feature_count"]
        assert int(frame.geometry.isna().sum()) == record["unplaced_count"]
        assert frame.index.is_unique
        assert frame.index.name == "id"
        assert [column for column in frame.columns if column != "geometry"] == [f["name"] for f in record["fields"]]


def test_the_library_says_where_everything_is_from(repo: Path) -> None:
    opened = atlas.open(repo)
    assert {i for record in opened.layers.values() for i in record["source_ids"]} <= set(opened.sources)
    assert {i for record in opened.layers.values() for i in record["inputs"]} <= set(opened.inputs)
    assert len(opened.evidence.municipalities) == 23


def test_the_library_refuses_what_is_not_there(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no layer 'boarder'; the layers are border"):
        atlas.open(repo).layer("boarder")
    with pytest.raises(UsageError, match="is not an atlas project"):
        atlas.open(tmp_path)


def test_a_project_may_be_named_by_text(repo: Path) -> None:
    layers: Mapping[str, object] = atlas.open(str(repo)).layers
    assert set(layers) == set(layer_specs())
