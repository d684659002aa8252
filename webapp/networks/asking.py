"""What the address of a page of networks asks for."""

from dataclasses import dataclass, replace

from flask import request

import kg
from webapp.reading import Reader

Wanted = kg.networks.Wanted
When = kg.networks.When

SIZES, COLOURS, LISTS = ("degree", "betweenness"), ("kind", "community"), ("things", "ties")
TIMES = ("on", "since", "until", "before")


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a network, narrowed and dated; how to draw it; which list, of what, in which order."""

    name: str
    wanted: Wanted
    when: When
    size: str
    colour: str
    listed: str
    sort: str
    node: str
    kind: str
    state: str

    @property
    def whole(self) -> Wanted:
        """What is wanted when nothing is looked around."""
        return replace(self.wanted, around=())

    @property
    def mode(self) -> str:
        """How time is looked at: the first part of the address that says so, "" for none."""
        when = self.when
        return "on" if when.on else "since" if when.since else "before" if when.before else ""

    @property
    def narrowed(self) -> bool:
        """True if roles, themes, years, weight or sources are filtered."""
        return replace(self.whole) != Wanted()

    def moved(self, **times: object) -> dict[str, object]:
        """The address of the same at another time."""
        return changed(**dict.fromkeys((*TIMES, "state", "sort")) | times)

    def listing(self, name: str) -> dict[str, object]:
        """The address of the other list."""
        return changed(list=name, **dict.fromkeys(("sort", "state", "kind")))

    def undated(self) -> dict[str, object]:
        """The address without the filter that leaves out what has no date."""
        return changed(from_year=None, to_year=None)

    def dark(self) -> dict[str, object]:
        """The address of the picture in dark colours."""
        return changed(scheme="dark")

    def without_around(self, name: str) -> dict[str, object]:
        """The address with one thing less to look around."""
        return changed(around=[kg.shorten(iri) for iri in self.wanted.around if kg.shorten(iri) != name])


def asked_for(reader: Reader) -> Asked:
    """What the address of this request asks for; ParameterError names what makes no sense."""
    args = request.args
    return Asked(
        name=args["name"],
        wanted=Wanted(
            roles=_iris(reader, "role"),
            themes=_iris(reader, "theme"),
            years=kg.periods.years(*(request.args.get(key, "").strip() for key in ("from_year", "to_year"))),
            weight=_number("weight", 1),
            backing=_number("sources", 0),
            around=_iris(reader, "around"),
        ),
        when=_when(),
        size=_one_of("size", SIZES),
        colour=_one_of("colour", COLOURS),
        listed=_one_of("list", LISTS),
        sort=args.get("sort", ""),
        node=next(iter(_iris(reader, "node")), ""),
        kind=args.get("kind", ""),
        state=args.get("state", ""),
    )


def changed(**values: object) -> dict[str, object]:
    """The address of this request with other values, from the first page of its list; None takes a value away."""
    kept: dict[str, object] = {key: many for key, many in request.args.lists() if key not in ("page", "lang")}
    return {key: value for key, value in (kept | values).items() if value not in (None, "", [], [""])}


def _when() -> When:
    given = {key: text for key in TIMES if (text := request.args.get(key, "").strip())}
    return kg.networks.when(**{key: kg.periods.period(text) for key, text in given.items()})


def _iris(reader: Reader, key: str) -> tuple[str, ...]:
    """The things that a part of the address names, by IRI, short name or name."""
    texts = [text.strip() for text in request.args.getlist(key)]
    return tuple(dict.fromkeys(reader.index.resolve(text) for text in texts if text))


def _number(key: str, least: int) -> int:
    text = request.args.get(key, "").strip() or str(least)
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]):
        raise kg.ParameterError(f'{key}="{text}" is not a whole number from {least}')
    return int(text[:9])


def _one_of(key: str, choices: tuple[str, ...]) -> str:
    text = request.args.get(key) or choices[0]
    if text not in choices:
        raise kg.ParameterError(f'{key}="{text}" is not one of {", ".join(choices)}')
    return text
