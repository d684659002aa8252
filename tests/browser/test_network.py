"""What a person does with a network: look, pick, expand, move in time, take along; with script and without."""

import re
from itertools import combinations
from pathlib import Path

from playwright.sync_api import Page, expect

TOGETHER = "/network?name=event-attendance"
PLACES = "document.querySelector('.board').graph.nodes().map(node => [node.id(), node.position().x, node.position().y])"


def drawn(page: Page) -> None:
    """Wait for the picture."""
    expect(page.locator("figure[data-network]")).to_have_attribute("data-drawn", "network")


def holds(page: Page, number: int) -> None:
    """Wait until so many things are drawn."""
    expect(page.locator("figure[data-network]")).to_have_attribute("data-things", str(number))


def test_a_network_is_chosen_from_the_list(page: Page) -> None:
    page.goto("/network")
    page.get_by_role("link", name="Who works with whom").click()
    drawn(page)


def test_the_labels_of_the_form_stand_at_one_height(page: Page) -> None:
    page.goto(TOGETHER)
    labels = page.locator("#narrow .line label:visible")
    assert len(set(labels.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)"))) == 1


def test_a_network_is_drawn_the_same_each_time(page: Page) -> None:
    seen = []
    for _ in range(2):
        page.goto(TOGETHER)
        drawn(page)
        seen.append(page.evaluate(PLACES))
    assert seen[0] == seen[1]


def test_names_are_of_a_size_to_read_and_do_not_cover_one_another(page: Page) -> None:
    page.goto("/network?name=co-participation")
    drawn(page)
    names = page.evaluate(
        """() => {
          const graph = document.querySelector(".board").graph;
          return graph.nodes().filter((node) => !node.hasClass("unnamed")).map((node) => {
            const { x, y } = node.renderedPosition();
            const half = Math.min(node.data("text").length, 24) * 3.3;
            const size = parseFloat(node.style("font-size")) * graph.zoom();
            return [x - half, y + node.renderedWidth() / 2, x + half, size];
          });
        }"""
    )
    assert 20 < len(names) < 189
    assert {round(size, 1) for *_, size in names} == {12}
    lines = sorted((top, left, right) for left, top, right, _ in names)
    over = [
        (one, other)
        for one, other in combinations(lines, 2)
        if other[0] - one[0] < 12 and one[1] < other[2] and other[1] < one[2]
    ]
    assert over == []


def test_a_thing_clicked_says_what_ties_it_and_who_says_so(page: Page) -> None:
    page.goto(TOGETHER)
    drawn(page)
    page.evaluate("document.querySelector('.board').graph.nodes('[short = \"city:lyon\"]').emit('tap')")
    panel = page.get_by_role("region", name="The thing chosen")
    expect(panel.get_by_role("heading", name="Lyon")).to_be_visible()
    assert "node=city" in page.url
    panel.get_by_role("group").first.locator("summary").click()
    expect(panel.get_by_role("group").first).to_contain_text("said by:")


def test_the_keyboard_reaches_a_thing_through_the_list(page: Page) -> None:
    page.goto(TOGETHER)
    drawn(page)
    page.get_by_role("link", name=re.compile("ties of Lyon$")).focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Lyon")).to_be_visible()
    expect(panel).to_be_focused()
    assert page.evaluate("document.querySelector('.board').graph.nodes('.picked').map(node => node.data('short'))") == [
        "city:lyon"
    ]


def test_a_network_grows_in_place_after_saying_by_how_much(page: Page) -> None:
    page.goto(f"{TOGETHER}&around=city:nicosia")
    drawn(page)
    before = {place[0]: place[1:] for place in page.evaluate(PLACES)}
    first = page.get_by_role("link", name=re.compile(r"^\+\d+ things to show")).first
    number = int(re.search(r"\d+", first.inner_text())[0])  # type: ignore[index]
    first.click()
    holds(page, len(before) + number)
    after = {place[0]: place[1:] for place in page.evaluate(PLACES)}
    assert {iri: after[iri] for iri in before} == before
    assert page.url.count("around=") == 2
    page.go_back()
    holds(page, len(before))


def test_the_slider_moves_the_network_in_time_by_keyboard(page: Page) -> None:
    page.goto(f"{TOGETHER}&on=2017")
    drawn(page)
    places = {place[0]: place[1:] for place in page.evaluate(PLACES)}
    said = page.locator("#said")
    expect(said).to_contain_text("As of: 2017")
    slider = page.get_by_role("slider", name="Year: As of")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("As of: 2018")
    expect(slider).to_be_focused()
    assert "on=2018" in page.url
    later = {place[0]: place[1:] for place in page.evaluate(PLACES)}
    both = places.keys() & later.keys()
    assert both
    assert {iri: later[iri] for iri in both} == {iri: places[iri] for iri in both}


def test_two_dates_are_compared_by_clicking_alone(page: Page) -> None:
    page.goto(TOGETHER)
    drawn(page)
    page.get_by_role("link", name="Between two dates").click()
    expect(page.locator("#said")).to_contain_text(re.compile(r"Between \d{4} and \d{4}.* joined"))
    page.locator("#lists").get_by_role("link", name=re.compile("^joined")).click()
    expect(page.locator("#lists tbody tr").first).to_contain_text("joined")
    assert "state=joined" in page.url


def test_actors_that_appear_only_before_2019_are_found_by_clicking(page: Page) -> None:
    page.goto("/network")
    page.get_by_role("link", name="Which actors appear in which activities").click()
    drawn(page)
    page.get_by_role("link", name="Only before a date").click()
    field = page.get_by_role("textbox", name="Only before")
    field.fill("2019")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Only before 1 January 2019")
    lists = page.locator("#lists")
    lists.get_by_role("link", name=re.compile("^actor")).click()
    lists.get_by_role("link", name=re.compile("^only before")).click()
    expect(lists.locator(".extent")).to_have_text("29 in all")
    expect(lists.get_by_role("link", name="Wien Museum", exact=True)).to_be_visible()


def test_filters_say_how_much_there_is_of_each_and_are_kept_in_the_address(page: Page) -> None:
    page.goto(TOGETHER)
    drawn(page)
    whole = page.locator("figure[data-network]").get_attribute("data-things") or ""
    page.get_by_text("Filters", exact=True).click()
    page.get_by_text("Roles", exact=True).click()
    page.get_by_role("checkbox", name=re.compile(r"^host \d+")).check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("figure[data-network]")).not_to_have_attribute("data-things", whole)
    assert "role=role" in page.url
    page.reload()
    drawn(page)
    expect(page.get_by_role("checkbox", name=re.compile(r"^host \d+"))).to_be_checked()


def test_the_picture_is_taken_along_as_png(page: Page, tmp_path: Path) -> None:
    page.goto("/network?name=funding")
    drawn(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Save as PNG").click()
    assert started.value.suggested_filename == "funding.png"
    started.value.save_as(tmp_path / "funding.png")
    assert (tmp_path / "funding.png").read_bytes().startswith(b"\x89PNG")


def test_without_script_there_are_a_picture_lists_and_a_form(plain: Page) -> None:
    plain.goto(TOGETHER)
    assert plain.locator("figure img").evaluate("image => image.naturalWidth") > 100
    plain.get_by_role("link", name="As of a date").click()
    plain.get_by_role("textbox", name="As of").fill("2017")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator("#said")).to_contain_text("As of: 2017")
    plain.get_by_role("link", name=re.compile("ties of Lyon$")).click()
    expect(plain.locator("#panel").get_by_role("heading", name="Lyon")).to_be_visible()
    plain.locator("#panel").get_by_role("link", name="Look around it only").click()
    assert "around=city" in plain.url


def test_another_network_comes_with_its_own_heading_and_method(page: Page) -> None:
    page.goto(f"{TOGETHER}&lang=fr&evidence=stated")
    drawn(page)
    page.get_by_role("combobox", name="Réseau", exact=True).select_option("funding")
    page.get_by_role("button", name="Afficher", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui finance quoi, et par qui")
    drawn(page)
    assert page.url.count("evidence=") == page.url.count("lang=") == 1
