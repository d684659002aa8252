"""What an editor of queries offers while one types: the prefixes, classes, properties and things of this graph."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import kg
from webapp import links
from webapp.reading import Reader

MOST = 30
MOST_THINGS = 12
ROLES = ("class", "property", "any")


@dataclass(frozen=True)
class Offer:
    """A piece of a query that may stand here, what it is called, and what it is: a prefix, a class, a property …"""

    text: str
    label: str
    kind: str


def offers(reader: Reader, text: str, role: str = "any") -> list[Offer]:
    """What may complete `text` where a class, a property or any term is wanted, the likeliest first.

    A prefixed name is completed as it is written; a bare word is looked for in the names of things, in any language.
    """
    terms = [term for term in _terms(reader) if role in ("any", term.kind)]
    ranked = sorted((rank, place, term) for place, term in enumerate(terms) if (rank := _rank(text, term)) is not None)
    named = [term for _, _, term in ranked]
    unique: dict[str, Offer] = {}
    for offer in (
        *named[:MOST],
        *_prefixes(text),
        *(islice(_things(reader, text), MOST_THINGS) if role == "any" else ()),
    ):
        unique.setdefault(offer.text, offer)
    return list(unique.values())


def _terms(reader: Reader) -> list[Offer]:
    def find() -> list[Offer]:
        rows = [(row["term"].value, row["kind"].value) for row in reader.ask("explorer/vocabulary")]
        return [Offer(kg.shorten(iri), reader.plain(iri), kind) for iri, kind in rows]

    return reader.kept(("vocabulary", reader.language), find)


def _rank(text: str, term: Offer) -> int | None:
    """How well a term fits: 0 as a prefixed name, 1 by its local name, 2 by the words of its label; None not at all."""
    wanted, written = text.casefold(), term.text.casefold()
    if written.startswith(wanted):
        return 0
    if ":" in text:
        return None
    if written.partition(":")[2].startswith(wanted):
        return 1
    folded = kg.fold(text)
    return 2 if folded and f" {folded}" in f" {kg.fold(term.label)}" else None


def _prefixes(text: str) -> Iterator[Offer]:
    for prefix, space in kg.prefixes().items():
        if prefix.startswith(text.casefold().rstrip(":")) and ":" not in text[:-1]:
            yield Offer(f"{prefix}:", space, "prefix")


def _things(reader: Reader, text: str) -> Iterator[Offer]:
    """Things by their names; `city:tun` looks for "tun" among the things of that prefix."""
    prefix, colon, name = text.strip('<>"').partition(":")
    for hit in kg.search(reader.store, name if colon else prefix, MOST_THINGS * 3, reader.language):
        short = kg.shorten(hit.iri)
        if (
            links.has_page(hit.iri)
            and not hit.iri.startswith(kg.ONTOLOGY)
            and (not colon or short.startswith(f"{prefix}:"))
        ):
            kinds = reader.stated_classes(hit.iri)[:1]
            yield Offer(short, hit.label, ", ".join(map(reader.plain, kinds)))
