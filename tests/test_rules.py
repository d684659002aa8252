"""Each rule, on the smallest graph that shows what it derives and what it does not."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

ROOT = Path(__file__).parent.parent
RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
DECLARATION = "http://www.w3.org/ns/shacl#"

# The patterns from which it can be read off what a conclusion rests on: triples, GRAPH, FILTER (NOT EXISTS too), BIND.
PATTERNS = {
    "ConstructQuery",
    "Project",
    "BGP",
    "Join",
    "Graph",
    "Filter",
    "Extend",
    "GroupGraphPatternSub",
    "TriplesBlock",
}

PARTNERS = "role:partner-agency skos:member role:lead , role:partner . "
SPEAKERS = "role:taking-part skos:member role:speaker . "


def two_in(thing, of_class):
    """Two actors who take part in this thing, which is of this class."""
    return f"{thing} a {of_class} . actor:famsi mg:takesPartIn {thing} . actor:cies mg:takesPartIn {thing} . "


def both_ways(relation):
    """The two actors of `two_in`, each tied to the other."""
    return [f"actor:cies {relation} actor:famsi", f"actor:famsi {relation} actor:cies"]


CASES = [
    ("subclass", "the class above, ours or public, but not one of another vocabulary",
     """mg:City rdfs:subClassOf mg:Place , sem:Place . city:lyon a mg:City .
        mg:Place rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .""",
     ["city:lyon rdf:type mg:Place"]),
    ("subclass", "not the class below",
     """mg:City rdfs:subClassOf mg:Place . city:lyon a mg:Place .
        mg:Place rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .""",
     []),
    ("subproperty", "the wider property, if it is ours",
     """mg:ror rdfs:subPropertyOf mg:externalIdentifier , schema:sameAs .
        actor:icmpd mg:ror <https://ror.org/00x5wnx94> .
        mg:externalIdentifier rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .
        schema:sameAs rdfs:isDefinedBy <https://schema.org/> .""",
     ["actor:icmpd mg:externalIdentifier <https://ror.org/00x5wnx94>"]),
    ("subproperty", "nothing from the wider property",
     """mg:ror rdfs:subPropertyOf mg:externalIdentifier . actor:icmpd mg:externalIdentifier "1" .
        mg:externalIdentifier rdfs:isDefinedBy <https://w3id.org/migration-governance/ontology> .""",
     []),
    ("inverse", "the other direction",
     "mg:governs owl:inverseOf mg:governedBy . actor:gov-lyon mg:governs city:lyon .",
     ["city:lyon mg:governedBy actor:gov-lyon"]),
    ("inverse", "nothing about a text",
     'mg:governs owl:inverseOf mg:governedBy . actor:gov-lyon mg:governs "Lyon" .',
     []),
    ("within", "the whole of the whole",
     "place:paris-15e mg:within city:paris . city:paris mg:within place:ile-de-france .",
     ["place:paris-15e mg:within place:ile-de-france"]),
    ("within", "no place within itself",
     "place:a mg:within place:b . place:b mg:within place:a .",
     []),
    ("city-around-venue", "the city that a venue lies within",
     "venue:hall a mg:Venue ; mg:within place:paris-15e , city:paris . city:paris a mg:City .",
     ["venue:hall mg:inCity city:paris"]),
    ("city-around-venue", "no city of what is not a venue",
     "place:paris-15e a mg:Territory ; mg:within city:paris . city:paris a mg:City .",
     []),
    ("city-of-venue", "the city of the hall",
     "event:visit mg:venue venue:hall . venue:hall mg:inCity city:saint-denis .",
     ["event:visit mg:inCity city:saint-denis"]),
    ("city-of-venue", "nothing where the city of the hall is not known",
     "event:visit mg:venue venue:hall . venue:hall mg:within place:seine-saint-denis .",
     []),
    ("city-of-showing", "the city of a stop",
     "showing:one mg:showingOf exhibition:e ; mg:inCity city:lyon .",
     ["exhibition:e mg:inCity city:lyon"]),
    ("city-of-showing", "nothing about the stop",
     "showing:one mg:showingOf exhibition:e . exhibition:e mg:inCity city:lyon .",
     []),
    ("project-of-phase", "the project",
     "phase:one mg:phaseOf project:p . project:p a mg:Project .",
     ["phase:one mg:inProject project:p"]),
    ("project-of-phase", "no phase as if it were a project",
     "phase:step mg:phaseOf phase:one . phase:one a mg:Phase .",
     []),
    ("project-of-step", "the project of the phase",
     "phase:step mg:phaseOf phase:one . phase:one mg:inProject project:p .",
     ["phase:step mg:inProject project:p"]),
    ("project-of-step", "nothing before the phase has its project",
     "phase:step mg:phaseOf phase:one . phase:one mg:phaseOf project:p .",
     []),
    ("project-by-phase", "the project of the phase",
     "event:e mg:inPhase phase:one . phase:one mg:inProject project:p .",
     ["event:e mg:inProject project:p"]),
    ("project-by-phase", "no project for a participation in something within the phase",
     "participation:a a mg:Participation ; mg:inPhase phase:one . phase:one mg:inProject project:p .",
     []),
    ("project-direct", "the project stated",
     "action:a mg:partOfProject project:p . project:p a mg:Project .",
     ["action:a mg:inProject project:p"]),
    ("project-direct", "no action as if it were a project",
     "exhibition:e mg:partOfProject action:a . action:a a mg:Action .",
     []),
    ("project-by-whole", "the project of the action",
     "exhibition:e mg:partOfProject action:a . action:a mg:inProject project:p .",
     ["exhibition:e mg:inProject project:p"]),
    ("project-by-whole", "nothing about the whole",
     "exhibition:e mg:partOfProject action:a ; mg:inProject project:p .",
     []),
    ("project-of-session", "the project of the event",
     "event:morning schema:superEvent event:lab . event:lab mg:inProject project:p .",
     ["event:morning mg:inProject project:p"]),
    ("project-of-session", "nothing about the event from its session",
     "event:morning schema:superEvent event:lab ; mg:inProject project:p .",
     []),
    ("participation-in-project", "the project taken part in",
     "participation:a mg:activity project:p . project:p a mg:Project .",
     ["participation:a mg:inProject project:p"]),
    ("participation-in-project", "no event as if it were a project",
     "participation:a mg:activity event:e . event:e a mg:Event ; mg:inProject project:p .",
     []),
    ("participation-in-phase", "the project of the phase taken part in",
     "participation:a mg:activity phase:one . phase:one a mg:Phase ; mg:inProject project:p .",
     ["participation:a mg:inProject project:p"]),
    ("participation-in-phase", "no project for a guest at one event",
     "participation:a mg:activity event:e . event:e a mg:Event ; mg:inProject project:p .",
     []),
    ("partner-agency", "who leads",
     PARTNERS + """
        participation:a mg:role role:lead ; mg:inProject project:p ; mg:actor actor:icmpd .
        actor:icmpd a mg:Actor .""",
     ["actor:icmpd rdf:type mg:PartnerAgency"]),
    ("partner-agency", "no host, no place, no partner of a mere action",
     PARTNERS + """
        participation:a mg:role role:host ; mg:inProject project:p ; mg:actor actor:one . actor:one a mg:Actor .
        participation:b mg:role role:partner ; mg:inProject project:p ; mg:actor city:two . city:two a mg:City .
        participation:c mg:role role:partner ; mg:activity action:x ; mg:actor actor:four . actor:four a mg:Actor .""",
     []),
    ("funder", "who gives the money",
     "funding:f mg:funder actor:sdc ; mg:fundedActivity project:p .",
     ["actor:sdc rdf:type mg:Funder"]),
    ("funder", "nobody where nothing is financed",
     "funding:f mg:funder actor:sdc .",
     []),
    ("funder-through", "through whom it is given",
     "funding:f mg:through actor:dg-near ; mg:fundedActivity project:p .",
     ["actor:dg-near rdf:type mg:Funder"]),
    ("funder-through", "nobody where nothing is financed",
     "funding:f mg:through actor:dg-near .",
     []),
    ("participating-city", "a city in that role",
     """participation:a mg:role role:participating-city ; mg:inProject project:p ; mg:actor city:lyon .
        city:lyon a mg:City .""",
     ["project:p mg:participatingCity city:lyon"]),
    ("participating-city", "no city that may join, no territory",
     """participation:a mg:role role:possible-participant ; mg:inProject project:p ; mg:actor city:sousse .
        city:sousse a mg:City .
        participation:b mg:role role:participating-city ; mg:inProject project:p ; mg:actor place:seine-saint-denis .
        place:seine-saint-denis a mg:Territory .""",
     []),
    ("participating-city-by-government", "the city of the municipality",
     """participation:a mg:role role:participating-city ; mg:inProject project:p ; mg:actor actor:gov-lyon .
        actor:gov-lyon mg:governs city:lyon . city:lyon a mg:City .""",
     ["project:p mg:participatingCity city:lyon"]),
    ("participating-city-by-government", "no territory, and no city of a mere host",
     """participation:a mg:role role:participating-city ; mg:inProject project:p ; mg:actor actor:departement .
        actor:departement mg:governs place:seine-saint-denis . place:seine-saint-denis a mg:Territory .
        participation:b mg:role role:host ; mg:inProject project:p ; mg:actor actor:gov-lyon .
        actor:gov-lyon mg:governs city:lyon . city:lyon a mg:City .""",
     []),
    ("shared-event", "both ways", two_in("event:e", "mg:Event"), both_ways("mg:sharedEventWith")),
    ("shared-event", "no city with its own government",
     two_in("event:e", "mg:Event") + "actor:cies mg:governs actor:famsi .", []),
    ("shared-event", "no department with its own organisation",
     two_in("event:e", "mg:Event") + "actor:cies org:unitOf actor:famsi .", []),
    ("shared-event", "no event under consideration",
     two_in("event:e", "mg:Event") + "event:e mg:status eventstatus:under-consideration .", []),
    ("shared-phase", "both ways", two_in("phase:one", "mg:Phase"), both_ways("mg:sharedPhaseWith")),
    ("shared-phase", "nobody of another phase",
     """phase:one a mg:Phase . actor:famsi mg:takesPartIn phase:one .
        phase:two a mg:Phase . actor:cies mg:takesPartIn phase:two .""",
     []),
    ("shared-project", "both ways", two_in("project:p", "mg:Project"), both_ways("mg:sharedProjectWith")),
    ("shared-project", "nobody who took part in a phase of it only",
     two_in("phase:one", "mg:Phase") + "phase:one mg:inProject project:p . project:p a mg:Project .", []),
    ("shared-action", "both ways", two_in("action:a", "mg:Action"), both_ways("mg:sharedActionWith")),
    ("shared-action", "no event", two_in("event:e", "mg:Event"), []),
    ("shared-exhibition", "both ways", two_in("exhibition:e", "mg:Exhibition"), both_ways("mg:sharedExhibitionWith")),
    ("shared-exhibition", "no event", two_in("event:e", "mg:Event"), []),
    ("shared-publication", "both ways",
     two_in("publication:p", "mg:Publication"), both_ways("mg:sharedPublicationWith")),
    ("shared-publication", "no event", two_in("event:e", "mg:Event"), []),
    ("takes-part", "whoever has a role that means taking part",
     SPEAKERS + "participation:a mg:actor city:lyon ; mg:activity event:e ; mg:role role:speaker .",
     ["city:lyon mg:takesPartIn event:e"]),
    ("takes-part", "nobody who may join, or is only the place",
     SPEAKERS + """
        participation:a mg:actor city:sousse ; mg:activity phase:two ; mg:role role:possible-participant .
        participation:b mg:actor city:nador ; mg:activity action:a ; mg:role role:place-of-action .""",
     []),
    ("attested-by", "each subject of the source's graph, save the source",
     """source:page a mg:Source .
        GRAPH source:page { source:page dcterms:title "Page" . city:lyon schema:name "Lyon" . }""",
     ["city:lyon mg:attestedBy source:page"]),
    ("attested-by", "nothing by a graph that is no source",
     "GRAPH rule:subclass { city:lyon a mg:Place . }", []),
]  # fmt: skip


@cache
def prefixes():
    """The prefixes of ontology/prefixes.ttl: prefix -> namespace."""
    store = Store()
    store.load(path=ROOT / "ontology/prefixes.ttl", format=RdfFormat.TURTLE)
    names = {q.subject: q.object.value for q in store.quads_for_pattern(None, NamedNode(DECLARATION + "prefix"), None)}
    spaces = store.quads_for_pattern(None, NamedNode(DECLARATION + "namespace"), None)
    return {names[quad.subject]: quad.object.value for quad in spaces}


def short(node):
    """A term as the cases write it."""
    for prefix, namespace in prefixes().items():
        if isinstance(node, NamedNode) and node.value.startswith(namespace):
            return f"{prefix}:{node.value.removeprefix(namespace)}"
    return str(node)


def derived(rule, given):
    """What a rule derives from TriG that is not stated there already: sorted lines of three names."""
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes().items())
    store = Store()
    store.load(head + given, format=RdfFormat.TRIG)
    stated = {quad.triple for quad in store}
    text = (ROOT / f"ontology/rules/{rule}.rq").read_text()
    found = set(store.query(text, use_default_graph_as_union=True)) - stated
    return sorted(f"{short(t.subject)} {short(t.predicate)} {short(t.object)}" for t in found)


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [(rule, given, expected) for rule, _, given, expected in CASES],
    ids=[f"{rule}: {sentence}" for rule, sentence, _, _ in CASES],
)
def test_a_rule_derives(rule, given, expected):
    assert derived(rule, given) == expected


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_has_a_case_that_derives_and_one_that_does_not(path):
    outcomes = [bool(expected) for rule, _, _, expected in CASES if rule == path.stem]
    assert set(outcomes) == {True, False}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_gives_its_reason_in_both_languages(path):
    lines = [line[2:] for line in path.read_text().splitlines() if line.startswith("#+")]
    header = yaml.safe_load("\n".join(line.removeprefix(" ") for line in lines))
    assert set(header) == {"summary", "summary_fr", "description", "description_fr"}
    assert all(isinstance(text, str) and text.endswith(".") for text in header.values())


def walk(part):
    """Every node of a SPARQL algebra: the named parts, and the terms of its triples."""
    yield part
    if isinstance(part, CompValue):
        for key, inner in part.items():
            if key not in {"_vars", "PV"}:
                yield from walk(inner)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from walk(inner)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_can_be_explained(path):
    nodes = list(walk(prepareQuery(path.read_text()).algebra))
    patterns = {node.name for node in nodes if isinstance(node, CompValue)}
    assert "ConstructQuery" in patterns
    assert {name for name in patterns if not name.endswith("Expression") and "Builtin_" not in name} <= PATTERNS
    assert not any(isinstance(node, PropertyPath) for node in nodes)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_only_concludes_about_what_it_found(path):
    text = re.sub(r"FILTER NOT EXISTS \{[^}]*\}", "", path.read_text())
    construct, where = re.search(r"CONSTRUCT \{(.*?)\}\s*WHERE \{(.*)\}", text, re.DOTALL).groups()
    assert set(re.findall(r"\?\w+", construct)) <= set(re.findall(r"\?\w+", where))
    assert not re.search(r"\[|_:", construct)
