"""The W3C tests of SHACL, core and SPARQL: the verdict, and the results with their severity, component and focus."""

import pytest
from w3c.manifests import MISSING, ShapeTest, shape_tests, tail

import kg

# What the validator does otherwise than a test expects, and why; a test that begins to pass has to leave this list.
DEVIATIONS = {
    "shacl/core/property/uniqueLang-002": 'a store keeps "1" and "true" as one boolean; the test tells them apart',
    "shacl/sparql/node/prefixes-001": "pySHACL does not follow owl:imports from the value of sh:prefixes",
    "shacl/sparql/pre-binding/shapesGraph-001": "pySHACL has no $shapesGraph, which is an optional feature",
}

TESTS = [] if MISSING else shape_tests("shacl/manifest.ttl")


@pytest.fixture(autouse=True)
def fetched() -> None:
    if MISSING:
        pytest.fail(MISSING, pytrace=False)


def found(report: kg.Report, test: ShapeTest) -> list[tuple[str, str, str]]:
    """The results of a report in the form of the manifest; a focus that the manifest does not name is a blank node."""
    named = {focus for _, _, focus in test.results}
    return sorted(
        (known(result.severity), tail(result.component), result.focus if result.focus in named else "")
        for result in report.results
    )


def expected(test: ShapeTest) -> list[tuple[str, str, str]]:
    """The results of the manifest."""
    return sorted((known(severity), component, focus) for severity, component, focus in test.results)


def known(severity: str) -> str:
    """The severity; one that a shape made up is as grave as a violation."""
    return severity if severity in kg.SEVERITIES else "violation"


def passes(test: ShapeTest) -> bool:
    """True if the verdict and the results are those of the manifest; unusable shapes have to be refused."""
    try:
        report = kg.validate(kg.load(test.data), shapes=[test.shapes])
    except kg.KGError:
        return test.conforms is None
    return report.conforms == test.conforms and found(report, test) == expected(test)


def test_as_many_tests_are_read_as_the_suite_holds():
    assert len(TESTS) == 121


def test_every_deviation_is_a_test_of_the_suite():
    assert {test.name for test in TESTS} >= DEVIATIONS.keys()


@pytest.mark.parametrize("test", TESTS or [None], ids=[test.name for test in TESTS] or ["missing"])
def test_shapes_give_the_verdict_that_the_suite_expects(test):
    assert passes(test) == (test.name not in DEVIATIONS)
