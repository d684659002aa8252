"""A graph of the shape of ours and of any size; the same size and seed give the same bytes on any machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, count
from pathlib import Path
from random import Random
from typing import NamedTuple

import pyoxigraph as ox

import kg

Facts = list[str]
"""Triples as N-Triples writes them, without the closing dot; the graph they stand in comes later."""

LABELS, REGISTER = "source:bench-labels", "source:bench-register"
REPEATED = 0.3
"""The share of what the first source of a project says that its second source says too."""

SYLLABLES = [consonant + vowel for consonant in "bcdfgklmnrstz" for vowel in "aeio"]
KINDS_OF_ACTOR = {
    "Organisation": ("ngo", "Centre", "Centre"),
    "Association": ("association", "Association", "Association"),
    "Network": ("network", "Network", "Réseau"),
    "InternationalOrganisation": ("international-organisation", "Agency", "Agence"),
    "LocalGovernmentAssociation": ("local-government-association", "Union of cities", "Union des villes"),
}
COUNTRIES = ["AT", "BE", "DE", "DZ", "EC", "ES", "FR", "IT", "JO", "KE", "LB", "LY", "MA", "MR", "PT", "SN", "TN", "TR"]
LANGUAGES = ["en", "fr", "es", "ar", "it"]
PREF_LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
EVENT_ROLES = ["organiser", "host", "speaker", "participant", "participant", "participant"]


@dataclass(frozen=True)
class World:
    """What the projects of one graph share: how many cities and actors there are to take part."""

    seed: int
    cities: int
    actors: int

    def random(self, *what: object) -> Random:
        """Chance that depends on the seed and on what it decides, not on what was decided before."""
        return Random("/".join(map(str, (self.seed, *what))))  # noqa: S311

    def city(self, number: int) -> str:
        chance = self.random("city", number)
        return "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()

    def actor(self, chance: Random) -> str:
        """One of the actors; a few of them are nearly everywhere, as in life."""
        return f"actor:actor-{int(self.actors * chance.random() ** 2.5)}"

    def place(self, chance: Random) -> int:
        return int(self.cities * chance.random() ** 1.5)


def write(file: Path, statements: int, seed: int = 1) -> int:
    """About so many statements (a project more at the most) as N-Quads in `file`; how many there are."""
    with file.open("w", encoding="utf-8") as out:
        return sum(bool(out.write(line)) for line in lines(statements, seed))


def lines(statements: int, seed: int = 1) -> Iterator[str]:
    """The lines of that file, one statement each."""
    world = World(seed, cities=max(12, statements // 2000), actors=max(24, statements // 250))
    done = 0
    for part in chain([frame(world)], (project(world, number) for number in count())):
        for line in part:
            done += 1
            yield line
        if done >= statements:
            return


def frame(world: World) -> Iterator[str]:
    """The register of all cities and actors, and the curation that gives labels."""
    yield from stated(LABELS, source(LABELS, "Labels of an invented graph", "Curation", "curation"))
    yield from stated(REGISTER, source(REGISTER, "Register of an invented coast", "Source", "register"))
    for number in range(world.cities):
        yield from city(world, number)
    for number in range(world.actors):
        yield from actor(world, number)


def city(world: World, number: int) -> Iterator[str]:
    chance, name, here = world.random("place", number), world.city(number), f"city:city-{number}"
    facts = [
        *thing(here, "City", name, "en"),
        fact(here, "mg:country", plain(chance.choice(COUNTRIES))),
        fact(here, "mg:population", typed(chance.randrange(5_000, 3_000_000), "integer")),
        fact(here, "wgs84:lat", typed(f"{chance.uniform(20, 50):.4f}", "decimal")),
        fact(here, "wgs84:long", typed(f"{chance.uniform(-15, 40):.4f}", "decimal")),
    ]
    government = f"actor:gov-{number}"
    facts += thing(government, "LocalGovernment", f"Mairie de {name}", "fr")
    facts += [fact(government, "mg:governs", iri(here)), fact(government, "mg:kind", iri("orgkind:local-government"))]
    yield from stated(REGISTER, facts)
    yield from labelled(here, name, name)
    yield from labelled(government, f"Municipality of {name}", f"Mairie de {name}")


def actor(world: World, number: int) -> Iterator[str]:
    chance, here = world.random("actor", number), f"actor:actor-{number}"
    cls, (kind, english, french) = chance.choice(list(KINDS_OF_ACTOR.items()))
    theme, seat = chance.choice(concepts("theme")), world.place(chance)
    name = f"{english} for {theme.english} {number}"
    facts = [*thing(here, cls, name, "en"), fact(here, "mg:kind", iri(f"orgkind:{kind}"))]
    facts.append(fact(here, "mg:seatIn", iri(f"city:city-{seat}")))
    if chance.random() < 0.4:
        facts.append(fact(here, "schema:foundingDate", typed(chance.randrange(1950, 2015), "gYear")))
    if chance.random() < 0.3:
        facts.append(fact(here, "mg:acronym", plain(f"{english[0]}{theme.english[0].upper()}{number}")))
    yield from stated(REGISTER, facts)
    yield from labelled(here, name, f"{french} {theme.french} {number}")


def project(world: World, number: int) -> Iterator[str]:
    """A project, its phases, events, participations, fundings and publication; two sources speak of it."""
    chance = world.random("project", number)
    facts = _project(world, number, chance)
    first, second = f"source:bench-{number}-a", f"source:bench-{number}-b"
    yield from stated(first, source(first, f"Report on project {number}", "Source", "document") + facts)
    again = [one for one in facts if chance.random() < REPEATED or "#type>" in one]
    yield from stated(second, source(second, f"Page on project {number}", "Source", "web-page") + again)
    for subject, english, french in _names(number):
        yield from labelled(subject, english, french)


def _project(world: World, number: int, chance: Random) -> Facts:
    here, year = f"project:project-{number}", 2004 + number % 20
    facts = [*thing(here, "Project", f"Project {number}", "en"), fact(here, "mg:acronym", plain(f"P{number}"))]
    facts += dates(here, f"{year}-01", f"{year + 3}-12", "gYearMonth")
    facts += participations(here, [(world.actor(chance), role) for role in ("lead", "partner", "partner")])
    for step in (0, 1):
        facts += _phase(world, number, step, year, chance)
    for event in range(3):
        facts += _event(world, number, event, year, chance)
    for share in (0, 1):
        facts += _funding(world, number, share, chance)
    return facts + _publication(world, number, year, chance)


def _phase(world: World, number: int, step: int, year: int, chance: Random) -> Facts:
    here, start = f"phase:phase-{number}-{step}", year + 2 * step
    facts = thing(here, "Phase", f"Phase {step + 1}", "en")
    facts.append(fact(here, "mg:phaseOf", iri(f"project:project-{number}")))
    facts += dates(here, f"{start}-01-01", f"{start + 1}-12-31", "date")
    cities = [(f"city:city-{world.place(chance)}", "participating-city") for _ in range(chance.randint(2, 5))]
    return facts + participations(here, cities)


def _event(world: World, number: int, event: int, year: int, chance: Random) -> Facts:
    here, place = f"event:event-{number}-{event}", world.place(chance)
    phase, kind, theme = event % 2, chance.choice(concepts("event-kind")), chance.choice(concepts("theme"))
    day = f"{year + 2 * phase}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    name = f"{kind.english.capitalize()} on {theme.english} in {world.city(place)}"
    facts = [
        *thing(here, "Event", name, "en"),
        fact(here, "mg:kind", kind.iri),
        fact(here, "mg:theme", theme.iri),
        fact(here, "mg:inPhase", iri(f"phase:phase-{number}-{phase}")),
        fact(here, "mg:inCity", iri(f"city:city-{place}")),
        fact(here, "schema:startDate", typed(day, "date")),
    ]
    if chance.random() < 0.6:
        facts.append(fact(here, "schema:endDate", typed(day, "date")))
    if chance.random() < 0.4:
        facts.append(fact(here, "mg:attendanceCount", typed(chance.randint(10, 300), "integer")))
    if chance.random() < 0.3:
        facts.append(fact(here, "mg:reportedFact", text(f"exchange on {theme.english} among cities", "en")))
    there = [(f"city:city-{world.place(chance)}", "participant") for _ in range(chance.randint(0, 2))]
    there += [(world.actor(chance), chance.choice(EVENT_ROLES)) for _ in range(chance.randint(1, 3))]
    return facts + participations(here, there)


def _funding(world: World, number: int, share: int, chance: Random) -> Facts:
    funder = world.actor(chance)
    here = f"funding:project-{number}--{funder.removeprefix('actor:')}"
    facts = [
        fact(here, "rdf:type", iri("mg:Funding")),
        fact(here, "mg:funder", iri(funder)),
        fact(here, "mg:fundedActivity", iri(f"project:project-{number}")),
    ]
    if share == 0:
        facts.append(fact(here, "mg:amount", typed(f"{chance.randrange(10, 5000) * 1000}.00", "decimal")))
        facts.append(fact(here, "mg:currency", plain("EUR")))
    return facts


def _publication(world: World, number: int, year: int, chance: Random) -> Facts:
    here, place = f"publication:publication-{number}", world.place(chance)
    theme, kind = chance.choice(concepts("theme")), chance.choice(concepts("publication-kind"))
    name = f"{kind.english.capitalize()} on {theme.english}: {world.city(place)}"
    return [
        *thing(here, "Publication", name, "en"),
        fact(here, "mg:kind", kind.iri),
        fact(here, "mg:theme", theme.iri),
        fact(here, "mg:aboutCity", iri(f"city:city-{place}")),
        fact(here, "mg:partOfProject", iri(f"project:project-{number}")),
        fact(here, "schema:inLanguage", plain(chance.choice(LANGUAGES))),
        fact(here, "schema:datePublished", typed(year + 3, "gYear")),
    ]


def _names(number: int) -> Iterator[tuple[str, str, str]]:
    """What is labelled of a project: subject, label in English, label in French."""
    yield f"project:project-{number}", f"Project {number}", f"Projet {number}"
    for step in (0, 1):
        english, french = f"Phase {step + 1} of project {number}", f"Phase {step + 1} du projet {number}"
        yield f"phase:phase-{number}-{step}", english, french
    for event in range(3):
        english, french = f"Event {event + 1} of project {number}", f"Événement {event + 1} du projet {number}"
        yield f"event:event-{number}-{event}", english, french
    yield f"publication:publication-{number}", f"Publication of project {number}", f"Publication du projet {number}"


def source(name: str, title: str, cls: str, kind: str) -> Facts:
    """What a source says of itself."""
    return [
        fact(name, "rdf:type", iri(f"mg:{cls}")),
        fact(name, "dcterms:title", text(title, "en")),
        fact(name, "dcterms:description", text("Made by a generator; nothing in it is true.", "en")),
        fact(name, "dcterms:language", plain("en")),
        fact(name, "dcterms:license", "<https://creativecommons.org/licenses/by/4.0/>"),
        fact(name, "mg:publisherAsStated", plain("The generator")),
        fact(name, "mg:readAs", iri("readas:whole")),
        fact(name, "mg:sourceKind", iri(f"sourcekind:{kind}")),
    ]


def thing(subject: str, cls: str, name: str, language: str) -> Facts:
    """The class of a thing and what its source calls it."""
    return [fact(subject, "rdf:type", iri(f"mg:{cls}")), fact(subject, "schema:name", text(name, language))]


def participations(activity: str, taking_part: list[tuple[str, str]]) -> Facts:
    """A node for each (actor, role) in an activity; the same pair twice is one."""
    facts = []
    for who, role in dict.fromkeys(taking_part):
        here = "participation:" + "--".join([*(name.split(":")[1] for name in (activity, who)), role])
        facts.append(fact(here, "rdf:type", iri("mg:Participation")))
        facts.append(fact(here, "mg:actor", iri(who)))
        facts.append(fact(here, "mg:activity", iri(activity)))
        facts.append(fact(here, "mg:role", iri(f"role:{role}")))
    return facts


def dates(subject: str, start: str, end: str, datatype: str) -> Facts:
    when = (("schema:startDate", start), ("schema:endDate", end))
    return [fact(subject, predicate, typed(date, datatype)) for predicate, date in when]


def stated(graph: str, facts: Facts) -> Iterator[str]:
    """The facts as lines of N-Quads, in the graph of a source."""
    name = iri(graph)
    return (f"{one} {name} .\n" for one in facts)


def labelled(subject: str, english: str, french: str) -> Iterator[str]:
    """The labels to show, in the graph of the curation that chose them."""
    labels = [text(english, "en"), text(french, "fr")]
    return stated(LABELS, [fact(subject, "rdfs:label", label) for label in labels])


def fact(subject: str, predicate: str, value: str) -> str:
    return f"{iri(subject)} {iri(predicate)} {value}"


@lru_cache(maxsize=1000)
def iri(short: str) -> str:
    prefix, _, name = short.partition(":")
    return f"<{kg.prefixes()[prefix]}{name}>"


def plain(value: str) -> str:
    return f'"{value}"'


def text(value: str, language: str) -> str:
    return str(ox.Literal(value, language=language))


def typed(value: object, datatype: str) -> str:
    return f'"{value}"^^{iri(f"xsd:{datatype}")}'


class Concept(NamedTuple):
    """A concept of a controlled list: its IRI as N-Triples writes it, and its labels without their capital."""

    iri: str
    english: str
    french: str


@cache
def concepts(scheme: str) -> list[Concept]:
    """The concepts of `ontology/vocab/<scheme>.ttl`, sorted."""
    labels: dict[str, dict[str, str]] = {}
    for triple in ox.parse(path=kg.ROOT / "ontology" / "vocab" / f"{scheme}.ttl"):
        if triple.predicate == PREF_LABEL:
            label = triple.object.value
            labels.setdefault(str(triple.subject), {})[triple.object.language] = label[0].lower() + label[1:]
    return [Concept(name, labels[name]["en"], labels[name]["fr"]) for name in sorted(labels)]
