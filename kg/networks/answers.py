"""Answers as networks: of networkx and igraph from rows that name two ends, of rdflib from triples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from kg.errors import FormatError, MissingLibraryError
from kg.store import Answer, Row
from kg.terms import Term, Value, prefixes, show, value

if TYPE_CHECKING:
    import igraph
    import networkx


@dataclass(frozen=True)
class Network:
    """Node -> label, and pair of nodes -> attributes, in the order of the rows."""

    labels: Mapping[str, str]
    edges: Mapping[tuple[str, str], Mapping[str, Value]]


def to_networkx(answer: Answer, source: str = "from", target: str = "to", directed: bool = False) -> "networkx.Graph":
    """A network whose nodes are the full IRIs in two columns, one edge per pair, the other columns its attributes.

    Nodes have a `label`, out of the columns named like the ends with Name added where there are such, else the short
    name. Numbers and truth values are such, all else is text, so that any file format takes them; an unbound attribute
    is left out. A row with one end gives a node alone.
    Raises MissingLibraryError without networkx, FormatError when a column is missing or two rows give a pair different
    attributes.
    """
    try:
        import networkx
    except ModuleNotFoundError as error:
        raise MissingLibraryError("networkx") from error
    network = _network(answer, source, target, directed)
    graph = networkx.DiGraph() if directed else networkx.Graph()
    graph.add_nodes_from((node, {"label": label}) for node, label in network.labels.items())
    graph.add_edges_from((one, other, attributes) for (one, other), attributes in network.edges.items())
    return graph


def to_igraph(answer: Answer, source: str = "from", target: str = "to", directed: bool = False) -> "igraph.Graph":
    """The same for igraph, where the full IRI of a node is its `name` and an unbound attribute is None."""
    try:
        import igraph
    except ModuleNotFoundError as error:
        raise MissingLibraryError("igraph") from error
    network = _network(answer, source, target, directed)
    place = {node: number for number, node in enumerate(network.labels)}
    graph = igraph.Graph(len(place), [(place[one], place[other]) for one, other in network.edges], directed=directed)
    graph.vs["name"], graph.vs["label"] = list(network.labels), list(network.labels.values())
    for name in _attributes(answer, source, target):
        graph.es[name] = [attributes.get(name) for attributes in network.edges.values()]
    return graph


def to_rdflib(answer: Answer) -> rdflib.Graph:
    """The triples of a CONSTRUCT or DESCRIBE as an rdflib graph with the prefixes of the project.

    Raises FormatError for a query that gives no triples, or a triple about a triple, which rdflib does not know.
    """
    if answer.kind != "construct":
        raise FormatError("an rdflib graph is made of the triples of a CONSTRUCT or DESCRIBE; this query gives none")
    graph = rdflib.Graph()
    for prefix, namespace in prefixes().items():
        graph.bind(prefix, namespace)
    for one, predicate, other in answer.triples:
        graph.add((_node(one), _node(predicate), _node(other)))
    return graph


def _node(term: Term) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        datatype = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    raise FormatError(f"rdflib has no triples about triples, such as {term}")


def _network(answer: Answer, source: str, target: str, directed: bool) -> Network:
    labels: dict[str, str] = {}
    edges: dict[tuple[str, str], dict[str, Value]] = {}
    names = _attributes(answer, source, target)
    for row in answer.rows:
        ends = [_end(row, column, labels) for column in (source, target)]
        if ends[0] is None or ends[1] is None:
            continue
        pair = (ends[0], ends[1])
        if not directed and pair[::-1] in edges:
            pair = (ends[1], ends[0])
        attributes = {name: _plain(term) for name in names if (term := row[name]) is not None}
        if edges.setdefault(pair, attributes) != attributes:
            shown = " and ".join(labels[end] for end in pair)
            raise FormatError(f"{shown} stand in two rows that differ: let the query GROUP BY the pair")
    return Network(labels, edges)


def _attributes(answer: Answer, source: str, target: str) -> list[str]:
    """The columns that are neither an end nor the name of one; FormatError when an end is not there."""
    for column in (source, target):
        if column not in answer.columns:
            there = ", ".join(answer.columns) or "none, it is no SELECT"
            raise FormatError(f'no column "{column}" to make a network of (columns: {there})')
    return [name for name in answer.columns if name not in (source, target, f"{source}Name", f"{target}Name")]


def _end(row: Row, column: str, labels: dict[str, str]) -> str | None:
    term = row[column]
    if term is None:
        return None
    node = getattr(term, "value", str(term))
    labels.setdefault(node, show(row.get(f"{column}Name") or term))
    return str(node)


def _plain(term: Term) -> Value:
    found = value(term)
    return found if isinstance(found, bool | int | float) else getattr(term, "value", str(term))
