"""One thing: its IRI, which leads to its page or its data, its page, and how it is cited."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, current_app, g, request

import kg
from webapp import links
from webapp.facts import SHORT_LIST, Group, Line, Thing, incoming_line, notes
from webapp.gaps import gaps_of
from webapp.merged import moved
from webapp.paging import ROWS_PER_PAGE, Pages, page_number, split
from webapp.panels import panels
from webapp.reading import Reader, Shown, without_header
from webapp.replies import HTML, RDF, chosen, data, led_on, show, steady
from webapp.signposts import markup, signed, signposts

views = Blueprint("entities", __name__)

BIBLIOGRAPHY = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
ADDRESS_LENGTH = 2000
MOST_POINTING = 500
"""Statements that point to a thing which are looked at one by one; of more, each property is counted."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_FORBIDDEN = set('<>"{}|\\^`') | {chr(code) for code in (*range(0x21), 0x7F)}


class MalformedAddressError(kg.KGError):
    """An address that no IRI can have."""

    def __init__(self, path: str) -> None:
        super().__init__(f'"{path[:100]}" is no address of a thing: no IRI is like that')


class RetiredError(kg.KGError):
    """Something that was in the graph once, and has no successor."""

    status = 410

    def __init__(self, iri: str) -> None:
        super().__init__(f"{kg.shorten(iri)} has been retired, and nothing stands in its place")


@views.route("/id/<path:path>")
def thing(path: str) -> Response:
    return _follow([kg.BASE + "id/" + name for name in links.spellings(path)], path)


@views.route("/<path:path>")
def other(path: str) -> Response:
    """Any other IRI of the graph's own namespace: a source, a concept, a rule."""
    return _follow([kg.BASE + name for name in links.spellings(path)], path)


@views.route("/page", defaults={"path": ""})
@views.route("/page/<path:path>")
def page(path: str) -> Response:
    if clean := _without_slashes(path):
        return _moved(path, clean)
    iri = _asked_for(path)
    if not path and iri.startswith(kg.BASE):
        return led_on(links.of(iri), 301)
    if successor := _successor(iri):
        return led_on(links.of(successor), 301)
    if iri.startswith(links.SOURCE):
        return led_on(links.of(iri), 308)
    if request.args.get("format"):
        extension = _format()
        return led_on(links.data(iri, extension) if extension else links.of(iri), 303)
    return _rule(iri) or _entity(iri, lambda by, number: links.page(iri, by, number))


@views.route("/data.<extension>", defaults={"path": ""})
@views.route("/data/<path:path>", defaults={"extension": ""})
def document(path: str, extension: str) -> Response:
    path, extension = split(path or f".{extension}", list(RDF))
    if not extension:
        raise kg.FormatError(f"the address of data ends in one of: {', '.join('.' + name for name in RDF)}")
    iri = _asked_for(path)
    whole = iri in g.store.graphs()
    content = kg.export(g.store, extension, **{"source" if whole else "about": iri})
    response = data(content, RDF[extension], f"{kg.readable_tail(iri)}.{extension}")
    response.headers["Content-Location"] = links.data(iri, extension)
    response.headers["Link"] = f'<{links.absolute(links.of(iri))}>; rel="describedby"; type="text/html"'
    return response


@views.route("/cite.<extension>", defaults={"path": ""})
@views.route("/cite/<path:path>", defaults={"extension": ""})
def entry(path: str, extension: str) -> Response:
    """The entry of a thing, as it stands in this snapshot, for bibliographies."""
    path, extension = split(path or f".{extension}", list(BIBLIOGRAPHY))
    if not extension:
        raise kg.FormatError(f"a bibliography ends in one of: {', '.join('.' + name for name in BIBLIOGRAPHY)}")
    iri = _asked_for(path)
    citation = kg.cite_thing(g.store, iri, g.language)
    text = {"bib": citation.bibtex, "ris": citation.ris, "json": citation.csl}[extension]()
    return data(text.encode(), BIBLIOGRAPHY[extension], f"{citation.key}.{extension}")


def _follow(iris: Sequence[str], path: str) -> Response:
    """303 from a thing to what can be read about it, 301 to the thing that stands in its place."""
    if clean := _without_slashes(path):
        return _moved(path, clean)
    iri = _known(iris, path)
    if successor := _successor(iri):
        return led_on(links.instead("/" + successor.removeprefix(kg.BASE)), 301)
    extension = _format()
    response = led_on(links.data(iri, extension) if extension else links.of(iri), 303)
    response.vary.add("Accept")
    return response


def _format() -> str:
    """The syntax that the address (`?format=`) or else the header asks for; "" for the page."""
    asked = request.args.get("format", "")
    if asked and asked not in (*RDF, "html"):
        raise kg.FormatError(f'no format "{asked:.20}": choose {", ".join(RDF)} or html')
    if asked:
        return asked.removesuffix("html")
    media = chosen([HTML, *RDF.values()])
    return next((name for name, other in RDF.items() if other == media), "")


def _moved(path: str, clean: str) -> Response:
    """308 to the address that a path was meant to be."""
    return led_on(links.instead(request.path.removesuffix(path) + clean), 308)


def _without_slashes(path: str) -> str:
    """The path without the slashes that name nothing, "" if there are none."""
    clean = "/".join(part for part in path.split("/") if part)
    return clean if clean != path else ""


def _asked_for(path: str) -> str:
    """The thing that a path names, or the parameter `iri` for a thing outside the namespace of the graph."""
    if not path and not request.args.get("iri"):
        raise kg.ParameterError("say of which thing: ?iri=…")
    return _known(links.candidates(path), path or request.args["iri"])


def _known(iris: Sequence[str], path: str) -> str:
    for iri in iris:
        if kg.expand(iri) and g.store.mentions(kg.NamedNode(iri)):
            return iri
    if _FORBIDDEN & set(path) or len(path) > ADDRESS_LENGTH:
        raise MalformedAddressError(path)
    if path in request.path and (instead := moved(path)):
        abort(instead)
    hits = kg.search(g.store, kg.readable_tail(path).replace("-", " "), 3, g.language)
    raise kg.UnknownNameError(path, [hit.label for hit in hits])


def _successor(iri: str) -> str:
    """What stands in the place of a retired thing, "" for one that is not retired; RetiredError if nothing does."""
    subject = kg.NamedNode(iri)
    if not g.store.statements(subject, kg.NamedNode(_DEPRECATED)):
        return ""
    instead = [value.value for _, _, value in g.store.statements(subject, kg.NamedNode(_REPLACED))]
    if not instead:
        raise RetiredError(iri)
    return str(instead[0])


def _entity(iri: str, address: links.Address) -> Response:
    reader = Reader(g.store, g.language)
    about = Thing(reader, iri, address, notes(reader, iri))
    if by := request.args.get("by", ""):
        return _one_group(about, by, page_number())
    facts = [kg.Fact(s, tuple(graphs)) for s, graphs in g.store.statements(kg.NamedNode(iri)).items()]
    headings, derived = about.headings(fact for fact in facts if fact.statement[1].value != _TYPE)
    every = reader.index.classes(iri)
    shown, posts = panels(reader, iri, every), signposts(reader, iri, every)
    missing = gaps_of(reader, iri)
    scripted = any(panel.drawing and panel.drawing.data for panel in shown)
    response = show(
        "entity.html",
        iri=iri,
        kind=reader.kind(iri),
        heading=reader.heading(iri),
        classes=_classes(reader, iri, every),
        headings=[heading for heading in headings if not heading.late],
        late=[heading for heading in headings if heading.late],
        derived=derived,
        incoming=_incoming(about),
        panels=shown,
        extensions=list(RDF),
        entries=list(BIBLIOGRAPHY),
        posts=posts,
        markup=markup(reader, iri, every, facts),
        gaps=missing,
        scripted=scripted,
        queries={name: links.query(reader.text(f"explorer/{name}", thing=iri)) for name in ("facts", "incoming")},
    )
    response.headers["Content-Location"] = links.here(g.language)
    response = signed(response, posts)
    return steady(response) if missing is not None or not current_app.config["PREPARES"] else response


def _one_group(about: Thing, by: str, number: int) -> Response:
    """All statements of one property, in pages."""
    inverse, predicate = by.startswith("^"), kg.expand(by.lstrip("^"))
    end, relation = kg.NamedNode(about.iri), kg.NamedNode(predicate) if predicate else None
    held = g.store.statements(predicate=relation, **{"object" if inverse else "subject": end}) if relation else {}
    if predicate is None or not held:
        raise kg.UnknownNameError(by)
    facts = [kg.Fact(statement, tuple(graphs)) for statement, graphs in held.items()]
    pages = Pages(number, len(facts), ROWS_PER_PAGE)
    part: Sequence[Line]
    if inverse:
        part = [incoming_line(about.reader, fact) for fact in pages.part(facts)]
    else:
        part = pages.part(about.lines(facts))
    response = show(
        "group.html",
        iri=about.iri,
        thing=about.reader.name(about.iri),
        group=Group(about.reader.name(predicate), tuple(part), len(facts), "", links.why_of(about.iri, predicate)),
        inverse=inverse,
        pages=pages,
        addresses=pages.addresses(lambda n: about.address(by, n)),
    )
    return steady(response)


def _incoming(about: Thing) -> list[tuple[Shown, list[Shown], int, str]]:
    """What points to a thing, by property: its name, a few things, how many there are, and where all of them are."""
    reader, rows = about.reader, about.reader.ask("explorer/pointing", thing=about.iri)
    pointing: dict[str, list[kg.Term]] = {}
    for row in rows:
        pointing.setdefault(row["property"].value, []).append(row["other"])
    totals = {predicate: len(others) for predicate, others in pointing.items()}
    if len(rows) >= MOST_POINTING:
        counted = reader.ask("explorer/incoming", thing=about.iri)
        totals = {row["property"].value: int(row["things"].value) for row in counted}
    found = []
    for predicate, total in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])):
        few = [reader.told(other) for other in pointing.get(predicate, [])[:SHORT_LIST]]
        more = about.address("^" + kg.shorten(predicate), 1)
        found.append((reader.name(predicate), sorted(few, key=lambda shown: kg.fold(shown.text)), total, more))
    return found


def _classes(reader: Reader, iri: str, every: Sequence[str]) -> list[tuple[Shown, str, bool, bool]]:
    """Each class: its name, the list of its members, whether a source says so, if it is ours; those stated first."""
    stated = reader.stated_classes(iri)
    ordered = [*stated, *(one for one in every if one not in stated)]
    return [(reader.name(one), links.members(one), one in stated, one.startswith(kg.BASE)) for one in ordered]


def _rule(iri: str) -> Response | None:
    """The page of a rule, which is a graph and a query rather than a thing in the graph."""
    reader = Reader(g.store, g.language)
    rule = reader.rules().get(iri)
    if rule is None:
        return None
    return show(
        "rule.html",
        rule=rule,
        text=without_header(rule.text),
        name=reader.backing(iri).name,
        total=g.store.manifest["graphs"].get(iri, 0),
        extensions=list(RDF),
    )
