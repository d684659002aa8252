"""An answer as a graph of another library: networkx, igraph, RDFLib."""

import sys

import networkx
import pytest
import rdflib

import kg

EX = "https://example.org/"
MAKERS = [kg.to_networkx, kg.to_igraph]


def asked(rows: str, columns: str = "?from ?to ?weight") -> kg.Answer:
    """The answer that consists of these rows of VALUES, over a prefix ex:."""
    return kg.query(kg.Store(), f"PREFIX ex: <{EX}> SELECT {columns} {{ VALUES ({columns}) {{ {rows} }} }}")


def test_every_pair_is_an_edge_and_the_other_columns_are_its_attributes() -> None:
    answer = asked("(ex:a ex:b 5 'x'@en) (ex:b ex:c 2.5 ex:d)", "?from ?to ?weight ?how")
    expected = [(EX + "a", EX + "b", {"weight": 5, "how": "x"}), (EX + "b", EX + "c", {"weight": 2.5, "how": EX + "d"})]
    assert list(kg.to_networkx(answer).edges(data=True)) == expected
    graph = kg.to_igraph(answer)
    assert [(graph.vs[e.source]["name"], graph.vs[e.target]["name"], e.attributes()) for e in graph.es] == expected


def test_the_ends_may_have_other_names() -> None:
    answer = asked("(ex:a ex:b 5)", "?funder ?activity ?amount")
    assert list(kg.to_networkx(answer, "funder", "activity").edges) == [(EX + "a", EX + "b")]
    assert kg.to_igraph(answer, "funder", "activity").es["amount"] == [5]


def test_a_node_is_labelled_by_its_column_of_names_or_by_its_short_name() -> None:
    answer = asked("(ex:a 'Ay'@en city:tunis) (ex:b UNDEF ex:a)", "?from ?fromName ?to")
    labels = {EX + "a": "Ay", kg.BASE + "id/city/tunis": "city:tunis", EX + "b": f"<{EX}b>"}
    assert dict(kg.to_networkx(answer).nodes(data="label")) == labels
    vertices = kg.to_igraph(answer).vs
    assert dict(zip(vertices["name"], vertices["label"], strict=True)) == labels


def test_direction_counts_only_when_asked_for() -> None:
    answer = asked("(ex:a ex:b 1) (ex:b ex:a 1)")
    assert (kg.to_networkx(answer).number_of_edges(), kg.to_igraph(answer).ecount()) == (1, 1)
    directed = kg.to_networkx(answer, directed=True), kg.to_igraph(answer, directed=True)
    assert (directed[0].number_of_edges(), directed[1].ecount()) == (2, 2)
    assert directed[0].is_directed()
    assert directed[1].is_directed()


def test_a_row_with_one_end_is_a_node_alone() -> None:
    answer = asked("(ex:a UNDEF 1)")
    assert list(kg.to_networkx(answer)) == kg.to_igraph(answer).vs["name"] == [EX + "a"]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("again", ["(ex:a ex:b 2)", "(ex:b ex:a 2)", "(ex:a ex:b UNDEF)"])
def test_a_pair_in_two_rows_that_differ_is_refused_in_one_sentence(make: object, again: str) -> None:
    with pytest.raises(kg.FormatError, match="GROUP BY"):
        make(asked(f"(ex:a ex:b 1) {again}"))


def test_an_unbound_attribute_is_left_out() -> None:
    answer = asked("(ex:a ex:b UNDEF) (ex:b ex:c 1)")
    assert [data for *_, data in kg.to_networkx(answer).edges(data=True)] == [{}, {"weight": 1}]
    assert kg.to_igraph(answer).es["weight"] == [None, 1]


def test_a_network_with_every_kind_of_value_can_be_written_to_a_file() -> None:
    values = "1 1.5 true '2018-05-24'^^xsd:date '2018'^^xsd:gYear ex:c 'x'@en UNDEF"
    answer = asked(f"(ex:a ex:b {values})", "?from ?to " + " ".join(f"?v{n}" for n in range(len(values.split()))))
    text = "".join(networkx.generate_graphml(kg.to_networkx(answer)))
    assert "2018-05-24" in text
    assert len("".join(networkx.generate_gexf(kg.to_networkx(answer)))) > 0


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("text", ["SELECT ?a ?to { ?a ?p ?to }", "ASK {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_an_answer_without_ends_is_refused_in_one_sentence(make: object, text: str) -> None:
    with pytest.raises(kg.FormatError, match='no column "from"'):
        make(kg.query(kg.Store(), text))


@pytest.mark.parametrize("library", ["networkx", "igraph"])
def test_a_library_that_is_not_there_is_one_sentence(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(kg.MissingLibraryError, match=f"^{library} is not installed: run `pip install {library}`$"):
        getattr(kg, f"to_{library}")(asked("(ex:a ex:b 1)"))


def test_every_question_that_weighs_pairs_becomes_a_network(shipped: kg.Snapshot) -> None:
    questions = [question for pack in kg.packs() for question in pack.questions]
    weighed = [q.name for q in questions if q.view in ("network", "sankey") and "weight" in q.columns]
    assert weighed
    for name in weighed:
        answer = kg.query(shipped, name)
        assert kg.to_networkx(answer).number_of_edges() == kg.to_igraph(answer).ecount() == len(answer.rows) > 0


def test_triples_become_an_rdflib_graph_as_they_are_written(small: kg.Snapshot) -> None:
    graph = kg.to_rdflib(kg.query(small, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s"))
    assert len(graph) == len(list(small.merged()))
    haven = rdflib.URIRef(kg.BASE + "id/city/north-haven")
    assert (haven, rdflib.RDFS.label, rdflib.Literal("Port-Nord", lang="fr")) in graph
    assert graph.namespace_manager.qname(haven) == "city:north-haven"


def test_a_literal_keeps_the_digits_it_is_written_with() -> None:
    (triple,) = kg.to_rdflib(kg.query(kg.Store(), "CONSTRUCT { mg:a mg:b 01.50 } WHERE {}"))
    assert str(triple[2]) == "01.50"


@pytest.mark.parametrize("text", ["ASK {}", "SELECT ?s { ?s ?p ?o }"])
def test_what_gives_no_triples_is_no_rdflib_graph(text: str) -> None:
    with pytest.raises(kg.FormatError, match="CONSTRUCT"):
        kg.to_rdflib(kg.query(kg.Store(), text))
