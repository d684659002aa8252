"""What a person does on the page of a thing, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PAGES = [
    "/page/city/lyon",
    "/page/actor/european-union",
    "/page/actor/afrisson",
    "/page/event/ev-2021-11-paris-lab",
    "/page/exhibition/les-musiciens-africains-racontent-leur-93",
    "/page/phase/phase-2",
    "/page/vocab/theme/theme-narratives",
    "/page/post/ngo-onlus-tunis-project-manager",
    "/page/funding/budget-2-eu",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1280), ("fr", True, 390)])
@pytest.mark.parametrize("address", PAGES)
def test_nobody_is_shut_out_of_the_page_of_a_thing(
    page: Page, address: str, language: str, dark: bool, width: int
) -> None:
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?lang={language}")
    for mark in page.locator(".evidence summary").all()[:3]:
        mark.click()
    result = Axe().run(page, options=RULES)
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_of_a_thing_fits_the_width_of_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: pixels for address, pixels in wide.items() if pixels > width} == {}


def test_a_fact_is_followed_to_its_source_with_the_mouse(page: Page) -> None:
    page.goto("/page/phase/phase-2?lang=en")
    fact = page.locator("#facts dd", has_text=re.compile("^2020"))
    fact.locator("summary").click()
    expect(fact).to_contain_text("Others say otherwise: 2021")
    fact.locator(".evidence a").first.click()
    expect(page).to_have_url(re.compile("/sources/icmpd-mtm-page"))


def test_a_fact_is_followed_to_its_source_with_the_keyboard(page: Page) -> None:
    page.goto("/page/city/tunis?lang=en")
    mark = page.locator("#facts .evidence summary").first
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#facts .evidence").first).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.evidence') !== null")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/page/city/tunis"))


def test_a_fact_opens_by_touch_and_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=False
    )
    tab = context.new_page()
    tab.goto("/page/city/tunis?lang=en")
    tab.locator("#facts .evidence summary").first.tap()
    expect(tab.locator("#facts .evidence li").first).to_be_visible()
    expect(tab.locator(".star .end a").first).to_be_visible()
    expect(tab.locator("noscript p, .drawing p").first).to_be_visible()
    context.close()


def test_the_map_is_drawn_when_it_comes_into_sight(page: Page) -> None:
    page.goto("/page/city/tunis?lang=en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    figure = page.locator("figure[data-drawing=map]")
    expect(figure).not_to_have_attribute("data-drawn", "map")
    assert not [url for url in asked if "vendor" in url]
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "map")
    assert any(url.endswith("countries.json") for url in asked)


def test_the_parts_of_a_long_page_are_reached_from_its_top(page: Page) -> None:
    page.goto("/page/exhibition/les-musiciens-africains-racontent-leur-93?lang=fr")
    page.locator(".parts").get_by_role("link", name="Qui l'a portée et soutenue").click()
    expect(page.get_by_role("heading", name="Qui l'a portée et soutenue")).to_be_in_viewport()
    expect(page.locator("#exhibition-10-carried")).to_contain_text("Afrisson")
