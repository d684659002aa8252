"""What a person does with the explorer, in a real browser."""

import re

from playwright.sync_api import Page, expect


def test_a_thing_is_found_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("amman")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=amman"))
    first = page.locator("ol.hits a").first
    for _ in range(30):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amman")


def test_what_has_the_focus_can_be_seen(page: Page) -> None:
    page.goto("/page/city/tunis")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))")
        assert style == ["solid", "3px"]


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto("/page/city/tunis")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_each_fact_leads_to_the_reasons(page: Page) -> None:
    page.goto("/page/city/tunis")
    fact = page.locator("#facts dd", has_text="TN").first
    fact.locator("summary").click()
    fact.get_by_role("link", name="Why is this here?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why is this in the graph?")


def test_the_language_can_be_changed_and_the_place_stays(page: Page) -> None:
    page.goto("/page/city/tunis")
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(r"/page/city/tunis\?lang=fr"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="Parcourir").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_question_is_asked_again_with_another_value(page: Page) -> None:
    page.goto("/query/actors/activities-of")
    page.get_by_label("actor").fill("UCLG")
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(re.compile("actor=UCLG"))
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()


def test_a_query_of_ones_own_is_run_and_its_fault_explained(page: Page) -> None:
    page.goto("/query/")
    page.get_by_label("Query").fill("SELECT ?city { ?city a mg:City }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("link", name="Amman", exact=True)).to_be_visible()


def test_a_thing_taken_away_is_turtle(page: Page) -> None:
    page.goto("/page/city/tunis")
    address = page.get_by_role("link", name=".ttl").last.get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "city:tunis" in answer.text()
