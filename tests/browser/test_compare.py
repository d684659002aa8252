"""What a person does to compare things, to see what is missing, and to take the graph along."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import kg

PAGES = [
    "/compare",
    "/compare?a=city:tunis&b=city:tangier",
    "/compare?a=city:lyon&b=city:turin&c=city:vienna",
    "/compare?a=city:tunis&b=city:tangier&aspect=1-partners",
    "/gaps",
    "/gaps?severity=warning",
    "/contribute",
    "/contribute?about=event:ev-2022-11-emnc2",
    "/downloads",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module", autouse=True)
def checked(shipped: kg.Snapshot) -> None:
    """The report of the shapes is there before its pages are looked at."""
    kg.report_of(shipped)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_shut_out(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    result = Axe().run(page, options=RULES)
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_the_dark_colours_can_be_read(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    result = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_fits_the_width_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: pixels for address, pixels in wide.items() if pixels > width} == {}


def test_two_cities_are_compared_by_their_names_and_the_keyboard_alone(page: Page) -> None:
    page.goto("/compare?lang=fr")
    page.get_by_label("Première").focus()
    page.keyboard.type("vienne")
    page.keyboard.press("Tab")
    page.keyboard.type("LYON")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vienne et Lyon")
    events = page.get_by_role("table", name="Événements")
    expect(events.locator("tr.shared").first).to_be_visible()
    expect(events.get_by_role("cell", name="oui").first).to_be_attached()


def test_from_a_count_to_the_gap_to_the_file_to_mend(page: Page) -> None:
    page.goto("/gaps?severity=warning")
    country = page.get_by_role("table", name="Kind").get_by_role("row").nth(1)
    number = country.get_by_role("link").inner_text().split()[0]
    country.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"severity=warning.*class=|class=.*severity=warning"))
    expect(page.locator(".extent")).to_contain_text(number)
    page.get_by_role("link", name=re.compile("^Mend it")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add what you know")
    expect(page.get_by_role("table", name="Files that speak of it")).to_contain_text("data/")


def test_the_graph_is_taken_along(page: Page) -> None:
    page.goto("/downloads")
    with page.expect_download() as started:
        page.get_by_role("link", name="graph.trig").click()
    assert started.value.suggested_filename == "graph.trig"
    assert "city:tunis" in started.value.path().read_text(encoding="utf-8")
