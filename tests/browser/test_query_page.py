"""What a person does on the page of queries, with script and without."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from barriers import COLOURS, barriers
from playwright.sync_api import Browser, Page, expect

CITIES = "SELECT ?city ?country {\n  ?city a mg:City ; mg:country ?country .\n}\nORDER BY ?city"
DRAWN = {
    "bar": "/query/cities/hosts",
    "map": "/query/events/map",
    "timeline": "/query/time/phases",
    "network": "/query/network/across-the-sea",
}
LIBRARIES = {"bar": set(), "map": {"leaflet.js", "topojson.js"}, "timeline": set(), "network": {"cytoscape.js"}}
MORE = {"leaflet.css", "countries.json", "layout-base.js", "cose-base.js", "fcose.js"}


def address(query: str, **more: str) -> str:
    return "/query/?query=" + quote(query) + "".join(f"&{key}={value}" for key, value in more.items())


def ready(page: Page) -> None:
    """Wait for the editor."""
    expect(page.locator("form.own")).to_have_attribute("data-editor", "ready")


def text(page: Page) -> str:
    """What stands in the editor."""
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def write(page: Page, query: str) -> None:
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)


def drawn(page: Page, view: str) -> None:
    """Wait for the picture."""
    if LIBRARIES[view]:
        expect(page.locator("figure")).to_have_attribute("data-drawn", view)
    else:
        expect(page.locator("figure rect").first).to_be_attached()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_is_shut_out_of_the_editor(page: Page, language: str) -> None:
    page.goto(address(CITIES, lang=language))
    ready(page)
    expect(page.locator(".advice")).to_be_visible()
    page.locator(".samples > summary").click()
    for summary in page.locator(".samples details > summary").all():
        summary.click()
    assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", DRAWN)
def test_nobody_is_shut_out_of_a_picture(page: Page, view: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(DRAWN[view])
    drawn(page, view)
    assert barriers(page) == []


def test_the_dark_colours_of_the_editor_can_be_read(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address(CITIES + " # the end"))
    ready(page)
    assert barriers(page, COLOURS) == []


@pytest.mark.parametrize("width", [320, 390])
def test_the_page_fits_a_small_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for view, where in {"": address(CITIES), **DRAWN}.items():
        page.goto(where)
        drawn(page, view) if view else ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where


@pytest.mark.parametrize("view", DRAWN)
def test_a_picture_loads_what_it_needs_and_nothing_more(page: Page, view: str) -> None:
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url.rpartition("/")[2]) if "/vendor/" in request.url else None
    )
    page.goto(DRAWN[view])
    drawn(page, view)
    assert LIBRARIES[view] <= set(asked) <= LIBRARIES[view] | (MORE if LIBRARIES[view] else set())
    expect(page.locator("figure figcaption")).not_to_be_empty()
    expect(page.get_by_role("region", name="Answer").get_by_role("row").nth(1)).to_be_visible()


def test_a_place_on_the_map_leads_to_its_page(page: Page) -> None:
    page.goto(DRAWN["map"])
    drawn(page, "map")
    page.get_by_role("button", name="Tangier").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("number of events: 4")
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
    page.locator(".leaflet-popup").get_by_role("link", name="Tangier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tangier")


def test_places_far_from_the_others_are_named_and_can_be_shown(page: Page) -> None:
    page.goto(DRAWN["map"])
    drawn(page, "map")
    expect(page.locator(".outside")).to_contain_text("Quito")
    page.get_by_role("button", name="Show all places").click()
    expect(page.locator(".outside")).to_have_count(0)


def test_a_network_is_drawn_the_same_each_time_and_says_who_is_linked(page: Page) -> None:
    seen = []
    for _ in range(2):
        page.goto(DRAWN["network"])
        drawn(page, "network")
        seen.append(page.evaluate("document.querySelector('.board').graph.nodes().map(node => node.position())"))
    assert seen[0] == seen[1]
    page.evaluate("document.querySelector('.board').graph.nodes('[text = \"Tunis\"]').emit('tap')")
    expect(page.locator(".chosen")).to_contain_text("Tunis")
    expect(page.locator(".chosen").get_by_role("link", name="Lisbon")).to_be_visible()


def test_a_query_is_completed_with_what_is_in_the_graph(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    page.get_by_role("textbox", name="Query").focus()
    hints = page.locator(".CodeMirror-hints li")
    page.keyboard.type("SELECT * { ?x a mg:Ci")
    expect(hints).to_contain_text(["mg:City"])
    page.keyboard.press("Enter")
    page.keyboard.type(" ; mg:coun")
    expect(hints).to_contain_text(["mg:country"])
    page.keyboard.press("Enter")
    page.keyboard.type(" ?c . ?y mg:inCity amm")
    page.keyboard.press("Control+Space")
    expect(hints.first).to_contain_text("Amman")
    page.keyboard.press("Enter")
    page.keyboard.type(" }")
    assert text(page) == "SELECT * { ?x a mg:City ; mg:country ?c . ?y mg:inCity city:amman }"
    expect(page.locator(".parseErrorIcon")).to_have_count(0)


@pytest.mark.parametrize("typed", ["mg:coun", "mg:c"])
def test_enter_takes_what_fits_of_the_offers_seen_while_newer_ones_are_awaited(page: Page, typed: str) -> None:
    page.goto("/query/")
    ready(page)
    page.get_by_role("textbox", name="Query").focus()
    page.keyboard.type(f"SELECT * {{ ?x {typed}")
    expect(page.locator(".CodeMirror-hints li")).to_contain_text(["mg:country"])
    page.route("**/query/complete*", lambda route: None)
    with page.expect_request("**/query/complete*q=mg%3Acount*"):
        page.keyboard.type("mg:count".removeprefix(typed))
    page.keyboard.press("Enter")
    page.keyboard.type(" ?country }")
    assert text(page) == "SELECT * { ?x mg:country ?country }"


def test_the_keyboard_runs_a_query_and_is_not_caught_in_the_editor(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    write(page, CITIES)
    page.get_by_role("textbox", name="Query").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("Answered in")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.get_by_role("textbox", name="Query").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("textbox", name="Query")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Close this draft")).to_be_focused()


def test_the_address_of_an_answer_gives_the_same_answer_elsewhere(page: Page, browser: Browser) -> None:
    page.goto("/query/")
    ready(page)
    write(page, "SELECT ?city (COUNT(?event) AS ?events) { ?event mg:inCity ?city } GROUP BY ?city")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="Bars").click()
    drawn(page, "bar")
    other = browser.new_context(java_script_enabled=False).new_page()
    other.goto(page.url)
    assert other.locator("figure ol").inner_text() == page.locator("figure ol").inner_text()
    assert other.locator("textarea").input_value() == text(page)
    other.context.close()


def test_a_long_answer_has_pages(page: Page) -> None:
    page.goto(address("SELECT * { ?thing a mg:Source } ORDER BY ?thing"))
    ready(page)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="2", exact=False).first.click()
    expect(page.locator(".extent")).to_have_text(re.compile("101 to 200 of"))
    assert "page=2" in page.url
    page.go_back()
    expect(page.locator(".extent")).to_have_text(re.compile("1 to 100 of"))


def test_drafts_and_history_are_kept_in_the_browser(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    write(page, CITIES)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".said")).to_contain_text("Answered")
    page.get_by_role("button", name="New draft").click()
    expect(page.get_by_role("tab", name="Draft 2")).to_have_attribute("aria-selected", "true")
    assert text(page) == ""
    page.goto("/query/")
    ready(page)
    page.get_by_role("tab", name="Draft 2").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Draft 1")).to_be_focused()
    assert text(page) == CITIES
    page.get_by_role("button", name="Close this draft").click()
    assert text(page) == ""
    page.get_by_text("History (1)").click()
    page.get_by_role("button", name=re.compile("SELECT")).click()
    assert text(page) == CITIES
    page.get_by_role("button", name="Forget the history").click()
    expect(page.get_by_text("History (")).to_be_hidden()
    assert json.loads(page.evaluate("localStorage.history")) == []


def test_a_ready_question_is_a_start_and_brings_its_picture(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    page.get_by_label("Start from a ready question").select_option(
        label="The events on the map, with their number in each city."
    )
    expect(page.locator(".CodeMirror")).to_contain_text("wgs84:lat")
    page.get_by_role("button", name="Run").click()
    drawn(page, "map")
    assert "view=map" in page.url


def test_a_query_that_loses_rows_is_mended_with_one_click(page: Page) -> None:
    page.goto(address("SELECT * { ?event a mg:Event ; schema:endDate ?end }"))
    ready(page)
    page.get_by_role("link", name="Put it right").click()
    assert "OPTIONAL" in text(page)
    before = int(page.locator(".extent").inner_text().split()[0])
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".said")).to_contain_text("Answered")
    assert int(page.locator(".extent").inner_text().split()[0]) > before


@pytest.fixture
def faulty(browser: Browser, site: str) -> Iterator[Page]:
    """A page on which a request may fail, which a browser writes to its console."""
    context = browser.new_context(base_url=site, locale="en-GB")
    yield context.new_page()
    context.close()


def test_a_fault_is_explained_where_it_is(faulty: Page) -> None:
    faulty.goto("/query/")
    ready(faulty)
    write(faulty, "SELECT * {\n  ?s ?p\n}")
    faulty.get_by_role("button", name="Run").click()
    expect(faulty.get_by_role("alert")).to_contain_text("at line 3, column 2")
    expect(faulty.locator(".CodeMirror .faulty")).to_have_count(1)
    faulty.goto(address("SELECT * { ?s ?p }"))
    ready(faulty)
    expect(faulty.get_by_role("alert")).to_contain_text("at line 1")
    assert text(faulty) == "SELECT * { ?s ?p }"


def test_a_running_query_can_be_stopped(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".said")).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Run")).to_be_visible()


def test_without_script_the_form_works(unscripted: Callable[..., Page]) -> None:
    page = unscripted(locale="fr-FR")
    page.goto("/query/")
    page.get_by_label("Requête").fill(CITIES)
    page.get_by_role("button", name="Exécuter").click()
    expect(page.get_by_role("link", name="Amman", exact=True)).to_be_visible()
    page.get_by_role("link", name="Que laisse de côté cette requête ?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Au sujet de cette requête")


def test_a_field_for_a_thing_is_filled_by_its_name(page: Page) -> None:
    page.goto("/query/cities/in-city")
    field = page.get_by_label("city")
    expect(page.get_by_text("Tangier", exact=True).first).to_be_visible()
    field.fill("Rabat")
    expect(page.locator("#c-city")).to_have_count(0)
    page.get_by_role("option", name="Rabat City").click()
    expect(field).to_have_value("city:rabat")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#c-city")).to_have_text("Rabat")


@pytest.fixture
def sample(page: Page, tmp_path: Path) -> Callable[[str, str], str]:
    """Runs a piece of code as a person does who copies it from the page, and gives what it prints."""

    def run(name: str, query: str, **more: str) -> str:
        page.goto(address(query, **more))
        code = page.locator(f"[data-sample={name}]").text_content() or ""
        commands = {"curl": "sh", "r": "Rscript", "javascript": "node"}
        command = shutil.which(commands.get(name, sys.executable))
        if command is None:
            pytest.fail(f"{commands[name]} is missing: run make test")
        file = tmp_path / f"sample{'.mjs' if name == 'javascript' else ''}"
        file.write_text(code, encoding="utf-8")
        python = command == sys.executable
        arguments = [command, *(["-W", "error"] if python else []), str(file)]
        environment = os.environ | {"LC_ALL": "C.UTF-8"}
        result = subprocess.run(arguments, capture_output=True, text=True, env=environment, timeout=60)
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout

    return run


AWKWARD = """SELECT ?city ?text {
  VALUES ?city { city:tunis }  # it's "quoted", \\ and `ticked`
  BIND ("a \\"quote\\", a backslash \\\\, $HOME, ${HOME} and '''é'''" AS ?text)
}"""


@pytest.mark.parametrize("name", ["curl", "sparqlwrapper", "pandas", "rdflib", "r", "javascript"])
def test_code_copied_from_the_page_gives_the_answer(sample: Callable[[str, str], str], name: str) -> None:
    said = sample(name, AWKWARD)
    assert "id/city/" in said
    if name not in ("pandas", "r"):  # these shorten what they print
        assert "id/city/tunis" in said
        assert "$HOME, ${HOME} and '''é'''" in said.replace("\\'", "'")


@pytest.mark.parametrize("name", ["curl", "sparqlwrapper", "pandas", "rdflib", "r", "javascript"])
def test_code_copied_through_a_lens_asks_through_it(sample: Callable[..., str], name: str) -> None:
    query = 'SELECT ("nobody" AS ?counted) { FILTER NOT EXISTS { ?place mg:population ?people } }'
    assert "nobody" in sample(name, query, evidence="official")


@pytest.mark.parametrize("name", ["curl", "sparqlwrapper", "rdflib", "javascript"])
def test_code_for_a_graph_or_a_truth_value_gives_one(sample: Callable[[str, str], str], name: str) -> None:
    assert "Tunis" in sample(name, "CONSTRUCT { ?city rdfs:label ?name } { ?city a mg:City ; rdfs:label ?name }")
    assert sample(name, "ASK { ?city a mg:City }").strip().lower().endswith("true")


def test_a_query_that_is_run_again_looks_through_the_same_lens(page: Page) -> None:
    page.goto(address("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", evidence="two-sources"))
    ready(page)
    before = page.locator("#answer td").inner_text()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".said")).to_contain_text("Answered")
    assert page.locator("#answer td").inner_text() == before
    assert "evidence=two-sources" in page.url


def test_a_part_of_the_page_is_gone_to_without_losing_what_is_there(page: Page) -> None:
    page.goto("/query/")
    ready(page)
    write(page, CITIES)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".said")).to_contain_text("Answered")
    page.get_by_role("link", name="Skip to content").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    expect(page.locator(".said")).to_contain_text("Answered")
