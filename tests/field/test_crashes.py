"""Whatever happens to a process, a disk or a file: the store opens, nothing that was committed is lost or half."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import AtlasError, InputError, OutputError
from atlas.field.merge import merge
from atlas.field.store import open_store
from atlas.field.store_faults import StoreBusyError

pytestmark = pytest.mark.slow

KILLED = Path(__file__).with_name("killed.py")


def _killed(folder: Path, rounds: int, *addresses: str) -> dict[str, int]:
    command = [sys.executable, str(KILLED), str(folder), str(rounds), str(rounds), *addresses]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, int] = json.loads(done.stdout)
    return report


@pytest.mark.slow(8)
def test_a_store_survives_being_killed_again_and_again(tmp_path: Path) -> None:
    # the children did commit before they died
    assert _killed(tmp_path, 60)["said"] > 30


@pytest.mark.long
def test_a_store_survives_being_killed_hundreds_of_times(tmp_path: Path) -> None:
    assert _killed(tmp_path, 400)["said"] > 200


def test_a_store_in_postgis_survives_its_clients_being_killed(files: Any, postgres_database: str) -> None:
    assert _killed(files.folder, 25, postgres_database, files.addresses())["said"] > 12


def test_what_a_killed_process_left_half_written_is_rolled_back_by_who_only_reads(files: Any) -> None:
    store = files.holding(files.feature(1, note="kept"))
    path = store.database.path
    code = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1'); c.execute('PRAGMA cache_spill = 1'); c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('UPDATE atlas_guard SET writing = 1')\n"
        "sql = 'INSERT INTO annotations (id, sensitivity, status, deleted, note) VALUES (?, ?, ?, 0, ?)'\n"
        "c.executemany(sql, [(f'x{i}', 'open', 'pending', 'x' * 5000) for i in range(200)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name(f"{path.name}-journal").exists()
    assert list(files.records(store)) == [1]
    files.take_in(store, files.write("b.geojson", files.feature(2)))
    assert sorted(files.records(store)) == [1, 2]


def test_a_commit_that_was_cut_off_in_the_middle_is_rolled_back(files: Any) -> None:
    store = files.holding(*(files.feature(number, note="kept" * 200) for number in range(40)))
    path = store.database.path
    # SQLite writes the first page, which says how long the file is, before those that make it longer: the kernel's
    # limit on the size of files kills the writer between the two
    code = (
        "import os, resource, signal, sqlite3, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "size = os.path.getsize(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('UPDATE atlas_guard SET writing = 1')\n"
        "sql = 'INSERT INTO annotations (id, sensitivity, status, deleted, note) VALUES (?, ?, ?, 0, ?)'\n"
        "c.executemany(sql, [(f'x{i}', 'open', 'pending', 'x' * 5000) for i in range(20)])\n"
        "c.execute('COMMIT')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGXFSZ
    assert path.with_name(f"{path.name}-journal").exists()
    uri = f"{path.as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as torn, pytest.raises(sqlite3.DatabaseError, match="malformed"):
        torn.execute("SELECT * FROM sqlite_master").fetchall()
    assert sorted(files.records(store)) == list(range(40))
    files.take_in(store, files.write("b.geojson", files.feature(100)))
    assert len(files.records(store)) == 41


def _text(path: Path, _store: Path) -> None:
    path.write_text("this is no database", encoding="utf-8")


def _empty(path: Path, _store: Path) -> None:
    path.write_bytes(b"")


def _database(path: Path, _store: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE changes (a)")
        connection.commit()


def _foreign(path: Path, _store: Path) -> None:
    import geopandas
    import shapely

    frame = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(-92, 15)], crs="EPSG:4326")
    frame.to_file(path, layer="annotations", driver="GPKG")


def _truncated(path: Path, store: Path) -> None:
    path.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def _headless(path: Path, store: Path) -> None:
    path.write_bytes(b"\0" * 4096 + store.read_bytes()[4096:])


def _scrambled(path: Path, store: Path) -> None:
    data = bytearray(store.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 64] = b"\xa5" * 64
    path.write_bytes(data)


def _newer(path: Path, store: Path) -> None:
    shutil.copy(store, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER atlas_store_is_not_altered")
        connection.execute("""UPDATE atlas_store SET "value" = '2' WHERE "key" = 'version'""")
        connection.commit()


def _without_a_table(path: Path, store: Path) -> None:
    shutil.copy(store, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE changes")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_text, "is not a GeoPackage and was left as it is"),
        (_empty, "is not a GeoPackage and was left as it is"),
        (_database, "is not a GeoPackage and was left as it is"),
        (_foreign, "is no store of field notes; to take its records in, give it to `atlas field import`"),
        (_truncated, "damaged"),
        (_headless, "is not a GeoPackage"),
        (_scrambled, "damaged"),
        (_newer, "version '2'.*use a newer atlas"),
        (_without_a_table, "has no table 'changes'"),
    ],
    ids=lambda made: getattr(made, "__name__", ""),
)
def test_a_file_that_is_no_sound_store_is_explained_and_left_untouched(
    files: Any, make: Callable[[Path, Path], None], message: str
) -> None:
    sound = files.holding(*(files.feature(number, note="x" * 400) for number in range(60)))
    path = files.folder / "other.gpkg"
    make(path, sound.database.path)
    before = (sha256(path.read_bytes()).hexdigest(), sorted(files.folder.glob("other*")))
    store = open_store(path)
    incoming = files.write("b.geojson", files.feature(100))
    uses: list[Callable[[], Any]] = [
        lambda: files.look(store),
        lambda: files.take_in(store, incoming),
        lambda: merge(store, [sound]),
        lambda: merge(sound, [store]),
    ]
    for use in uses:
        with pytest.raises(InputError, match=message):
            use()
    assert (sha256(path.read_bytes()).hexdigest(), sorted(files.folder.glob("other*"))) == before
    assert len(files.records(sound)) == 60


def test_a_store_in_which_a_change_was_altered_is_not_merged(files: Any) -> None:
    forged, mine = files.holding(files.feature(1, note="true")), files.holding(files.feature(2))
    with closing(sqlite3.connect(forged.database.path)) as connection:
        connection.execute("DROP TRIGGER changes_is_not_altered")
        connection.execute("""UPDATE changes SET "value" = '"false"' WHERE field = 'note'""")
        connection.commit()
    before = files.digest(mine)
    with pytest.raises(InputError, match="was altered"):
        merge(mine, [forged])
    assert files.digest(mine) == before


def _bound(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python without root's right to pass over permissions."""
    command = [sys.executable, "-c", code, *arguments]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root writes everywhere, and there is no setpriv to take that right away")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)


TRY = """
import sys
from pathlib import Path
from atlas.errors import AtlasError
from atlas.field.importing import import_files
from atlas.field.row import FieldRow
from atlas.field.store import open_store
store = open_store(sys.argv[1])
rows = [FieldRow(f"row {i}", f"new-{i}", {"note": "x" * 500}) for i in range(int(sys.argv[3]))]
with store.reading() as view:
    print("read", view.change_count())
try:
    import_files(store, [Path(sys.argv[2])], lambda path: iter(rows))
except AtlasError as error:
    print(type(error).__name__, error)
"""


def test_a_store_that_may_only_be_read_is_read_and_says_why_it_is_not_written(files: Any) -> None:
    store = files.holding(files.feature(1))
    path, source = store.database.path, files.write("b.geojson")
    before = sha256(path.read_bytes()).hexdigest()
    for mode in (0o444, 0o644):
        path.chmod(mode)
        files.folder.chmod(0o555)
        try:
            done = _bound(TRY, str(path), str(source), "1")
        finally:
            files.folder.chmod(0o755)
        first, second = done.stdout.splitlines()
        assert first.startswith("read ")
        assert second.startswith("StoreUnwritableError")
        assert "what it held before is intact" in second
    assert sha256(path.read_bytes()).hexdigest() == before


def test_a_full_disk_leaves_the_store_as_it_was(files: Any) -> None:
    store = files.holding(files.feature(1))
    path, source = store.database.path, files.write("b.geojson")
    before = files.look(store)
    size = path.stat().st_size + 100_000

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [sys.executable, "-c", TRY, str(path), str(source), "5000"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=small, timeout=100)
    assert "StoreUnwritableError" in done.stdout
    assert "what it held before is intact" in done.stdout
    assert files.look(store) == before
    files.take_in(store, files.write("c.geojson", files.feature(2)))
    assert sorted(files.records(store)) == [1, 2]


def test_a_file_that_fails_in_the_middle_leaves_nothing(files: Any) -> None:
    from atlas.field.importing import import_files
    from atlas.field.row import FieldRow

    store = files.holding(files.feature(1))
    before = sha256(store.database.path.read_bytes()).hexdigest()

    def failing(_path: Path) -> Any:
        for number in range(12_000):
            yield FieldRow(f"row {number}", f"new-{number}", {"note": "x"})
        msg = "the file is cut off"
        raise InputError(msg)

    with pytest.raises(InputError, match="cut off"):
        import_files(store, [files.write("b.geojson")], failing)
    assert list(files.records(store)) == [1]
    assert sha256(store.database.path.read_bytes()).hexdigest() == before


def test_a_store_that_another_program_writes_to_is_waited_for_and_then_explained(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.field.geopackage_store.WAIT_S", 0.1)
    monkeypatch.setattr("atlas.field.waiting.SOON_S", 0.01)
    heard = list[str]()
    made = files.holding(files.feature(1))
    store = open_store(made.address, on_wait=heard.append)
    with closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (list(files.records(store)), heard) == ([1], [])
        with pytest.raises(OutputError, match="is in use"):
            files.take_in(store, files.write("b.geojson", files.feature(2)))
        other.execute("ROLLBACK")
        assert "is in use by another program; waiting for it" in heard[0]
        heard.clear()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutputError, match="is in use"):
            files.records(store)
        other.execute("ROLLBACK")
        assert len(heard) == 1
    files.take_in(store, files.write("b.geojson", files.feature(2)))


def test_a_table_that_is_locked_on_a_server_is_waited_for_and_then_explained(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    psycopg = pytest.importorskip("psycopg")
    heard = list[str]()
    store = open_store(postgres_database, on_wait=heard.append)
    store.create()
    monkeypatch.setattr("atlas.field.postgis_store.WAIT_S", 0.3)
    monkeypatch.setattr("atlas.field.waiting.SOON_S", 0.01)
    for table, ways in (("atlas_store", (store.reading, store.writing)), ("annotations", (store.reading,))):
        with psycopg.connect(postgres_database) as other:
            # as whoever copies, repairs or restores the database
            other.execute(f"LOCK TABLE atlas_field.{table} IN ACCESS EXCLUSIVE MODE")
            for way in ways:
                heard.clear()
                # before it was put right they waited for ever, and without a word
                with pytest.raises(StoreBusyError, match="is in use"), way():
                    pass
                assert "waiting for it" in heard[0]
            other.rollback()
    with store.reading() as view:
        assert view.change_count() == 0


def test_an_address_that_is_none_is_explained(tmp_path: Path) -> None:
    for address, message in (
        (tmp_path / "notes.db", "no address of a store"),
        ("mysql://x/y", "no address of a store"),
        (tmp_path / "none.gpkg", "there is no store"),
        (
            "postgresql://nobody:secret@localhost:1/none?connect_timeout=2",
            "cannot reach postgresql://nobody@localhost:1",
        ),
    ):
        with pytest.raises(AtlasError, match=message) as refused, open_store(address).reading():
            pass
        assert "secret" not in str(refused.value)
