"""What an analyst finds out by clicking alone, from the first page on, against what SPARQL says of the same graph.

What one page does by itself stands in the tests of that page: its filters, its slider, its completion, its twins.
"""

import csv
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tour import PAGES

import kg

Ask = Callable[[str], set[str]]

BOTH_PHASES = """SELECT DISTINCT ?city {
  ?city a mg:City .
  ?one mg:actor ?city ; mg:activity phase:phase-1 ; mg:role role:participating-city .
  ?two mg:actor ?city ; mg:activity phase:phase-2 ; mg:role role:participating-city .
}"""
CLAIMED = (
    """SELECT DISTINCT ?source { ?of mg:about phase:phase-2 . ?claim mg:inDisagreement ?of ; dcterms:source ?source }"""
)
VISITS = """SELECT DISTINCT ?event {
  ?event a mg:Event .
  ?part schema:superEvent? ?event .
  { ?exhibition a mg:Exhibition ; mg:visitedDuring|schema:superEvent ?part }
  UNION { ?part mg:kind eventkind:city-visit } UNION { ?part mg:kind eventkind:field-visit }
}"""
BEFORE_2019 = """SELECT DISTINCT ?actor {
  ?actor a mg:Actor .
  { ?tie mg:actor ?actor ; mg:activity ?dated } UNION { ?tie mg:funder ?actor ; mg:fundedActivity ?dated }
  ?dated schema:startDate|schema:endDate|schema:datePublished|mg:earliestDate|mg:opens|mg:documentedFrom ?some .
  FILTER NOT EXISTS {
    { ?tie2 mg:actor ?actor ; mg:activity ?activity } UNION { ?tie2 mg:funder ?actor ; mg:fundedActivity ?activity }
    OPTIONAL { ?activity schema:endDate|mg:latestDate|mg:documentedTo ?end }
    OPTIONAL {
      ?activity (schema:startDate|schema:endDate|schema:datePublished|mg:latestDate|mg:closes|mg:documentedTo)
                |(^mg:phaseOf/schema:endDate) ?day
      FILTER (!STRSTARTS(STR(?day), "--"))
    }
    OPTIONAL { ?activity a ?lasting . FILTER (?lasting IN (mg:Project, mg:Phase, mg:Action)) }
    FILTER (!BOUND(?day) || STR(?day) >= "2019" || (BOUND(?lasting) && !BOUND(?end)))
  }
}"""
WORDS = {
    "en": {
        "both": "only what has all that I tick",
        "visit": "With an exhibition or a visit",
        "visits": ["Exhibition", "field visit", "city visit"],
        "show": "Show",
        "actors": "Which actors appear in which activities",
        "before": "Only before a date",
        "day": "Only before",
        "only": "^only before",
        "actor": "^actor",
    },
    "fr": {
        "both": "seulement ce qui a tout ce que je coche",
        "visit": "Avec une exposition ou une visite",
        "visits": ["Exposition", "visite de terrain", "visite de ville"],
        "show": "Afficher",
        "actors": "Quels acteurs apparaissent dans quelles activités",
        "before": "Seulement avant une date",
        "day": "Seulement avant",
        "only": "^seulement avant",
        "actor": "^acteur",
    },
}
SOURCED = '.evidence a[href*="/sources/"]'
in_both_languages = pytest.mark.parametrize("language", ["en", "fr"])


@pytest.fixture
def ask(shipped: kg.Snapshot) -> Ask:
    """The values of the one column of a query to the shipped graph."""
    declared = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in kg.prefixes().items())
    return lambda text: {next(iter(row.values())).value for row in kg.query(shipped, declared + text).rows}


@pytest.fixture
def first(page: Page) -> Callable[[str], None]:
    """Opens the first page, in a language: the only address that is written and not clicked."""
    return lambda language: page.goto(f"/?lang={language}") and None


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A small screen that is touched."""
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR"
    )
    yield context
    context.close()


def things(links: Locator) -> set[str]:
    """The IRIs of the things to whose pages these links lead."""
    paths = (urlsplit(address).path for address in links.evaluate_all("every => every.map(link => link.href)"))
    return {kg.BASE + re.sub("^/page/", "id/", path).removeprefix("/").replace("sources/", "source/") for path in paths}


def drawn(page: Page) -> None:
    """Wait for the picture of the network."""
    expect(page.locator("figure[data-network]")).to_have_attribute("data-drawn", "network")


@in_both_languages
def test_which_cities_took_part_in_both_phases(
    page: Page, first: Callable[[str], None], ask: Ask, language: str
) -> None:
    first(language)
    page.locator(".tiles .kind-city a.all").click()
    phases = page.get_by_role("group", name="Phase", exact=True)
    phases.get_by_role("checkbox", name=re.compile(r"^Phase I \d")).check()
    phases.get_by_role("checkbox", name=re.compile(r"^Phase II \d")).check()
    phases.get_by_role("checkbox", name=re.compile(WORDS[language]["both"])).check()
    page.get_by_role("button", name=WORDS[language]["show"]).last.click()
    expect(page.get_by_role("rowheader")).to_have_count(9)
    assert things(page.get_by_role("rowheader").get_by_role("link")) == ask(BOTH_PHASES)


@in_both_languages
def test_who_connects_seine_saint_denis_to_andalusia(
    page: Page, first: Callable[[str], None], shipped: kg.Snapshot, language: str
) -> None:
    first(language)
    page.locator("nav.main").get_by_role("link", name=re.compile("^(Paths|Chemins)$")).click()
    page.get_by_role("link", name=re.compile("Seine-Saint-Denis .*Anda")).click()
    found = kg.find_paths(shipped, "place:seine-saint-denis", "actor:famsi", language)
    shown = page.locator("ol.stations, ul.stations")
    expect(shown).to_have_count(len(found.paths))
    assert "Via le monde" in shown.first.inner_text()


@in_both_languages
def test_what_sources_disagree_on_about_phase_two(
    page: Page, first: Callable[[str], None], ask: Ask, language: str
) -> None:
    first(language)
    page.locator(".doors").get_by_role("link", name=re.compile("^(Disagreements|Désaccords)$")).click()
    page.get_by_role("main").get_by_role("navigation").get_by_role("link", name=re.compile("^Phase II ")).click()
    expect(page).to_have_url(re.compile("about="))
    shown = things(page.locator('.claims a[href*="/sources/"]'))
    assert ask(CLAIMED) <= shown


@in_both_languages
def test_which_events_had_an_exhibition_or_a_cultural_visit(
    page: Page, first: Callable[[str], None], ask: Ask, language: str
) -> None:
    words = WORDS[language]
    first(language)
    page.locator(".tiles .kind-event a.all").click()
    page.get_by_text(str(words["visit"]), exact=True).first.click()
    choices = page.get_by_role("group", name=words["visit"])
    for name in words["visits"]:
        if choices.get_by_role("checkbox", name=re.compile(f"^{name}")).count():
            choices.get_by_role("checkbox", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name=words["show"]).last.click()
    expect(page).to_have_url(re.compile("visit="))
    assert things(page.get_by_role("rowheader").get_by_role("link")) == ask(VISITS)


@in_both_languages
def test_which_actors_appear_only_before_2019(
    page: Page, first: Callable[[str], None], ask: Ask, language: str
) -> None:
    words = WORDS[language]
    first(language)
    page.locator("nav.main").get_by_role("link", name=re.compile("^(Network|Réseau)$")).click()
    page.get_by_role("link", name=words["actors"]).click()
    drawn(page)
    page.get_by_role("link", name=words["before"]).click()
    page.get_by_role("textbox", name=words["day"]).fill("2019")
    page.get_by_role("button", name=words["show"], exact=True).click()
    lists = page.locator("#lists")
    lists.get_by_role("link", name=re.compile(words["actor"])).click()
    lists.get_by_role("link", name=re.compile(words["only"])).click()
    expect(page).to_have_url(re.compile("state=only"))
    assert things(lists.locator('tbody tr a[href*="/page/actor/"]')) == ask(BEFORE_2019)


@in_both_languages
def test_an_actor_is_found_without_its_spelling_and_a_fact_of_it_followed_to_its_source(
    page: Page, first: Callable[[str], None], language: str
) -> None:
    first(language)
    page.get_by_role("main").get_by_role("searchbox").or_(page.get_by_role("main").get_by_role("combobox")).first.fill(
        "afrison"
    )
    page.keyboard.press("Enter")
    page.locator("ol.hits").get_by_role("link", name="Afrisson", exact=True).click()
    fact = page.locator("#facts dd").filter(has=page.locator(SOURCED)).first
    fact.locator("summary").click()
    source = fact.locator(SOURCED).first
    title = source.inner_text()
    source.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title.rstrip("… ")[:40])


@in_both_languages
def test_a_filtered_list_is_taken_along_as_it_stands(page: Page, first: Callable[[str], None], language: str) -> None:
    first(language)
    page.locator(".tiles .kind-event a.all").click()
    page.get_by_role("checkbox", name=re.compile("^(Morocco|Maroc) ")).check()
    page.get_by_role("button", name=WORDS[language]["show"]).last.click()
    expect(page).to_have_url(re.compile("country=MA"))
    shown = things(page.get_by_role("rowheader").get_by_role("link"))
    with page.expect_response(re.compile(r"\.csv")) as got:
        page.evaluate("address => fetch(address)", page.get_by_role("link", name="CSV").get_attribute("href"))
    rows = list(csv.DictReader(got.value.text().splitlines()))
    assert {row["iri"] for row in rows} == shown
    assert len(rows) > 1


def test_a_path_is_read_and_its_first_mark_followed(page: Page, first: Callable[[str], None]) -> None:
    first("fr")
    page.locator(".doors").get_by_role("link", name="Chemin", exact=True).click()
    page.get_by_role("link", name=re.compile("entre Vienne et Afrisson")).click()
    expect(page.locator(".legs").first).to_contain_text("Afrisson")
    page.locator('.legs a[href*="#source-"]').first.click()
    expect(page).to_have_url(re.compile("#source-"))
    expect(page.locator(":target a").first).to_be_visible()


def test_a_year_is_chosen_on_the_slider_and_a_thing_opened_in_place(page: Page, first: Callable[[str], None]) -> None:
    first("fr")
    page.locator("nav.main").get_by_role("link", name="Réseau").click()
    page.get_by_role("link", name="Qui était aux mêmes événements").click()
    drawn(page)
    whole = page.locator("figure[data-network]").get_attribute("data-things") or ""
    page.get_by_role("link", name="À une date").click()
    slider = page.get_by_role("slider")
    year = int(slider.input_value())
    expect(page.locator("#said")).to_contain_text(str(year))
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#said")).to_contain_text(str(year - 1))
    page.get_by_role("link", name="Toutes les périodes").click()
    expect(slider).to_be_hidden()
    figure = page.locator("figure[data-network]")
    expect(figure).to_have_attribute("data-things", whole)
    page.locator("#lists tbody").get_by_role("link", name=re.compile("liens de")).first.click()
    page.locator("#panel").get_by_role("link", name="Regarder seulement autour").click()
    expect(page).to_have_url(re.compile("around="))
    expect(figure).not_to_have_attribute("data-things", whole)
    number = int(figure.get_attribute("data-things") or 0)
    more = page.get_by_role("link", name=re.compile(r"^\+\d+ ")).first
    grown = number + int(re.findall(r"\d+", more.inner_text())[0])
    more.click()
    expect(figure).to_have_attribute("data-things", str(grown))


def test_the_keyboard_alone_goes_from_the_first_page_to_a_source(page: Page, first: Callable[[str], None]) -> None:
    first("en")
    for link in (".tiles .kind-city a.all", 'tbody a[href^="/page/city/amman"]'):
        press_until(page, link)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    press_until(page, f"#facts dd:has({SOURCED}) summary")
    page.keyboard.press("Enter")
    press_until(page, f"#facts {SOURCED}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sources/"))


def press_until(page: Page, wanted: str) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"the keyboard does not reach {wanted}")


@pytest.mark.parametrize("name", [name for name in PAGES if name != "lens"])
def test_every_type_of_page_can_be_read_without_script(plain: Page, name: str) -> None:
    plain.goto(PAGES[name])
    expect(plain.get_by_role("heading", level=1)).to_have_count(1)
    main = plain.get_by_role("main")
    assert main.locator("table tbody tr, ul li, ol li, dl dd, .sentence").count()
    for figure in main.locator("figure:visible").all():
        assert figure.locator("svg:visible, img:visible, p:visible, table:visible, ul:visible").count(), (
            "an empty picture"
        )
    assert main.locator("img").evaluate_all("all => all.every(image => image.naturalWidth > 0)")


def test_on_a_phone_a_city_is_found_and_a_fact_of_it_followed_to_its_source(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/")
    page.locator("main #q").tap()
    page.locator("main #q").fill("vienn")
    page.locator("main form.find button").tap()
    page.locator("ol.hits").get_by_role("link", name="Vienne", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vienne")
    fact = page.locator("#facts dd").filter(has=page.locator(SOURCED)).first
    fact.locator("summary").tap()
    fact.locator(SOURCED).first.tap()
    expect(page).to_have_url(re.compile("/sources/"))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
