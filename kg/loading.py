"""Files into a store: one file, one named graph, and the place of what is wrong."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from kg.errors import FileError, RDFSyntaxError
from kg.store import Store
from kg.terms import BASE, ONTOLOGY, ROOT, Statement

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
}
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def silent(step: str, done: int, total: int) -> None:
    """The progress that nobody watches."""


def load(*paths: Path | str, progress: Progress = silent) -> Store:
    """RDF files, and all RDF files below folders, in a new store in memory, each file in a graph of its own.

    The graph of `name.ttl` is `…/source/name`; files of the project's `ontology/` share the graph of the ontology, its
    shapes and rules stay out unless they are named; graphs named inside TriG, N-Quads and JSON-LD keep their names.
    Raises FileError for what is missing, unreadable, empty of RDF or claims a graph twice, RDFSyntaxError with line
    and column for what does not parse.
    """
    files = find(paths)
    owners: dict[str, str] = {}
    store = Store()
    for number, file in enumerate(files):
        graph = graph_of(file)
        owner = owners.setdefault(graph, _shown(file))
        if graph != ONTOLOGY and owner != _shown(file):
            raise FileError(file, f"its graph <{graph}> is already that of {owner}; rename one of the two files")
        store.add(parse(file, graph))
        progress("load", number + 1, len(files))
    store.files.update({graph: owner for graph, owner in owners.items() if graph != ONTOLOGY})
    store.files[ONTOLOGY] = "ontology"
    return store


def find(paths: Iterable[Path | str]) -> list[Path]:
    """The RDF files named, or found below the folders named, each once, sorted; FileError when there is none."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        try:
            path.stat()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError | NotADirectoryError)
            raise FileError(path, "there is no such file or folder" if missing else str(error.strerror)) from error
        if path.is_dir():
            below = [file for file in sorted(path.rglob("*")) if file.suffix in FORMATS and not _apart(file, path)]
            if not below:
                raise FileError(path, f"no RDF file in this folder (looked for {', '.join(FORMATS)})")
            found |= {file.resolve(): file for file in below}
        elif path.suffix not in FORMATS:
            raise FileError(path, f"not an RDF file by its name (expected {', '.join(FORMATS)})")
        else:
            found[path.resolve()] = path
    return list(found.values())


def parse(file: Path, graph: str) -> list[ox.Quad]:
    """The quads of one file, those outside any graph in `graph`; blank nodes get names no other file has."""
    target = ox.NamedNode(graph)
    try:
        data = file.read_bytes().removeprefix(BOM_UTF8)
        parsed = ox.parse(data, format=FORMATS[file.suffix], base_iri=graph, rename_blank_nodes=True)
        return [q if isinstance(q.graph_name, ox.NamedNode) else ox.Quad(*_spo(q), target) for q in parsed]
    except SyntaxError as error:
        problem = str(error.msg).split(": ", 1)[-1]
        raise RDFSyntaxError(_shown(file), error.lineno or 0, error.offset or 0, problem) from error
    except OSError as error:
        raise FileError(_shown(file), f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise RDFSyntaxError(_shown(file), 0, 0, str(error)) from error


def graph_of(file: Path) -> str:
    """The IRI of the graph that a file fills: that of the ontology, or `…/source/<name of the file>`."""
    if (ROOT / "ontology") in file.resolve().parents:
        return ONTOLOGY
    return BASE + "source/" + quote(file.stem, safe="")


def _spo(quad: ox.Quad) -> Statement:
    return quad.subject, quad.predicate, quad.object


def _apart(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    shapes = ROOT / "ontology" / "shapes"
    return hidden or (file.resolve().is_relative_to(shapes) and not folder.resolve().is_relative_to(shapes))


def _shown(file: Path) -> str:
    here = file.resolve()
    return str(here.relative_to(ROOT)) if ROOT in here.parents else str(file)
