"""A knowledge graph of migration governance actors: build it, ask it, and find out who says what."""

from importlib.metadata import version as _version

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import networks, periods
from kg.assistant import Advice, Finding, advise
from kg.citations import Citation, ThingCitation, Verdict, citation, cite, cite_thing, fingerprint, read_link, verify
from kg.classes import class_named, lineage
from kg.descriptions import description, speaks_of_description, void
from kg.entities import Annotation, Description, Reason, annotations, describe, why
from kg.errors import (
    AmbiguousNameError,
    FileError,
    FormatError,
    HeaderError,
    KGError,
    MissingLibraryError,
    NetworkTooLargeError,
    ParameterError,
    QueryFailedError,
    QueryRefusedError,
    QuerySyntaxError,
    RDFSyntaxError,
    RemoteError,
    SnapshotError,
    UnknownNameError,
    UnknownNetworkError,
    UnknownQueryError,
)
from kg.examples import examples
from kg.exports import Difference, diff, dump, export, export_table, graph_named, open_any, write_answer, write_file
from kg.facets import NOT_KNOWN, Choice, Facet, Members, members
from kg.frames import to_pandas, to_polars
from kg.imports import FORMATS as IMPORT_FORMATS
from kg.imports import Import, import_file
from kg.inference import Derivation, Fact, Rule, infer, rules
from kg.lenses import Witnesses, independent, known_lenses, through, witnesses
from kg.lenses import is_ready as lens_is_ready
from kg.lists import Listing, listing
from kg.loading import load
from kg.mappings import sssom
from kg.markup import write_xml
from kg.mirror import mirror
from kg.names import Hit, Index, fold, index_of
from kg.needs import Need, meets, needs_of
from kg.networks import to_igraph, to_networkx, to_rdflib
from kg.paths import PATHS, STEPS, Paths, Said, Step, find_paths
from kg.publishing import publish
from kg.queries import Pack, Parameter, Question, fill, packs
from kg.queries import get as question
from kg.queries import read as read_question
from kg.remote import Endpoint
from kg.reports import find_report, report_of
from kg.routes import link_questions, links_of
from kg.snapshot import Snapshot, build, current, home_folder, open_snapshot, snapshots
from kg.sparql import keywords
from kg.store import Answer, Store
from kg.tables import FORMATS as TABLE_FORMATS
from kg.tables import Table, things_table, write_folder, write_table
from kg.tellings import FORMATS as PATH_FORMATS
from kg.tellings import Telling, ranges, together, within_quotes, write_paths
from kg.terms import BASE, ONTOLOGY, ROOT, Statement, Term, expand, prefixes, readable_tail, shorten, show
from kg.validation import SEVERITIES, Report, Result, shapes, validate
from kg.writing import write_statements

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
    "IMPORT_FORMATS",
    "NOT_KNOWN",
    "ONTOLOGY",
    "PATHS",
    "PATH_FORMATS",
    "ROOT",
    "SEVERITIES",
    "STEPS",
    "TABLE_FORMATS",
    "Advice",
    "AmbiguousNameError",
    "Annotation",
    "Answer",
    "BlankNode",
    "Choice",
    "Citation",
    "Derivation",
    "Description",
    "Difference",
    "Endpoint",
    "Facet",
    "Fact",
    "FileError",
    "Finding",
    "FormatError",
    "HeaderError",
    "Hit",
    "Import",
    "Index",
    "KGError",
    "Listing",
    "Literal",
    "Members",
    "MissingLibraryError",
    "NamedNode",
    "Need",
    "NetworkTooLargeError",
    "Pack",
    "Parameter",
    "ParameterError",
    "Paths",
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
    "Said",
    "Snapshot",
    "SnapshotError",
    "Statement",
    "Step",
    "Store",
    "Table",
    "Telling",
    "Term",
    "ThingCitation",
    "UnknownNameError",
    "UnknownNetworkError",
    "UnknownQueryError",
    "Verdict",
    "Witnesses",
    "advise",
    "annotations",
    "build",
    "citation",
    "cite",
    "cite_thing",
    "class_named",
    "current",
    "describe",
    "description",
    "diff",
    "dump",
    "examples",
    "expand",
    "export",
    "export_table",
    "fill",
    "find_paths",
    "find_report",
    "fingerprint",
    "fold",
    "graph_named",
    "home_folder",
    "import_file",
    "independent",
    "index_of",
    "infer",
    "keywords",
    "known_lenses",
    "lens_is_ready",
    "lineage",
    "link_questions",
    "links_of",
    "listing",
    "load",
    "meets",
    "members",
    "mirror",
    "needs_of",
    "networks",
    "open_any",
    "open_snapshot",
    "packs",
    "periods",
    "prefixes",
    "publish",
    "query",
    "question",
    "ranges",
    "read_link",
    "read_question",
    "readable_tail",
    "report_of",
    "rules",
    "search",
    "shapes",
    "shorten",
    "show",
    "snapshots",
    "speaks_of_description",
    "sssom",
    "text_of",
    "things_table",
    "through",
    "to_igraph",
    "to_networkx",
    "to_pandas",
    "to_polars",
    "to_rdflib",
    "together",
    "validate",
    "verify",
    "void",
    "why",
    "within_quotes",
    "witnesses",
    "write_answer",
    "write_file",
    "write_folder",
    "write_paths",
    "write_statements",
    "write_table",
    "write_xml",
]
