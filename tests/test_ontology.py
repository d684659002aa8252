"""Each term has a label, a definition and a home; each concept a list; each prefix one meaning."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

ROOT = Path(__file__).parent.parent
ONTOLOGY = NamedNode("https://w3id.org/migration-governance/ontology")
MG = ONTOLOGY.value + "#"
LANGUAGES = ["en", "fr"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
SHACL = "http://www.w3.org/ns/shacl#"
VANN = "http://purl.org/vocab/vann/"
STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"

TYPE = NamedNode(RDF + "type")
KINDS_OF_TERM = [OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property"]

HEADER = [
    DCTERMS + "title",
    DCTERMS + "description",
    DCTERMS + "license",
    DCTERMS + "creator",
    DCTERMS + "publisher",
    DCTERMS + "created",
    DCTERMS + "issued",
    DCTERMS + "modified",
    DCTERMS + "source",
    DCTERMS + "bibliographicCitation",
    OWL + "versionIRI",
    OWL + "versionInfo",
    "http://purl.org/ontology/bibo/status",
    SCHEMA + "includedInDataCatalog",
    VANN + "preferredNamespacePrefix",
    VANN + "preferredNamespaceUri",
]


def files(*patterns):
    """The files of the repository that match, as paths relative to its root, sorted."""
    return sorted(path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern))


CORE = files("ontology/*.ttl")
LISTS = files("ontology/vocab/*.ttl")
LINKS = files("ontology/links/*.ttl")
SHAPES = files("ontology/shapes/**/*.ttl")
RULES = files("ontology/rules/*.rq")
DATA = files("data/**/*.ttl")
QUERIES = files("queries/**/*.rq")


@cache
def graph(*names):
    """The statements of these files in one store."""
    store = Store()
    for name in names:
        store.load(path=ROOT / name, format=RdfFormat.TURTLE)
    return store


def values(store, subject, predicate):
    """The objects of these statements."""
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(predicate), None)]


def members(store, kind):
    """What is an instance of this class, as IRIs, sorted."""
    found = store.quads_for_pattern(None, TYPE, NamedNode(kind))
    return sorted({quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)})


def texts(store, subject, predicate):
    """The texts of one property, with their languages, sorted by language."""
    found = values(store, subject, predicate)
    return sorted((text.language or "", text.value) for text in found if isinstance(text, Literal))


@cache
def prefixes():
    """The prefixes of ontology/prefixes.ttl: prefix -> namespace."""
    store = graph("ontology/prefixes.ttl")
    declarations = store.quads_for_pattern(None, NamedNode(SHACL + "prefix"), None)
    return {quad.object.value: values(store, quad.subject, SHACL + "namespace")[0].value for quad in declarations}


def declared_terms(kinds=tuple(KINDS_OF_TERM)):
    """The classes and properties of ours, as IRIs, sorted."""
    core = graph(*CORE)
    return sorted({iri for kind in kinds for iri in members(core, kind) if iri.startswith(MG)})


TERMS = declared_terms()
PROPERTIES = declared_terms(tuple(KINDS_OF_TERM[1:]))
CLASSES = declared_terms((OWL + "Class",))
REUSED = sorted({quad.subject.value for quad in graph("ontology/reused.ttl")})


def short(iri):
    """The IRI of a term as a test shows it."""
    return iri.removeprefix(MG)


# The ontology as a whole


@pytest.mark.parametrize("predicate", HEADER)
def test_the_header_is_complete(predicate):
    assert values(graph("ontology/core.ttl"), ONTOLOGY, predicate)


@pytest.mark.parametrize("predicate", [DCTERMS + "title", DCTERMS + "description", RDFS + "label"])
def test_the_header_speaks_both_languages(predicate):
    assert [language for language, _ in texts(graph("ontology/core.ttl"), ONTOLOGY, predicate)] == LANGUAGES


def test_the_licence_is_an_address():
    [licence] = values(graph("ontology/core.ttl"), ONTOLOGY, DCTERMS + "license")
    assert licence == NamedNode("https://creativecommons.org/licenses/by/4.0/")


def test_the_version_has_an_address_of_its_own():
    core = graph("ontology/core.ttl")
    [version] = values(core, ONTOLOGY, OWL + "versionInfo")
    assert values(core, ONTOLOGY, OWL + "versionIRI") == [NamedNode(f"{ONTOLOGY.value}/{version.value}")]


def test_the_preferred_prefix_is_the_one_used():
    core = graph("ontology/core.ttl")
    [prefix] = values(core, ONTOLOGY, VANN + "preferredNamespacePrefix")
    [namespace] = values(core, ONTOLOGY, VANN + "preferredNamespaceUri")
    assert prefixes()[prefix.value] == namespace.value == MG


# Each term


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_term_has_one_label_and_definition_for_each_language(term, predicate):
    found = texts(graph(*CORE), NamedNode(term), predicate)
    assert [language for language, _ in found] == LANGUAGES
    assert all(text and text == " ".join(text.split()) for _, text in found)


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_share_a_label_or_definition(language, predicate):
    found = [dict(texts(graph(*CORE), NamedNode(term), predicate))[language] for term in TERMS]
    assert [text for text, times in Counter(found).items() if times > 1] == []


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_term_says_where_it_is_defined_and_how_firm_it_is(term):
    core = graph(*CORE)
    assert values(core, NamedNode(term), RDFS + "isDefinedBy") == [ONTOLOGY]
    [status] = values(core, NamedNode(term), STATUS)
    assert status.value in {"stable", "testing", "archaic"}


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_an_example_is_turtle_that_uses_the_term(term):
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes().items())
    examples = values(graph(*CORE), NamedNode(term), SKOS + "example")
    assert examples
    for example in examples:
        triples = parse(head + example.value, format=RdfFormat.TURTLE)
        assert any(NamedNode(term) in (quad.predicate, quad.object) for quad in triples)


@pytest.mark.parametrize("term", PROPERTIES, ids=short)
def test_a_property_says_what_it_joins(term):
    core = graph(*CORE)
    home = values(core, NamedNode(term), RDFS + "domain") + values(core, NamedNode(term), SCHEMA + "domainIncludes")
    paths = {quad.object.value for quad in graph(*SHAPES).quads_for_pattern(None, NamedNode(SHACL + "path"), None)}
    assert home or term in paths
    assert values(core, NamedNode(term), RDFS + "range") + values(core, NamedNode(term), SCHEMA + "rangeIncludes")


def test_an_address_template_leads_to_a_page_by_the_value_alone():
    templates = [text for iri in PROPERTIES for _, text in texts(graph(*CORE), NamedNode(iri), SCHEMA + "urlTemplate")]
    assert templates
    assert [one for one in templates if not re.fullmatch(r"https://[^{}\s]+[/=-]\{value\}", one)] == []


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_what_stands_above_a_term_is_described(term):
    core = graph(*CORE)
    above = values(core, NamedNode(term), RDFS + "subClassOf") + values(core, NamedNode(term), RDFS + "subPropertyOf")
    assert [wider.value for wider in above if not values(core, wider, RDFS + "isDefinedBy")] == []


@pytest.mark.parametrize("term", TERMS, ids=short)
def test_a_retired_term_names_its_replacement(term):
    core = graph(*CORE)
    retired = bool(values(core, NamedNode(term), OWL + "deprecated"))
    assert bool(values(core, NamedNode(term), DCTERMS + "isReplacedBy")) == retired


@pytest.mark.parametrize("term", CLASSES, ids=short)
def test_a_class_is_defined_in_words(term):
    """Its definition stands on pages, for readers who know no prefix."""
    said = texts(graph(*CORE), NamedNode(term), SKOS + "definition")
    assert [text for _, text in said if re.search(r"\b[a-z]+:[A-Za-z]", text)] == []


def test_a_definition_names_only_terms_that_exist():
    known = {short(term) for term in TERMS}
    named = [
        name
        for term in TERMS
        for _, text in texts(graph(*CORE), NamedNode(term), SKOS + "definition")
        for name in re.findall(r"\bmg:(\w+)", text)
    ]
    assert sorted(set(named) - known) == []


# Public terms


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "scopeNote"])
@pytest.mark.parametrize("term", REUSED)
def test_a_public_term_is_named_in_both_languages(term, predicate):
    assert [language for language, _ in texts(graph("ontology/reused.ttl"), NamedNode(term), predicate)] == LANGUAGES


@pytest.mark.parametrize("name", DATA)
def test_every_public_term_of_a_data_file_is_named(name):
    used = {quad.predicate.value for quad in graph(name)}
    used |= {quad.object.value for quad in graph(name).quads_for_pattern(None, TYPE, None)}
    assert sorted(term for term in used if not term.startswith(MG) and term not in REUSED) == []


# What uses the terms


def named_terms(name):
    """The names in our namespace that a file uses, outside texts and remarks."""
    if name.endswith(".ttl"):
        terms = [term for quad in graph(name) for term in (quad.subject, quad.predicate, quad.object)]
        return {short(term.value) for term in terms if isinstance(term, NamedNode) and term.value.startswith(MG)}
    text = re.sub(r"<[^<>\s]*>|\"[^\"\n]*\"|'[^'\n]*'|(?m:(?:^|\s)#.*$)", " ", (ROOT / name).read_text())
    return set(re.findall(r"\bmg:(\w+)", text))


@pytest.mark.parametrize("name", CORE + LISTS + LINKS + RULES + DATA + QUERIES)
def test_every_term_used_is_declared(name):
    assert sorted(named_terms(name) - {short(term) for term in TERMS}) == []


@pytest.mark.parametrize("name", SHAPES)
def test_every_path_and_target_of_a_shape_is_declared(name):
    shapes = graph(name)
    parameters = set(members(shapes, SHACL + "Parameter"))
    used = [
        quad.object.value
        for predicate in ("path", "targetClass", "targetSubjectsOf", "targetObjectsOf", "class")
        for quad in shapes.quads_for_pattern(None, NamedNode(SHACL + predicate), None)
        if isinstance(quad.object, NamedNode) and quad.subject.value not in parameters
    ]
    assert sorted(term for term in used if term.startswith(MG) and term not in TERMS) == []


@pytest.mark.parametrize("name", LINKS)
def test_a_file_of_links_only_maps_terms_of_ours_and_says_why(name):
    links = graph(name)
    mapped = {quad.subject for quad in links}
    assert sorted({term.value for term in mapped} - set(TERMS)) == []
    for term in mapped:
        reasons = texts(links, term, RDFS + "comment")
        assert {language for language, _ in reasons} == set(LANGUAGES)


@cache
def classes_above():
    """Our classes with every class of ours above them, themselves included: IRI -> set of IRIs."""
    core = graph(*CORE)
    found = {}
    for term in declared_terms((OWL + "Class",)):
        todo, above = [NamedNode(term)], set()
        while todo:
            node = todo.pop()
            if node.value not in above:
                above.add(node.value)
                todo += values(core, node, RDFS + "subClassOf")
        found[term] = above
    return found


def disjoint_classes():
    """The groups of classes that share no member, each as a list of IRIs."""
    core = graph(*CORE)
    groups = []
    for quad in core.quads_for_pattern(None, NamedNode(OWL + "members"), None):
        group, node = [], quad.object
        while node.value != RDF + "nil":
            group += [item.value for item in values(core, node, RDF + "first")]
            [node] = values(core, node, RDF + "rest")
        groups.append(group)
    return groups


@pytest.mark.parametrize("group", disjoint_classes(), ids=lambda group: short(group[0]))
def test_no_thing_belongs_to_two_disjoint_classes(group):
    homes = {}
    for quad in graph(*DATA).quads_for_pattern(None, TYPE, None):
        homes.setdefault(quad.subject.value, set()).update(classes_above().get(quad.object.value, set()))
    torn = {thing: sorted(map(short, classes & set(group))) for thing, classes in homes.items()}
    assert {thing: classes for thing, classes in torn.items() if len(classes) > 1} == {}


# Controlled lists


@pytest.mark.parametrize("name", LISTS)
def test_a_file_of_concepts_holds_one_list_with_a_title(name):
    concepts = graph(name)
    [scheme] = members(concepts, SKOS + "ConceptScheme")
    for predicate in (DCTERMS + "title", SKOS + "definition"):
        assert [language for language, _ in texts(concepts, NamedNode(scheme), predicate)] == LANGUAGES


@pytest.mark.parametrize("name", LISTS)
def test_a_concept_has_a_name_a_definition_and_a_list(name):
    concepts = graph(name)
    [scheme] = members(concepts, SKOS + "ConceptScheme")
    assert members(concepts, SKOS + "Concept")
    for concept in members(concepts, SKOS + "Concept"):
        for predicate in (SKOS + "prefLabel", SKOS + "definition"):
            found = texts(concepts, NamedNode(concept), predicate)
            assert [language for language, _ in found] == LANGUAGES, concept
            assert all(text and text == " ".join(text.split()) for _, text in found), concept
        assert values(concepts, NamedNode(concept), SKOS + "inScheme") == [NamedNode(scheme)], concept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_no_two_concepts_of_a_list_share_a_name(name, language):
    concepts = graph(name)
    found = [
        dict(texts(concepts, NamedNode(iri), SKOS + "prefLabel"))[language]
        for iri in members(concepts, SKOS + "Concept")
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", LISTS)
def test_a_concept_stands_at_the_top_or_below_another(name):
    concepts = graph(name)
    for iri in members(concepts, SKOS + "Concept"):
        wider = values(concepts, NamedNode(iri), SKOS + "broader")
        assert bool(wider) != bool(values(concepts, NamedNode(iri), SKOS + "topConceptOf")), iri
        assert {node.value for node in wider} <= set(members(concepts, SKOS + "Concept")), iri


@pytest.mark.parametrize("name", LISTS)
def test_what_a_concept_matches_in_our_lists_exists(name):
    lists = graph(*LISTS)
    known = set(members(lists, SKOS + "Concept"))
    for predicate in ("relatedMatch", "closeMatch", "exactMatch"):
        for quad in graph(name).quads_for_pattern(None, NamedNode(SKOS + predicate), None):
            elsewhere = quad.object.value.startswith(SCHEMA)
            assert elsewhere or quad.object.value in known


@pytest.mark.parametrize("name", DATA)
def test_every_concept_used_is_in_a_list(name):
    space = ONTOLOGY.value.removesuffix("ontology") + "vocab/"
    used = {quad.object.value for quad in graph(name) if isinstance(quad.object, NamedNode)}
    ours = {iri for iri in used if iri.startswith(space)}
    assert sorted(ours - set(members(graph(*LISTS), SKOS + "Concept"))) == []


# Prefixes

READ = {prefix: f"urn:import:{prefix}:" for prefix in ("at", "is", "x")}
"""Of what stands in a file from outside while it is imported; never in the graph."""


def test_no_namespace_has_two_prefixes():
    assert [space for space, times in Counter(prefixes().values()).items() if times > 1] == []


@pytest.mark.parametrize("name", CORE + LISTS + LINKS + SHAPES + RULES + DATA + QUERIES + files("tests/cases/**/*.ttl"))
def test_a_prefix_means_what_it_means_everywhere(name):
    found = re.findall(r"(?im)^\s*@?prefix\s+([\w-]*):\s*<([^<>]*)>", (ROOT / name).read_text())
    known = prefixes() | (READ if name.startswith("queries/import/") else {})
    assert [(prefix, space) for prefix, space in found if known.get(prefix) != space] == []
