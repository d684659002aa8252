"""Answers to cite: a link that fixes snapshot, query and result, and the check whether it still holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pyoxigraph as ox
import yaml

from kg import names
from kg.descriptions import description, speaks_of_description
from kg.errors import KGError, SnapshotError
from kg.lenses import open_seen
from kg.snapshot import Snapshot
from kg.store import Answer
from kg.terms import BASE, ROOT, readable_tail

_LATEX = {sign: "\\" + sign for sign in "&%$#_"} | {
    "{": r"\textbraceleft ",
    "}": r"\textbraceright ",
    "\\": r"\textbackslash ",
    "~": r"\textasciitilde ",
    "^": r"\textasciicircum ",
}
ADDRESS = BASE + "answer"


class LinkError(KGError):
    """A link that is not one to an answer."""


@dataclass(frozen=True)
class Citation:
    """An answer as it may be cited: `link` alone is enough to run the query again and compare."""

    link: str
    query: str
    snapshot: str
    result: str
    built: str
    title: str
    authors: tuple[str, ...]
    version: str

    @property
    def key(self) -> str:
        """A short name for bibliographies."""
        return f"answer-{self.snapshot[:8]}-{self.result[:8]}"

    @property
    def note(self) -> str:
        """What fixes the thing cited."""
        return f"snapshot {self.snapshot}, result {self.result}"

    @property
    def published(self) -> str:
        """How it is published, in words."""
        return "RDF knowledge graph, answer to a SPARQL query"

    def bibtex(self) -> str:
        """The citation for BibTeX."""
        fields = {
            "author": " and ".join(f"{{{author}}}" for author in self.authors),
            "title": f"{{{_braced(self.title)}}}",
            "year": self.built[:4],
            "version": self.version,
            "howpublished": self.published,
            "note": self.note,
            "url": self.link,
        }
        return f"@misc{{{self.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"

    def ris(self) -> str:
        """The citation for RIS."""
        lines = [
            ("TY", "DATA"),
            *(("AU", author) for author in self.authors),
            ("TI", self.title),
            ("PY", self.built[:4]),
        ]
        lines += [("ET", self.version), ("N1", self.note), ("UR", self.link)]
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in [*lines, ("ER", "")])

    def csl(self) -> str:
        """The citation for CSL processors, as JSON."""
        year, month, day = (int(part) for part in self.built[:10].split("-"))
        item = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": author} for author in self.authors],
            "issued": {"date-parts": [[year, month, day]]},
            "version": self.version,
            "note": self.note,
            "URL": self.link,
        }
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class ThingCitation(Citation):
    """What a snapshot says of one thing, as it may be cited; `link` is the address of the thing."""

    @property
    def key(self) -> str:
        """A short name for bibliographies."""
        return f"{readable_tail(self.link)}-{self.snapshot[:8]}"

    @property
    def note(self) -> str:
        """What fixes the thing cited."""
        return f"snapshot {self.snapshot}"

    @property
    def published(self) -> str:
        """How it is published, in words."""
        return "RDF knowledge graph, entry of one thing"


@dataclass(frozen=True)
class Verdict:
    """What running a cited query again gave: `same` or not, and the rows that came and went where both are known.

    `now` is the snapshot asked, `compared` says that the cited one is kept too, `honest` that it gives what was cited.
    """

    same: bool
    now: str
    sentence: str
    compared: bool = False
    honest: bool = True
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def cite(
    snapshot: Snapshot, query: str, title: str = "", address: str = ADDRESS, services: Collection[str] | None = None
) -> Citation:
    """The citation of the answer that a snapshot gives to a query; `address` is that of the page of answers.

    Raises what running the query raises; SERVICE may ask any host, or only the `services` if they are given.
    """
    result = fingerprint(_asked(snapshot, query, services))
    return citation(snapshot.manifest, query, result, title, address)


def citation(manifest: Mapping[str, Any], query: str, result: str, title: str = "", address: str = ADDRESS) -> Citation:
    """The citation of an answer whose result is known, out of the manifest of the snapshot that gave it."""
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    snapshot: str = manifest["id"]
    link = address + "?" + urlencode({"snapshot": snapshot, "result": result, "query": query})
    authors = tuple(author.get("name") or author["family-names"] for author in about["authors"])
    asked = (title or "Answer to a query").rstrip(".")
    heading = f"{asked}{'' if asked.endswith('?') else '.'} {about['title']}"
    return Citation(link, query, snapshot, result, manifest["built"], heading, authors, str(about["version"]))


def cite_thing(snapshot: Snapshot, iri: str, language: str = "en") -> ThingCitation:
    """The citation of what a snapshot says of a thing, under its name in a language."""
    whole = citation(snapshot.manifest, "", "", names.index_of(snapshot).label(iri, language)[0])
    return ThingCitation(iri, "", whole.snapshot, "", whole.built, whole.title, whole.authors, whole.version)


def verify(link: str, home: Path | str | None = None, services: Collection[str] | None = None) -> Verdict:
    """Whether the current snapshot gives the answer that a link cites; what changed, if the cited snapshot is kept.

    What was cited as seen through a lens is looked at through the same lens. Raises LinkError for another kind of link,
    and what running the query raises.
    """
    snapshot, result, query = read_link(link)
    now = open_seen(home, "".join(snapshot.partition("+")[1:]))
    answer = _asked(now, query, services)
    if fingerprint(answer) == result:
        return Verdict(True, now.id, f"same: snapshot {now.id} gives the answer that was cited")
    changed = f"changed: snapshot {now.id} gives another answer than {snapshot}"
    try:
        before = _asked(open_seen(home, snapshot), query, services)
    except SnapshotError:
        return Verdict(False, now.id, f"{changed}, which is not kept here, so the rows cannot be compared")
    old, new = Counter(lines(before)), Counter(lines(answer))
    added, removed = tuple(sorted((new - old).elements())), tuple(sorted((old - new).elements()))
    honest = fingerprint(before) == result
    if not honest:
        changed += "; the result in the link is not that of the snapshot it names"
    sentence = f"{changed}: {len(added)} added, {len(removed)} removed"
    return Verdict(False, now.id, sentence, True, honest, added, removed)


def read_link(link: str) -> tuple[str, str, str]:
    """Snapshot id, result and query of a link to an answer, on whatever host; LinkError for another link."""
    try:
        values = parse_qs(urlsplit(link).query)
        snapshot, result, query = (values[name][0] for name in ("snapshot", "result", "query"))
    except KeyError as error:
        raise LinkError(f"this is not a link to an answer: it has no {error.args[0]}=…") from error
    except ValueError as error:
        raise LinkError(f"this is not a link to an answer: {error}") from error
    return snapshot, result, query


def fingerprint(answer: Answer) -> str:
    """SHA-256 of an answer: its columns and its rows or triples, whatever their order; blank nodes count as equal."""
    head = "\t".join([answer.kind, *answer.columns])
    return hashlib.sha256("\n".join([head, *sorted(lines(answer))]).encode()).hexdigest()


def lines(answer: Answer) -> Iterator[str]:
    """The rows, triples or truth value of an answer as text, one line each, with terms as N-Triples writes them."""
    if answer.kind == "ask":
        yield str(answer.boolean).lower()
    for row in answer.rows:
        yield "\t".join(_text(row[column]) for column in answer.columns)
    for triple in answer.triples:
        yield " ".join(map(_text, triple)) + " ."


def _asked(snapshot: Snapshot, query: str, services: Collection[str] | None) -> Answer:
    """The answer as the endpoint gives it: out of the description of the snapshot for a query about that."""
    store = description(snapshot) if speaks_of_description(query) else snapshot
    return store.query(query, services=services)


def _line(text: str) -> str:
    """A text on one line: what follows a line break would be read as the next field."""
    return " ".join(text.split())


def _braced(text: str) -> str:
    """A text that may stand between braces in BibTeX, which counts them even where they are escaped, and in LaTeX."""
    return "".join(_LATEX.get(sign, sign) for sign in _line(text))


def _text(term: object) -> str:
    return "" if term is None else "_:b" if isinstance(term, ox.BlankNode) else str(term).replace("\t", "\\t")
