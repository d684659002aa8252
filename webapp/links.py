"""Every address of the site, one function each; and the way from an IRI of the graph to its page on this host."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from flask import g, request
from flask import url_for as built

import kg

ENTITY = kg.BASE + "id/"
SOURCE = kg.BASE + "source/"
TERM = kg.ONTOLOGY + "#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OF_TERMS = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2004/02/skos/core#",
)
"""Where the classes of classes, properties and concepts are."""

Address = Callable[[str, int], str]
"""The address of a page of the values of one property (`mg:role`, or `^mg:role` for what points to the thing)."""


def url_for(endpoint: str, /, **values: Any) -> str:
    """An address of this site, with the language and the lens that stay in it; pages have most of theirs in common."""
    try:
        return _kept(stays(), endpoint, **values)
    except TypeError:  # a parameter with several values
        return built(endpoint, **values)


def stays() -> tuple[str, str, str]:
    """What all addresses of a page share: where the site is mounted, the language chosen, the lens."""
    return request.script_root, g.language if g.get("language_given") else "", g.get("evidence") or ""


@lru_cache(maxsize=2000, typed=True)
def _kept(shared: tuple[str, str, str], endpoint: str, /, **values: Any) -> str:
    return built(endpoint, **values)


def home() -> str:
    return url_for("home.home")


def search(text: str = "", page: int = 1, extension: str = "", kind: str = "") -> str:
    return url_for("searching.search", extension=extension or None, **_given(q=text, page=page, kind=kind))


def on_map(values: Mapping[str, Any] | None = None, page: int = 1, extension: str = "") -> str:
    return url_for("maps.places", extension=extension or None, **(values or {}), **_given(page=page))


def timeline(values: Mapping[str, Any] | None = None, page: int = 1, extension: str = "") -> str:
    return url_for("timelines.timeline", extension=extension or None, **(values or {}), **_given(page=page))


def browse() -> str:
    return url_for("browsing.classes")


def members(iri: str, page: int = 1, extension: str = "", **chosen: Any) -> str:
    return url_for("browsing.members", name=class_name(iri) + _dot(extension), **_given(page=page), **chosen)


def of(iri: str) -> str:
    """Where a reader finds more on the thing: a page of this site, its own address, or nowhere ("")."""
    if iri.startswith(TERM):
        return ontology(iri)
    if iri == kg.ONTOLOGY:
        return ontology()
    if iri.startswith(SOURCE):
        return source(iri)
    if has_page(iri):
        return page(iri)
    return iri if iri.startswith(("http://", "https://")) else ""


def has_page(iri: str) -> bool:
    """True for what is in the namespace of the graph, and for a thing elsewhere if the graph says of what kind it is.

    Of the terms and concepts that it takes from others, those others tell more.
    """
    if iri.startswith(kg.BASE):
        return True
    kinds = g.store.statements(kg.NamedNode(iri), kg.NamedNode(_TYPE)) if kg.expand(iri) else ()
    return any(not str(getattr(kind, "value", "")).startswith(_OF_TERMS) for _, _, kind in kinds)


def page(iri: str, by: str = "", number: int = 1) -> str:
    if not iri.startswith(kg.BASE):
        return url_for("entities.page", **_given(iri=iri, by=by, page=number))
    if not by and number == 1:
        return _placed("entities.page", "path", path_of(iri))
    return url_for("entities.page", path=path_of(iri), **_given(by=by, page=number))


def data(iri: str, extension: str) -> str:
    if not iri.startswith(kg.BASE):
        return url_for("entities.document", extension=extension, iri=iri, lang=None)
    return _placed("entities.document", "path", f"{path_of(iri)}.{extension}", lang=None)


def why(statement: kg.Statement) -> str:
    return why_of(*(str(getattr(term, "value", term)) for term in statement))


def why_of(subject: str, predicate: str, value: str = "") -> str:
    """Why a thing has this value of a property, or any."""
    before, after = _frame("reasons.why", "s")
    about = f"&p={_escaped(predicate)}" + (f"&o={_escaped(value)}" if value else "")
    return before + _escaped(subject) + after + about


def cite(iri: str, extension: str) -> str:
    if not iri.startswith(kg.BASE):
        return url_for("entities.entry", extension=extension, iri=iri, lang=None)
    return _placed("entities.entry", "path", f"{path_of(iri)}.{extension}", lang=None)


def sources(page: int = 1, extension: str = "", filters: Mapping[str, str] | None = None) -> str:
    return url_for("sources.listing", extension=extension or None, **_given(page=page, **(filters or {})))


def source(iri: str, by: str = "", number: int = 1) -> str:
    if not by and number == 1:
        return _placed("sources.source", "slug", iri.removeprefix(SOURCE))
    return url_for("sources.source", slug=iri.removeprefix(SOURCE), **_given(by=by, page=number))


def disagreements(about: str = "", page: int = 1, extension: str = "") -> str:
    """Where sources disagree, about anything or about one thing (`phase:phase-2`)."""
    return url_for("disagreements.listing", extension=extension or None, **_given(about=about, page=page))


def names(iri: str, extension: str = "", page: int = 1) -> str:
    """What each source calls a thing."""
    return url_for("naming.names", path=path_of(iri) + _dot(extension), **_given(page=page))


def mappings() -> str:
    """All that is known of which outside names and identifiers stand for what, as SSSOM."""
    return url_for("naming.mappings", lang=None)


def path(start: str = "", end: str = "", extension: str = "", **limits: Any) -> str:
    """How two things, or things called so, are connected; limits are those of the address, such as `without`."""
    asked = {"from": start, "to": end, **limits}
    return url_for("paths.path", extension=extension or None, **{key: value for key, value in asked.items() if value})


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
    if text and page == 1 and not view:
        before, after = _frame("questions.packs", "query")
        return before + _escaped(text) + after
    return url_for("questions.packs", **_given(query=text, page=page, view=view))


def answer(text: str = "", extension: str = "") -> str:
    return url_for("questions.answer", extension=extension or None, **_given(query=text))


def cited(
    snapshot: str = "",
    result: str = "",
    query: str = "",
    title: str = "",
    extension: str = "",
    evidence: str | None = None,
) -> str:
    """The page of a cited answer, seen through a lens if one is given ("" for none), else through that of this page.

    With a query alone, the way to the link that cites its answer.
    """
    given = _given(snapshot=snapshot, result=result, query=query, title=title)
    lens = {} if evidence is None else {"evidence": evidence or None}
    return url_for("citing.answer", extension=extension or None, **given, **lens)


def answers() -> str:
    """What all links to cited answers begin with."""
    return url_for("citing.answer", lang=None, evidence=None)


def advice(text: str = "") -> str:
    return url_for("questions.advice", **_given(query=text))


def complete() -> str:
    return url_for("questions.complete")


def sparql(text: str = "", format: str = "") -> str:
    return url_for("sparql.endpoint", lang=None, **_given(query=text, format=format))


def gaps(chosen: Mapping[str, str] | None = None, page: int = 1, extension: str = "") -> str:
    """What is missing, by the values of facets (`{"country": "TN"}`)."""
    return url_for("gaps.gaps", extension=extension or None, **{**(chosen or {}), **_given(page=page)})


def contribute(iri: str = "") -> str:
    return url_for("gaps.contribute", **_given(about=kg.shorten(iri).strip("<>") if iri else ""))


def guide() -> str:
    return url_for("gaps.guide", lang=None, evidence=None)


def compare(*things: str, aspect: str = "", page: int = 1, extension: str = "", **named: Any) -> str:
    """Up to three things side by side, by their IRIs, or as the form names them (`a`, `b`, `c`)."""
    iris = {key: kg.shorten(thing).strip("<>") for key, thing in zip("abc", things, strict=False)}
    given = _given(**iris, **named, aspect=aspect, page=page)
    return url_for("comparing.compare", extension=extension or None, **given)


def downloads() -> str:
    return url_for("datasets.downloads")


def download(name: str) -> str:
    """A file to download: `graph.trig`, `shapes.ttl`."""
    return url_for("datasets.download", name=name, lang=None, evidence=None)


def void(extension: str = "") -> str:
    return url_for("datasets.void", extension=extension or None, lang=None, evidence=None)


def dcat(extension: str = "") -> str:
    return url_for("datasets.dcat", extension=extension or None, lang=None, evidence=None)


def openapi() -> str:
    return url_for("datasets.api", lang=None, evidence=None)


def sitemap(number: int = 0) -> str:
    return url_for("sitemaps.sitemap", number=number or None, lang=None, evidence=None)


def linkset() -> str:
    return url_for("datasets.linkset", lang=None, evidence=None)


def network(values: Mapping[str, object] | None = None, extension: str = "") -> str:
    return url_for("networks.network", extension=extension or None, **dict(values or {}))


def here(language: str) -> str:
    """The address of this page in another language."""
    values = request.args.to_dict(flat=False) | {"lang": [language]}
    pairs = [f"{quote(key)}={quote(value, safe='')}" for key, many in values.items() for value in many]
    return this() + "?" + "&".join(pairs)


def through(lens: str) -> str:
    """The address of this page, from its beginning, seen through a lens on the evidence; "" for none."""
    values = request.args.to_dict(flat=False) | {"evidence": [lens]}
    pairs = [
        f"{quote(key)}={quote(value, safe='')}"
        for key, many in values.items()
        for value in many
        if value and key != "page"
    ]
    return this() + ("?" + "&".join(pairs) if pairs else "")


def this() -> str:
    """The address of this page without its parameters."""
    return quote(request.script_root + request.path)


def instead(path: str) -> str:
    """The address of another page, by its path as it is, with the parameters of this one."""
    query = request.query_string.decode()
    return quote(request.script_root + path) + (f"?{query}" if query else "")


def absolute(address: str) -> str:
    """An address of this site with its host."""
    return request.host_url.rstrip("/") + address


def path_of(iri: str) -> str:
    """The part of an IRI of the graph that names it in an address: `city/amman`, `vocab/role/host`."""
    return iri.removeprefix(ENTITY) if iri.startswith(ENTITY) else iri.removeprefix(kg.BASE)


def candidates(path: str) -> list[str]:
    """The IRIs that such a part may stand for, the likeliest first; without one, the IRI that the address asks for."""
    if not path:
        return [request.args.get("iri", "")]
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


def _placed(endpoint: str, part: str, value: str, **fixed: None) -> str:
    before, after = _frame(endpoint, part, **fixed)
    return before + _in_path(value) + after


@lru_cache(maxsize=5000)
def _in_path(value: str) -> str:
    return quote(value, safe="!$&'()*+,/:;=@~")


def _escaped(text: str) -> str:
    """A text as the value of a parameter; a whole query in hundredths of the time that the library takes."""
    return text.translate(_ESCAPES) if text.isascii() else quote_plus(text, safe=_SAFE)


_SAFE = "!$'()*,/:;?@"
_ESCAPES = {code: quote_plus(chr(code), safe=_SAFE) for code in range(128)}


def _frame(endpoint: str, part: str, **fixed: None) -> tuple[str, str]:
    """What stands before and after the part that changes, asked once per request: a page has hundreds of addresses."""
    frames: dict[str, tuple[str, str]] = g.setdefault("frames", {})
    if endpoint not in frames:
        values: dict[str, Any] = {part: "-part-", **fixed}
        before, _, after = url_for(endpoint, **values).partition("-part-")
        frames[endpoint] = before, after
    return frames[endpoint]


def _dot(extension: str) -> str:
    return f".{extension}" if extension else ""


def _given(**values: str | int) -> dict[str, Any]:
    """The values that say something: no empty text, no page 1."""
    return {key: value for key, value in values.items() if value not in ("", 1)}
