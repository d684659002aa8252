"""Which outside names and identifiers stand for which thing, as SSSOM: the question provenance/mappings in a table.

Format: Simple Standard for Sharing Ontological Mappings, https://mapping-commons.github.io/sssom/spec-formats-tsv/.
What has no address of its own, a name or a code, is a literal mapping: a label without an id.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from kg.queries import fill
from kg.queries import get as question
from kg.store import Row, Store
from kg.terms import BASE, Term, prefixes, shorten

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "object_type", "object_source", "mapping_source", "comment"),
)
"""In the order of the specification."""

_SPACES = {"semapv": "https://w3id.org/semapv/vocab/", "skos": "http://www.w3.org/2004/02/skos/core#"}


@dataclass(frozen=True)
class Curie:
    """An identifier as SSSOM wants it, and the prefix that it needs."""

    prefix: str
    namespace: str
    local: str

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}"


def rows(store: Store, about: str | None = None) -> list[dict[str, str | Curie]]:
    """The mappings of everything, or of one thing by its IRI: one row each, by the columns of SSSOM."""
    text = fill(question("provenance/mappings"), {"thing": about} if about else {})
    return [_mapping(row) for row in store.query(text, name="provenance/mappings").rows]


def sssom(store: Store, version: str, about: str | None = None) -> bytes:
    """The same as a file in SSSOM/TSV with its metadata; `version` says of which state of the graph."""
    found = rows(store, about)
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in _metadata(found, version, about))
    table = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows(found)
    return out.getvalue().encode()


def _metadata(rows: Iterable[Mapping[str, str | Curie]], version: str, about: str | None) -> Iterable[str]:
    """The lines of the metadata block, in YAML, without the marks before them."""
    needed = {cell.prefix: cell.namespace for row in rows for cell in row.values() if isinstance(cell, Curie)}
    yield "curie_map:"
    yield from (f"  {prefix}: {json.dumps(space)}" for prefix, space in sorted(needed.items()))
    name = about.removeprefix(BASE).removeprefix("id/") if about else ""
    yield f"mapping_set_id: {json.dumps(BASE + 'mappings' + ('/' + name if name else ''))}"
    yield f"mapping_set_version: {json.dumps(version)}"
    yield 'mapping_set_title: "Names and identifiers of the Migration Governance Graph"'
    yield f"license: {json.dumps(LICENCE)}"
    yield "subject_type: rdfs resource"


def _mapping(row: Row) -> dict[str, str | Curie]:
    object_id = _object(row)
    cells: dict[str, str | Curie] = {
        "subject_id": _known(row["subject"]),
        "subject_label": _text(row["subjectLabel"]),
        "predicate_id": _known(row["predicate"]),
        "predicate_modifier": "Not" if _text(row["denied"]) == "true" else "",
        "object_id": object_id or "",
        "object_label": _text(row["objectLabel"] if object_id else row["object"]),
        "mapping_justification": _known(row["justification"]),
        "object_type": "rdfs resource" if object_id else "rdfs literal",
        "object_source": _known(row["register"]) if row["register"] is not None else "",
        "mapping_source": _known(row["source"]),
        "comment": _text(row["comment"]),
    }
    return {column: cells[column] for column in COLUMNS}


def _object(row: Row) -> Curie | None:
    """The address of what is mapped to: its own, or the one that the register's template gives; None for a literal."""
    term, register = row["object"], row["register"]
    if isinstance(term, ox.NamedNode):
        return _outside(term.value, _text(register)) if register is not None else _known(term)
    if register is None or row["template"] is None:
        return None
    return _outside(_text(row["template"]).replace("{value}", quote(_text(term), safe="")), _text(register))


def _outside(iri: str, register: str) -> Curie:
    """An address under the prefix named after its register."""
    cut = max(iri.rstrip("/").rfind(mark) for mark in "/#=") + 1
    return Curie(register.rsplit("#", 1)[-1], iri[:cut], iri[cut:])


def _known(term: Term | None) -> Curie:
    """An IRI of ours, or of a vocabulary in use, under the prefix that is known for it."""
    iri = _text(term)
    spaces = {**prefixes(), **_SPACES}
    prefix, colon, local = shorten(iri).partition(":")
    if colon and prefix in spaces:
        return Curie(prefix, spaces[prefix], local)
    fits = [name for name, space in spaces.items() if iri.startswith(space)]
    prefix = max(fits, key=lambda name: len(spaces[name]), default="")
    return Curie(prefix or "iri", spaces.get(prefix, ""), iri.removeprefix(spaces.get(prefix, "")))


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", "" if term is None else term))
