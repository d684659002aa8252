"""The dataset as a whole: files to take along, and its descriptions for people, catalogues and search engines."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, request, send_file
from markupsafe import Markup

import kg
from webapp import links, openapi
from webapp.reading import Reader, Shown
from webapp.replies import HTML, RDF, as_json, chosen, data, led_on, show

views = Blueprint("datasets", __name__)

DATASET = kg.BASE + "dataset"
TEAM = kg.BASE + "team"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SITE = "https://site.invalid/"
"""Stands for the address of this site in what is kept, which does not depend on it."""

_HOST = re.compile(r"[\w.-]+(?::\d+)?|\[[\da-fA-F:.]+\](?::\d+)?", re.ASCII)
_EXTENSIONS = "<any(ttl,nt,rdf,jsonld,trig,nq):extension>"
_DCT = "http://purl.org/dc/terms/"
_DCAT = "http://www.w3.org/ns/dcat#"
_MARKUP = {
    _DCT + "title": "name",
    _DCT + "description": "description",
    _DCT + "identifier": "identifier",
    _DCT + "modified": "dateModified",
    _DCT + "issued": "datePublished",
    _DCT + "license": "license",
    _DCAT + "version": "version",
    _DCAT + "landingPage": "url",
    _DCAT + "keyword": "keywords",
}
"""What schema.org calls the same."""


@dataclass(frozen=True)
class File:
    """A file to download: its name, media type, and size in bytes where it has been made."""

    name: str
    media: str
    size: int | None
    graphs: bool


@dataclass(frozen=True)
class List:
    """A table to download: all things of a class."""

    iri: str
    name: Shown
    things: int


@views.route("/dataset")
def dataset() -> Response:
    """The dataset itself: 303 to its page or its description, by Accept."""
    media = chosen([HTML, *RDF.values()])
    extension = next((name for name, other in RDF.items() if other == media), "")
    response = led_on(links.void(extension) if extension else links.downloads(), 303)
    response.vary.add("Accept")
    return response


@views.route("/downloads")
def downloads() -> Response:
    """Everything that can be taken along: the whole graph, its parts, tables, and the descriptions of all that."""
    reader = Reader(g.whole, g.language)
    rows = reader.ask("explorer/classes")
    counts = {row["class"].value: int(row["things"].value) for row in rows}
    relations = _relations()
    response = show(
        "downloads.html",
        files=_files(),
        lists=[List(iri, reader.name(iri), things) for iri, things in counts.items()],
        relations=relations,
        syntaxes=list(RDF),
        markup=markup(),
        whole=g.whole,
    )
    response.headers["Link"] = ", ".join(_header(*relation) for relation in relations)
    return response


@views.route("/downloads/<name>")
def download(name: str) -> Response:
    """The whole graph (`graph.trig`), the shapes (`shapes.ttl`) or the questions (`questions.ttl`) in a syntax."""
    stem, _, extension = name.partition(".")
    if extension not in RDF or stem not in ("graph", "shapes", "questions"):
        raise kg.UnknownNameError(name, [f"graph.{extension}" for extension in RDF])
    if stem == "graph":
        return _sent(kg.dump(g.whole, extension), extension)
    if stem == "shapes":
        return data(kg.export(kg.shapes(), extension), RDF[extension], name)
    questions = [question for pack in kg.packs() for question in pack.questions]
    return data(kg.write_statements(kg.examples(questions), extension), RDF[extension], name)


@views.route("/void", defaults={"extension": ""})
@views.route(f"/void.{_EXTENSIONS}")
def void(extension: str) -> Response:
    """The dataset in the Vocabulary of Interlinked Datasets, with true counts, in every RDF syntax."""
    extension = extension or _asked()
    reader = Reader(g.whole, g.language)
    written = reader.kept(
        ("void", extension), lambda: kg.write_statements([*kg.void(g.whole), *_kept("addresses")], extension)
    )
    return _described(written.replace(SITE.encode(), _site().encode()), extension, "void")


@views.route("/.well-known/void")
def well_known() -> Response:
    """The same under the address where robots look for it."""
    return void("")


@views.route("/dcat", defaults={"extension": ""})
@views.route(f"/dcat.{_EXTENSIONS}")
def dcat(extension: str) -> Response:
    """The catalogue entry of the dataset, its files and its endpoint, after DCAT-AP 3, in every RDF syntax."""
    extension = extension or _asked()
    written = kg.write_statements([*_statements("dcat"), *_sizes()], extension)
    return _described(written, extension, "dcat")


@views.route("/openapi.json")
def api() -> Response:
    """Every address of this site that answers GET, after OpenAPI 3.1."""
    return as_json(openapi.description(current_app.url_map, current_app.view_functions, _site()))


@views.route("/linkset.json")
def linkset() -> Response:
    """What belongs to the dataset and where, after RFC 9264."""
    relations: dict[str, list[dict[str, str]]] = {}
    for relation, href, media in _relations():
        relations.setdefault(relation, []).append({"href": href, **({"type": media} if media else {})})
    anchor = links.absolute(links.downloads())
    return as_json({"linkset": [{"anchor": anchor, **relations}]}, "application/linkset+json")


def markup() -> Markup:
    """The dataset for search engines, as a schema.org Dataset in JSON-LD: the text of a `<script>` element."""
    about: dict[str, object] = {"@context": "https://schema.org", "@type": "Dataset", "@id": DATASET}
    for name, values in _said(DATASET).items():
        about[name] = values[0] if len(values) == 1 else values
    about |= {
        "creator": {
            "@type": "Organization",
            "@id": kg.BASE + "team",
            "name": "Migration Governance Graph contributors",
        },
        "isAccessibleForFree": True,
        "inLanguage": ["en", "fr"],
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": kg.BASE, "url": _site()},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": file.media, "contentUrl": _whole_address(file.name)}
            | ({"contentSize": f"{file.size} B"} if file.size else {})
            for file in _files()
        ],
    }
    return Markup(json.dumps(about, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c"))  # noqa: S704


def _said(iri: str) -> dict[str, list[str]]:
    """What the catalogue says of a thing, in the words of schema.org and the reader's language."""
    found: dict[str, list[str]] = {}
    for subject, predicate, value in _statements("dcat"):
        name = _MARKUP.get(predicate.value)
        tongue = getattr(value, "language", None)
        if name and getattr(subject, "value", "") == iri and tongue in (None, g.language):
            found.setdefault(name, []).append(str(getattr(value, "value", value)))
    return found


def _files() -> list[File]:
    """The files of the whole graph; a size is given for those already made."""
    folder: Path = g.whole.path / "downloads"
    made = {name: folder / f"graph.{name}" for name in RDF}
    sizes = {name: file.stat().st_size if file.exists() else None for name, file in made.items()}
    return [File(f"graph.{name}", media, sizes[name], name in ("trig", "nq", "jsonld")) for name, media in RDF.items()]


def _sizes() -> Iterator[kg.Statement]:
    for file in _files():
        if file.size is not None:
            name = file.name.partition(".")[2]
            yield from kg.query(g.whole, "dataset/size", format=name, bytes=file.size).triples


def _sent(file: Path, extension: str) -> Response:
    """A file from the disk, in parts where asked for, never read into memory as a whole."""
    response = send_file(file, RDF[extension], download_name=file.name, etag=f"{g.whole.id}-{extension}")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = f'<{_site()}void>; rel="describedby"; type="text/turtle"'
    return response


def _kept(name: str) -> Sequence[kg.Statement]:
    """What a query of the dataset constructs, with SITE in the place of this site."""
    reader = Reader(g.whole, g.language)
    held = g.whole.manifest
    about = {"site": SITE, "version": kg.__version__, "snapshot": g.whole.id, "built": held["built"]}
    about |= {"origin": held.get("mirror_of")}
    return reader.kept(("dataset", name), lambda: kg.query(g.whole, f"dataset/{name}", **about).triples)


def _statements(name: str) -> Iterator[kg.Statement]:
    """The same with the addresses of this site."""
    site = _site()
    for subject, predicate, value in _kept(name):
        yield _here(subject, site), predicate, _here(value, site)


def _here(term: Any, site: str) -> Any:
    """A term, where it is an address of the site, with the host under which the site was asked."""
    if isinstance(term, kg.NamedNode) and term.value.startswith(SITE):
        return kg.NamedNode(site + term.value.removeprefix(SITE))
    return term


def _asked() -> str:
    """The RDF syntax that the reader likes best, Turtle first."""
    media = chosen(list(RDF.values()))
    return next(name for name, other in RDF.items() if other == media)


def _described(content: bytes, extension: str, name: str) -> Response:
    response = data(content, RDF[extension], f"{name}.{extension}")
    response.vary.add("Accept")
    response.headers["Content-Location"] = f"/{name}.{extension}"
    return response


def _relations() -> list[tuple[str, str, str]]:
    """What belongs to the dataset: how it is related, its address, its media type."""
    site = _site()
    descriptions = [f"{name}.{key}" for name in ("void", "dcat") for key in ("ttl", "jsonld")]
    return [
        ("cite-as", DATASET, ""),
        ("type", "https://schema.org/Dataset", ""),
        *([("license", LICENCE, ""), ("author", TEAM, "")] if kg.ONTOLOGY in g.store.manifest["graphs"] else []),
        *(("describedby", site + name, RDF[name.partition(".")[2]]) for name in descriptions),
        ("service-desc", links.absolute(links.openapi()), "application/vnd.oai.openapi+json;version=3.1"),
        ("linkset", links.absolute(links.linkset()), "application/linkset+json"),
        *(("item", _whole_address(file.name), file.media) for file in _files()),
    ]


def _header(relation: str, href: str, media: str) -> str:
    return f'<{href}>; rel="{relation}"' + (f'; type="{media}"' if media else "")


def _whole_address(name: str) -> str:
    return links.absolute(links.download(name))


def _site() -> str:
    """The address of this site; ParameterError for a Host that is none."""
    if not _HOST.fullmatch(request.host):
        raise kg.ParameterError("the Host of the request is not the name of a host")
    return request.host_url
