"""Networks as files: GraphML, GEXF with dates, JSON, and tables of ties and of things.

Each says by what method its ties were made and of which snapshot.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as Xml

from kg.errors import FormatError
from kg.markup import write_xml
from kg.networks.measures import Place, measure, place
from kg.networks.ties import Evidence, Network
from kg.networks.times import When
from kg.periods import FOREVER, NEVER, Period
from kg.terms import Value

FORMATS = ("graphml", "gexf", "csv", "nodes.csv", "json", "xlsx")

_GRAPHML, _GEXF = "http://graphml.graphdrawing.org/xmlns", "http://gexf.net/1.3"
_VIZ = _GEXF + "/viz"
Line = Mapping[str, Value | None]

_DATES = ("start", "end", "undated")
_OF_THINGS = ("iri", "label", "kind", "degree", "strength", "betweenness", "community", *_DATES)
_OF_TIES = (
    *("from", "fromLabel", "to", "toLabel", "weight", "independentSources", "through", "throughLabels"),
    *("roles", "themes", "sources", *_DATES),
)


@dataclass(frozen=True)
class _Tables:
    """Everything about a network in plain values: its things and its ties in the order of their IRIs.

    `state` is the column of what they are at a time, if one is asked for.
    """

    network: Network
    about: Mapping[str, str]
    nodes: Mapping[str, Line]
    ties: Sequence[Line]
    places: Mapping[str, Place]
    state: tuple[str, ...]


def write_network(network: Network, format: str, when: When | None = None) -> bytes:
    """The network as a file: graphml, gexf, csv (its ties), nodes.csv, json or xlsx; FormatError for another format.

    With a time, each thing and each tie has its state then. Dates are the outermost that sources allow; a tie of a
    GEXF file has a spell for each dated thing that makes it, and none when nothing of it is dated.
    """
    if format not in _WRITERS:
        raise FormatError(f'a network cannot be written as "{format}": choose {", ".join(FORMATS)}')
    return _WRITERS[format](_tables(network, when or When()))


def _tables(network: Network, when: When) -> _Tables:
    question, language = network.of.question, network.language
    about = {
        "network": question.said("summary", language),
        "method": f"{question.said('description', language)} {question.said('caveats', language)}".strip(),
        "query": f"queries/{question.name}.rq",
        "snapshot": network.of.snapshot,
    }
    measures = measure(network)
    nodes: dict[str, Line] = {
        iri: {
            "label": node.label,
            "kind": node.kind,
            "degree": measures[iri].degree,
            "strength": measures[iri].strength,
            "betweenness": measures[iri].betweenness,
            "community": measures[iri].community,
            **_dates(node.evidence),
            **_state(when, node.evidence),
        }
        for iri, node in network.nodes.items()
    }
    ties: list[Line] = [
        {
            "from": tie.one,
            "fromLabel": network.nodes[tie.one].label,
            "to": tie.other,
            "toLabel": network.nodes[tie.other].label,
            "weight": tie.weight,
            "independentSources": tie.backing,
            "through": " ".join(piece.through for piece in tie.evidence),
            "throughLabels": "; ".join(network.label(piece.through) for piece in tie.evidence),
            "roles": _all(network, (piece.roles for piece in tie.evidence)),
            "themes": _all(network, (piece.themes for piece in tie.evidence)),
            "sources": " ".join(sorted({source for piece in tie.evidence for source in piece.sources})),
            **_dates(tie.evidence),
            **_state(when, tie.evidence),
        }
        for tie in network.ties
    ]
    return _Tables(network, about, nodes, ties, place(network), ("state",) if when.words else ())


def _state(when: When, evidence: Iterable[Evidence]) -> Line:
    return {"state": when.of(evidence)} if when.words else {}


def _all(network: Network, iris: Iterable[Iterable[str]]) -> str:
    return "; ".join(sorted({network.label(iri) for some in iris for iri in some}))


def _dates(evidence: Sequence[Evidence]) -> Line:
    """The outermost days of all that is dated, None where they are not known, and how many pieces have no date."""
    outer = [_outer(piece) for piece in evidence if piece.span.dated]
    return {
        "start": _day(min(one.first for one in outer)) if outer else None,
        "end": _day(max(one.last for one in outer)) if outer else None,
        "undated": sum(not piece.span.dated for piece in evidence),
    }


def _outer(piece: Evidence) -> Period:
    return Period(piece.span.start.first, piece.span.end.last)


def _day(day: date) -> str | None:
    return None if day in (NEVER, FOREVER) else day.isoformat()


def _csv(columns: Sequence[str], lines: Iterable[Line], tables: _Tables) -> bytes:
    """A table whose last columns name the network, its query and the snapshot in every row."""
    named = {key: tables.about[key] for key in ("network", "query", "snapshot")}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, *tables.state, *named], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**line, **named} for line in lines)
    return out.getvalue().encode()


def _ties_csv(tables: _Tables) -> bytes:
    return _csv(_OF_TIES, tables.ties, tables)


def _nodes_csv(tables: _Tables) -> bytes:
    return _csv(_OF_THINGS, _things(tables), tables)


def _things(tables: _Tables) -> list[Line]:
    return [{"iri": iri, **line} for iri, line in tables.nodes.items()]


def _json(tables: _Tables) -> bytes:
    places = ({"x": at[0], "y": at[1]} if (at := tables.places.get(iri)) else {} for iri in tables.nodes)
    nodes = [{"iri": iri, **line, **at} for (iri, line), at in zip(tables.nodes.items(), places, strict=True)]
    whole = {**tables.about, "directed": tables.network.of.directed, "nodes": nodes, "ties": tables.ties}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(tables: _Tables) -> bytes:
    from kg.spreadsheets import write_sheets  # takes as long to import as the rest of kg, and is seldom needed

    about: list[list[Value | None]] = [list(pair) for pair in tables.about.items()]
    return write_sheets(
        {
            "ties": _sheet(_OF_TIES, tables.ties, tables),
            "things": _sheet(_OF_THINGS, _things(tables), tables),
            "method": (["about", "text"], about),
        }
    )


def _sheet(
    columns: Sequence[str], lines: Iterable[Line], tables: _Tables
) -> tuple[list[str], list[list[Value | None]]]:
    named = [*columns, *tables.state]
    return named, [[line[name] for name in named] for line in lines]


def _graphml(tables: _Tables) -> bytes:
    root = Xml.Element("graphml", xmlns=_GRAPHML)
    for target, lines in (("node", list(tables.nodes.values())), ("edge", tables.ties)):
        for name, kind in _types(lines).items():
            key = {"id": f"{target}-{name}", "for": target, "attr.name": name, "attr.type": kind}
            Xml.SubElement(root, "key", key)
    direction = "directed" if tables.network.of.directed else "undirected"
    graph = Xml.SubElement(root, "graph", id="network", edgedefault=direction)
    Xml.SubElement(graph, "desc").text = _said(tables)
    for iri, line in tables.nodes.items():
        _data(Xml.SubElement(graph, "node", id=iri), "node", line)
    for number, line in enumerate(tables.ties):
        edge = {"id": f"e{number}", "source": str(line["from"]), "target": str(line["to"])}
        _data(Xml.SubElement(graph, "edge", edge), "edge", line)
    return _xml(root)


def _data(element: Xml.Element, target: str, line: Line) -> None:
    for name, value in line.items():
        if value is not None and name not in ("from", "to"):
            Xml.SubElement(element, "data", key=f"{target}-{name}").text = str(value)


def _gexf(tables: _Tables) -> bytes:
    Xml.register_namespace("viz", _VIZ)
    root = Xml.Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    meta = Xml.SubElement(root, "meta")
    Xml.SubElement(meta, "creator").text = "Migration Governance Graph"
    Xml.SubElement(meta, "description").text = _said(tables)
    direction = "directed" if tables.network.of.directed else "undirected"
    graph = Xml.SubElement(root, "graph", defaultedgetype=direction, mode="dynamic", timeformat="date")
    for target, lines in (("node", list(tables.nodes.values())), ("edge", tables.ties)):
        attributes = Xml.SubElement(graph, "attributes", {"class": target})
        for name, kind in _types(lines).items():
            Xml.SubElement(attributes, "attribute", id=name, title=name, type=kind)
    nodes, edges = Xml.SubElement(graph, "nodes"), Xml.SubElement(graph, "edges")
    for iri, line in tables.nodes.items():
        node = Xml.SubElement(nodes, "node", id=iri, label=str(line["label"]))
        _attvalues(node, line)
        if at := tables.places.get(iri):
            Xml.SubElement(node, f"{{{_VIZ}}}position", x=str(at[0]), y=str(-at[1]))
        _spells(node, tables.network.nodes[iri].evidence)
    for number, (tie, line) in enumerate(zip(tables.network.ties, tables.ties, strict=True)):
        edge = Xml.SubElement(edges, "edge", id=str(number), source=tie.one, target=tie.other, weight=str(tie.weight))
        _attvalues(edge, line)
        _spells(edge, tie.evidence)
    return _xml(root)


def _attvalues(element: Xml.Element, line: Line) -> None:
    values = Xml.SubElement(element, "attvalues")
    for name, value in line.items():
        if value is not None and name not in _KNOWN:
            Xml.SubElement(values, "attvalue", {"for": name, "value": str(value)})


def _spells(element: Xml.Element, evidence: Sequence[Evidence]) -> None:
    """When it is there; without a start or an end, from or for ever."""
    outer = sorted({_outer(piece) for piece in evidence if piece.span.dated})
    if outer:
        spells = Xml.SubElement(element, "spells")
        for one in outer:
            days = {"start": _day(one.first), "end": _day(one.last)}
            Xml.SubElement(spells, "spell", {key: day for key, day in days.items() if day})


_KNOWN = {"from", "to", "label", "weight"}


def _types(lines: Sequence[Line]) -> dict[str, str]:
    """The type of each column, as both formats call it; a column without values is text."""
    names = {"int": "int", "float": "double", "str": "string"}
    kinds: dict[str, str] = {}
    for line in lines:
        for name, value in line.items():
            if value is not None and name not in ("from", "to"):
                kinds.setdefault(name, names[type(value).__name__])
    return kinds


def _said(tables: _Tables) -> str:
    about = tables.about
    return f"{about['network']}. {about['method']} Query: {about['query']}. Snapshot: {about['snapshot']}."


def _xml(root: Xml.Element) -> bytes:
    Xml.indent(root, " ")
    return write_xml(root)


_WRITERS = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _ties_csv,
    "nodes.csv": _nodes_csv,
    "json": _json,
    "xlsx": _xlsx,
}
