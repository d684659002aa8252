"""The W3C tests of SPARQL 1.1 and 1.0 queries: evaluation, result formats and syntax.

Left out is what this project does not offer, updates and entailment regimes, and the evaluation of SERVICE, which needs
other hosts. Withdrawn tests are not counted.
"""

import re

import pyoxigraph as ox
import pytest
from w3c.manifests import MISSING, QueryTest, query_tests
from w3c.results import Outcome, bound, of_engine, read, read_csv

import kg

MANIFESTS = (
    "sparql11/manifest-all.ttl",
    "sparql10/manifest-evaluation.ttl",
    "sparql10/manifest-syntax.ttl",
)
LEFT_OUT = ("sparql11/entailment/", "sparql11/service/")

# What the engine does otherwise than a test expects, and why; a test that begins to pass has to leave this list.
DEVIATIONS = {
    "a store keeps the value of a number, not its spelling, so 1, 01 and +1 are the same term": [
        "sparql10/distinct/distinct-1",
        "sparql10/distinct/distinct-9",
        "sparql10/expr-builtin/dawg-str-1",
        "sparql10/expr-builtin/dawg-str-2",
        "sparql10/expr-builtin/sameTerm-eq",
        "sparql10/expr-builtin/sameTerm-not-eq",
        "sparql10/expr-builtin/sameTerm-simple",
        "sparql10/expr-equals/eq-graph-1",
        "sparql10/expr-equals/eq-graph-2",
        "sparql10/open-world/open-eq-01",
        "sparql11/csv-tsv-res/csv03",
    ],
    "RDF 1.1 made a plain string and an xsd:string the same term; the expected result keeps them apart": [
        "sparql10/distinct/distinct-2",
        "sparql10/expr-builtin/dawg-datatype-2",
        "sparql11/functions/strdt03",
        "sparql11/functions/strlang03",
    ],
    "SPARQL 1.1 wants a digit after the dot of a decimal; SPARQL 1.0 did not": [
        "sparql10/basic/term-6",
        "sparql10/basic/term-7",
        "sparql10/syntax-sparql1/syntax-lit-08",
    ],
    "the engine compares dates; the test expects an error, because SPARQL 1.0 does not say how": [
        "sparql10/open-world/date-2",
    ],
    "the suite holds two readings of nested braces that exclude each other; the engine follows the other one": [
        "sparql10/optional-filter/dawg-optional-filter-005-simplified",
    ],
    "no solutions make no groups; the expected result has one empty row": [
        "sparql11/aggregates/agg-empty-group",
    ],
    "BNODE(text) gives one node for a text in the whole answer, not one in each row": [
        "sparql11/functions/bnode01",
    ],
    "codepoint escapes are decoded inside IRIs and strings only": [
        "sparql10/syntax-sparql2/syntax-esc-04",
        "sparql10/syntax-sparql2/syntax-esc-05",
    ],
    "?x<?a&&?b>?y is read as two comparisons, where the longest token is an IRI": [
        "sparql10/syntax-sparql3/syn-bad-26",
    ],
}
DEVIATING = {name for names in DEVIATIONS.values() for name in names}

TESTS = [] if MISSING else [t for t in query_tests(*MANIFESTS) if not t.name.startswith(LEFT_OUT)]
EVALUATION = [test for test in TESTS if "Syntax" not in test.kind]
SYNTAX = [test for test in TESTS if "Syntax" in test.kind]

FROM = re.compile(r"FROM\s+(?:NAMED\s+)?<([^>]*)>")


def each(tests: list[QueryTest]) -> pytest.MarkDecorator:
    """A test for each; one that fails by `fetched` when there are none to read."""
    return pytest.mark.parametrize("test", tests or [None], ids=[test.name for test in tests] or ["missing"])


@pytest.fixture(autouse=True)
def fetched() -> None:
    if MISSING:
        pytest.fail(MISSING, pytrace=False)


def dataset(test: QueryTest) -> ox.Store:
    """The data of a test; what it takes from FROM clauses where it names no data itself."""
    store = ox.Store()
    for file in test.data:
        store.load(path=file, base_iri=file.as_uri())
    for graph, file in test.graphs:
        store.load(path=file, base_iri=file.as_uri(), to_graph=ox.NamedNode(graph))
    if not test.data and not test.graphs:
        for name in set(FROM.findall(test.query.read_text())):
            file = test.query.parent / name
            store.load(path=file, base_iri=file.as_uri(), to_graph=ox.NamedNode(file.as_uri()))
    return store


def ask(test: QueryTest, data: ox.Store) -> kg.Answer:
    """The answer of this project to the query of a test, over the given data alone."""
    return kg.query(kg.Store(data), f"BASE <{test.query.as_uri()}>\n{test.query.read_text()}")


def of_answer(answer: kg.Answer, suffix: str) -> Outcome:
    """An answer to compare; where the test is about JSON or TSV, as read back from what was written."""
    formats = {".srj": ("json", ox.QueryResultsFormat.JSON), ".tsv": ("tsv", ox.QueryResultsFormat.TSV)}
    if suffix in formats:
        name, syntax = formats[suffix]
        return of_engine(ox.parse_query_results(answer.write(name), format=syntax))
    if answer.kind == "ask":
        return Outcome(boolean=answer.boolean)
    if answer.kind == "construct":
        return Outcome(triples=frozenset(ox.Triple(*triple) for triple in answer.triples))
    rows = tuple(bound(row.items()) for row in answer.rows)
    return Outcome(rows=rows, columns=frozenset(answer.columns))


def passes(test: QueryTest) -> bool:
    """True if the answer of this project is the one that the suite expects."""
    try:
        answer = ask(test, dataset(test))
    except kg.QuerySyntaxError:
        return False
    if test.result.suffix == ".csv":
        return read_csv(answer.write("csv")) == read_csv(test.result.read_bytes())
    expected, ordered = read(test.result)
    return of_answer(answer, test.result.suffix).same(expected, ordered=ordered, lax=test.lax)


def parses(test: QueryTest) -> bool:
    """True if this project takes the query for legal SPARQL; a function it does not know is legal."""
    try:
        ask(test, ox.Store())
    except kg.QuerySyntaxError:
        return False
    except kg.QueryFailedError:
        return True
    return True


def test_as_many_tests_are_read_as_the_suites_hold():
    assert (len(EVALUATION), len(SYNTAX)) == (428, 297)


def test_every_deviation_is_a_test_of_the_suites():
    assert {test.name for test in TESTS} >= DEVIATING
    assert len(DEVIATING) == 25


@each(EVALUATION)
def test_a_query_has_the_answer_that_the_suite_expects(test):
    assert passes(test) == (test.name not in DEVIATING)


@each([test for test in EVALUATION if test.name != "sparql10/basic/term-7"])
def test_a_query_has_the_answer_that_the_bare_engine_gives(test):
    data = dataset(test)
    bare = of_engine(data.query(test.query.read_text(), base_iri=test.query.as_uri()))
    assert of_answer(ask(test, data), "").same(bare)


@each(SYNTAX)
def test_a_query_is_legal_where_the_suite_says_so(test):
    assert parses(test) == (test.kind.startswith("Positive") != (test.name in DEVIATING))
