"""Field notes in a real Firefox: killed, in two windows, sealed, erased, on a phone, thousands, on a full disk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import browsers, node

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRIVE = Path(__file__).parent / "firefox" / "notes.mjs"
TIMEOUT_S = 500
# ten thousand are tried in Chromium
MANY = 4_000


@pytest.fixture(scope="session")
def modules(repo: Path) -> Path:
    """The tools that ``web/package-lock.json`` pins for tests, fetched once."""
    return node.packages(repo / "web").parent


def _note(number: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "geometry": {"type": "Point", "coordinates": [-92 + number % 100 / 40, 15 + number // 100 / 40]},
        "properties": {"category": "hazard", "note": f"synthetic {number}", "observed_at": "2026-01-02"},
    }


@pytest.fixture(scope="module")
def outcome(
    maps: Path, modules: Path, lacking: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    firefox = browsers.find(browsers.FIREFOX)
    if firefox is None:
        lacking(browsers.FIREFOX.remedy)
    folder = tmp_path_factory.mktemp("firefox")
    profile, many = folder / "profile", folder / "many.geojson"
    profile.mkdir()
    many.write_text(json.dumps({"type": "FeatureCollection", "features": [_note(i) for i in range(MANY)]}), "utf-8")
    address = f"{(maps / 'annotate.html').as_uri()}#lang=en"
    command = [node.node(), str(DRIVE), str(modules), str(firefox), address, str(profile), str(many)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.slow(50)
def test_a_killed_firefox_has_every_letter_again(outcome: dict[str, Any]) -> None:
    assert outcome["kept"] == 1
    assert outcome["draft"] == "PLAINWORDS draft"


def test_two_windows_of_firefox_show_the_same(outcome: dict[str, Any]) -> None:
    assert outcome["secondWindow"] == 2
    assert outcome["firstWindow"] == 3


def test_what_firefox_has_on_the_disk_is_sealed(outcome: dict[str, Any]) -> None:
    assert outcome["traces"] == []
    assert outcome["locked"] is True
    assert outcome["lockedCount"] == 0
    assert outcome["unlocked"] == 4
    assert outcome["sealedDraft"] == "SEALEDWORDS draft"


def test_firefox_erases_everything(outcome: dict[str, Any]) -> None:
    assert outcome["erased"] == 0


def test_on_the_screen_of_a_phone_firefox_keeps_what_a_thumb_wrote(outcome: dict[str, Any]) -> None:
    assert outcome["phoneSideways"] == 0
    assert outcome["phoneSave"] >= 44
    assert outcome["phoneKept"] == 1


def test_firefox_holds_thousands_of_notes_and_draws_few(outcome: dict[str, Any]) -> None:
    assert outcome["many"] == outcome["manyAgain"] == MANY + 1
    assert outcome["manyRows"] < 60


def test_a_full_disk_in_firefox_is_said_and_nothing_typed_is_lost(outcome: dict[str, Any]) -> None:
    assert outcome["full"] is True, outcome["fullNotice"]
    assert outcome["held"] == outcome["typed"] > 1


def test_the_page_is_silent_in_firefox_and_asks_for_nothing(outcome: dict[str, Any]) -> None:
    assert outcome["console"] == []
    assert {url.split(":")[0] for url in outcome["requests"]} <= {"file", "data"}
