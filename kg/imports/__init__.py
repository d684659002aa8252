"""Outside records into a source file of the project's form.

A file is read into plain statements (`records`), what it speaks of is linked to things of the graph (`linking`), and
the queries of `queries/import/<format>/` say the rest: `columns.rq` which columns a sheet may have, `faults.rq` what
makes a file useless, `records/*.rq` which records there are and why one cannot be used, `mentions.rq` what they speak
of, and `statements/*.rq` what is stated of those that can be used. Every record read is taken or refused.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from kg import inference, queries, validation
from kg.errors import FileError, KGError, ParameterError
from kg.imports.linking import Linker, Mention, mentions
from kg.imports.records import GRAPH, Element, read_sheet, read_xml, term
from kg.loading import Progress, silent
from kg.names import index_of
from kg.store import Row, Store
from kg.terms import BASE, ROOT, Statement
from kg.writing import write_quads

FOLDER = queries.FOLDER / "import"
FORMATS = ("iati", "spreadsheet")
_ADDRESS = r"https?://[^\s<>\"{}|\\^`]+"
_DAY = r"\d{4}-\d\d-\d\d"
NEEDED = {"title": r".+", "url": _ADDRESS, "publisher": r".+", "retrieved": _DAY, "licence": _ADDRESS}
"""What has to be said of a new source, and in which form."""
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True)
class Refusal:
    """A record that cannot be used: its tag, its line in the file, and why."""

    tag: str
    line: int
    reason: str


@dataclass(frozen=True)
class Import:
    """What became of a file: the source file to write, its faults within the graph, and an account of every record.

    `faults` are violations of the shapes by what the source speaks of; `read` counts the records by tag, `unused` what
    else stands in them; `minted` are the new things, `known` counts those that the graph had before.
    """

    data: bytes
    statements: int
    faults: tuple[validation.Result, ...]
    read: Mapping[str, int]
    refused: tuple[Refusal, ...]
    unused: Mapping[str, int]
    minted: tuple[str, ...]
    known: int


def import_file(
    format: str, file: Path, out: Path, about: Mapping[str, str | None], store: Store, progress: Progress = silent
) -> Import:
    """A file of records as the source file `out`, which is not written yet, checked together with the graph of `store`.

    The source is called as `out` is; `about` describes it (title, url, publisher, retrieved, licence, language), and
    without that, what the graph says of it stays. Raises FileError for a file that cannot be used, and ParameterError
    for a source that is not described.
    """
    graph = BASE + "source/" + out.stem
    asserted = _without(store, graph, out)
    columns, elements = read_sheet(file) if format == "spreadsheet" else ([], read_xml(file))
    described = [] if any(map(about.get, NEEDED)) else list(store.quads(graph, ox.NamedNode(graph)))
    facts = Store()
    facts.add(quad for element in elements for quad in element.quads())
    facts.add([] if described else _source(graph, about, file).quads())
    unused = _check(format, file, facts, columns)
    whole, reasons = _records(format, file, facts)
    linker, known = _link(format, facts, _inferred(asserted, progress), reasons)
    _settle(facts, whole, reasons)
    stated = {*described, *(ox.Quad(*triple, ox.NamedNode(graph)) for triple in _statements(format, facts))}
    asserted.add(stated)
    asserted.files[graph] = str(out)
    found = validation.validate(_inferred(asserted, progress), progress=progress).results
    head = f"# Made by `kg import {format}` from {file.name}; make it again rather than edit it.\n"
    return Import(
        head.encode() + write_quads(stated, "trig") + b"\n",
        len(stated),
        tuple(result for result in found if result.severity == "violation" and graph in result.graphs),
        *_account(elements, whole, reasons, unused),
        tuple(sorted(linker.minted & {getattr(quad.subject, "value", "") for quad in stated})),
        known,
    )


def _records(format: str, file: Path, facts: Store) -> tuple[dict[str, str], dict[str, str]]:
    """Record -> the record that it is a part of ("" for none), and record -> why it cannot be used."""
    rows = _ask(facts, *sorted((FOLDER / format / "records").glob("*.rq")))
    if not rows:
        raise FileError(file, f"there is no record in it that can be imported as {format}")
    whole = {_text(row, "record"): _text(row, "within") for row in rows}
    return whole, {_text(row, "record"): _text(row, "reason") for row in rows if row.get("reason")}


def _settle(facts: Store, whole: Mapping[str, str], reasons: dict[str, str]) -> None:
    """Refuse the parts of what is refused, and mark what remains as taken."""
    reasons |= {one: "what it stands in cannot be used" for one, within in whole.items() if within in reasons}
    facts.add(ox.Quad(ox.NamedNode(one), _TYPE, term("is:Taken"), GRAPH) for one in whole if one not in reasons)


def _account(
    elements: list[Element], whole: Mapping[str, str], reasons: Mapping[str, str], unused: Counter[str]
) -> tuple[Counter[str], tuple[Refusal, ...], Counter[str]]:
    """How many records were read, which were refused, and how many other elements stand in the outermost of them."""
    read = [element for element in elements if element.node.value in whole]
    refused = [Refusal(e.tag, e.line, reasons[e.node.value]) for e in read if e.node.value in reasons]
    others = [e for e in elements if e.parent and e.node.value not in whole and whole.get(e.parent.node.value) == ""]
    return Counter(e.tag for e in read), tuple(refused), Counter(e.tag for e in others) + unused


def _without(store: Store, graph: str, out: Path) -> Store:
    """What sources and the ontology state, but for the source that is imported; FileError if another file has it."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", out.stem):
        raise ParameterError(f"{out.stem} cannot name a source: use lower-case letters, digits and single hyphens")
    owner = store.files.get(graph)
    if owner and out.resolve() not in (Path(owner).resolve(), (ROOT / owner).resolve()):
        raise FileError(owner, f"holds the source {out.stem} already; choose another name for this one")
    asserted = Store(files={name: path for name, path in store.files.items() if name != graph})
    for name in store.graphs():
        if name != graph and not name.startswith(inference.RULES):
            asserted.add(store.quads(name))
    return asserted


def _inferred(asserted: Store, progress: Progress) -> Store:
    """The same statements with what follows from them."""
    store = Store(files=asserted.files)
    store.add(asserted.quads())
    inference.infer(store, inference.rules(), progress)
    return store


def _source(graph: str, about: Mapping[str, str | None], file: Path) -> Element:
    """What is said of the source itself, as a record; ParameterError names what is missing."""
    if missing := [f"--{name}" for name, form in NEEDED.items() if not re.fullmatch(form, about.get(name) or "")]:
        asked = f"{', '.join(missing)} (an address as https://…, a day as YYYY-MM-DD)"
        raise ParameterError(f"the source is not described yet: give {asked}")
    said = {name: value for name, value in about.items() if value}
    return Element(0, "source", 0, {**said, "iri": graph, "file": file.name})


def _check(format: str, file: Path, facts: Store, columns: list[str]) -> Counter[str]:
    """Unknown columns with the number of their filled cells; FileError for one that lacks and for a wrong value."""
    known = _ask(facts, *(FOLDER / format).glob("columns.rq"))
    names = [_text(row, "column") for row in known]
    for row in known:
        if _text(row, "needed") == "true" and (name := _text(row, "column")) not in columns:
            near = "".join(f'; is it "{one}"?' for one in get_close_matches(name, set(columns) - set(names), n=1))
            raise FileError(f"{file}:1", f'there is no column "{name}"{near}')
    if faults := _ask(facts, *(FOLDER / format).glob("faults.rq")):
        more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
        raise FileError(f"{file}:{_text(faults[0], 'line')}", _text(faults[0], "problem") + more)
    others = {f"column {name}": facts.statements(predicate=term(f"at:{name}")) for name in columns if name not in names}
    return Counter({name: len(cells) for name, cells in others.items()})


def _link(format: str, facts: Store, base: Store, reasons: dict[str, str]) -> tuple[Linker, int]:
    """The linker, and how many known things were meant; links are added to the facts, failures to the reasons."""
    said = [one for one in mentions(_ask(facts, FOLDER / format / "mentions.rq")) if one.record not in reasons]
    linker = Linker(index_of(base), _ask(base, FOLDER / "candidates.rq"), said)
    links: dict[Mention, str] = {}
    for mention in said:
        try:
            links[mention] = linker.find(mention)
        except KGError as error:
            reasons[mention.record] = str(error)
    _refuse_dependents(links, linker.minted, reasons)
    found = {iri for mention, iri in links.items() if mention.record not in reasons}
    facts.add(
        ox.Quad(ox.NamedNode(mention.record), ox.NamedNode(mention.link), ox.NamedNode(iri), GRAPH)
        for mention, iri in links.items()
    )
    facts.add(ox.Quad(ox.NamedNode(iri), _TYPE, term("is:New"), GRAPH) for iri in found & linker.minted)
    for iri in found - linker.minted:
        held = base.statements(ox.NamedNode(iri), _TYPE).items()
        own = [one for one, graphs in held if not all(graph.startswith(inference.RULES) for graph in graphs)]
        facts.add(ox.Quad(*one, GRAPH) for one in own)
    return linker, len(found - linker.minted)


def _refuse_dependents(links: Mapping[Mention, str], minted: set[str], reasons: dict[str, str]) -> None:
    """Refuse what speaks of a new thing that only refused records bring, and what speaks of a thing of theirs."""
    while True:
        brought = {iri for mention, iri in links.items() if mention.mint and mention.record not in reasons}
        lost = minted - brought
        more = {m.record: m for m, iri in links.items() if iri in lost and m.record not in reasons}
        if not more:
            return
        reasons |= {
            record: f'the record that brings "{m.name or m.identifier}" cannot be used' for record, m in more.items()
        }


def _statements(format: str, facts: Store) -> list[Statement]:
    """What the queries of the format, and that for sources, state of the records that can be used."""
    files = [FOLDER / "source.rq", *sorted((FOLDER / format / "statements").glob("*.rq"))]
    return [triple for file in files for triple in facts.query(queries.read(file).text, name=file.stem).triples]


def _ask(store: Store, *files: Path) -> list[Row]:
    """The rows of several query files, one after the other."""
    return [row for file in files for row in store.query(queries.read(file).text, name=file.stem).rows]


def _text(row: Row, column: str) -> str:
    return getattr(row.get(column), "value", "")
