"""The dataset as a whole: what can be taken along, and what its descriptions say, which has to be true."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from common import CASES
from flask import Flask
from flask.testing import FlaskClient
from pages import BROWSER

import kg
from webapp import sitemaps
from webapp.replies import RDF

TYPE = kg.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
VOID = "http://rdfs.org/ns/void#"
DATASET = kg.NamedNode(kg.BASE + "dataset")
Read = Callable[[str], kg.Store]


@pytest.fixture
def read(client: FlaskClient, tmp_path: Path) -> Read:
    """The RDF at an address, as a store."""

    def load(address: str) -> kg.Store:
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200
        file = tmp_path / (urlsplit(address).path.strip("/").replace("/", "-").partition(".")[0] + ".ttl")
        extension = next(name for name, media in RDF.items() if media == answer.mimetype)
        file = file.with_suffix(f".{extension}")
        file.write_bytes(answer.data)
        return kg.load(file)

    return load


def value(store: kg.Store, subject: kg.Term, predicate: str) -> str:
    """The only value of a property."""
    (found,) = {str(getattr(o, "value", o)) for _, p, o in store.statements(subject) if p.value == predicate}  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("extension", ["nq", "trig", "jsonld"])
def test_a_file_with_graphs_holds_every_quad(read: Read, small: kg.Snapshot, extension: str) -> None:
    difference = kg.diff(small, read(f"/downloads/graph.{extension}"))
    assert (difference.added, difference.removed) == ((), ())


@pytest.mark.parametrize("extension", ["nt", "ttl", "rdf"])
def test_a_file_without_graphs_holds_every_statement_once(read: Read, small: kg.Snapshot, extension: str) -> None:
    found = read(f"/downloads/graph.{extension}")
    assert len(found) == len(list(small.merged()))
    assert all(found.holds(one) for one in small.merged() if "_:" not in "".join(map(str, one)))


def test_a_file_is_made_once_and_not_sent_to_whoever_has_it(client: FlaskClient, small: kg.Snapshot) -> None:
    first = client.get("/downloads/graph.nt", buffered=True)
    file = small.path / "downloads" / "graph.nt"
    made = file.stat().st_mtime_ns
    tag = first.headers["ETag"]
    assert first.data == file.read_bytes()
    assert client.get("/downloads/graph.nt", headers={"If-None-Match": tag}, buffered=True).status_code == 304
    assert (
        client.get("/downloads/graph.nt", headers={"Range": "bytes=0-9"}, buffered=True).data == file.read_bytes()[:10]
    )
    assert file.stat().st_mtime_ns == made
    assert [other.name for other in file.parent.iterdir() if other.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["graph.docx", "graph", "secrets.ttl", "..%2Fmanifest.json", "graph.ttl.bak"])
def test_there_is_no_other_file(client: FlaskClient, name: str) -> None:
    assert client.get(f"/downloads/{name}").status_code == 404


def test_a_syntax_that_is_none_is_refused(small: kg.Snapshot) -> None:
    with pytest.raises(kg.FormatError, match="choose"):
        kg.dump(small, "docx")


def test_the_shapes_and_the_questions_can_be_taken_along(read: Read) -> None:
    assert kg.query(read("/downloads/shapes.ttl"), "ASK { ?s a sh:NodeShape ; sh:targetClass mg:Event }").boolean
    assert kg.query(read("/downloads/questions.ttl"), "ASK { ?s sh:select ?text }").boolean


def test_void_counts_what_is_there(read: Read, small: kg.Snapshot) -> None:
    void = read("/void.ttl")
    merged = list(small.merged())
    things = {s for s, p, _ in merged if p == TYPE and str(s).startswith(f"<{kg.BASE}id/")}
    expected = {
        "triples": len(merged),
        "distinctSubjects": len({s for s, _, _ in merged}),
        "distinctObjects": len({o for _, _, o in merged}),
        "properties": len({p for _, p, _ in merged}),
        "classes": len({o for _, p, o in merged if p == TYPE}),
        "entities": len(things),
        "documents": len(small.graphs()),
    }
    assert {name: int(value(void, DATASET, VOID + name)) for name in expected} == expected


def test_what_void_counts_is_counted_once(small: kg.Snapshot) -> None:
    counted = kg.void(small)
    [file] = small.path.glob("void-*.nt")
    made = file.stat().st_mtime_ns
    assert set(kg.void(small)) == set(counted)
    assert file.stat().st_mtime_ns == made


def test_void_divides_by_class_property_and_graph(read: Read) -> None:
    void = read("/void.ttl")
    cities = "{ ?d void:classPartition ?p . ?p void:class mg:City ; void:entities 2 ; void:propertyPartition ?q ."
    assert kg.query(
        void, f"ASK {cities} ?q void:property mg:country ; void:triples 2 ; void:distinctSubjects 2 }}"
    ).boolean
    acronyms = (
        "{ ?d void:propertyPartition ?p . ?p void:property mg:acronym ; void:triples 1 ; void:distinctObjects 1 }"
    )
    assert kg.query(void, f"ASK {acronyms}").boolean
    assert kg.query(void, "ASK { ?d void:subset ?g . ?g dcterms:source source:small ; dcterms:license ?l }").boolean


def test_what_the_values_of_a_property_are_is_counted_for_editors(graph: Callable[..., kg.Store]) -> None:
    store = graph(alpha="city:port a mg:City ; mg:population 3 ; mg:within city:land . city:land a mg:Place .")
    found = kg.query(store, "dataset/void-values")
    extension = "http://ldf.fi/void-ext#datatype"
    said = {(p.value, str(getattr(o, "value", o))) for _, p, o in found.triples}
    assert (VOID + "class", kg.ONTOLOGY + "#Place") in said
    assert (extension, "http://www.w3.org/2001/XMLSchema#integer") in said
    parts = {o for _, p, o in kg.query(store, "dataset/void-classes").triples if p.value == VOID + "propertyPartition"}
    assert {s for s, p, _ in found.triples if p.value == VOID + "classPartition"} <= parts


def test_links_to_other_datasets_are_counted(graph: Callable[..., kg.Store]) -> None:
    store = graph(
        alpha="""
        city:port mg:wikidata <http://www.wikidata.org/entity/Q1> ; mg:geonames <https://sws.geonames.org/1/> .
        city:quay mg:wikidata <http://www.wikidata.org/entity/Q2> .
        """
    )
    triples = kg.query(store, "dataset/void-linksets").triples
    counts = sorted(o.value for _, p, o in triples if p.value == VOID + "triples")
    assert counts == ["1", "2"]


@pytest.mark.parametrize("address", ["/void", "/.well-known/void", "/dcat"])
@pytest.mark.parametrize(("extension", "media"), RDF.items())
def test_descriptions_come_in_every_syntax(client: FlaskClient, address: str, extension: str, media: str) -> None:
    asked = client.get(address, headers={"Accept": media})
    assert (asked.status_code, asked.mimetype) == (200, media)
    assert "Accept" in asked.headers["Vary"]
    direct = client.get(f"/{address.rpartition('/')[2]}.{extension}")
    assert (direct.mimetype, direct.data) == (media, asked.data)


def test_a_description_in_no_syntax_there_is_is_refused(client: FlaskClient) -> None:
    assert client.get("/void", headers={"Accept": "image/png"}).status_code == 406


def test_the_catalogue_entry_keeps_to_dcat_ap(client: FlaskClient, tmp_path: Path) -> None:
    client.get("/downloads/graph.ttl", buffered=True)  # so that there is a size
    (tmp_path / "dcat.ttl").write_bytes(client.get("/dcat.ttl").data)
    entry = kg.load(tmp_path / "dcat.ttl")
    report = kg.validate(entry, [CASES / "dcat-ap.ttl"])
    assert [(one.focus, one.path, one.component) for one in report.results] == []
    assert b"^^xsd:nonNegativeInteger" in client.get("/dcat.ttl").data  # a store holds it as xsd:integer


def test_an_entry_that_lacks_something_does_not_keep_to_dcat_ap(graph: Callable[..., kg.Store]) -> None:
    entry = graph(alpha='city:one a dcat:Dataset . city:two a dcat:Distribution ; dcterms:license "CC BY" .')
    paths = {one.path for one in kg.validate(entry, [CASES / "dcat-ap.ttl"]).results}
    assert {"dcterms:title", "dcterms:publisher", "dcat:accessURL", "dcterms:license"} <= paths


def test_the_addresses_of_the_catalogue_are_of_this_site_and_answer(client: FlaskClient, read: Read) -> None:
    entry = read("/dcat.ttl")
    rows = kg.query(
        entry,
        "SELECT DISTINCT ?a { ?x dcat:downloadURL|dcat:accessURL|dcat:endpointURL|dcat:landingPage|foaf:page ?a }",
    ).rows
    addresses = [row["a"].value for row in rows]  # type: ignore[union-attr]
    assert len(addresses) == 9
    assert {address: client.get(address, buffered=True).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_the_dataset_has_one_version_everywhere(client: FlaskClient, read: Read, shipped: kg.Snapshot) -> None:
    project = tomllib.loads((kg.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = yaml.safe_load((kg.ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"]
    ontology = kg.NamedNode(kg.ONTOLOGY)
    said = {
        "package": kg.__version__,
        "citation": citation,
        "ontology": value(shipped, ontology, "http://www.w3.org/2002/07/owl#versionInfo"),
        "void": value(read("/void.ttl"), DATASET, "http://purl.org/pav/version"),
        "dcat": value(read("/dcat.ttl"), DATASET, "http://www.w3.org/ns/dcat#version"),
        "openapi": client.get("/openapi.json").get_json()["info"]["version"],
        "markup": markup(client)["version"],
    }
    assert said == dict.fromkeys(said, project)


def test_every_address_is_described_with_the_parameters_that_stand_in_it(app: Flask, client: FlaskClient) -> None:
    api = client.get("/openapi.json").get_json()
    assert api["openapi"].startswith("3.1.")
    for path, item in api["paths"].items():
        here = [one for one in item["get"]["parameters"] if one.get("in") == "path"]
        assert {one["name"] for one in here} == set(re.findall(r"{(\w+)}", path))
        assert item["get"]["summary"]
        assert item["get"]["responses"]["200"]["content"]
    names = [item["get"]["operationId"] for item in api["paths"].values()]
    assert len(names) == len(set(names))
    described = json.loads((kg.ROOT / "webapp" / "openapi.json").read_text(encoding="utf-8"))["addresses"]
    assert described.keys() - app.view_functions.keys() == set()


@pytest.mark.parametrize("path", ["/sparql", "/search", "/page/{path}", "/gaps.{extension}", "/compare", "/healthz"])
def test_the_description_of_addresses_knows_those_that_matter(client: FlaskClient, path: str) -> None:
    assert path in client.get("/openapi.json").get_json()["paths"]


def places(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.mimetype == "application/xml"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [str(loc.text) for loc in ElementTree.fromstring(answer.data).iter(f"{space}loc")]  # noqa: S314


def test_the_sitemap_lists_pages_that_answer(client: FlaskClient) -> None:
    listed = places(client, "/sitemap.xml")
    kinds = {"/".join(place.split("/")[3:5]): place for place in listed if "/query/federated" not in place}
    assert "http://localhost/page/city/north-haven" in listed
    assert not [place for place in listed if "participation" in place]
    assert {place: client.get(place, headers=BROWSER).status_code for place in kinds.values()} == dict.fromkeys(
        kinds.values(), 200
    )


def test_a_long_sitemap_is_divided(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = places(client, "/sitemap.xml")
    monkeypatch.setattr(sitemaps, "MOST_PLACES", 100)
    parts = places(client, "/sitemap.xml")
    assert len(parts) == -(-len(whole) // 100)
    assert [place for part in parts for place in places(client, part)] == whole
    assert client.get("/sitemap-99.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(client: FlaskClient) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


def markup(client: FlaskClient) -> dict[str, object]:
    """What search engines read on the page of downloads."""
    text = client.get("/downloads", headers=BROWSER).text
    found: dict[str, object] = json.loads(
        text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    return found


def test_search_engines_find_name_licence_and_files(client: FlaskClient) -> None:
    about = markup(client)
    assert (about["@type"], about["@id"]) == ("Dataset", DATASET.value)
    assert about["name"] == "Migration Governance Graph"
    assert about["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(about["distribution"]) == 6  # type: ignore[arg-type]
    assert {"description", "keywords", "dateModified", "creator", "url"} <= about.keys()


def test_header_page_and_linkset_say_the_same(client: FlaskClient) -> None:
    page = client.get("/downloads", headers=BROWSER)
    header = set(re.findall(r'<([^>]+)>; rel="([\w-]+)"', page.headers["Link"]))
    head = page.text.partition("</head>")[0]
    elements = {(href, rel) for rel, href in re.findall(r'<link rel="([\w-]+)" href="([^"]+)"', head) if ":" in href}
    (entry,) = client.get("/linkset.json").get_json()["linkset"]
    listed = {(one["href"], rel) for rel, some in entry.items() if rel != "anchor" for one in some}
    assert header == elements == listed
    assert {"cite-as", "describedby", "license", "type", "author", "item"} <= {rel for _, rel in header}


@pytest.mark.parametrize(
    ("accept", "leads"),
    [("text/html", "/downloads"), ("text/turtle", "/void.ttl"), ("application/ld+json", "/void.jsonld")],
)
def test_the_dataset_itself_leads_to_what_can_be_read(client: FlaskClient, accept: str, leads: str) -> None:
    answer = client.get("/dataset", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, leads)


def test_a_lens_on_the_evidence_does_not_thin_out_the_files(client: FlaskClient, small: kg.Snapshot) -> None:
    whole = client.get("/downloads/graph.nq", buffered=True).data
    assert client.get("/downloads/graph.nq?evidence=two-sources", buffered=True).data == whole
    assert f"<dd>{len(small)}</dd>" in client.get("/downloads?evidence=two-sources", headers=BROWSER).text.replace(
        ",", ""
    )


def test_a_host_that_is_none_gets_nowhere(client: FlaskClient) -> None:
    answer = client.get("/void.ttl", headers={"Host": 'evil"> .'})
    assert answer.status_code == 400
