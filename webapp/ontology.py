"""The ontology in words: its classes, properties and controlled lists, read from the graph."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g
from flask_babel import gettext

import kg
from webapp import links
from webapp.reading import Reader, Shown
from webapp.replies import HTML, RDF, chosen, data, show

views = Blueprint("ontology", __name__)

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DEFINITION = _SKOS + "definition"


@dataclass(frozen=True)
class Entry:
    """A class or property: what it means, and how it stands to others."""

    iri: str
    type: str
    name: Shown
    definition: Shown | None
    facts: tuple[tuple[str, tuple[Shown, ...]], ...]

    @property
    def short(self) -> str:
        return kg.shorten(self.iri)

    @property
    def anchor(self) -> str:
        return self.iri.removeprefix(links.TERM)


@dataclass(frozen=True)
class Listed:
    """A controlled list with its concepts and their definitions."""

    name: Shown
    anchor: str
    concepts: tuple[tuple[Shown, Shown | None], ...]


@views.route("/ontology", defaults={"extension": ""})
@views.route("/ontology.<any(ttl,nt,rdf,jsonld,trig,nq):extension>")
def ontology(extension: str) -> Response:
    media = RDF[extension] if extension else chosen([HTML, *RDF.values()])
    if media == HTML:
        reader = Reader(g.store, g.language)
        about = reader.heading(kg.ONTOLOGY)
        return show("ontology.html", about=about, parts=_parts(reader), lists=_lists(reader), extensions=list(RDF))
    extension = next(name for name, other in RDF.items() if other == media)
    response = data(kg.export(g.store, extension, source=kg.ONTOLOGY), media)
    response.vary.add("Accept")
    response.headers["Content-Location"] = links.ontology(extension=extension)
    return response


def definition(reader: Reader, iri: str) -> Shown | None:
    """What a class or property means, in the reader's language if the ontology says it there."""
    entry = entries(reader).get(iri)
    return entry.definition if entry else None


def entries(reader: Reader) -> dict[str, Entry]:
    """Every class and property of the ontology, by IRI."""
    return reader.kept(("entries", reader.view), lambda: _read(reader))


def _read(reader: Reader) -> dict[str, Entry]:
    types: dict[str, str] = {}
    said: dict[str, dict[str, list[kg.Term]]] = {}
    for row in reader.ask("explorer/ontology"):
        iri = row["term"].value
        types[iri] = row["type"].value
        said.setdefault(iri, {}).setdefault(row["relation"].value, []).append(row["value"])
    return {iri: _entry(reader, iri, types[iri], relations) for iri, relations in said.items()}


def _entry(reader: Reader, iri: str, type: str, relations: dict[str, list[kg.Term]]) -> Entry:
    meaning = reader.best(relations.pop(_DEFINITION, []))
    facts = []
    for relation, values in relations.items():
        texts = [value for value in values if isinstance(value, kg.Literal) and value.language]
        shown = [reader.best(texts), *(reader.value(value) for value in values if value not in texts)]
        name = _headings().get(relation) or reader.plain(relation)
        facts.append((name, tuple(one for one in shown if one is not None)))
    return Entry(iri, type, reader.name(iri), meaning, tuple(facts))


def _headings() -> dict[str, str]:
    """The words of RDFS, OWL and SKOS in the reader's language."""
    rdfs, owl, skos = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2002/07/owl#", _SKOS
    return {
        owl + "Class": gettext("Classes"),
        owl + "ObjectProperty": gettext("Properties between things"),
        owl + "DatatypeProperty": gettext("Properties with plain values"),
        rdfs + "subClassOf": gettext("is a kind of"),
        rdfs + "subPropertyOf": gettext("is narrower than"),
        rdfs + "domain": gettext("of"),
        rdfs + "range": gettext("value"),
        owl + "inverseOf": gettext("the other way round"),
        owl + "deprecated": gettext("no longer used"),
        skos + "scopeNote": gettext("note"),
        skos + "example": gettext("example"),
    }


def _parts(reader: Reader) -> list[tuple[str, str, Sequence[Entry]]]:
    """The entries by type: what the type is called, its anchor, its entries by name."""

    def make() -> list[tuple[str, str, Sequence[Entry]]]:
        every = sorted(entries(reader).values(), key=lambda entry: (kg.fold(entry.name.text), entry.iri))
        types = sorted({entry.type for entry in every})
        return [(_headings()[t], kg.readable_tail(t), [entry for entry in every if entry.type == t]) for t in types]

    return reader.kept(("parts", reader.view), make)


def _lists(reader: Reader) -> list[Listed]:
    def make() -> list[Listed]:
        found: dict[str, dict[str, list[kg.Term]]] = {}
        for row in reader.ask("explorer/lists"):
            meanings = found.setdefault(row["list"].value, {}).setdefault(row["concept"].value, [])
            meanings += [row["definition"]] if row["definition"] is not None else []
        return [_listed(reader, iri, concepts) for iri, concepts in found.items()]

    return reader.kept(("lists", reader.view), make)


def _listed(reader: Reader, iri: str, concepts: dict[str, list[kg.Term]]) -> Listed:
    pairs = [(reader.name(concept), reader.best(meanings)) for concept, meanings in concepts.items()]
    pairs.sort(key=lambda pair: kg.fold(pair[0].text))
    return Listed(reader.name(iri), "list-" + kg.readable_tail(iri), tuple(pairs))
