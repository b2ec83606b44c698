"""The committed layers, read once, without the code that writes them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.evidence import Evidence, load_evidence

Features = list[dict[str, Any]]


@pytest.fixture(scope="session")
def geodata(repo: Path) -> Path:
    return repo / "geodata"


@pytest.fixture(scope="session")
def registry(geodata: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((geodata / "registry.json").read_bytes())
    return document


@pytest.fixture(scope="session")
def layers(geodata: Path) -> Mapping[str, Features]:
    files = sorted((geodata / "layers").glob("*.geojson"))
    return {path.stem: json.loads(path.read_bytes())["features"] for path in files}


@pytest.fixture(scope="session")
def line(layers: Mapping[str, Features]) -> np.ndarray:
    """Positions of the border, from its features in their order."""
    features = layers["border"]
    return np.array([features[0]["geometry"]["coordinates"][0], *(p for f in features for p in steps(f))])


def steps(feature: dict[str, Any]) -> list[list[float]]:
    return feature["geometry"]["coordinates"][1:]


@pytest.fixture(scope="session")
def outlines(layers: Mapping[str, Features]) -> Mapping[str, shapely.Geometry]:
    return {f["properties"]["cvegeo"]: shapely.geometry.shape(f["geometry"]) for f in layers["municipalities"]}


@pytest.fixture(scope="session")
def evidence(geodata: Path) -> Evidence:
    return load_evidence(geodata / "evidence")


@pytest.fixture(scope="session")
def faults_of(repo: Path) -> Callable[[bytes], list[str]]:
    spec = importlib.util.spec_from_file_location("rfc7946", repo / "tests" / "geojson" / "rfc7946.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checker: Callable[[bytes], list[str]] = module.faults_of
    return checker
