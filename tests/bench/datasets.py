"""The two graphs to measure on, each in the files that the engines load."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from bench import graphs

import kg

PLACE = kg.ROOT / ".cache" / "bench"
STATED = 0.52
"""The share of a generated graph that is stated; the rules derive the rest."""


@dataclass(frozen=True)
class Dataset:
    """One graph: the home of its snapshot, its named graphs, their merge, and both in one file.

    The merge is what this project answers from; every other engine is given it as its default graph.
    """

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def named(self) -> Path:
        return self.folder / "named.nq"

    @property
    def merge(self) -> Path:
        return self.folder / "merge.nt"

    @property
    def both(self) -> Path:
        return self.folder / "both.nq"


def shipped() -> Dataset:
    """What the project ships."""
    dataset = _empty("shipped")
    return _written(dataset, kg.build(home=dataset.home))


def generated(statements: int, seed: int, name: str = "generated") -> Dataset:
    """A generated graph of about so many statements, counting what follows by rule."""
    dataset = _empty(name)
    file = dataset.folder / "generated.nq"
    graphs.write(file, round(statements * STATED), seed)
    return _written(dataset, kg.build(only=(kg.ROOT / "ontology", file), home=dataset.home))


def _empty(name: str) -> Dataset:
    folder = PLACE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Dataset(folder)


def _written(dataset: Dataset, snapshot: kg.Snapshot) -> Dataset:
    ox.serialize(snapshot.quads(), str(dataset.named), format=ox.RdfFormat.N_QUADS)
    triples = (ox.Triple(*statement) for statement in snapshot.merged())
    ox.serialize(triples, str(dataset.merge), format=ox.RdfFormat.N_TRIPLES)
    with dataset.both.open("wb") as both:
        for part in (dataset.named, dataset.merge):
            with part.open("rb") as file:
                shutil.copyfileobj(file, both)
    return dataset
