"""What a person does with the lists: filter, read, take along; by mouse, by keyboard, on a phone, without script."""

import csv
import io
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_cities_that_took_part_in_both_phases_are_found_by_clicking(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Browse", exact=True).click()
    page.get_by_role("link", name="City", exact=True).click()
    phases = page.get_by_role("group", name="Phase", exact=True)
    phases.get_by_role("checkbox", name=re.compile(r"^Phase I \d")).check()
    phases.get_by_role("checkbox", name=re.compile(r"^Phase II \d")).check()
    phases.get_by_role("checkbox", name=re.compile("only what has all that I tick")).check()
    page.get_by_role("button", name="Show").last.click()
    rows = page.get_by_role("table").get_by_role("rowheader")
    expect(rows).to_have_text(
        ["Amman", "Beirut", "Lisbon", "Lyon", "Madrid", "Tangier", "Tunis", "Turin", "Vienna"], use_inner_text=True
    )


def test_the_events_with_an_exhibition_or_visit_are_found_by_clicking(page: Page) -> None:
    page.goto("/browse/Event")
    page.get_by_text("With an exhibition or a visit", exact=True).first.click()
    visits = page.get_by_role("group", name="With an exhibition or a visit")
    visits.get_by_role("checkbox", name=re.compile("^Exhibition")).check()
    visits.get_by_role("checkbox", name=re.compile("^field visit")).check()
    page.get_by_role("button", name="Show").last.click()
    expect(page.get_by_text("3 in all")).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("Pierre Sémard"))).to_be_visible()


def test_a_filtered_list_is_sorted_and_taken_along(page: Page) -> None:
    page.goto("/browse/City?country=MA&country=TN")
    page.get_by_role("link", name="Population").click()
    expect(page.get_by_role("columnheader", name="Population")).to_have_attribute("aria-sort", "ascending")
    shown = page.get_by_role("table").get_by_role("rowheader").all_inner_texts()
    answer = page.request.get(str(page.get_by_role("link", name="CSV").get_attribute("href")))
    rows = list(csv.DictReader(io.StringIO(answer.text())))
    assert [row["label"] for row in rows] == shown
    assert len(rows) > 10


def test_a_chip_takes_one_choice_back(page: Page) -> None:
    page.goto("/browse/City?country=MA&country=TN")
    chosen = page.get_by_role("list", name="Chosen")
    expect(chosen.get_by_role("link")).to_have_count(2)
    chosen.get_by_role("link", name=re.compile("Tunisia")).click()
    expect(page).to_have_url(re.compile(r"\?country=MA$"))


def test_an_empty_list_leads_back(page: Page) -> None:
    page.goto("/browse/City?country=DE&phase=phase:phase-1")
    page.get_by_role("link", name=re.compile("Without “Country: Germany”")).click()
    expect(page.get_by_role("rowheader")).to_have_count(9)


def test_a_list_as_sparql_runs_on_the_query_page(page: Page) -> None:
    page.goto("/browse/City?country=TN&phase=phase:phase-1")
    page.get_by_role("link", name="as SPARQL").click()
    expect(page.get_by_role("link", name="Tunis", exact=True)).to_be_visible()


def test_filters_are_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/browse/City")
    page.get_by_label("Name contains").focus()
    page.keyboard.type("tun")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=tun&country="))


def test_on_a_phone_filters_open_on_demand_and_without_script(unscripted: Callable[..., Page]) -> None:
    tab = unscripted(locale="fr-FR", viewport={"width": 390, "height": 800})
    tab.goto("/browse/City")
    expect(tab.get_by_label("Le nom contient")).to_be_hidden()
    tab.get_by_role("link", name="Filtres").click()
    tab.get_by_role("checkbox", name=re.compile("^Tunisie")).check()
    tab.get_by_role("button", name="Afficher").last.click()
    expect(tab.get_by_label("Le nom contient")).to_be_hidden()
    expect(tab.get_by_role("list", name=re.compile("Choisi")).get_by_role("link")).to_have_count(1)
