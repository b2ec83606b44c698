"""Nothing in a stranger's database runs, and whatever is asked of one can be stopped."""

# ruff: noqa: S608 - the SQL of these files is the attack
from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from atlas.disclosure.compressed import Refused
from atlas.disclosure.sqlite_tables import batches
from atlas.errors import AtlasError, InputError, SourceError
from atlas.field.merge import merge
from atlas.field.readers import read_file
from atlas.field.store import Store, open_store
from atlas.foreign_sqlite import foreign_database
from atlas.sources.outlines import read_outlines

Make = Callable[..., Path]
SOON_S = 15
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
FORM = "1 AS fid, 'place' AS category, 'gps' AS position_basis, 'yes' AS consent"
SYSTEMS = """
CREATE TABLE gpkg_spatial_ref_sys(srs_name, srs_id, organization, organization_coordsys_id, definition, description);
INSERT INTO gpkg_spatial_ref_sys VALUES('WGS', 4326, 'EPSG', 4326, '', '');
"""
CONTENTS = """
CREATE TABLE gpkg_contents(table_name, data_type, identifier, description, last_change, a, b, c, d, srs_id);
INSERT INTO gpkg_contents VALUES('notes', 'attributes', 'n', '', 0, 0, 0, 0, 0, 4326);
"""
TABLE = """
CREATE TABLE notes(fid INTEGER PRIMARY KEY, category, position_basis, consent, note);
INSERT INTO notes VALUES(1, 'shelter', 'gps', 'yes', 'a plain row');
"""
HOSTILE = {
    "an endless view": SYSTEMS + CONTENTS + f"CREATE VIEW notes AS {ENDLESS} SELECT {FORM} FROM c WHERE x < 0;",
    "a list of contents without end": SYSTEMS
    + f"CREATE VIEW gpkg_contents AS {ENDLESS} SELECT 'notes' AS table_name, 1 AS data_type FROM c WHERE x < 0;",
    "systems without end": CONTENTS
    + TABLE
    + f"CREATE VIEW gpkg_spatial_ref_sys AS {ENDLESS} SELECT x AS srs_id, '' AS organization, 1 AS "
    "organization_coordsys_id FROM c WHERE x < 0;",
    "a view that multiplies": SYSTEMS
    + CONTENTS
    + "CREATE TABLE t(a); INSERT INTO t VALUES(1), (2), (3), (4), (5), (6), (7), (8), (9), (10);"
    + f"CREATE VIEW notes AS SELECT {FORM} FROM {', '.join(f't AS t{n}' for n in range(14))} WHERE 0 + t0.a > 99;",
    "a view in the dress of a table": SYSTEMS
    + CONTENTS
    + f"CREATE VIEW notes AS {ENDLESS} SELECT {FORM} FROM c WHERE x < 0; PRAGMA writable_schema = ON;"
    + "UPDATE sqlite_master SET type = 'table', rootpage = 2 WHERE name = 'notes'; PRAGMA writable_schema = OFF;",
    "a virtual table": SYSTEMS + CONTENTS + "CREATE VIRTUAL TABLE notes USING fts5(category, position_basis, consent);",
    "a store with a view": SYSTEMS
    + CONTENTS
    + "CREATE TABLE atlas_store(a);"
    + f"CREATE VIEW changes AS {ENDLESS} SELECT x AS change_id, 'a' AS record_id, 1 AS field, 1 AS value, 1 AS parents,"
    " 1 AS author, 1 AS device, 1 AS claimed_at FROM c WHERE x < 0;",
}


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A GeoPackage of some SQL."""

    def made(sql: str, name: str = "evil.gpkg") -> Path:
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as database:
            database.executescript(f"PRAGMA application_id = 1196444487; {sql}")
            database.commit()
        return path

    return made


@pytest.mark.parametrize("packed", [False, True], ids=["file", "zip"])
@pytest.mark.parametrize("what", HOSTILE)
def test_what_a_database_would_run_is_refused_at_once(make: Make, what: str, *, packed: bool) -> None:
    path = make(HOSTILE[what])
    if packed:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
        path = path.with_suffix(".zip")
    started = time.monotonic()
    with pytest.raises(
        InputError, match=r"(view or a virtual table, which is not read; export it|damaged|is not there)"
    ):
        list(read_file(path))
    assert time.monotonic() - started < SOON_S


@pytest.mark.parametrize("what", HOSTILE)
def test_the_audit_reads_the_tables_and_runs_nothing(make: Make, what: str) -> None:
    started = time.monotonic()
    try:
        names = {table.name for batch in batches(make(HOSTILE[what]).read_bytes()) for table in batch}
    except Refused:
        names = set()
    assert "notes" not in names or "INSERT INTO notes" in HOSTILE[what]
    assert time.monotonic() - started < SOON_S


def test_what_is_plain_is_read_beside_what_is_not(make: Make) -> None:
    column = "more AS (hex(zeroblob(60000000))) VIRTUAL"
    path = make(
        SYSTEMS
        + CONTENTS
        + f"CREATE TABLE notes(fid INTEGER PRIMARY KEY, category, position_basis, consent, note, {column});"
        + "INSERT INTO notes VALUES(1, 'shelter', 'gps', 'yes', 'a plain row');"
        + f"CREATE VIEW other AS {ENDLESS} SELECT x FROM c WHERE x < 0;"
        + "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT RAISE(ABORT, 'ran'); END;"
    )
    before = path.read_bytes()
    with foreign_database(path, name="f", remedy="r") as database:
        assert database.others == {"other"}
        assert database.columns("notes") == ("fid", "category", "position_basis", "consent", "note")
        assert list(database.rows("notes", ("note",))) == [("a plain row",)]
        with pytest.raises(InputError, match="'other' is a view or a virtual table"):
            list(database.rows("other", ("x",)))
        with pytest.raises(InputError, match="has no column 'more'"):
            list(database.rows("notes", ("more",)))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM other",
        "SELECT (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c)",
        "SELECT hex(zeroblob(9)) FROM notes",
        "SELECT value FROM json_each('[1]')",
        "DELETE FROM notes",
        "INSERT INTO notes VALUES (2, 1, 1, 1, 1)",
        "ATTACH '/tmp/x' AS y",
        "PRAGMA writable_schema = ON",
        "PRAGMA trusted_schema = ON",
        "CREATE TEMP TABLE t (a)",
    ],
)
def test_no_other_statement_passes(make: Make, sql: str) -> None:
    path = make(SYSTEMS + CONTENTS + TABLE + "CREATE VIEW other AS SELECT * FROM notes;")
    with (
        pytest.raises(InputError, match=r"damaged or cut off \(.*(authori|prohibited|readonly|failed: json_each)"),
        foreign_database(path, name="f", remedy="r") as database,
    ):
        database.connection.execute(sql).fetchall()


STOPPED = """
import signal, sqlite3, sys
from atlas.foreign_sqlite import interruptible
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
connection = sqlite3.connect(":memory:")
with interruptible(connection):
    print("begun", flush=True)
    sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c WHERE x < 0"
    connection.execute(sql).fetchall()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)])
def test_what_works_without_end_can_be_stopped(number: signal.Signals, code: int) -> None:
    with subprocess.Popen([sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout
        run.stdout.readline()
        time.sleep(0.3)
        run.send_signal(number)
        _, text = run.communicate(timeout=SOON_S)
    assert run.returncode == code
    assert b"OperationalError" not in text


def test_what_gives_no_row_for_too_long_is_left(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.foreign_sqlite._PATIENCE", 1)
    path = make("CREATE TABLE t (a); " + "INSERT INTO t VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10);")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO t SELECT a.a FROM t a, t b, t c, t d, t e")
    with (
        pytest.raises(InputError, match="f gives no row for too long and was left; copy it"),
        foreign_database(path, name="f", remedy="copy it") as database,
    ):
        list(database.rows("t", ("a",), order="a"))


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 4096], ids=len)
def test_what_is_no_database_is_one_clear_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data)
    for source in (tmp_path / "f", data):
        with pytest.raises(AtlasError, match=r"f(: the table| is damaged or cut off)"):
            _read(source, ("t",))


def _read(source: Path | bytes, names: Sequence[str]) -> None:
    with foreign_database(source, name="f", remedy="copy it") as database:
        for name in names:
            list(database.rows(name, ("a",)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = open_store(tmp_path / "store.gpkg")
    made.create()
    return made


def _alter(store: Store, sql: str) -> None:
    with closing(sqlite3.connect(store.address)) as database, database:
        database.executescript(sql)


@pytest.mark.parametrize(
    "sql",
    [
        f"DROP TABLE changes; CREATE VIEW changes AS {ENDLESS} SELECT x AS seq FROM c WHERE x < 0;",
        f"DROP TABLE atlas_store; CREATE VIEW atlas_store AS {ENDLESS} SELECT x AS key, x AS value FROM c WHERE x < 0;",
        "ALTER TABLE annotations ADD COLUMN more AS (hex(zeroblob(60000000))) VIRTUAL;",
    ],
    ids=["changes", "atlas_store", "a computed column"],
)
def test_a_store_from_other_hands_runs_nothing(store: Store, sql: str) -> None:
    _alter(store, sql)
    before = Path(store.address).read_bytes()
    started = time.monotonic()
    for opened in (store.reading, store.writing):
        with pytest.raises(InputError, match=r"(has no table|is no store of field notes|is damaged)"), opened():
            pass
    assert time.monotonic() - started < SOON_S
    assert Path(store.address).read_bytes() == before


def test_a_store_with_a_trigger_of_others_is_read_and_not_written(store: Store, tmp_path: Path) -> None:
    _alter(store, "CREATE TRIGGER busy AFTER INSERT ON changes BEGIN SELECT count(*) FROM changes a, changes b; END;")
    with store.reading() as view:
        assert view.change_count() == 0
    match = r"trigger 'busy' that is not the atlas'.*atlas field merge .* -o NEW"
    with pytest.raises(InputError, match=match), store.writing():
        pass
    # the remedy
    other = open_store(tmp_path / "new.gpkg")
    other.create()
    merge(other, [store])


def test_outlines_that_are_computed_are_not_given_to_gdal(make: Make) -> None:
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"evil\.gpkg: 'notes' is a view, which is not read; export"):
        read_outlines(make(HOSTILE["an endless view"]), None, digits=5)
    assert time.monotonic() - started < SOON_S
