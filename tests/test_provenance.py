"""Who says what: sources, disagreements, names by source, and the lens on every page of the explorer."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from common import Make, Visit
from flask.testing import FlaskClient

import kg
import webapp

PAGE = {"Accept": "text/html"}
ALPHA = """
source:alpha a mg:Source ; dcterms:title "Alpha"@en ; mg:readAs readas:whole ; mg:publisherAsStated "The Herald" ;
  dcterms:language "fr" ; mg:sourceKind sourcekind:web-page .
event:fair a mg:Event ; rdfs:label "Fair"@en ; schema:startDate "2019-05"^^xsd:gYearMonth .
actor:league a mg:Network ; schema:name "Harbour League"@en ; mg:country "FR" ;
  mg:wikidata <http://www.wikidata.org/entity/Q1> .
"""
BETA = """
source:beta a mg:Source ; dcterms:title "Beta"@en ; mg:readAs readas:excerpt ; mg:publisherAsStated "The Courier" ;
  dcterms:language "en" ; mg:sourceKind sourcekind:register .
event:fair a mg:Event ; schema:startDate "2020"^^xsd:gYear .
actor:league schema:name "Ligue des ports"@fr ; mg:country "BE" ; mg:isni "0000000121032683" .
"""
CURATION = """
source:choices a mg:Curation ; dcterms:title "Choices"@en .
actor:league rdfs:label "League"@en .
actor:rival rdfs:label "Rival"@en .
disagreement:size a mg:Disagreement ; rdfs:label "How many came"@en ; mg:about event:fair ;
  skos:editorialNote "Two counts of two days."@en .
claim:size-1 a mg:Claim ; mg:inDisagreement disagreement:size ; mg:claimText "40"@en ; dcterms:source source:alpha .
claim:size-2 a mg:Claim ; mg:inDisagreement disagreement:size ; mg:claimText "50"@en ; dcterms:source source:beta .
decision:league a mg:IdentityDecision ; mg:about actor:league ; mg:verdict "same" ;
  mg:recognisedName "The \\"League\\""@en ; mg:reason "Same seat."@en .
decision:rival a mg:IdentityDecision ; mg:about actor:league , actor:rival ; mg:verdict "different" .
"""


@pytest.fixture(scope="module")
def two(snapshot: Make) -> kg.Snapshot:
    """Two sources that agree on one class and differ on a date, a country and a number, and what readers made of it."""
    return snapshot(alpha=ALPHA, beta=BETA, choices=CURATION)


@pytest.fixture(scope="module")
def visitor(two: kg.Snapshot, visit: Visit) -> FlaskClient:
    """A reader of the explorer over the two sources."""
    for lens in kg.known_lenses():
        kg.through(two, lens)
    return visit(two)


@pytest.fixture(scope="module")
def reader(visitor: FlaskClient) -> Callable[[str], str]:
    """The text of a page of the explorer over the two sources."""
    return lambda address: " ".join(visitor.get(address, headers=PAGE).text.split())


@pytest.fixture(scope="module")
def explorer(shipped: kg.Snapshot, shipped_client: FlaskClient) -> FlaskClient:
    """A reader of the explorer over what the project ships, its lenses made."""
    for lens in kg.known_lenses():
        kg.through(shipped, lens)
    return shipped_client


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """A list as CSV gives it."""
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_a_source_is_listed_with_what_it_says_and_what_nobody_else_says(visitor):
    counted = {row["title"]: (row["statements"], row["alone"]) for row in rows(visitor, "/sources.csv")}
    # alpha: three of the fair and four of the league, of which "is an event" is said by beta, too
    assert counted == {"Alpha": ("7", "6"), "Beta": ("5", "4"), "Choices": ("23", "0")}


def test_sources_are_filtered_and_sorted(explorer):
    registers = rows(explorer, "/sources.csv?kind=sourcekind:register&sort=statements")
    assert len(registers) == 6
    assert {row["kind"] for row in registers} == {"sourcekind:register"}
    counts = [int(row["statements"]) for row in registers]
    assert counts == sorted(counts, reverse=True)
    assert len(rows(explorer, "/sources.csv?kind=sourcekind:register&language=xx")) == 0
    assert explorer.get("/sources/?sort=colour").status_code == 400


def test_the_page_of_a_source_marks_what_only_it_says(reader):
    page = reader("/sources/alpha")
    assert "This source makes 7 statements about 2 things. 6 of them are made by nobody else." in page
    assert page.count(">only here</a>") == 6
    assert page.count("1 other source") == 1
    assert "French" in page


def test_the_page_of_a_source_shows_what_it_contradicts(reader):
    page = reader("/sources/alpha")
    assert "What it contradicts" in page
    assert "How many came" in page
    assert "Two counts of two days." in page


def test_disagreements_found_by_reading_and_by_comparing_stand_side_by_side(reader):
    page = reader("/disagreements")
    held = re.findall(r'<p class="held">(?:<[^>]*>)*([^<]+)', page)
    assert held == ["40", "50", "May 2019", "2020"]
    assert page.count("Found by reading.") == 1
    assert page.count("Found by comparing values.") == 1


def test_disagreements_are_filtered_by_what_they_are_about(explorer):
    found = rows(explorer, "/disagreements.csv?about=phase:phase-2")
    ends = {row["position"] for row in found if row["disagreement"].endswith("conflict-phase2-end")}
    assert "2018-07-01 to 2021-03-31" in ends
    assert len(ends) == 5
    assert {row["about"] for row in found} == {kg.expand("phase:phase-2")}
    assert explorer.get("/disagreements?about=city:vienna-nowhere").status_code == 404


def test_what_sources_disagree_on_is_found_by_clicking(explorer):
    address = "/"
    for name in ("Sources", "Disagreements", "Phase II"):
        page = explorer.get(address, headers=PAGE).text
        address = re.search(rf'href="([^"]*)"[^>]*>{name}\b', page)[1].replace("&amp;", "&")
    assert address == "/disagreements?about=phase:phase-2"
    assert "2018-07-01 to 2021-03-31" in explorer.get(address, headers=PAGE).text


def test_names_stand_source_by_source_and_differences_are_marked(reader):
    page = reader("/names/actor/league")
    assert "Harbour League" in page
    assert "Ligue des ports" in page
    assert re.search(r'Country</dt><dd>2 values <span class="differs">differs</span>', page)
    assert re.search(r"Identifier</dt><dd>2 values</dd>", page)
    assert page.count('<span class="differs">differs</span></li>') == 2


def test_names_are_taken_along_as_csv(explorer):
    said = rows(explorer, "/names/actor/icmpd.csv")
    assert {row["source"].rsplit("/", 1)[1] for row in said if row["property"].endswith("isni")} == {"ror"}
    assert len({row["source"] for row in said}) == 70


def test_mappings_are_written_as_sssom(two):
    lines = kg.sssom(two, "snapshot-1", kg.expand("actor:league")).decode().splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert head[0] == "# curie_map:"
    assert '#   wikidata: "http://www.wikidata.org/entity/"' in head
    assert '# mapping_set_id: "https://w3id.org/migration-governance/mappings/actor/league"' in head
    assert '# mapping_set_version: "snapshot-1"' in head
    found = list(csv.DictReader(lines[len(head) :], delimiter="\t"))
    told = {(row["predicate_modifier"], row["predicate_id"], row["object_id"] or row["object_label"]) for row in found}
    assert told == {
        ("Not", "skos:exactMatch", "actor:rival"),
        ("", "skos:exactMatch", 'The "League"'),
        ("", "skos:exactMatch", "isni:0000000121032683"),
        ("", "skos:exactMatch", "wikidata:Q1"),
    }
    assert [row["comment"] for row in found if row["object_label"] == 'The "League"'] == ["Same seat."]
    assert {row["mapping_justification"] for row in found} == {
        "semapv:ManualMappingCuration",
        "semapv:UnspecifiedMatching",
    }


def test_every_identifier_of_the_mappings_has_a_declared_prefix(explorer):
    text = explorer.get("/names.sssom.tsv").text
    head, _, body = text.partition("\nsubject_id")
    declared = set(re.findall(r"^#   (\w+): ", head, re.MULTILINE))
    columns = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source", "mapping_source")
    for row in csv.DictReader(io.StringIO("subject_id" + body), delimiter="\t"):
        assert {row[name].partition(":")[0] for name in columns if row[name]} <= declared
        assert bool(row["object_id"]) == (row["object_type"] == "rdfs resource")


def test_a_lens_stays_in_every_link_and_form_of_the_page(explorer):
    page = explorer.get("/browse/Event?evidence=official&lang=fr", headers=PAGE).text
    inside = [address for address in re.findall(r'href="(/[^"]*)"', page) if "lang=fr" in address]
    assert {address for address in inside if "evidence=" not in address} == {"/browse/Event?lang=fr"}
    assert len(inside) > 30
    assert '<input type="hidden" name="evidence" value="official">' in page


def test_a_page_says_how_much_passes_the_lens(explorer, shipped):
    about = kg.through(shipped, "two-sources").manifest
    page = explorer.get("/?evidence=two-sources&lang=en", headers=PAGE).text
    assert f"You see {about['passing']:,} of {about['stated']:,} statements." in page
    assert "You see" not in explorer.get("/?lang=en", headers=PAGE).text


def test_a_lens_is_looked_through_by_lists_questions_and_data(explorer):
    address = "/query/events/on-theme.json?evidence="
    whole, seen = (len(explorer.get(address + lens).json["results"]["bindings"]) for lens in ("", "two-sources"))
    assert 0 < seen < whole
    data = [explorer.get(f"/data/event/ev-2021-11-paris-lab.nt?evidence={lens}").text for lens in ("", "two-sources")]
    assert set(data[1].splitlines()) < set(data[0].splitlines())


def test_a_thing_of_which_nothing_passes_has_a_page_that_leads_back(reader, two):
    assert kg.query(two, "ASK { actor:rival ?p ?o }").boolean
    page = reader("/page/actor/rival?evidence=stated")
    assert "Nothing passes the lens" in page
    assert 'href="/page/actor/rival">The same page without the lens</a>' in page
    assert "Not found" in reader("/page/actor/nobody?evidence=stated")


def test_data_of_which_nothing_passes_is_a_sentence(visitor):
    answer = visitor.get("/data/actor/rival.ttl?evidence=stated")
    assert (answer.status_code, "ask without evidence=stated" in answer.json["detail"]) == (404, True)
    assert visitor.get("/data/actor/rival.ttl").status_code == 200


def test_the_endpoint_looks_through_a_lens(visitor):
    query = {"query": "ASK { event:fair schema:startDate ?date }", "evidence": "two-sources"}
    assert visitor.get("/sparql", query_string=query).json["boolean"] is False
    assert visitor.get("/sparql", query_string={"query": query["query"]}).json["boolean"] is True


def test_an_unknown_lens_is_a_sentence(explorer):
    answer = explorer.get("/?evidence=rumour")
    assert answer.status_code == 400
    assert 'evidence="rumour" is not one of' in answer.json["detail"]


def test_who_asks_for_a_lens_that_takes_long_is_told_when_to_come_back(tmp_path, monkeypatch):
    fresh = kg.build(only=(kg.ROOT / "ontology",), home=tmp_path)
    app = webapp.create_app(lambda: fresh)
    monkeypatch.setattr("webapp.evidence.WAIT_SECONDS", 0)
    answer = app.test_client().get("/?evidence=stated")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert kg.through(fresh, "stated").manifest["passing"] == 0  # by now the thread is through, too
    assert app.test_client().get("/?evidence=stated").status_code == 200
    app.extensions["workers"].close()


def test_disagreements_are_shown_whatever_the_lens(explorer):
    page = explorer.get("/disagreements?evidence=two-sources&lang=en", headers=PAGE).text
    assert "This page shows every claim, whatever the lens" in page
    assert len(rows(explorer, "/disagreements.csv?evidence=two-sources")) == len(rows(explorer, "/disagreements.csv"))


def test_looking_without_the_lens_leaves_no_trace(visitor):
    assert visitor.get("/compare.csv?a=actor:league&b=actor:rival&lang=es&evidence=stated").status_code == 404
    assert 'href="/page/actor/league?lang=es"' in visitor.get("/search?q=league&lang=es", headers=PAGE).text


@pytest.mark.parametrize("address", ["/compare?a=actor:league&b={0}", "/path?from=actor:league&to={0}"])
def test_a_lens_is_blamed_for_what_it_hides_and_for_nothing_else(reader, address):
    assert "Nothing passes the lens" in reader(address.format("actor:rival") + "&evidence=stated")
    assert "Nothing is called" in reader(address.format("zzz") + "&evidence=stated")
