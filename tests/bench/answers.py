"""Answers of different engines in one form, so that they can be compared before anything is timed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef

Rows = list[tuple[str, ...]]
"""Sorted rows of cells; columns in the order of their names."""

SEPARATORS = re.compile(r"[\s,;|·]+")
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}


def rows_of_oxigraph(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Rows:
    return _rows(columns, ([_oxigraph(value) for value in row] for row in rows))


def rows_of_rdflib(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Rows:
    return _rows(columns, ([_rdflib(value) for value in row] for row in rows))


def rows_of_json(document: Mapping) -> Rows:
    """The rows of an answer in the SPARQL 1.1 JSON format; the truth value of an ASK is a row of one."""
    if "boolean" in document:
        return [(str(document["boolean"]).lower(),)]
    columns = document["head"]["vars"]
    return _rows(columns, ([_json(row.get(column)) for column in columns] for row in document["results"]["bindings"]))


def cell(value: str, language: str = "", datatype: str = "") -> str:
    """A literal: numbers and truth values without type and spelling, on which engines differ; texts with sorted parts.

    SPARQL does not say in which order GROUP_CONCAT joins, so what stands between blanks and separators is sorted.
    """
    if datatype == XSD + "boolean":
        return "1" if value in ("true", "1") else "0"
    if datatype in NUMBERS:
        try:
            return f"{float(Decimal(value)):.9g}"
        except (InvalidOperation, OverflowError):
            return value
    parts = " ".join(sorted(SEPARATORS.split(value)))
    return f"{parts}@{language.lower()}" if language else parts


def _rows(columns: Sequence[str], rows: Iterable[list[str]]) -> Rows:
    order = sorted(range(len(columns)), key=columns.__getitem__)
    return sorted(tuple(row[place] for place in order) for row in rows)


def _oxigraph(term: object) -> str:
    if isinstance(term, ox.Literal):
        return cell(term.value, term.language or "", term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return "_:"
    return "" if term is None else f"<{term.value}>"


def _rdflib(term: object) -> str:
    if isinstance(term, Literal):
        return cell(str(term), term.language or "", str(term.datatype or ""))
    if isinstance(term, BNode):
        return "_:"
    return f"<{term}>" if isinstance(term, URIRef) else ""


def _json(term: Mapping | None) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if term["type"] == "bnode":
        return "_:"
    return cell(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
