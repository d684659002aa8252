"""Everything about a thing, and who says so."""

from collections.abc import Callable

import pytest

import kg

ALPHA = """
source:alpha a mg:Source ; dcterms:title "Alpha"@en .
city:tunis a mg:City ; rdfs:label "Tunis"@en ; mg:country "TN" ; mg:population 1 .
event:meeting mg:inCity city:tunis ; rdfs:label "Meeting"@en .
mg:population rdfs:label "population"@en .
"""
BETA = """
source:beta a mg:Source ; dcterms:title "Beta"@en .
city:tunis mg:country "TN" ; mg:population 2 .
"""
JOINT = """
source:joint a mg:Source .
event:meeting schema:startDate "2016"^^xsd:gYear .
statement:one a rdf:Statement ; rdf:subject event:meeting ; rdf:predicate schema:startDate ;
  rdf:object "2016"^^xsd:gYear ; prov:wasDerivedFrom source:alpha , source:beta ; mg:reason "both together"@en .
"""

SUBCLASS = (
    "mg:City rdfs:subClassOf mg:Place . mg:Place rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> ."
)


@pytest.fixture
def store(graph: Callable[..., kg.Store]) -> kg.Store:
    return graph(alpha=ALPHA, beta=BETA, joint=JOINT)


def tails(graphs: tuple[str, ...]) -> list[str]:
    return [kg.readable_tail(graph) for graph in graphs]


def test_a_description_holds_facts_with_their_sources_and_what_points_here(store: kg.Store) -> None:
    found = kg.describe(store, "tunis")
    assert (found.label, found.language, kg.shorten(found.iri)) == ("Tunis", "en", "city:tunis")
    said = {(kg.shorten(f.statement[1].value), kg.show(f.statement[2])): tails(f.graphs) for f in found.facts}
    assert said["mg:country", "TN"] == ["alpha", "beta"]
    assert said["mg:population", "2"] == ["beta"]
    assert [kg.show(fact.statement[0]) for fact in found.incoming] == ["event:meeting"]


@pytest.mark.parametrize("name", ["Atlantis", "city:atlantis", "https://example.org/atlantis"])
def test_an_unknown_thing_is_said_to_be_unknown(store: kg.Store, name: str) -> None:
    with pytest.raises(kg.UnknownNameError, match="nothing in the graph is called"):
        kg.describe(store, name)


def test_a_statement_made_twice_has_two_sources(store: kg.Store) -> None:
    (reason,) = kg.why(store, "Tunis", "mg:country", "TN")
    assert (tails(reason.sources), reason.others) == (["alpha", "beta"], ())


def test_a_disputed_statement_shows_the_other_value_and_who_gives_it(store: kg.Store) -> None:
    (reason,) = kg.why(store, "Tunis", "population", "1")
    assert tails(reason.sources) == ["alpha"]
    assert [(kg.show(other.statement[2]), tails(other.graphs)) for other in reason.others] == [("2", ["beta"])]


def test_a_compiled_statement_names_the_sources_it_was_drawn_from(store: kg.Store) -> None:
    (reason,) = kg.why(store, "event:meeting", "schema:startDate")
    (note,) = reason.annotations
    assert tails(note.drawn_from) == ["alpha", "beta"]
    assert [kg.show(value) for _, value in note.remarks] == ["both together"]


def test_an_object_may_be_named_by_its_label(store: kg.Store) -> None:
    (reason,) = kg.why(store, "Meeting", "mg:inCity", "TUNIS")
    assert tails(reason.sources) == ["alpha"]


def test_what_is_not_stated_is_said_with_what_is(store: kg.Store) -> None:
    with pytest.raises(kg.KGError, match=r'does not state: Tunis mg:country MA; it states "TN"'):
        kg.why(store, "Tunis", "mg:country", "MA")


def test_a_derived_statement_names_its_rule_and_what_it_used(graph: Callable[..., kg.Store]) -> None:
    store = graph(alpha=ALPHA, terms=SUBCLASS)
    kg.infer(store, kg.rules())
    (reason,) = kg.why(store, "Tunis", "rdf:type", "mg:Place")
    assert reason.sources == ()
    assert [derivation.rule.name for derivation in reason.derivations] == ["subclass"]
    premises = [" ".join(map(kg.show, premise.statement)) for premise in reason.derivations[0].premises]
    assert premises[:2] == ["city:tunis rdf:type mg:City", "mg:City rdfs:subClassOf mg:Place"]
