"""Networks: those of `queries/networks/`, narrowed, measured and dated; and answers as networks of other libraries."""

from kg.networks.answers import to_igraph, to_networkx, to_rdflib
from kg.networks.files import FORMATS, write_network
from kg.networks.measures import Measure, measure, place
from kg.networks.reading import known, read
from kg.networks.ties import Evidence, Network, Node, Tie, Ties, Wanted
from kg.networks.times import BEFORE, CHANGES, STATES, When, change, only_before, state, when

__all__ = [
    "BEFORE",
    "CHANGES",
    "FORMATS",
    "STATES",
    "Evidence",
    "Measure",
    "Network",
    "Node",
    "Tie",
    "Ties",
    "Wanted",
    "When",
    "change",
    "known",
    "measure",
    "only_before",
    "place",
    "read",
    "state",
    "to_igraph",
    "to_networkx",
    "to_rdflib",
    "when",
    "write_network",
]
