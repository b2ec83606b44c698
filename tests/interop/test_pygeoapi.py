"""The configuration beside an export, served by pygeoapi itself: OGC API Features of the released layers only."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atlas.api import Atlas

TIMEOUT_S = 60.0


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory, lacking: Callable[[str], None]) -> Iterator[str]:
    python = os.environ.get("ATLAS_PYGEOAPI_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec("pygeoapi") is None:
        lacking("no pygeoapi here: pip install 'border-atlas[peers]'")
    folder = tmp_path_factory.mktemp("served")
    atlas.export(folder, formats=["geojson", "pygeoapi"])
    port = _free_port()
    config = folder / "pygeoapi-config.yml"
    config.write_text(config.read_text().replace("5000", str(port)))
    environment = {**os.environ, "PYGEOAPI_CONFIG": config.name, "PYGEOAPI_OPENAPI": "openapi.yml"}
    environment = {key: text for key, text in environment.items() if key != "PYTHONPATH"}
    command = [str(Path(python).with_name("pygeoapi"))]
    made = subprocess.run(
        [*command, "openapi", "generate", config.name, "--output-file", "openapi.yml"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    with subprocess.Popen([*command, "serve"], cwd=folder, env=environment, stderr=subprocess.PIPE) as running:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + TIMEOUT_S
        while time.monotonic() < until:
            try:
                _get(f"{address}/conformance?f=json")
                break
            except OSError:
                assert running.poll() is None, "pygeoapi ended"
                time.sleep(0.5)
        yield address
        running.terminate()


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310 - of the server started above
        return json.load(answer)


def test_it_serves_the_released_layers_and_nothing_else(
    server: str, published: dict[str, list[dict[str, Any]]]
) -> None:
    collections = _get(f"{server}/collections?f=json")["collections"]
    assert {one["id"] for one in collections} == set(published)
    conforms = _get(f"{server}/conformance?f=json")["conformsTo"]
    assert any("ogcapi-features-1" in one for one in conforms)


def test_the_features_are_those_of_the_layers(server: str, published: dict[str, list[dict[str, Any]]]) -> None:
    for name, features in published.items():
        answered = []
        for offset in range(0, len(features), 1000):
            answer = _get(f"{server}/collections/{name}/items?f=json&limit=1000&offset={offset}")
            assert answer["numberMatched"] == len(features)
            answered += answer["features"]
        assert {one["id"]: one["properties"] for one in answered} == {one["id"]: one["properties"] for one in features}
    one = published["municipalities"][0]
    assert _get(f"{server}/collections/municipalities/items/{one['id']}?f=json")["geometry"] == one["geometry"]
    titles = [_get(f"{server}/collections/municipalities?f=json&lang={lang}")["title"] for lang in ("en-US", "es-MX")]
    assert titles[0] != titles[1]
