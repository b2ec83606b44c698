"""What the tests of the field notes share: stores of both kinds, and files that are plainly synthetic."""

from __future__ import annotations

import io
import json
import secrets
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from atlas.field.export import export
from atlas.field.importing import Imported, PutAside, import_files
from atlas.field.overview import Overview, Wanted, overview
from atlas.field.readers import read_file
from atlas.field.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Notes:
    """Synthetic records, files of them, and the short way in and out of a store."""

    folder: Path
    addresses: Callable[[], str]

    def store(self) -> Store:
        """An empty one."""
        made = open_store(self.addresses())
        made.create()
        return made

    @staticmethod
    def id(number: int) -> str:
        """A UUID that nobody will take for a real one."""
        return f"00000000-0000-4000-8000-{number:012d}"

    def feature(self, number: int, **fields: Any) -> dict[str, Any]:
        """A record; ``at`` is its position."""
        at = fields.pop("at", (-92.0 + number / 100, 15.0))
        properties = {"category": "observation", "observed_at": "2026-05-04", "sensitivity": "restricted", **fields}
        geometry = {"type": "Point", "coordinates": list(at)} if at else None
        return {"type": "Feature", "id": self.id(number), "geometry": geometry, "properties": properties}

    def write(self, name: str, *features: Mapping[str, Any], **members: Any) -> Path:
        """A GeoJSON file."""
        path = self.folder / name
        document = {"type": "FeatureCollection", **members, "features": list(features)}
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    @staticmethod
    def take_in(store: Store, *paths: Path, **options: Any) -> tuple[list[Imported], list[PutAside]]:
        """Import files with the readers."""
        return import_files(store, paths, read_file, **options)

    def holding(self, *features: Mapping[str, Any]) -> Store:
        """A store with some records."""
        made = self.store()
        self.take_in(made, self.write(f"{secrets.token_hex(4)}.geojson", *features))
        return made

    def sent(self, store: Store, edit: Callable[[list[dict[str, Any]]], None], *, form: str = "geojson") -> Path:
        """An export that somebody edited without noting it in the history."""
        path = self.folder / f"{secrets.token_hex(4)}.{form}"
        document = json.loads(export(store, form, exact=True)[0])
        edit(document["features"])
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    @staticmethod
    def look(store: Store, *, exact: bool = True, **wanted: Any) -> Overview:
        """All that a store shows."""
        with store.reading() as view:
            return overview(view, Wanted(**wanted), exact=exact)

    def records(self, store: Store, *, exact: bool = True, **wanted: Any) -> dict[int, Mapping[str, Any]]:
        """The records that a store shows, by the number in their id."""
        return {int(str(record["id"])[-12:]): record for record in self.look(store, exact=exact, **wanted).records}

    @staticmethod
    def digest(store: Store) -> str:
        """Of all that a store holds."""
        with store.reading() as view:
            return view.digest()


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.slow)])
def notes(request: pytest.FixtureRequest, tmp_path: Path) -> Notes:
    """Synthetic records and stores: every test that asks for this runs on both kinds of store."""
    if request.param == "geopackage":
        return Notes(tmp_path, lambda: str(tmp_path / f"store-{secrets.token_hex(3)}.gpkg"))
    socket = request.getfixturevalue("postgres_socket")
    template = request.getfixturevalue("postgres_template")
    return Notes(tmp_path, lambda: _database(socket, template, request))


@pytest.fixture
def files(tmp_path: Path) -> Notes:
    """The same with GeoPackages only."""
    return Notes(tmp_path, lambda: str(tmp_path / f"store-{secrets.token_hex(3)}.gpkg"))


def _database(socket: Path, template: str, request: pytest.FixtureRequest) -> str:
    import psycopg

    name = f"field_{secrets.token_hex(5)}"
    url = f"postgresql:///{{}}?host={socket}&user=postgres"
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def drop() -> None:
        with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    request.addfinalizer(drop)
    return url.format(name)


@pytest.fixture(scope="session")
def on_page(repo: Path) -> Callable[..., list[dict[str, Any]]]:
    """Calls a function of a module of the page, such as ``read`` of ``csv``: a result or a fault for each call."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no node to run the page's modules with; the browser tests stand for it")
    folder = repo / "web" / "src" / "annotate"

    def call(module: str, name: str, calls: list[list[Any]]) -> list[dict[str, Any]]:
        command = [program, str(repo / "tests" / "field" / "data" / "page.mjs"), str(folder), module, name]
        done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results

    return call


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A synthetic photo with everything that a camera hides, and something behind its end."""
    exif = Image.Exif()
    exif[0x010F] = "SyntheticCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 40.0, 48.0), 3: "W", 4: (92.0, 9.0, 0.0)})
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(buffer, "JPEG", exif=exif, comment=b"hidden comment")
    return buffer.getvalue() + b"TRAILER 14.68 -92.15"
