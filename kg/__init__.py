"""A knowledge graph of migration governance actors: build it, ask it, and find out who says what."""

from importlib.metadata import version as _version

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.assistant import Advice, Finding, advise
from kg.citations import Citation, Verdict, citation, cite, fingerprint, read_link, verify
from kg.entities import Annotation, Description, Reason, annotations, describe, why
from kg.errors import (
    AmbiguousNameError,
    FileError,
    FormatError,
    HeaderError,
    KGError,
    MissingLibraryError,
    ParameterError,
    QueryFailedError,
    QueryRefusedError,
    QuerySyntaxError,
    RDFSyntaxError,
    RemoteError,
    SnapshotError,
    UnknownNameError,
    UnknownQueryError,
)
from kg.examples import examples
from kg.exports import Difference, diff, export, graph_named, open_any, write_answer, write_file
from kg.frames import to_pandas, to_polars
from kg.inference import Derivation, Fact, Rule, infer, rules
from kg.loading import load
from kg.names import Hit, Index, fold, index_of
from kg.networks import to_igraph, to_networkx, to_rdflib
from kg.queries import Pack, Parameter, Question, fill, packs
from kg.queries import get as question
from kg.queries import read as read_question
from kg.remote import Endpoint
from kg.snapshot import Snapshot, build, current, home_folder, open_snapshot, snapshots
from kg.sparql import keywords
from kg.store import Answer, Statement, Store, write_statements
from kg.terms import BASE, ONTOLOGY, ROOT, Term, expand, prefixes, readable_tail, shorten, show
from kg.validation import SEVERITIES, Report, Result, validate

__version__ = _version("migration-governance")


def query(store: Store | Endpoint, what: str, /, **parameters: object) -> Answer:
    """The answer to a question of the packs (`pack/question`, with its parameters) or to SPARQL text.

    `Endpoint(url)` asks a SPARQL endpoint elsewhere; parameters of type iri then need an IRI or a prefixed name.
    Raises UnknownQueryError, ParameterError, QuerySyntaxError, QueryRefusedError or QueryFailedError; RemoteError for
    whatever is wrong elsewhere.
    """
    return store.query(text_of(store, what, **parameters), name=what if _is_name(what) else "query")


def text_of(store: Store | Endpoint, what: str, /, **parameters: object) -> str:
    """The SPARQL that `query` runs: a question with its parameters filled in, or the text itself."""
    if not _is_name(what):
        return what
    return fill(question(what), parameters, index_of(store).resolve if isinstance(store, Store) else None)


def search(store: Store, text: str, limit: int = 20, language: str = "en") -> list[Hit]:
    """Things with a name like `text` in any language, best first; accents, case, small misspellings do not matter."""
    return index_of(store).search(text, limit, language)


def _is_name(what: str) -> bool:
    return not any(mark in what for mark in "{ \n") and "/" in what


__all__ = [
    "BASE",
    "ONTOLOGY",
    "ROOT",
    "SEVERITIES",
    "Advice",
    "AmbiguousNameError",
    "Annotation",
    "Answer",
    "BlankNode",
    "Citation",
    "Derivation",
    "Description",
    "Difference",
    "Endpoint",
    "Fact",
    "FileError",
    "Finding",
    "FormatError",
    "HeaderError",
    "Hit",
    "Index",
    "KGError",
    "Literal",
    "MissingLibraryError",
    "NamedNode",
    "Pack",
    "Parameter",
    "ParameterError",
    "QueryFailedError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "Question",
    "RDFSyntaxError",
    "Reason",
    "RemoteError",
    "Report",
    "Result",
    "Rule",
    "Snapshot",
    "SnapshotError",
    "Statement",
    "Store",
    "Term",
    "UnknownNameError",
    "UnknownQueryError",
    "Verdict",
    "advise",
    "annotations",
    "build",
    "citation",
    "cite",
    "current",
    "describe",
    "diff",
    "examples",
    "expand",
    "export",
    "fill",
    "fingerprint",
    "fold",
    "graph_named",
    "home_folder",
    "index_of",
    "infer",
    "keywords",
    "load",
    "open_any",
    "open_snapshot",
    "packs",
    "prefixes",
    "query",
    "question",
    "read_link",
    "read_question",
    "readable_tail",
    "rules",
    "search",
    "shorten",
    "show",
    "snapshots",
    "text_of",
    "to_igraph",
    "to_networkx",
    "to_pandas",
    "to_polars",
    "to_rdflib",
    "validate",
    "verify",
    "why",
    "write_answer",
    "write_file",
    "write_statements",
]
