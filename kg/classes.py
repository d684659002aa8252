"""Classes: what stands above one, and the query files about it, which are found by its name.

A folder or file `local-government` under `queries/` is about `…#LocalGovernment` and the classes below it, and one
called `resource` about everything. A class of another vocabulary is looked for by its name only where it is itself the
one asked about: schema:Event, which is above all activities, must not be taken for our own Event.
"""

import re
from pathlib import Path

import pyoxigraph as ox

from kg.errors import UnknownNameError
from kg.store import Store
from kg.terms import ONTOLOGY, expand, readable_tail

_RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource"
_SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_NUMBER = re.compile(r"^\d+-")


def lineage(store: Store, cls: str) -> tuple[str, ...]:
    """A class and those above it (rdfs:subClassOf), nearest first, and among equals our own; rdfs:Resource last."""
    found = [cls]
    level = [cls]
    while level:
        held = [store.statements(subject=ox.NamedNode(iri), predicate=_SUBCLASS) for iri in level]
        above = {o.value for statements in held for _, _, o in statements if isinstance(o, ox.NamedNode)}
        level = sorted(above - {*found}, key=lambda iri: (not iri.startswith(ONTOLOGY), iri))
        found += level
    return (*(iri for iri in found if iri != _RESOURCE), _RESOURCE)


def slug(cls: str) -> str:
    """The name of a class as files have it: `local-government`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", readable_tail(cls)).lower()


def class_named(name: str) -> str:
    """The IRI of a class by its IRI, its prefixed name, or the bare name of one of our own; UnknownNameError."""
    iri = expand(name) if ":" in name else expand(f"{ONTOLOGY}#{name}")
    if iri is None:
        raise UnknownNameError(name)
    return iri


def files_of(store: Store, cls: str, folder: Path) -> list[Path]:
    """The files in the folders for a class and those above it, in the order of their file names.

    Of several files of one name, numbers apart, the one for the nearest class counts.
    """
    nearest: dict[str, Path] = {}
    for part in _slugs(store, cls):
        for file in sorted((folder / part).glob("*.rq")):
            nearest.setdefault(bare_name(file), file)
    return sorted(nearest.values(), key=lambda file: (file.name, file))


def bare_name(file: Path) -> str:
    """The name of a file without its extension and the number that gives it its place: `phase` for `30-phase.rq`."""
    return _NUMBER.sub("", file.stem)


def file_of(store: Store, cls: str, folder: Path) -> Path | None:
    """The file for a class, or for the nearest class above it that has one."""
    files = (folder / f"{name}.rq" for name in _slugs(store, cls))
    return next((file for file in files if file.is_file()), None)


def _slugs(store: Store, cls: str) -> list[str]:
    above = [iri for iri in lineage(store, cls) if iri in (cls, _RESOURCE) or iri.startswith(ONTOLOGY)]
    return list(dict.fromkeys(map(slug, above)))
