"""What a person does on the page of a thing, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


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


def test_a_fact_opens_by_touch_and_without_script(unscripted: Callable[..., Page]) -> None:
    tab = unscripted(viewport={"width": 390, "height": 844}, has_touch=True)
    tab.goto("/page/city/tunis?lang=en")
    tab.locator("#facts .evidence summary").first.tap()
    expect(tab.locator("#facts .evidence li").first).to_be_visible()
    expect(tab.locator(".star .end a").first).to_be_visible()
    expect(tab.locator("noscript p, .drawing p").first).to_be_visible()


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
