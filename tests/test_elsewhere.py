"""Things whose IRIs are not those of this project, and graphs that do not use its ontology."""

from urllib.parse import quote

import pytest
from common import Make, Visit, written
from flask.testing import FlaskClient
from pages import BROWSER, Page, Texts, followed

import kg

HARBOUR = "https://here.example/id/city?nr=1&part=2#it"
OURS = f"""
source:mine a mg:Source ; dcterms:title "Mine"@en .
<{HARBOUR}> a mg:City ; rdfs:label "Harbour"@en , "Le Port"@fr ; mg:country "TN" ;
  mg:geonames <https://far.example/5/> .
event:meeting a mg:Event ; rdfs:label "A meeting"@en ; mg:inCity <{HARBOUR}> .
<https://far.example/4.5> a skos:Concept ; skos:prefLabel "A goal of others"@en .
theme:care a skos:Concept ; skos:prefLabel "Care"@en ; skos:exactMatch <https://far.example/4.5> .
"""
THEIRS = """
<http://a.example/Ship> a rdfs:Class ; rdfs:label "Ship"@en .
<http://a.example/Ship> rdfs:subClassOf <http://a.example/Ship> .
<http://a.example/Boat> rdfs:subClassOf <http://a.example/Ship> , <http://a.example/Barge> ; rdfs:label "Boat"@en .
<http://a.example/Barge> rdfs:subClassOf <http://a.example/Boat> ; rdfs:label "Barge"@en .
<http://a.example/three> a <http://a.example/Barge> .
<http://a.example/one> a <http://a.example/Ship> ; rdfs:label "The One"@en ; <http://a.example/near> <urn:x:two> ;
  foaf:homepage <http://a.example/home/> .
<urn:x:two> a <http://a.example/Boat> ; rdfs:label "The Two"@en ; <http://a.example/size> 3 , "big" .
"""


@pytest.fixture(scope="module")
def ours(snapshot: Make, visit: Visit) -> FlaskClient:
    """A reader of a graph in this ontology about a thing with an IRI of its own."""
    return visit(snapshot(mine=OURS))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory, visit: Visit) -> FlaskClient:
    """A reader of a graph that has nothing of this ontology."""
    folder = tmp_path_factory.mktemp("theirs")
    return visit(kg.build(only=written(folder, ships=THEIRS), home=folder / "home"))


def page(iri: str) -> str:
    return f"/page?iri={quote(iri, safe='')}"


def test_a_thing_with_an_iri_of_its_own_has_a_page_to_which_lists_and_other_pages_lead(ours: FlaskClient) -> None:
    for address in ("/browse/City", "/page/event/meeting", "/search?q=harbour", "/sources/mine"):
        html = ours.get(address, headers=BROWSER).text
        links = [link for link in Page(html).links() if link.startswith("/page?iri=https://here.example")]
        assert links, address
        there = ours.get(links[0], headers=BROWSER)
        assert there.status_code == 200
        assert "A meeting" in there.text
    assert "Le Port" in ours.get(page(HARBOUR) + "&lang=fr", headers=BROWSER).text


@pytest.mark.parametrize("extension", ["ttl", "trig", "nt", "nq", "jsonld", "rdf"])
def test_its_data_come_in_every_syntax(ours: FlaskClient, extension: str) -> None:
    answer = ours.get(f"/data.{extension}?iri={quote(HARBOUR, safe='')}")
    assert answer.status_code == 200
    assert "here.example/id/city" in answer.text
    assert answer.headers["Link"].startswith("<http://localhost/page?iri=https://here.example")


@pytest.mark.parametrize("extension", ["bib", "ris", "json"])
def test_it_is_cited_under_its_own_iri(ours: FlaskClient, extension: str) -> None:
    assert "here.example/id/city" in ours.get(f"/cite.{extension}?iri={quote(HARBOUR, safe='')}").text


def test_what_the_graph_does_not_describe_leads_to_where_it_is_described(ours: FlaskClient) -> None:
    assert "https://far.example/5/" in Page(ours.get(page(HARBOUR), headers=BROWSER).text).links()
    assert "https://far.example/4.5" in Page(ours.get("/page/vocab/theme/care", headers=BROWSER).text).links()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/page", 400, "say of which thing"),
        ("/data.ttl", 400, "say of which thing"),
        ("/page?iri=https://here.example/none", 404, "nothing in the graph is called"),
        ("/page?iri=no%20iri", 400, "no address of a thing"),
        ("/data.exe?iri=https://here.example/none", 400, "the address of data ends in"),
    ],
)
def test_an_address_without_a_thing_says_so(ours: FlaskClient, address: str, status: int, words: str) -> None:
    answer = ours.get(address, headers=BROWSER)
    assert answer.status_code == status
    assert words in answer.text


def test_an_iri_of_the_graph_asked_for_in_this_way_leads_to_its_own_address(ours: FlaskClient) -> None:
    answer = ours.get(page(kg.BASE + "id/event/meeting"))
    assert (answer.status_code, answer.location) == (301, "/page/event/meeting")


def test_a_graph_in_other_words_is_listed_by_its_own_classes(theirs: FlaskClient) -> None:
    html = theirs.get("/browse/", headers=BROWSER).text
    assert "Ship" in html
    assert "Boat" in html
    assert "Barge" in html
    assert "The One" in theirs.get("/browse/" + quote("http://a.example/Ship", safe=""), headers=BROWSER).text


def test_a_term_without_a_name_reads_as_its_prefixed_name_and_any_other_iri_as_an_address(theirs: FlaskClient) -> None:
    facts = Texts(theirs.get(page("http://a.example/one"), headers=BROWSER).text)
    texts = {text.strip() for _, _, text in facts.found}
    assert {"foaf:homepage", "a.example/home"} <= texts


def test_every_link_of_a_graph_in_other_words_leads_somewhere(theirs: FlaskClient) -> None:
    answers = followed(theirs, ["/browse/", page("urn:x:two"), "/sources/"], 100)
    assert [one for one in answers.items() if one[1] not in (200, 303, 403)] == []
    assert page("http://a.example/one").replace("%3A", ":").replace("%2F", "/") in answers
    assert "/sources/ships" in answers
