"""What a person does to compare things, to see what is missing, and to take the graph along."""

import re

from playwright.sync_api import Page, expect


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
