"""An address of a database is shown without its secrets, and nothing travels to another machine in clear."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

import atlas.cli
from atlas.errors import AtlasError, InputError, UsageError
from atlas.field.database_address import DatabaseAddress, masked, shown_address
from atlas.field.store import open_store

pytestmark = pytest.mark.slow

SECRET = "gehe1m"  # noqa: S105 - of nobody


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("PG")] + ["ATLAS_STORE"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PGSYSCONFDIR", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)


ADDRESSES = [
    f"postgresql://team:{SECRET}@127.0.0.1:1/notes",
    f"postgres://team:{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team@127.0.0.1:1/notes?password={SECRET}",
    f"postgresql://team@127.0.0.1:1/notes?sslpassword={SECRET}&connect_timeout=1",
    f"postgresql://team:x{SECRET}%40y@127.0.0.1:1/notes",
    f"postgresql://team:x/{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:x@{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:{SECRET}@x@127.0.0.1:1/notes",
    f"postgresql://team:%zz{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:x {SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:x#{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:x?{SECRET}@127.0.0.1:1/notes",
    f"postgresql://{SECRET}/x@127.0.0.1:1/notes",
    f"postgresql://127.0.0.1:1/notes?pasword={SECRET}",
    f"postgresql://127.0.0.1:{SECRET}/notes",
    f"postgresql://127.0.0.1:1/password={SECRET}",
    f"postgresql://[::1]:1/notes?password={SECRET}",
    f"POSTGRESQL://team:{SECRET}@127.0.0.1:1/notes",
    f"mysql://team:{SECRET}@127.0.0.1:1/notes",
    f"host=127.0.0.1 port=1 password={SECRET} dbname=notes",
    f"password='x {SECRET}' host=127.0.0.1",
    f"postgresql:/team:{SECRET}@127.0.0.1:1/notes",
    f"postgresql://team:{SECRET}@db.invalid/notes?sslmode=disable",
    f"postgresql://team:{SECRET}@db.invalid/notes",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_error_of_a_store_says_the_password(address: str) -> None:
    with pytest.raises(AtlasError) as caught:
        _read(address)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def _read(address: str) -> None:
    store = open_store(address)
    assert SECRET not in repr(store)
    with store.reading():
        pass


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "command",
    [
        ("field", "list", "--store", "{}"),
        ("field", "new", "{}"),
        ("field", "list", "--store", "n.gpkg", "{}"),
        ("field", "merge", "{}", "{}"),
        ("field", "import", "{}", "--store", "n.gpkg"),
        ("release", "{}", "-o", "out"),
        ("{}",),
    ],
    ids=" ".join,
)
def test_no_command_says_the_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "argv", ["atlas", *(word.replace("{}", address) for word in command)])
    code: Any = 0
    try:
        atlas.cli.main()
    except SystemExit as done:
        code = done.code
    captured = capsys.readouterr()
    assert code == 2
    assert SECRET not in captured.out + captured.err


def test_the_variable_is_as_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for address in ADDRESSES:
        monkeypatch.setenv("ATLAS_STORE", address)
        monkeypatch.setattr(sys, "argv", ["atlas", "field", "list"])
        with pytest.raises(SystemExit):
            atlas.cli.main()
        captured = capsys.readouterr()
        assert SECRET not in captured.out + captured.err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            f"postgresql://team:{SECRET}@db.example.org:5433/notes?sslmode=require",
            "postgresql://team@db.example.org:5433/notes",
        ),
        ("postgresql:///notes?host=/run/postgresql", "postgresql:///run/postgresql/notes"),
        ("postgresql://[::1]:5/notes", "postgresql://[::1]:5/notes"),
        ("postgresql://a:1,b:2/notes", "postgresql://a:1,b:2/notes"),
        ("postgresql:///?service=team", "postgresql:///?service=team"),
    ],
)
def test_an_address_is_made_of_its_parts(url: str, shown: str) -> None:
    assert str(DatabaseAddress.of(url)) == shown


def test_texts_are_masked() -> None:
    text = (
        f"Got unexpected extra argument (postgresql://u:{SECRET}@h/d) and password = '{SECRET} x' and pgpass={SECRET}"
    )
    assert SECRET not in masked(text)
    assert shown_address("notes.db") == "notes.db"
    assert masked("maps/border.html") == "maps/border.html"


LOCAL = [
    "postgresql:///notes",
    "postgresql:///notes?host=/run/postgresql",
    "postgresql://localhost/notes",
    "postgresql://LOCALHOST/notes?sslmode=disable",
    "postgresql://127.0.0.1/notes",
    "postgresql://127.8.9.10:5/notes",
    "postgresql://[::1]/notes?sslmode=prefer",
    "postgresql://[::ffff:127.0.0.1]/notes",
    "postgresql://db.example.org/notes?hostaddr=127.0.0.1",
    "postgresql://localhost,127.0.0.1/notes",
]
REMOTE = [
    "postgresql://db.example.org/notes",
    "postgresql://10.0.0.1/notes",
    "postgresql://0.0.0.0/notes",
    "postgresql://localhost.example.org/notes",
    "postgresql://localhost,db.example.org/notes",
    "postgresql://localhost/notes?hostaddr=192.0.2.1",
    "postgresql://[2001:db8::1]/notes",
    "postgresql:///notes?host=db.example.org",
    "postgresql://127.0.0.1.example.org/notes",
]


@pytest.mark.parametrize("url", LOCAL)
def test_on_this_machine_nothing_is_asked(url: str) -> None:
    assert DatabaseAddress.of(url).encryption() == {}


@pytest.mark.parametrize("url", REMOTE)
def test_to_another_machine_the_server_proves_who_it_is(url: str) -> None:
    assert DatabaseAddress.of(url).encryption() == {"sslmode": "verify-full", "sslrootcert": "system"}
    mark = "&" if "?" in url else "?"
    for mode in ("require", "verify-ca", "verify-full"):
        assert DatabaseAddress.of(f"{url}{mark}sslmode={mode}").encryption() == {}
    for mode in ("disable", "allow", "prefer"):
        with pytest.raises(UsageError, match=rf"sslmode={mode} lets .* in clear; leave it out.*sslmode=require"):
            DatabaseAddress.of(f"{url}{mark}sslmode={mode}").encryption()


def test_what_the_environment_and_a_service_file_say_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PGHOST", "db.example.org")
    assert "sslmode" in DatabaseAddress.of("postgresql:///notes").encryption()
    assert DatabaseAddress.of("postgresql://localhost/notes").encryption() == {}
    monkeypatch.setenv("PGSSLMODE", "disable")
    with pytest.raises(UsageError, match="sslmode=disable"):
        DatabaseAddress.of("postgresql:///notes").encryption()
    for name in ("PGHOST", "PGSSLMODE"):
        monkeypatch.delenv(name)
    text = f"[near]\nhost=/tmp\n[far]\nhost=db.example.org\npassword={SECRET}\n[plain]\nhost=10.0.0.1\nsslmode=allow\n"
    (tmp_path / ".pg_service.conf").write_text(text, encoding="utf-8")
    assert DatabaseAddress.of("postgresql:///?service=near").encryption() == {}
    assert "sslmode" in DatabaseAddress.of("postgresql:///?service=far").encryption()
    assert "sslmode" in DatabaseAddress.of("postgresql:///?service=unknown").encryption()
    with pytest.raises(UsageError, match="sslmode=allow"):
        DatabaseAddress.of("postgresql:///?service=plain").encryption()
    monkeypatch.setenv("PGSERVICE", "far")
    assert "sslmode" in DatabaseAddress.of("postgresql:///notes").encryption()
    # a certificate of one's own is taken
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").write_text("", encoding="utf-8")
    assert DatabaseAddress.of("postgresql://db.example.org/n").encryption() == {"sslmode": "verify-full"}


def test_one_database_has_one_identity() -> None:
    one = DatabaseAddress.of(f"postgresql://team:{SECRET}@DB.example.org/notes?connect_timeout=3")
    other = DatabaseAddress.of("postgresql://team@db.example.org:5432/notes")
    assert one.identity == other.identity
    assert one.identity != DatabaseAddress.of("postgresql://team@db.example.org/other").identity


def test_an_address_that_cannot_be_read_says_how_to_write_it() -> None:
    with pytest.raises(InputError, match=r"no address that PostgreSQL reads: postgresql://…; write .*\.pgpass.*%40"):
        DatabaseAddress.of(f"postgresql://team:x@{SECRET}@db/notes")
