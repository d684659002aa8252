"""What holds for every page, in the states that look different: nobody is shut out, and it fits its window."""

import pytest
from barriers import COLOURS, barriers
from playwright.sync_api import Page, expect
from tour import PAGES

STATES = [
    "/browse/Event?country=FR&country=MA&all=kind",
    "/browse/Event?country=FR#filters",
    "/browse/City?phase=phase:phase-1&phase=phase:phase-2&all=phase&sort=-population",
    "/browse/City?country=DE&phase=phase:phase-1",
    "/browse/Actor?more=source",
    "/page/city/lyon",
    "/page/actor/afrisson",
    "/page/phase/phase-2",
    "/page/vocab/theme/theme-narratives",
    "/page/post/ngo-onlus-tunis-project-manager",
    "/page/funding/budget-2-eu",
    "/page/city/tunis?evidence=two-sources",
    "/page/event/ev-2022-02-beirut-msc?evidence=two-sources",
    "/network",
    "/network?name=event-attendance&since=2016&until=2019&node=city:lyon",
    "/network?name=event-attendance&around=city:lyon&list=ties",
    "/path",
    "/path?from=place:seine-saint-denis&to=actor:famsi",
    "/path?from=Vienna&to=Afrisson&without=phase:phase-2",
    "/path?from=Tunis&to=Lion",
    "/path?from=Tunis&to=theme:theme-housing",
    "/compare",
    "/compare?a=city:tunis&b=city:tangier",
    "/compare?a=city:lyon&b=city:turin&c=city:vienna",
    "/compare?a=city:tunis&b=city:tangier&aspect=1-partners",
    "/sources/?kind=sourcekind:register",
    "/sources/torino-fase1",
    "/disagreements?about=phase:phase-2",
    "/gaps?severity=warning",
    "/contribute?about=event:ev-2022-11-emnc2",
    "/query/actors/partner-agencies",
    "/why?s=city:amman&p=mg:country",
    "/sources/?page=99",
]
EVERY = [*(address for name, address in PAGES.items() if name != "error"), *STATES]


def look(page: Page, address: str, language: str = "en") -> None:
    """Open a page and wait for its network."""
    path, mark, part = address.partition("#")
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}{mark}{part}")
    for network in page.locator("figure[data-network]").all():
        expect(network).to_have_attribute("data-drawn", "network")


def unfold(page: Page) -> None:
    """Open everything on the page that can be opened."""
    page.locator("#content details").evaluate_all("every => every.forEach(one => { one.open = true; })")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", EVERY)
def test_nobody_is_shut_out(page: Page, address: str, language: str) -> None:
    look(page, address, language)
    if language == "fr":
        unfold(page)
    assert barriers(page) == []


@pytest.mark.parametrize("address", EVERY)
def test_the_dark_colours_can_be_read(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    look(page, address)
    assert barriers(page, COLOURS) == []
    unfold(page)
    assert barriers(page, COLOURS) == []


@pytest.mark.parametrize("address", EVERY)
def test_a_page_fits_the_width_of_the_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    look(page, address)
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
