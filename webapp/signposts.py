"""What the page of a thing tells machines: typed links (FAIR Signposting) and the thing in terms of schema.org."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response
from markupsafe import Markup

import kg
from webapp import links
from webapp.reading import Reader
from webapp.replies import RDF

_SCHEMA = "https://schema.org/"
_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
_ESCAPES = {code: f"\\u{code:04x}" for code in (*b"<>&", *range(0x2028, 0x202F), *range(0x2066, 0x206A))}
"""What could end a script element, its line, or the direction of what follows, as JSON escapes it."""


@dataclass(frozen=True)
class Signpost:
    """A typed link, as it stands in the header of the answer and in the head of the page."""

    rel: str
    href: str
    type: str = ""

    def header(self) -> str:
        """The link as a value of the header `Link`."""
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{quote(self.href, safe=_IN_ADDRESSES)}>; rel="{self.rel}"{kind}'


def signposts(reader: Reader, iri: str, classes: Iterable[str]) -> list[Signpost]:
    """Where the thing is cited by, described, licensed and collected, and what it is."""
    about = reader.kept("about", lambda: reader.ask("explorer/about"))
    whole = {name: term.value for row in about for name, term in row.items()}
    return [
        Signpost("cite-as", iri),
        *(Signpost("describedby", links.absolute(links.data(iri, name)), media) for name, media in RDF.items()),
        *(Signpost("type", name) for name in classes if name.startswith(_SCHEMA)),
        *(Signpost(rel, whole[rel]) for rel in ("license", "author", "collection") if rel in whole),
    ]


def signed(response: Response, posts: Iterable[Signpost]) -> Response:
    """An answer with these links in its header."""
    response.headers["Link"] = ", ".join(post.header() for post in posts)
    return response


def markup(reader: Reader, iri: str, classes: Iterable[str], facts: Iterable[kg.Fact]) -> Markup:
    """The thing in JSON-LD, safe to stand in a `<script>` element, which is data and never run."""
    words = reader.kept("words", lambda: _words(reader))
    said: dict[str, list[object]] = {}
    found = {(word, fact.statement[2]) for fact in facts for word in words.get(fact.statement[1].value, ())}
    for word, value in sorted(found, key=lambda pair: (pair[0], str(pair[1]))):
        said.setdefault(word, []).append(_json(value))
    kinds = [name.removeprefix(_SCHEMA) for name in classes if name.startswith(_SCHEMA)] or ["Thing"]
    thing = {"@context": _SCHEMA, "@id": iri, "@type": _one(kinds), **{key: _one(some) for key, some in said.items()}}
    plain = json.dumps(thing, ensure_ascii=False)
    return Markup(plain.translate(_ESCAPES))  # noqa: S704


def _words(reader: Reader) -> dict[str, list[str]]:
    """What schema.org calls our properties (explorer/markup)."""
    words: dict[str, list[str]] = {}
    for row in reader.ask("explorer/markup"):
        words.setdefault(row["property"].value, []).append(row["term"].value.removeprefix(_SCHEMA))
    return words


def _json(term: kg.Term) -> object:
    if isinstance(term, kg.NamedNode):
        return {"@id": term.value}
    language = getattr(term, "language", None)
    value = str(getattr(term, "value", term))
    return {"@value": value, "@language": language} if language else value


def _one(values: list[object] | list[str]) -> object:
    return values[0] if len(values) == 1 else values
