"""Synthetic exact records with planted secrets, and scans that look for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.disclosure.scan import Scan
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project, find_project
from atlas.release.boxes import BoxMap
from atlas.release.terms_reader import load_policy

Rules = Callable[..., set[str]]

# plainly synthetic: a phone of fives, a person of made-up names
LON, LAT = -92.0837415, 15.0712638
RECORD_ID = "0f9c1a52-7d3e-4b61-9a44-5e2f7c8d1b90"
PHONE = "+502 5555 0142"
PERSON = "Zoraida Quetzalmina"
NOTE = "Cruce junto al almendro grande detras de la tienda vieja, preguntar por Zoraida"
TIME = "2026-03-14T05:47:21-06:00"


def record(number: int, lon: float, lat: float, **more: Any) -> dict[str, Any]:
    properties = {
        "category": "informal_crossing",
        "note": f"nota sintetica numero {number} sobre vereda{number}x",
        "observed_at": f"2026-0{number % 9 + 1}-1{number % 9}T0{number % 9}:1{number % 6}:3{number % 7}-06:00",
        "sensitivity": "generalised",
        "confidence": "high",
        **more,
    }
    record_id = f"{number:08x}-1111-4222-8333-{number * 7919:012x}"
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": record_id, "geometry": geometry, "properties": properties}


@pytest.fixture(scope="session")
def project(repo: Path) -> Project:
    return find_project(repo)


@pytest.fixture(scope="session")
def limits(project: Project, boxes: BoxMap) -> Limits:
    return Limits(load_policy(project, allow_lapsed=True), boxes)


@pytest.fixture(scope="session")
def exact() -> list[dict[str, Any]]:
    others = [record(i, -92.2 + i * 0.0137913, 14.6 + i * 0.0171717) for i in range(1, 40)]
    planted = record(0, LON, LAT, note=NOTE, observed_at=TIME, contact=PHONE, witness=PERSON)
    return [{**planted, "id": RECORD_ID}, *others]


@pytest.fixture(scope="session")
def search(project: Project, limits: Limits, exact: list[dict[str, Any]]) -> Search:
    return Search(secrets_of(exact, limits, public_words(project)), limits, public_pairs(project))


@pytest.fixture
def rules_of(limits: Limits, search: Search) -> Rules:
    """Rules that the bytes of a file break, with the exact records to look for."""

    def scan(data: bytes, name: str = "file", *, judged: bool = False) -> set[str]:
        run = Scan(limits, search)
        run.data(name, data, judged=judged)
        return {one.rule for one in run.findings.all()}

    return scan


@pytest.fixture
def judged(limits: Limits) -> Rules:
    """Rules that the bytes of a file break by themselves."""

    def scan(data: bytes, name: str = "file") -> set[str]:
        run = Scan(limits)
        run.data(name, data)
        return {one.rule for one in run.findings.all()}

    return scan
