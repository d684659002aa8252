"""Little graphs of fairs and camps, and what tests look at in the paths through them."""

from collections.abc import Callable

import kg

Joined = Callable[..., kg.Store]

FAIR = """
    actor:alpha a mg:Organisation ; rdfs:label "Alpha"@en .
    actor:beta a mg:Organisation ; rdfs:label "Beta"@en , "Bêta"@fr .
    event:fair a mg:Event ; rdfs:label "Fair"@en , "Foire"@fr ; schema:startDate "2016-05-04"^^xsd:date .
    participation:fair-alpha a mg:Participation ; mg:actor actor:alpha ; mg:activity event:fair ; mg:role role:host .
    participation:fair-beta a mg:Participation ; mg:actor actor:beta ;
      mg:activity event:fair ; mg:role role:participant .
"""
"""Alpha hosted the fair of 2016, in which Beta took part."""

CAMP = """
    actor:gamma a mg:Organisation ; rdfs:label "Gamma"@en .
    event:camp a mg:Event ; rdfs:label "Camp"@en ; schema:startDate "2022"^^xsd:gYear .
    participation:camp-beta a mg:Participation ; mg:actor actor:beta ; mg:activity event:camp ; mg:role role:organiser .
    participation:camp-gamma a mg:Participation ; mg:actor actor:gamma ; mg:activity event:camp ; mg:role role:speaker .
"""
"""Beta organised the camp of 2022, at which Gamma spoke."""


def lines(store: kg.Store, one: str, other: str, language: str = "en", **limits: object) -> list[list[str]]:
    """The sentences of each path."""
    found = kg.find_paths(store, one, other, language, **limits)
    telling = kg.Telling(store, found, language)
    return [telling.lines(path) for path in found.paths]


def between(store: kg.Store, one: str, other: str, **limits: object) -> list[list[str]]:
    """The things between the two, path by path."""
    found = kg.find_paths(store, one, other, **limits)
    return [[kg.shorten(iri) for iri in path.stations[1:-1]] for path in found.paths]


def took_part(actor: str, activity: str) -> str:
    """A participation as Turtle."""
    name = f"participation:{activity}-{actor}".replace(":", "-").replace("participation-", "participation:", 1)
    return f"{name} a mg:Participation ; mg:actor {actor} ; mg:activity {activity} ; mg:role role:participant .\n"
