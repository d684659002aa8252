"""The pages in a language that runs from right to left, at both widths, and the way from one language to another."""

import pytest
from playwright.sync_api import Page, expect

PAGES = ["/", "/page/city/tunis", "/network?name=co-participation", "/timeline", "/browse/City", "/query/cities/codes"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_in_arabic_runs_from_right_to_left_and_fits_its_window(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{'&' if '?' in address else '?'}lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["x"] + heading["width"] > width / 2
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_names_in_a_picture_stand_after_their_marks_in_every_language(page: Page) -> None:
    places = []
    for language in ("en", "ar"):
        page.goto(f"/timeline?lang={language}")
        mark = page.locator("svg.lanes a", has_text="Phase II").first
        boxes = mark.locator("rect").last.bounding_box(), mark.locator("text").bounding_box()
        places.append([round(box["x"]) for box in boxes if box])
    assert places[0] == places[1]
    assert places[0][0] < places[0][1]


def test_every_page_leads_to_itself_in_the_other_languages(page: Page) -> None:
    page.goto("/sources/?lang=en")
    for name, language in (("العربية", "ar"), ("Español", "es"), ("Français", "fr"), ("English", "en")):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_url(f"/sources/?lang={language}")
