"""The first page and its search box, as a person with a keyboard, a mouse or a small screen uses them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SEARCH = {"en": "Search by name, in any language", "fr": "Rechercher un nom, dans n’importe quelle langue"}  # noqa: RUF001


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_actor_is_found_without_knowing_its_spelling(page: Page, language: str) -> None:
    page.goto(f"/?lang={language}")
    box = page.get_by_label(SEARCH[language])
    box.press_sequentially("genevre")
    expect(page.get_by_role("option").first).to_contain_text("Geneva" if language == "en" else "Genève")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestions-"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/page/city/geneva\?lang={language}"))


def test_escape_closes_the_suggestions_and_enter_searches_for_what_was_typed(page: Page) -> None:
    page.goto("/")
    box = page.get_by_label(SEARCH["en"])
    box.press_sequentially("tun")
    expect(page.get_by_role("option").first).to_contain_text("Tunis")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value("tun")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=tun"))


def test_the_number_of_suggestions_is_said(page: Page) -> None:
    page.goto("/")
    page.get_by_label(SEARCH["en"]).press_sequentially("uclg")
    expect(page.get_by_role("status").filter(has_text="suggestions")).to_contain_text("arrow keys to choose")
    page.get_by_label(SEARCH["en"]).fill("xyzzyx")
    expect(page.get_by_role("status").filter(has_text="no suggestions")).to_have_count(1)


def test_a_suggestion_can_be_clicked(page: Page) -> None:
    page.goto("/")
    page.get_by_label(SEARCH["en"]).press_sequentially("vien")
    page.get_by_role("option", name=re.compile("^Vienna")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vienna")


def test_a_dot_on_the_map_leads_to_the_city(page: Page) -> None:
    page.goto("/")
    page.get_by_role("group", name="Map of the cities").get_by_role("link", name="Lyon", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lyon")


def test_the_first_page_reads_without_script_on_a_small_screen(unscripted: Callable[..., Page]) -> None:
    page = unscripted(viewport={"width": 320, "height": 700})
    page.goto("/")
    expect(page.get_by_role("group", name="Map of the cities")).to_be_visible()
    page.get_by_label(SEARCH["en"]).fill("tunis")
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator("ol.hits a").first).to_have_text("Tunis")


def test_the_first_page_is_light(page: Page) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto("/", wait_until="networkidle")
    assert sum(sizes) < 400_000
