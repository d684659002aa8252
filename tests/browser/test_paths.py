"""What a person does to find out how two things are connected, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PAGES = [
    "/path",
    "/path?from=place:seine-saint-denis&to=actor:famsi",
    "/path?from=Vienna&to=Afrisson&without=phase:phase-2",
    "/path?from=Tunis&to=Lion",
    "/path?from=Tunis&to=theme:theme-housing",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_shut_out_of_a_path(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    result = Axe().run(page, options=RULES)
    assert result.response["violations"] == [], result.generate_report()


def test_the_dark_colours_of_a_path_can_be_read(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(PAGES[1])
    result = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_paths_fit_the_width_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: pixels for address, pixels in wide.items() if pixels > width} == {}


def test_who_connects_seine_saint_denis_to_andalusia_is_found_by_clicking_alone(page: Page) -> None:
    page.goto("/path")
    page.get_by_role("link", name=re.compile("Seine-Saint-Denis and Fondo Andaluz")).click()
    first = page.get_by_role("region", name=re.compile("^Path 1"))
    expect(first.get_by_role("list", name="Stations of path 1")).to_contain_text("Via le monde")
    expect(first.locator(".legs")).to_contain_text("as a speaker")


def test_a_mark_leads_to_the_source_it_stands_for(page: Page) -> None:
    page.goto(PAGES[1])
    page.get_by_role("link", name="source 3", exact=True).first.click()
    expect(page).to_have_url(re.compile("#source-3$"))
    page.locator("#source-3 a").first.click()
    expect(page).to_have_url(re.compile("/sources/"))


def test_a_station_is_left_out_and_let_in_again(page: Page) -> None:
    page.goto(PAGES[1])
    stations = page.get_by_role("list", name=re.compile("^Stations"))
    stations.get_by_role("link", name=re.compile("^Without Via le monde")).first.click()
    expect(page.get_by_text("Left out:")).to_contain_text("Via le monde")
    expect(stations.get_by_role("link", name=re.compile("^Via le monde"))).to_have_count(0)
    page.get_by_role("link", name=re.compile("^let in again")).click()
    expect(stations.get_by_role("link", name=re.compile("^Via le monde")).first).to_be_visible()


def test_a_name_that_is_misspelt_is_chosen_from_those_like_it(page: Page) -> None:
    page.goto("/path?from=Tunis&to=Lion")
    page.get_by_role("link", name="Lyon", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are Tunis and Lyon connected?")


def test_the_fields_complete_what_is_typed(page: Page) -> None:
    page.goto("/path")
    page.get_by_label("From").press_sequentially("viena")
    page.get_by_role("option", name=re.compile("^Vienna")).first.click()
    expect(page.get_by_label("From")).to_have_value("Vienna")


def test_paths_are_asked_for_without_script_and_with_the_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto("/path")
    page.get_by_label("De", exact=True).focus()
    page.keyboard.type("Vienne")
    page.keyboard.press("Tab")
    page.keyboard.type("Afrisson")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("entre Vienne et Afrisson")
    expect(page.locator(".legs").first).to_contain_text("a eu Afrisson pour porteur")
    context.close()
