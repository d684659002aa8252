"""The map and the timeline, as a person uses them: with script, without it, with the keyboard, on a small screen."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect


def test_rings_open_until_a_thing_can_be_followed(page: Page) -> None:
    page.goto("/map")
    figure = page.locator("figure[data-drawn=map]")
    expect(figure).to_be_visible()
    expect(page.locator("svg.still")).to_have_count(0)
    ring = figure.locator(".leaflet-marker-icon[aria-label^=Vien]")
    ring.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    at_rest(page)
    popup.get_by_role("link", name="Vienna", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vienna")


def at_rest(page: Page) -> None:
    """Wait until a map has shown what it opened, and moves no more."""
    expect(page.locator(".leaflet-popup")).to_be_visible()
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)


@pytest.mark.parametrize("preference", ["reduce", "no-preference"])
def test_the_map_glides_only_for_who_does_not_mind(page: Page, preference: Literal["reduce", "no-preference"]) -> None:
    page.emulate_media(reduced_motion=preference)
    page.goto("/map")
    expect(page.locator("figure[data-drawn=map]")).to_be_visible()
    place = "document.querySelector('.leaflet-map-pane').style.transform"
    page.evaluate("""() => {
        const look = () => { window.glides ||= document.querySelector(".leaflet-pan-anim") !== null; };
        const every = { subtree: true, attributes: true };
        new MutationObserver(look).observe(document.querySelector(".leaflet-container"), every);
    }""")
    before = page.evaluate(place)
    page.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => {place} !== before", arg=before)
    assert page.evaluate("window.glides === true") == (preference == "no-preference")


def test_a_ring_of_several_places_opens_into_them(page: Page) -> None:
    page.goto("/map")
    expect(page.locator("figure[data-drawn=map]")).to_be_visible()
    rings = page.locator(".leaflet-marker-icon")
    before = page.locator(".leaflet-marker-icon[aria-label*=',']").first.get_attribute("aria-label")
    page.locator(".leaflet-marker-icon[aria-label*=',']").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'.leaflet-marker-icon[aria-label="{before}"]')).to_have_count(0)
    assert rings.count() > 1


def test_the_filters_stand_in_the_address_and_in_the_files(page: Page) -> None:
    page.goto("/map")
    for layer in ("Cities", "Exhibitions", "Actions"):
        page.get_by_role("checkbox", name=re.compile(layer)).uncheck()
    page.get_by_label("From year").fill("2018")
    page.locator("form.layers button").click()
    expect(page).to_have_url(re.compile("layer=events.*from=2018"))
    address = page.get_by_role("link", name=".geojson").get_attribute("href")
    features = page.request.get(str(address)).json()["features"]
    assert features
    assert {one["properties"]["layer"] for one in features} == {"events"}
    assert all(one["properties"]["latest"] >= "2018" for one in features)


def test_the_map_reads_without_script(plain: Page) -> None:
    plain.goto("/map")
    expect(plain.locator("svg.still")).to_be_visible()
    expect(plain.locator("table.places tbody tr").first).to_be_visible()


def test_a_mark_of_the_timeline_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.goto("/timeline?layer=phases")
    mark = page.locator("svg.lanes a").first
    mark.focus()
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phase")


def test_the_timeline_is_a_list_on_a_small_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/timeline?lang=fr")
    expect(page.locator("svg.lanes")).to_be_hidden()
    expect(page.locator("table.chronicle tr").nth(1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
