"""Every shape under ontology/shapes catches its fault, and nothing else. A case is a file under cases/shapes."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import RDF, RDFS, SH, SKOS, Graph, Namespace, URIRef
from rdflib.collection import Collection

ROOT = Path(__file__).parent.parent
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
TERMS = sorted((ROOT / "ontology").glob("*.ttl")) + sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))
CASES = ROOT / "tests" / "cases" / "shapes"
VALID = sorted(CASES.glob("*/valid-*.ttl"))
INVALID = sorted(CASES.glob("*/invalid-*.ttl"))
MG = Namespace("https://w3id.org/migration-governance/ontology#")
EXPECTS = re.compile(r"^# expects: (\S+) (\S+) (\S+)$", re.MULTILINE)


class StoreGraph(OxigraphDataGraph):
    """A store that is true at once: pySHACL asks so for every result, and would count all statements each time."""

    def __bool__(self):
        return True


def name(path):
    return f"{path.parent.name}/{path.stem}"


@cache
def shapes():
    """The shapes and the prefixes their queries use."""
    graph = Graph()
    for path in [ROOT / "ontology" / "prefixes.ttl", *SHAPES]:
        graph.parse(path)
    return graph


@cache
def terms():
    """The ontology and its lists, without the shapes."""
    graph = Graph()
    for path in TERMS:
        graph.parse(path)
    return graph


@cache
def background():
    """What a case is read against: which class or property is below which, which concept is in which list."""
    wanted = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.inScheme, SKOS.member}
    return [
        quad for path in TERMS for quad in pyoxigraph.parse(path=str(path)) if URIRef(quad.predicate.value) in wanted
    ]


def results(*paths):
    """How often each (shape, component, severity) is reported for files in the small world of world.ttl."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in background())
    for path in [CASES / "world.ttl", *paths]:
        store.load(path=str(path))
    _, report, _ = pyshacl.validate(StoreGraph(store), shacl_graph=shapes())
    assert isinstance(report, Graph), report
    assert [message for message in report.objects(None, SH.resultMessage) if "{" in message] == []
    return Counter(
        tuple(
            curie(report.value(result, part))
            for part in (SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
        )
        for result in report.objects(None, SH.result)
    )


def curie(iri):
    return str(iri).replace(str(MG), "mg:").replace(str(SH), "sh:")


def expected(path):
    return Counter(EXPECTS.findall(path.read_text(encoding="utf-8")))


def own_shapes():
    kinds = (SH.NodeShape, SH.PropertyShape)
    return sorted({shape for kind in kinds for shape in shapes().subjects(RDF.type, kind)})


def helpers():
    """Shapes that sh:node, sh:not, sh:or and the like name; a result names the shape that uses them instead."""
    graph = shapes()
    found = {shape for link in (SH.node, SH["not"], SH.qualifiedValueShape) for shape in graph.objects(None, link)}
    for head in graph.objects(None, SH["or"]):
        found.update(Collection(graph, head))
    return found | {part for shape in found for part in graph.objects(shape, SH.property)}


# The cases


def test_the_lists_conform():
    assert results(*TERMS) == Counter()


def test_the_world_the_cases_point_to_conforms():
    assert results() == Counter()


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_case_gives_no_result(path):
    assert results(path) == Counter()


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_case_gives_just_the_results_it_expects(path):
    assert expected(path), f'{path}: say in the first line "# expects: SHAPE COMPONENT SEVERITY"'
    assert results(path) == expected(path)


def test_every_case_is_collected():
    assert set(CASES.rglob("*.ttl")) == {*VALID, *INVALID, CASES / "world.ttl"}


def test_every_constraint_is_broken_by_a_case():
    broken = {(shape, component) for path in INVALID for shape, component, _ in expected(path)}
    assert constraints() - broken == set()


def constraints():
    """(shape, component) of every constraint that can give a result of its own."""
    parameters = {
        SH.minCount: "MinCount", SH.maxCount: "MaxCount", SH["class"]: "Class", SH.datatype: "Datatype",
        SH.pattern: "Pattern", SH["or"]: "Or", SH["not"]: "Not", SH.node: "Node", SH.hasValue: "HasValue",
        SH.uniqueLang: "UniqueLang", SH.nodeKind: "NodeKind", SH.sparql: "SPARQL", SH.languageIn: "LanguageIn",
        SH.qualifiedMinCount: "QualifiedMinCount", SH.minInclusive: "MinInclusive", SH.maxInclusive: "MaxInclusive",
        SH.minExclusive: "MinExclusive", SH.lessThanOrEquals: "LessThanOrEquals",
    }  # fmt: skip
    silent = {
        RDF.type, RDFS.isDefinedBy, SH.property, SH.path, SH.name, SH.description, SH.message, SH.severity, SH.order,
        SH.group, SH.flags, SH.targetClass, SH.targetSubjectsOf, SH.qualifiedValueShape,
    }  # fmt: skip
    components = {parameter: f"sh:{part}ConstraintComponent" for parameter, part in parameters.items()}
    components[MG.inList] = "mg:InListConstraintComponent"
    return {
        (curie(shape), components[parameter])
        for shape in set(own_shapes()) - helpers()
        for parameter in set(shapes().predicates(shape)) - silent
    }


# The shapes themselves


def test_every_shape_and_query_is_an_iri():
    nodes = {*own_shapes(), *shapes().objects(None, SH.property), *shapes().objects(None, SH.sparql)}
    assert [node for node in nodes if not isinstance(node, URIRef)] == []


@pytest.mark.parametrize("part", [SH.name, SH.message], ids=["name", "message"])
def test_every_shape_says_it_once_in_english_and_once_in_french(part):
    said = {shape: sorted(text.language for text in shapes().objects(shape, part)) for shape in own_shapes()}
    assert {curie(shape): languages for shape, languages in said.items() if languages != ["en", "fr"]} == {}


@pytest.mark.parametrize("part", [SH.description, SH.severity, SH.order, RDFS.isDefinedBy], ids=str)
def test_every_shape_has(part):
    assert [curie(shape) for shape in own_shapes() if shapes().value(shape, part) is None] == []


def test_every_property_shape_is_under_a_heading():
    of_properties = set(shapes().subjects(RDF.type, SH.PropertyShape))
    groups = set(shapes().subjects(RDF.type, SH.PropertyGroup))
    assert {curie(shape) for shape in of_properties if shapes().value(shape, SH.group) not in groups} == set()


def test_every_shape_is_used():
    graph = shapes()
    targeted = {*graph.subjects(SH.targetClass), *graph.subjects(SH.targetSubjectsOf)}
    parts = {part for shape in targeted | helpers() for part in graph.objects(shape, SH.property)}
    assert set(own_shapes()) - targeted - helpers() - parts == set()
    queries = set(graph.subjects(RDF.type, SH.SPARQLConstraint))
    assert queries - set(graph.objects(None, SH.sparql)) == set()


def test_a_message_shows_only_what_its_query_gives():
    """The engine fills {?name} from the row of a query; in any other message the braces would stay."""
    graph = shapes()
    for shape in own_shapes():
        query = graph.value(shape, SH.sparql)
        given = set(re.findall(r"[?$](\w+)", graph.value(query, SH.select).split("WHERE")[0])) if query else set()
        for message in graph.objects(shape, SH.message):
            assert set(re.findall(r"\{[?$](\w+)\}", message)) <= given, curie(shape)


def test_every_term_of_ours_that_a_shape_names_is_declared():
    declared = set(terms().subjects(RDF.type))
    own = set(shapes().subjects(RDF.type))
    used = {term for triple in shapes() for term in triple if isinstance(term, URIRef) and term.startswith(MG)}
    for query in shapes().objects(None, SH.select):
        used |= {MG[local] for local in re.findall(r"\bmg:(\w+)", query)}
    assert {curie(term) for term in used - declared - own} == set()


def test_every_concept_that_a_shape_names_is_in_its_list():
    listed = set(terms().subjects(RDF.type))
    named = {o for o in shapes().objects() if isinstance(o, URIRef) and "/migration-governance/vocab/" in o}
    assert named - listed == set()


def test_the_shapes_are_good_shacl():
    """Against the shapes that the W3C publishes for shapes."""
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text
