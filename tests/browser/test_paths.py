"""What a person does to find out how two things are connected, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

FOUND = "/path?from=place:seine-saint-denis&to=actor:famsi"


def test_who_connects_seine_saint_denis_to_andalusia_is_found_by_clicking_alone(page: Page) -> None:
    page.goto("/path")
    page.get_by_role("link", name=re.compile("Seine-Saint-Denis and Fondo Andaluz")).click()
    first = page.get_by_role("region", name=re.compile("^Path 1"))
    expect(first.get_by_role("list", name="Stations of path 1")).to_contain_text("Via le monde")
    expect(first.locator(".legs")).to_contain_text("as a speaker")


def test_a_mark_leads_to_the_source_it_stands_for(page: Page) -> None:
    page.goto(FOUND)
    page.get_by_role("link", name="source 3", exact=True).first.click()
    expect(page).to_have_url(re.compile("#source-3$"))
    page.locator("#source-3 a").first.click()
    expect(page).to_have_url(re.compile("/sources/"))


def test_a_station_is_left_out_and_let_in_again(page: Page) -> None:
    page.goto(FOUND)
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


def test_paths_are_asked_for_without_script_and_with_the_keyboard(unscripted: Callable[..., Page]) -> None:
    page = unscripted(locale="fr-FR")
    page.goto("/path")
    page.get_by_label("De", exact=True).focus()
    page.keyboard.type("Vienne")
    page.keyboard.press("Tab")
    page.keyboard.type("Afrisson")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("entre Vienne et Afrisson")
    expect(page.locator(".legs").first).to_contain_text("a eu Afrisson pour porteur")
