"""How an IRI is read and written: the prefixes of `ontology/prefixes.ttl` and short names."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/migration-governance/"
ONTOLOGY = BASE + "ontology"

_SH = "http://www.w3.org/ns/shacl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLAIN = re.compile(r"[+\-.:0-9A-Za-z]+")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Statement = tuple[Subject, ox.NamedNode, Term]
Value = str | int | float | bool | date | datetime

_WHOLE = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_READERS: Mapping[str, Callable[[str], Value]] = {
    **dict.fromkeys(_WHOLE, int),
    **dict.fromkeys(("decimal", "double", "float"), float),
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
"""How the text of a literal is read, by the local name of its XML Schema datatype."""


@cache
def prefixes() -> dict[str, str]:
    """Prefix -> namespace, as declared with sh:declare in `ontology/prefixes.ttl`, in that file's order."""
    names: dict[str, str] = {}
    spaces: dict[str, str] = {}
    for triple in ox.parse(path=ROOT / "ontology" / "prefixes.ttl"):
        subject, value = str(triple.subject), getattr(triple.object, "value", "")
        if triple.predicate.value == _SH + "prefix":
            names[subject] = value
        elif triple.predicate.value == _SH + "namespace":
            spaces[subject] = value
    return {prefix: spaces[node] for node, prefix in names.items()}


def expand(text: str) -> str | None:
    """The IRI that `<iri>`, `iri` or `prefix:name` stands for; None when the text is neither."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        return _legal(text[1:-1])
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes() and not local.startswith("//"):
        return _legal(prefixes()[prefix] + local)
    return _legal(text) if re.match(r"(https?|urn|mailto|tag|file):", text) else None


def _legal(iri: str) -> str | None:
    try:
        return ox.NamedNode(iri).value if _IRI.fullmatch(iri) else None
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def shorten(iri: str) -> str:
    """`prefix:name` when a prefix of the project fits, else `<iri>`; the longest namespace wins."""
    for namespace, prefix in _by_length():
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            return f"{prefix}:{local}" if _LOCAL.fullmatch(local) else f"<{iri}>"
    return f"<{iri}>"


def show(term: Term | None) -> str:
    """A term for reading: short names for IRIs, the plain text of literals."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.Literal):
        return term.value
    return str(term)


def value(term: Term) -> Value:
    """A term as a Python value: numbers, truth values, complete dates and times as such, all else as it is written.

    An IRI is its full text. A year or a month stays text, as does a literal that its datatype does not allow.
    """
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    read = _READERS.get(term.datatype.value.removeprefix(_XSD))
    try:
        return read(term.value) if read and _PLAIN.fullmatch(term.value) else term.value
    except (ValueError, KeyError):
        return term.value


def serialise(term: Term) -> str:
    """A term as SPARQL and Turtle write it, with full IRIs."""
    return str(term)


def readable_tail(iri: str) -> str:
    """The last part of an IRI, for things that have no label."""
    return re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri


@cache
def _by_length() -> list[tuple[str, str]]:
    return sorted(((space, prefix) for prefix, space in prefixes().items()), key=lambda pair: -len(pair[0]))
