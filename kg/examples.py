"""The packs in the SHACL form of sib-swiss/sparql-examples, for editors that offer a service's questions."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import sparql
from kg.queries import Question, fill
from kg.terms import BASE, ONTOLOGY, Statement, expand

ENDPOINT = BASE + "sparql"
FOLDER = ENDPOINT + "/.well-known/sparql-examples/"
_FORMS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct"}


def examples(questions: Iterable[Question], endpoint: str = ENDPOINT) -> list[Statement]:
    """The questions as sh:SPARQLExecutables of an endpoint, with their defaults filled in."""
    return [statement for question in questions for statement in _example(question, endpoint)]


def _example(question: Question, endpoint: str) -> Iterator[Statement]:
    text = fill(question, {})
    form = next(token.text.upper() for token in sparql.tokens(text) if token.text.upper() in _FORMS)
    node = ox.NamedNode(FOLDER + question.name)
    yield node, _name("rdf:type"), _name("sh:SPARQLExecutable")
    yield node, _name("rdf:type"), _name(f"sh:SPARQL{_FORMS[form]}Executable")
    for language in ("en", "fr"):
        yield node, _name("rdfs:comment"), ox.Literal(question.said("summary", language), language=language)
    yield node, _name("sh:prefixes"), ox.NamedNode(ONTOLOGY)
    yield node, _name(f"sh:{form.lower()}"), ox.Literal(text)
    yield node, _name("schema:target"), ox.NamedNode(endpoint)
    for tag in question.tags:
        yield node, _name("schema:keywords"), ox.Literal(tag)
    for service in sparql.services(text):
        yield node, _name("spex:federatesWith"), ox.NamedNode(service)


def _name(short: str) -> ox.NamedNode:
    return ox.NamedNode(expand(short) or short)
