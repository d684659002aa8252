"""Sources, disagreements, names by source and the evidence lens, as a person uses them in a real browser."""

import re

from playwright.sync_api import Page, expect


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
