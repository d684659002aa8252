"""Every address of the site, one function each; and the way from an IRI of the graph to its page on this host."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import request, url_for

import kg

ENTITY = kg.BASE + "id/"
SOURCE = kg.BASE + "source/"
TERM = kg.ONTOLOGY + "#"

Address = Callable[[str, int], str]
"""The address of a page of the values of one property (`mg:role`, or `^mg:role` for what points to the thing)."""


def home() -> str:
    return url_for("pages.home")


def search(text: str = "", page: int = 1, extension: str = "") -> str:
    return url_for("pages.search", extension=extension or None, **_given(q=text, page=page))


def browse() -> str:
    return url_for("pages.classes")


def members(iri: str, page: int = 1, extension: str = "") -> str:
    return url_for("pages.members", name=class_name(iri) + _dot(extension), **_given(page=page))


def of(iri: str) -> str:
    """Where a reader finds more on the thing: a page of this site, its own address, or nowhere ("")."""
    if iri.startswith(TERM):
        return ontology(iri)
    if iri == kg.ONTOLOGY:
        return ontology()
    if iri.startswith(SOURCE):
        return source(iri)
    if iri.startswith(kg.BASE):
        return page(iri)
    return iri if iri.startswith(("http://", "https://")) else ""


def page(iri: str, by: str = "", number: int = 1) -> str:
    return url_for("entities.page", path=path_of(iri), **_given(by=by, page=number))


def data(iri: str, extension: str) -> str:
    return url_for("entities.document", path=f"{path_of(iri)}.{extension}", lang=None)


def why(statement: kg.Statement) -> str:
    subject, predicate, value = (str(getattr(term, "value", term)) for term in statement)
    return url_for("reasons.why", s=subject, p=predicate, o=value)


def sources(page: int = 1) -> str:
    return url_for("pages.sources", **_given(page=page))


def source(iri: str, by: str = "", number: int = 1) -> str:
    return url_for("entities.source", slug=iri.removeprefix(SOURCE), **_given(by=by, page=number))


def ontology(iri: str = "", extension: str = "") -> str:
    return url_for("ontology.ontology", extension=extension or None, _anchor=iri.removeprefix(TERM) or None)


def packs() -> str:
    return url_for("questions.packs")


def pack(name: str) -> str:
    return url_for("questions.pack", name=name)


def question(
    name: str, values: dict[str, str] | None = None, page: int = 1, extension: str = "", view: str = ""
) -> str:
    pack_name, _, slug = name.partition("/")
    given = {**(values or {}), **_given(page=page, view=view)}
    return url_for("questions.question", pack_name=pack_name, slug=slug + _dot(extension), **given)


def query(text: str = "", page: int = 1, view: str = "") -> str:
    return url_for("questions.packs", **_given(query=text, page=page, view=view))


def answer(text: str = "", extension: str = "") -> str:
    return url_for("questions.answer", extension=extension or None, **_given(query=text))


def cited(snapshot: str = "", result: str = "", query: str = "", title: str = "", extension: str = "") -> str:
    """The page of a cited answer; with a query alone, the way to the link that cites its answer."""
    given = _given(snapshot=snapshot, result=result, query=query, title=title)
    return url_for("citing.answer", extension=extension or None, **given)


def advice(text: str = "") -> str:
    return url_for("questions.advice", **_given(query=text))


def complete() -> str:
    return url_for("questions.complete")


def sparql(text: str = "", format: str = "") -> str:
    return url_for("sparql.endpoint", lang=None, **_given(query=text, format=format))


def here(language: str) -> str:
    """The address of this page in another language."""
    values = request.args.to_dict(flat=False) | {"lang": [language]}
    pairs = [f"{quote(key)}={quote(value, safe='')}" for key, many in values.items() for value in many]
    return quote(request.path) + "?" + "&".join(pairs)


def absolute(address: str) -> str:
    """An address of this site with its host."""
    return request.host_url.rstrip("/") + address


def path_of(iri: str) -> str:
    """The part of an IRI of the graph that names it in an address: `city/amman`, `vocab/role/host`."""
    return iri.removeprefix(ENTITY) if iri.startswith(ENTITY) else iri.removeprefix(kg.BASE)


def candidates(path: str) -> list[str]:
    """The IRIs that such a part may stand for, the likeliest first."""
    return [base + name for name in spellings(path) for base in (ENTITY, kg.BASE)]


def spellings(path: str) -> list[str]:
    """A part of an address as it came, and with the escapes that servers decode on the way."""
    return list(dict.fromkeys([path, quote(path, safe="/:@!$&'()*+,;=~-._")]))


def class_name(iri: str) -> str:
    """A class in an address: the bare name of one of our own, else its prefixed name."""
    return iri.removeprefix(TERM) if iri.startswith(TERM) else kg.shorten(iri)


def class_iri(name: str) -> str | None:
    """The class that such a name stands for."""
    return kg.expand(name) if ":" in name else TERM + name


def _dot(extension: str) -> str:
    return f".{extension}" if extension else ""


def _given(**values: str | int) -> dict[str, Any]:
    """The values that say something: no empty text, no page 1."""
    return {key: value for key, value in values.items() if value not in ("", 1)}
