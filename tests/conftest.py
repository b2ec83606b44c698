"""What many tests share: where the source tree is, and the programs of this machine that they try the atlas with."""

from __future__ import annotations

import gc
import io
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from atlas.export import Exported
from tools import browsers, web
from tools.bundles import BundleError
from tools.node import NodeError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# made-up field records, which several rooms are tried with
pytest_plugins = ["tests.field_records", "tests.leftovers", "tests.selection", "tests.weighing", "pytester"]

START_S = 30.0
FILL_S = 600.0

# what is judged is the change, so the same commit gets the same examples everywhere; `make fuzz` looks for new ones
settings.register_profile("same", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("new", derandomize=False, deadline=None, max_examples=200, print_blob=True)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-program",
        action="store_true",
        help="a test that needs a program which this machine lacks fails instead of being skipped",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: tests wait for browsers, databases and disks for a good part of their time.

    Where these are left out (``-n logical``), one a core: each worker more reads all tests for itself.
    """
    return (os.cpu_count() or 1) + (config.option.numprocesses != "logical")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:  # noqa: ARG001 - pytest's own name
    """Nothing that is collected goes away again: it is not looked through for rubbish, then nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # what a test makes mostly goes away by itself: looking for the rest every 700 objects takes 3 % of all
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


def pytest_unconfigure() -> None:
    """Libraries that count what they leave behind find it gone."""
    gc.unfreeze()


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is tested is the browser code as it stands; those who share the work find it bundled."""
    if hasattr(session.config, "workerinput"):
        return
    try:
        web.refresh()
    except (BundleError, NodeError) as error:
        pytest.exit(f"the browser code is not bundled: {error}", returncode=2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a worker: a second one beside it can't be had."""
    # the lowest versions are tried without it
    from playwright.sync_api import sync_playwright

    program = browsers.find(browsers.CHROMIUM)
    if program is None:
        pytest.fail(browsers.CHROMIUM.remedy)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=browsers.BARE)
        yield started
        started.close()


@pytest.fixture(scope="session")
def repo() -> Path:
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Fill a folder by the first test of a run that asks for it; those in other processes wait and take the same."""
    base = tmp_path_factory.getbasetemp()
    # side by side, each process has a folder of its own in that of the run
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder, whole = shared / name, shared / f"{name}.whole"
        # SQLite locks on every system, and lets go when a process dies
        with closing(sqlite3.connect(shared / f"{name}.lock", timeout=FILL_S, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                whole.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def built(repo: Path, once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A project with its pages, built once: a test that changes something takes a copy."""
    import atlas

    def build(folder: Path) -> None:
        shutil.copytree(repo / "geodata", folder / "project" / "geodata")
        atlas.open(folder / "project").build()

    return once("built", build) / "project"


@pytest.fixture(scope="session")
def exports(repo: Path, once: Callable[[str, Callable[[Path], object]], Path]) -> Callable[[str], Exported]:
    """All layers in the formats with styles and types, with positions in a coordinate system; written once each.

    The other formats have tests of their own.
    """
    import atlas

    def exported(crs: str) -> Exported:
        def export(folder: Path) -> None:
            formats = ("geojson", "gpkg", "fgb", "parquet", "csv", "kml", "qgs")
            made = atlas.open(repo).export(folder / "gis", formats=formats, crs=crs)
            about = {"sizes": dict(made.sizes), "changed": made.changed, "notes": made.notes}
            (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")

        folder = once(f"exported-{crs.replace(':', '-')}", export)
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return Exported(folder / "gis", about["sizes"], tuple(about["changed"]), tuple(about["notes"]))

    return exported


@pytest.fixture
def command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in this process: it ends and says the same as a program of its own, a second or two sooner."""
    import atlas.cli

    def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        arguments = ["atlas", *map(str, words)]
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", arguments)
            patch.setattr(sys, "stdin", io.StringIO())
            if cwd:
                patch.chdir(cwd)
            try:
                atlas.cli.main()
            except SystemExit as done:
                code = done.code
            else:
                code = 0
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def boxes_file(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of boxes that the project ships; where it was not made yet, it is made here."""
    shipped = repo / "geodata" / "boxes.json"
    if shipped.is_file():
        return shipped
    from atlas.project import find_project
    from atlas.release.box_build import build_boxes, file_bytes

    path = tmp_path_factory.mktemp("boxes") / "boxes.json"
    path.write_bytes(file_bytes(build_boxes(find_project(repo))))
    return path


@pytest.fixture
def releasing(repo: Path, boxes_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of a test's own to release from: its ledger and its private state are written into it."""
    root = tmp_path_factory.mktemp("releasing") / "project"
    (root / "geodata").mkdir(parents=True)
    for name in ("layers", "evidence", "schema", "registry.json", "README.md"):
        (root / "geodata" / name).symlink_to(repo / "geodata" / name)
    shutil.copy(boxes_file, root / "geodata" / "boxes.json")
    return root


@pytest.fixture(scope="session")
def lacking(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """What a test calls when a program isn't there: it is skipped, or fails where every program must be there."""
    return pytest.fail if pytestconfig.getoption("--every-program") else pytest.skip


@pytest.fixture(scope="session")
def postgres_socket(lacking: Callable[[str], None]) -> Iterator[Path]:
    """The socket's folder of a PostgreSQL of our own: no port, no password, gone at the end."""
    programs = _postgres_programs()
    if programs is None:
        lacking("no PostgreSQL here (Debian: postgresql and postgresql-15-postgis-3)")
        return
    # not pytest's own folder: only its owner may enter that one, and a socket's path may hold 107 characters
    folder = Path(tempfile.mkdtemp(prefix="atlas-pg-"))
    # PostgreSQL refuses to run as root; the user comes with the package
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    initialise = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [programs / "initdb", "--pgdata", data, *initialise]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120, **user)
    settings = ["listen_addresses=", "unix_socket_permissions=0700", "fsync=off", "full_page_writes=off"]
    options = [part for setting in [*settings, "max_connections=50"] for part in ("-c", setting)]
    # where the tests are killed, the server goes with them
    leash = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    server = [*leash, str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
    with log.open("wb") as out, subprocess.Popen(server, cwd=folder, stdout=out, stderr=out, **user) as running:
        try:
            _wait_for(programs, folder, running, log)
            yield folder
        finally:
            running.send_signal(signal.SIGINT)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_template(postgres_socket: Path, lacking: Callable[[str], None]) -> str:
    """The name of a database with PostGIS and nothing else: a copy takes a tenth of a second."""
    maintenance, template = (_url(postgres_socket, name) for name in ("postgres", "template_with_postgis"))
    available = _psql(maintenance, "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
    if available != "1":
        lacking("PostgreSQL is here, PostGIS isn't (Debian: postgresql-15-postgis-3)")
    _psql(maintenance, "CREATE DATABASE template_with_postgis")
    _psql(template, "CREATE EXTENSION postgis")
    return "template_with_postgis"


@pytest.fixture(scope="session")
def postgres_url(postgres_socket: Path, postgres_template: str) -> str:
    """A database with PostGIS that all tests of a run share; for one of your own take `postgres_database`."""
    _psql(_url(postgres_socket, "postgres"), f"CREATE DATABASE atlas TEMPLATE {postgres_template}")
    return _url(postgres_socket, "atlas")


@pytest.fixture
def postgres_database(postgres_socket: Path, postgres_template: str) -> Iterator[str]:
    """The URL of an empty database with PostGIS for this test alone."""
    name = f"test_{secrets.token_hex(6)}"
    maintenance = _url(postgres_socket, "postgres")
    _psql(maintenance, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _url(postgres_socket, name)
    _psql(maintenance, f"DROP DATABASE {name} WITH (FORCE)")


def _postgres_programs() -> Path | None:
    initdb = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    path = Path(initdb).resolve() if initdb else (debian[-1] if debian else None)
    return path.parent if path else None


def _wait_for(programs: Path, folder: Path, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if running.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        time.sleep(0.05)


def _url(socket: Path, database: str) -> str:
    return f"postgresql:///{database}?host={socket}&user=postgres"


def _psql(url: str, statement: str) -> str:
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", statement, url]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        pytest.fail(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Programs started here can be stopped by Ctrl-C, also where a shell runs the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
