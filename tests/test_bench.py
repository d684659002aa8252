"""The benchmark measures the right things: its graph, the comparison of answers, and its arithmetic; never how fast."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from bench import graphs, report
from bench.answers import cell, rows_of_json, rows_of_oxigraph
from bench.engines import Asked, FailedError
from bench.measuring import Patience, Question, Table, difference, measure
from bench.report import Figures, GraphFigures

import kg

QUERIES = sorted((Path(report.__file__).parent / "queries").glob("*.rq"))
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> kg.Store:
    """A small generated graph with the ontology and all that follows by rule."""
    file = tmp_path_factory.mktemp("bench") / "generated.nq"
    graphs.write(file, 4000)
    store = kg.load(kg.ROOT / "ontology", file)
    kg.infer(store, kg.rules())
    return store


def test_the_same_seed_gives_the_same_graph_and_another_seed_another() -> None:
    once, again, other = (list(graphs.lines(3000, seed)) for seed in (1, 1, 2))
    assert once == again
    assert set(once) != set(other)


@pytest.mark.parametrize("statements", [2000, 20_000])
def test_the_graph_has_about_as_many_statements_as_asked_for(statements: int) -> None:
    lines = list(graphs.lines(statements))
    assert statements <= len(lines) <= statements + 400
    assert len(set(lines)) >= 0.999 * len(lines)


def test_the_graph_conforms_to_the_shapes(generated: kg.Store) -> None:
    assert [(result.focus, result.message) for result in kg.validate(generated).results] == []


def test_the_graph_uses_terms_of_the_ontology_only(generated: kg.Store) -> None:
    known = {quad.subject.value for quad in generated.quads(kg.ONTOLOGY) if isinstance(quad.subject, ox.NamedNode)}
    stated = [quad for graph in generated.graphs() if "/source/bench-" in graph for quad in generated.quads(graph)]
    used = {quad.predicate.value for quad in stated}
    used |= {quad.object.value for quad in stated if quad.predicate.value == RDF_TYPE}
    ours = {term for term in used if term.startswith(kg.prefixes()["mg"])}
    assert len(ours) > 20
    assert ours <= known


def test_the_graph_has_the_parts_of_ours(generated: kg.Store) -> None:
    rows = kg.query(generated, "SELECT DISTINCT ?class { GRAPH ?source { ?thing a ?class } ?source a mg:Source }").rows
    classes = {kg.shorten(row["class"].value) for row in rows}
    assert classes >= {f"mg:{name}" for name in ("City", "Event", "Funding", "Participation", "Phase", "Publication")}


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_every_standard_query_has_an_answer_in_the_generated_graph(generated: kg.Store, file: Path) -> None:
    text = kg.fill(kg.read_question(file, ()), {}).replace("actor/uclg", "actor/actor-0")
    assert kg.query(generated, text.replace("event/ev-2017-07-turin", "event/event-1-1")).rows


def test_there_are_twelve_standard_queries() -> None:
    assert len(QUERIES) == 12
    assert set(report.AGGREGATES) <= {file.stem for file in QUERIES}


def test_answers_are_the_same_whatever_the_order_of_rows_and_columns_and_the_spelling_of_numbers() -> None:
    one = ox.Literal("2.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    here = rows_of_oxigraph(["b", "a"], [[one, ox.NamedNode("urn:x")], [None, ox.Literal("été", language="FR")]])
    double = {"type": "literal", "value": "2.5", "datatype": "http://www.w3.org/2001/XMLSchema#double"}
    bindings = [
        {"a": {"type": "literal", "value": "été", "xml:lang": "fr"}},
        {"a": {"type": "uri", "value": "urn:x"}, "b": double},
    ]
    assert here == rows_of_json({"head": {"vars": ["a", "b"]}, "results": {"bindings": bindings}})
    assert cell("b, a") == cell("a; b")
    assert cell("b") != cell("b", "fr")
    assert cell("true", datatype="http://www.w3.org/2001/XMLSchema#boolean") == "1"


def test_a_wrong_answer_is_told_in_words() -> None:
    assert difference([("1",)], [("1",)]) == ""
    assert difference([("1",)], [("1",), ("2",)]) == "1 rows instead of 2"
    assert difference([("1",), ("3",)], [("1",), ("2",)]) == "1 of 2 rows differ"


class Fake:
    """An engine whose answers and times are made up."""

    def __init__(self, name: str, seconds: list[float], rows: list[tuple[str, ...]] | None) -> None:
        self.name, self._seconds, self._rows = name, iter(seconds), rows

    def ask(self, text: str, limit_seconds: float, wanted: bool = False) -> Asked:
        if self._rows is None:
            raise FailedError("no such function")
        return Asked(next(self._seconds), self._rows if wanted else None)

    def memory(self) -> int:
        return 0


def measured(*engines: Fake) -> Table:
    return measure(engines, [Question("q", "ASK {}")], Patience(3, 1, 100), lambda *_: None)


def test_times_are_medians_without_the_first_answer() -> None:
    table = measured(Fake("a", [9, 1, 3, 2], [("x",)]), Fake("b", [9, 4, 4, 40], [("x",)]))
    assert table.seconds == {"q": {"a": 2, "b": 4}}
    assert table.ratio("b", "a") == 2


def test_wrong_and_refused_answers_are_not_timed() -> None:
    table = measured(Fake("a", [1] * 4, [("x",)]), Fake("b", [1], [("y",)]), Fake("c", [], None))
    assert table.seconds == {"q": {"a": 1}}
    assert table.faults == {"q": {"b": "1 of 1 rows differ", "c": "refused: no such function"}}
    assert table.ratio("b", "a") is None


def test_ratios_count_what_both_engines_answer() -> None:
    table = Table(["a", "b"], {"one": {"a": 1, "b": 3}, "two": {"a": 100}, "three": {"a": 1, "b": 1}})
    assert table.shared("a", "b") == ["one", "three"]
    assert table.ratio("b", "a") == 2


def test_a_slow_query_is_timed_less_often() -> None:
    patience = Patience(rounds=5, limit_seconds=30, budget_seconds=6)
    assert [patience.runs(seconds) for seconds in (0, 1, 2, 6, 7)] == [5, 5, 3, 1, 0]


def test_goals_are_said_to_be_met_or_not() -> None:
    assert report.Goal("speed", 2, 2.5, at_least=True).row() == ["speed", "≥ 2", "2.50", "met"]
    assert report.Goal("memory", 1.5, 2.0).row() == ["memory", "≤ 1.5", "2.00", "**not met**"]
    assert report.Goal("speed", 2, None).row()[2] == "not measured"


def test_the_document_holds_the_figures() -> None:
    table = Table([report.REFERENCE, report.FIRST], {"label": {report.REFERENCE: 0.001, report.FIRST: 0.003}})
    table.faults, table.rows = {"label": {}, "roles": {report.FIRST: "1 rows instead of 2"}}, {"label": 4}
    table.seconds["roles"] = {report.REFERENCE: 0.5}
    graph = GraphFigures("graph", 10, 9, 2, 1.5, 1_000_000, standard=table, packs=table)
    graph.lookups = {"kg serve, first time": 300.0, "rdflib-endpoint, first time": 20.0}
    versions = {"Virtuoso": "not installed"}
    text = report.write(Figures("make bench", 1, 1.0, 0.5, "a machine", versions, [graph, graph]))
    assert "| label | 4 | 1.0 | 3.0 |" in text
    assert "| **ratio** |  | **1.00** | **3.00** (1 of 2) |" in text
    assert "| ≥ 10 | 15.00 | met |" in text
    assert "graph, roles, kg serve, first time: 1 rows instead of 2" in text
    assert "apt install virtuoso-opensource" in text
