"""Sources, disagreements, names by source and the evidence lens, as a person uses them in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import kg

PAGES = [
    "/sources/?kind=sourcekind:register",
    "/sources/torino-fase1",
    "/disagreements?about=phase:phase-2",
    "/names/actor/icmpd",
    "/page/city/tunis?evidence=two-sources",
    "/page/event/ev-2022-02-beirut-msc?evidence=two-sources",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(autouse=True, scope="module")
def ready(shipped: kg.Snapshot) -> None:
    """Every lens is made before the first is asked for."""
    for lens in kg.known_lenses():
        kg.through(shipped, lens)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_shut_out(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    page.locator("details").evaluate_all("every => every.forEach(one => { one.open = true })")
    result = Axe().run(page, options=RULES)
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_the_dark_colours_can_be_read(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    result = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("width", [320, 390])
def test_the_pages_fit_a_small_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: pixels for address, pixels in wide.items() if pixels > width} == {}


def test_what_sources_disagree_on_about_phase_two_is_found_by_clicking_alone(page: Page) -> None:
    page.goto("/?lang=en")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sources").click()
    page.get_by_role("main").get_by_role("link", name="Disagreements").click()
    page.get_by_role("navigation", name="What they are about").get_by_role("link", name="Phase II").click()
    ended = page.locator(".dispute", has_text="When phase II ended")
    expect(ended.locator(".claims > li")).to_have_count(5)
    ended.get_by_role("link", name="Call for Targeted City Actions - MC2CM", exact=True).click()
    expect(page).to_have_url(re.compile("/sources/icmpd-call1"))


def test_sources_are_filtered_and_sorted(page: Page) -> None:
    page.goto("/sources/?lang=fr")
    page.get_by_label("Type").select_option(label="registre (6)")
    page.get_by_label("Ordre").select_option("statements")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("table.sources tbody tr")).to_have_count(6)
    counts = [int(text) for text in page.locator("table.sources td.right").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)


def test_a_lens_is_put_on_with_the_keyboard_stays_on_and_is_taken_off(page: Page) -> None:
    page.goto("/browse/Event?lang=en")
    page.get_by_text("Evidence: everything").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="two or more independent sources").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="two or more independent sources")).to_be_visible()
    page.get_by_role("main").locator('a[href*="/page/event/"]').first.click()
    expect(page.get_by_role("status").filter(has_text="You see")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(page.get_by_text("Evidence: everything")).to_be_visible()
    assert "evidence" not in page.url


def test_a_thing_of_which_nothing_is_left_leads_to_its_whole_page(page: Page) -> None:
    page.goto("/page/event/ev-2022-02-beirut-msc?evidence=two-sources&lang=fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rien ne passe le filtre")
    page.get_by_role("link", name="La même page sans le filtre").click()
    expect(page).to_have_url(re.compile(r"/page/event/ev-2022-02-beirut-msc\?lang=fr$"))


def test_names_by_source_are_taken_along(page: Page) -> None:
    page.goto("/names/actor/icmpd?lang=en")
    address = page.get_by_role("link", name=".sssom.tsv").get_attribute("href") or ""
    table = page.request.get(address).text()
    assert "# curie_map:" in table
    assert "wikidata:Q" in table
