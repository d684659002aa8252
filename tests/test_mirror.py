"""What a remote engine holds as a snapshot here: all of it, once, or one sentence and nothing."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from common import Run, Visit
from engine import Engine
from flask.testing import FlaskClient

import kg

SHARED = "_:a <http://p> <http://o> <http://g/1> .\n_:a <http://p> _:a <http://g/2> .\n"
"""One blank node in two graphs."""
ALONE = '<http://s> <http://p> "only the default graph has this" .\n'
DERIVED = f"<{kg.BASE}dataset> <http://www.w3.org/ns/prov#wasDerivedFrom>"


def fill(engine: Engine, quads: str) -> kg.Endpoint:
    engine.store.load(quads.encode(), format=ox.RdfFormat.N_QUADS)
    return kg.Endpoint(engine.url)


def plain(number: int) -> str:
    """Statements of one graph, without blank nodes."""
    return "".join(f"<http://s> <http://p> {n} <http://g/1> .\n".replace(f" {n} ", f' "{n}" ') for n in range(number))


@pytest.mark.parametrize("merge", [False, True])
def test_what_was_published_comes_back_as_the_same_snapshot(
    small: kg.Snapshot, engine: Engine, tmp_path: Path, merge: bool
) -> None:
    endpoint = kg.Endpoint(engine.url)
    kg.publish(small, endpoint, endpoint, merge)
    mirrored = kg.mirror(endpoint, tmp_path)
    assert mirrored.id == small.id
    for same in ("graphs", "derived", "quads", "sources"):
        assert mirrored.manifest[same] == small.manifest[same]
    assert kg.search(mirrored, "north haven") == kg.search(small, "north haven") != []


def test_the_manifest_says_whose_mirror_it_is_but_no_parameters_of_that_address(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ALONE)
    assert kg.mirror(kg.Endpoint(f"{engine.url}?key=secret"), tmp_path).manifest["mirror_of"] == engine.url


def test_a_mirror_leaves_the_current_snapshot_of_the_home_alone(
    small: kg.Snapshot, engine: Engine, tmp_path: Path
) -> None:
    own = kg.build(only=(kg.ROOT / "ontology" / "prefixes.ttl",), home=tmp_path)
    mirrored = kg.mirror(fill(engine, ALONE), tmp_path)
    assert kg.open_snapshot(tmp_path).id == own.id != mirrored.id
    assert kg.open_snapshot(mirrored.path.parents[1]).id == mirrored.id


def test_what_stands_in_the_default_graph_alone_gets_a_graph_named_after_the_endpoint(
    engine: Engine, tmp_path: Path
) -> None:
    endpoint = fill(engine, SHARED + ALONE + "<http://s> <http://p> 1 .\n".replace(" 1 ", ' "1" ') + plain(2))
    assert kg.mirror(endpoint, tmp_path).manifest["graphs"] == {engine.url: 1, "http://g/1": 3, "http://g/2": 1}


def test_a_blank_node_of_two_graphs_stays_one(engine: Engine, tmp_path: Path) -> None:
    mirrored = kg.mirror(fill(engine, SHARED), tmp_path)
    assert len({quad.subject for quad in mirrored.quads()}) == 1


def test_an_engine_that_cuts_long_answers_is_asked_on(engine: Engine, tmp_path: Path) -> None:
    engine.cut = lambda query, rows: rows[:7]
    assert len(kg.mirror(fill(engine, plain(20) + SHARED), tmp_path)) == 22


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (lambda query, rows: [] if "OFFSET 7" in query else rows[:7], "gave 8 of the 21 statements of <http://g/1>"),
        (lambda query, rows: rows[:1] * 20 if "OFFSET" in query else rows, "gave 2 of the 21 statements"),
        (lambda query, rows: rows[:1] if "isBLANK" in query else rows, "gave 1 of its 2 statements with blank nodes"),
        (lambda query, rows: rows[:0] if "GROUP" in query else rows, "names the graphs of 0 of its"),
        (lambda query, rows: [], "does not count"),
    ],
)
def test_less_than_was_counted_is_one_sentence_and_leaves_the_mirror_taken_before(
    engine: Engine, tmp_path: Path, cut, says: str
) -> None:
    endpoint = fill(engine, plain(20))
    before = kg.mirror(endpoint, tmp_path)
    folder = before.path.parents[1]
    fill(engine, SHARED)
    engine.cut = cut
    with pytest.raises(kg.RemoteError, match=re.escape(says)):
        kg.mirror(endpoint, tmp_path)
    assert kg.open_snapshot(folder).id == before.id
    assert not list(folder.glob("building-*"))


def test_graphs_without_an_iri_and_an_engine_without_statements_are_one_sentence(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(kg.RemoteError, match="holds no statements"):
        kg.mirror(kg.Endpoint(engine.url), tmp_path)
    with pytest.raises(kg.RemoteError, match="graphs without an IRI"):
        kg.mirror(fill(engine, "<http://s> <http://p> <http://o> _:g .\n"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_that_finds_no_endpoint_ends_with_one_sentence(run: Run) -> None:
    refused = run("serve", "--endpoint", "http://127.0.0.1:9/sparql")
    assert refused.returncode == 2
    assert refused.stderr == "kg serve: http://127.0.0.1:9/sparql cannot be reached: [Errno 111] Connection refused\n"


def test_a_graph_of_other_words_can_be_looked_at(engine: Engine, tmp_path: Path, visit: Visit) -> None:
    quads = SHARED + plain(2) + '<http://zoo/lion> a <http://zoo#Animal> .\n<http://zoo/lion> <http://zoo#age> "x" .\n'
    quads = quads.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
    reader = visit(kg.mirror(fill(engine, quads), tmp_path))
    pages = ["/", "/browse/", "/search?q=lion", "/query/", "/sources/", "/network", "/path", "/map", "/timeline"]
    asked = ["/compare", "/disagreements", "/gaps", "/downloads", "/ontology", "/void.ttl", "/dcat.ttl", "/healthz"]
    for page in [
        *pages,
        *asked,
        "/sparql?query=SELECT*{?s?p?o}",
        "/?evidence=official",
        "/browse/<http://zoo%23Animal>",
    ]:
        assert (page, reader.get(page).status_code) == (page, 200)
    assert reader.get("/healthz").json["mirror_of"] == engine.url


def test_pages_of_another_graph_say_whose_mirror_it_is_and_claim_neither_our_name_nor_our_licence(
    engine: Engine, tmp_path: Path, visit: Visit
) -> None:
    reader = visit(kg.mirror(fill(engine, plain(2)), tmp_path))
    for page in ("/", "/downloads"):
        answer = reader.get(page)
        assert engine.url in answer.text
        assert "creativecommons" not in answer.text + answer.headers.get("Link", "")
    for description in ("/void.nt", "/dcat.nt"):
        assert "creativecommons" not in reader.get(description).text
        assert f"{DERIVED} <{engine.url}> ." in reader.get(description).text


def test_our_own_graph_keeps_its_licence(shipped_client: FlaskClient) -> None:
    assert 'rel="license"' in shipped_client.get("/").text
    for description in ("/void.nt", "/dcat.nt"):
        assert "licenses/by/4.0" in shipped_client.get(description).text
        assert DERIVED not in shipped_client.get(description).text
