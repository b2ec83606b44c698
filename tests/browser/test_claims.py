"""The ledger of claims as a reader uses it: filters, search, both languages, the way to the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.published import PublishedLayers
from atlas.render.build_context import BuildContext

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def edition(release: PublishedLayers) -> BuildContext:
    return BuildContext(release)


def shown(page: Page) -> list[str]:
    ids: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.claim:not([hidden])')].map((row) => row.id.slice(6))"
    )
    return ids


def test_verdicts_filter_by_keyboard_and_stay_in_the_address(maps: Path, opener: Opener, edition: BuildContext) -> None:
    opened = opener(maps / "claims.html", state="lang=en")
    page = opened.page
    page.locator("button[data-verdict=differs]").focus()
    page.keyboard.press("Enter")
    assert shown(page) == [f.claim.claim_id for f in edition.findings if f.verdict == "differs"]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    wanted = [f.claim.claim_id for f in edition.findings if f.verdict in {"differs", "conflict"}]
    assert shown(page) == wanted
    expect(page.locator("#status")).to_have_text(f"{len(wanted)} of {len(edition.findings)} claims.")
    assert "verdict=differs,conflict" in page.url
    page.reload()
    assert shown(page) == wanted
    page.get_by_role("button", name="Show all").click()
    assert len(shown(page)) == len(edition.findings)
    assert "verdict" not in page.url
    assert opened.console == []


def test_search_ignores_accents_and_reads_the_words_of_the_language(maps: Path, opener: Opener) -> None:
    page = opener(maps / "claims.html", state="lang=es").page
    page.get_by_label("Buscar en el texto").fill("linea de contencion")
    assert shown(page) == ["C16"]
    page.get_by_label("Buscar en el texto").fill("linea menos detallada")
    assert shown(page) == ["C01"]
    page.get_by_role("button", name="EN", exact=True).click()
    assert shown(page) == []
    expect(page.locator("#status")).to_contain_text("No claim matches")


def test_subject_filters_and_an_unknown_one_in_the_address_shows_all(
    maps: Path, opener: Opener, edition: BuildContext
) -> None:
    page = opener(maps / "claims.html", state="lang=es&subject=raids").page
    wanted = [f.claim.claim_id for f in edition.findings if f.claim.subject == "raids"]
    assert shown(page) == wanted
    expect(page.locator("#subject option:checked")).to_have_text(f"redadas ({len(wanted)})")
    page.evaluate("() => { window.location.hash = 'lang=es&subject=nothing'; }")
    expect(page.locator(".claim:not([hidden])")).to_have_count(len(edition.findings))


def test_figures_and_claims_follow_the_language(maps: Path, opener: Opener) -> None:
    page = opener(maps / "claims.html", state="lang=es").page
    row = page.locator("#claim-C20")
    expect(row.locator(".value")).to_have_text("17,867,356 cruces")
    expect(row.locator("h3 bdi")).to_have_attribute("lang", "es")
    expect(row.locator("h3")).to_have_text("cruces documentados registrados en Chiapas, 2006-2018")
    first = page.locator("#claim-C01")
    expect(first.locator(".value")).to_have_text("540 millas")
    expect(first.locator(".difference")).to_have_text("+94.1 km (+10.8\u00a0%)")
    expect(first).to_contain_text("junio de 2019")
    expect(first.locator(".note:visible")).to_have_count(2)
    expect(first.locator(".note:visible[lang=es]")).to_have_count(2)
    expect(first.locator(".otherwise:visible")).to_contain_text(
        "Otro resultado: una longitud publicada de entre 945 y 982 km"
    )
    expect(first).to_contain_text("junio de 2019 (fecha inferida)")
    expect(page.locator("#claim-C32 .value")).to_have_text("más de 80,500 personas")
    expect(page.locator("#claim-C05 .rivals")).to_contain_text("unos 400 97 % de ellos ilegales")
    expect(page.locator("#claim-C32 .whose").first).to_contain_text("Secretaría de Relaciones Exteriores de México en")


def test_a_row_leads_to_its_map_in_the_same_language(maps: Path, opener: Opener) -> None:
    page = opener(maps / "claims.html", state="lang=es&theme=dark").page
    page.locator("#claim-C18 a[data-view]").click()
    expect(page.locator("h1")).to_have_text("El atlas completo")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("() => Atlas.view.byName.get('facilities').shown")


def test_paper_gets_the_list_without_the_instruments(maps: Path, opener: Opener) -> None:
    page = opener(maps / "claims.html", state="lang=en&verdict=differs").page
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".switches")).to_be_hidden()
    expect(page.locator("#chosen")).to_have_text("differs")
    expect(page.locator("#claim-C01 .measured")).to_be_visible()
