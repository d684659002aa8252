"""What the assistant says: findings in English and French, with numbers, place and rewrite."""

import json
from dataclasses import asdict, dataclass, replace

from kg.terms import shorten

SENTENCES = {
    "row-loss": (
        "{lost} of {total} {things} have no {property}{tag}: their rows are gone{hint}.",
        "{lost} {things} sur {total} n'ont pas de {property}{tag} : leurs lignes ont disparu{hint}.",
    ),
    "row-loss-inverse": (
        "{lost} of {total} {things} are the {property} of nothing{tag}: their rows are gone{hint}.",
        "{lost} {things} sur {total} ne sont {property} de rien{tag} : leurs lignes ont disparu{hint}.",
    ),
    "row-loss-join": (
        "{property} keeps {kept} of the {total} {things} that the rest of the query gives.",
        "{property} garde {kept} des {total} {things} que donne le reste de la requête.",
    ),
    "row-loss-union": (
        "{lost} of {total} {things} match no branch of the UNION: their rows are gone.",
        "{lost} {things} sur {total} ne correspondent à aucune branche de UNION : leurs lignes ont disparu.",
    ),
    "fan-out": (
        "Each of the {things} gives {ratio} rows on average because of {property}; use GROUP BY for one row each.",
        "Chacun des {things} donne {ratio} lignes en moyenne à cause de {property} ; GROUP BY en donne une seule.",
    ),
    "repeated-rows": (
        "Only {different} of {rows} rows are different: {property}, which is not shown, repeats them {ratio} times"
        " on average; use SELECT DISTINCT.",
        "Seules {different} lignes sur {rows} sont différentes : {property}, qui n'est pas montré, les répète"
        " {ratio} fois en moyenne ; utilisez SELECT DISTINCT.",
    ),
    "language": (
        "{property} is given in {number} languages ({tags}), so each of the {things} gives {ratio} rows on average;"
        ' choose one: "{tag}" is there for {kept} of {total}.',
        "{property} existe en {number} langues ({tags}), chacun des {things} donne donc {ratio} lignes en moyenne ;"
        " choisissez-en une : « {tag} » existe pour {kept} sur {total}.",
    ),
    "count": (
        "{call} counts {plain}, but there are {different} different {variable}; write COUNT(DISTINCT {variable}).",
        "{call} compte {plain}, mais il y a {different} {variable} différents ; écrivez COUNT(DISTINCT {variable}).",
    ),
    "count-groups": (
        "{call} counts some {variable} more than once in {wrong} of {groups} groups: {plain} in all instead of"
        " {different}; write COUNT(DISTINCT {variable}).",
        "{call} compte des {variable} plus d'une fois dans {wrong} groupes sur {groups} : {plain} en tout au lieu de"
        " {different} ; écrivez COUNT(DISTINCT {variable}).",
    ),
    "sum": (
        "{call} takes the same {variable} of the same {owner} into account more than once: {plain} values instead"
        " of {different}; compute it in an inner SELECT DISTINCT {owner} {variable}.",
        "{call} prend en compte plusieurs fois la même valeur {variable} d'un même {owner} : {plain} valeurs au lieu"
        " de {different} ; calculez-la dans un SELECT DISTINCT {owner} {variable} interne.",
    ),
    "product": (
        "Nothing ties {left} to {right}: each of {first} is combined with each of {second}.",
        "Rien ne relie {left} à {right} : chacun des {first} est combiné avec chacun des {second}.",
    ),
    "unknown-predicate": (
        "No statement of the graph uses {name}{near}",
        "Aucun énoncé du graphe n'utilise {name}{near}",
    ),
    "unknown-class": (
        "Nothing in the graph is a {name}{near}",
        "Rien dans le graphe n'est un {name}{near}",
    ),
    "unknown-graph": (
        "No graph is called {name}{near}",
        "Aucun graphe ne s'appelle {name}{near}",
    ),
    "unknown-prefix": (
        "The prefix {name} stands for {wrong} here; the graph uses {right}.",
        "Le préfixe {name} désigne ici {wrong} ; le graphe utilise {right}.",
    ),
    "variable": (
        "{name} is used only once; did you mean {near}?",
        "{name} n'apparaît qu'une fois ; vouliez-vous dire {near} ?",
    ),
    "never-bound": (
        "{name} is selected, but no pattern gives it a value{near}",
        "{name} est sélectionné, mais aucun motif ne lui donne de valeur{near}",
    ),
    "no-data": (
        "{pattern} {alone}; without {it} there are answers.",
        "{pattern} {alone} ; sans {it}, il y a des réponses.",
    ),
    "no-set": (
        "No pattern, and no two of them, keeps the answer empty by itself: at least three do.",
        "Aucun motif, ni aucune paire de motifs, ne suffit à expliquer la réponse vide : il y en a au moins trois.",
    ),
    "direction": (
        "{pattern} asks in the wrong direction: the other way round there are {rows}.",
        "{pattern} est écrit dans le mauvais sens : dans l'autre sens, il y a {rows}.",
    ),
    "language-tag": (
        "{pattern} asks for {wrong}; the graph has {right}, which gives {rows}.",
        "{pattern} demande {wrong} ; le graphe contient {right}, qui donne {rows}.",
    ),
    "datatype": (
        "{pattern} asks for {wrong}; the graph has {right}, which gives {rows}.",
        "{pattern} demande {wrong} ; le graphe contient {right}, qui donne {rows}.",
    ),
    "typo": (
        "{pattern}: {wrong} gives nothing; {right} gives {rows}.",
        "{pattern} : {wrong} ne donne rien ; {right} donne {rows}.",
    ),
    "modifier": (
        "{pattern} removes every one of the rows that the rest of the query gives.",
        "{pattern} retire toutes les lignes que donne le reste de la requête.",
    ),
    "service": (
        "Not checked: what SERVICE asks of another endpoint.",
        "Non vérifié : ce que SERVICE demande à un autre serveur.",
    ),
    "late": (
        "Not checked, for lack of time or because too many rows would have to be counted: {name}.",
        "Non vérifié, faute de temps ou parce qu'il faudrait compter trop de lignes : {name}.",
    ),
    "unreadable": (
        "Not checked: the query uses a form that the assistant does not know ({name}).",
        "Non vérifié : la requête emploie une forme que l'assistant ne connaît pas ({name}).",
    ),
}
"""What is said, in English and French; the kind of a finding is the first part of its name here."""


@dataclass(frozen=True)
class Finding:
    """One thing to know about a query.

    `line` is where its first pattern stands; `rewrite` the whole query put right, where that can be done, and `rows`
    how many rows it gives.
    """

    kind: str
    sentence: str
    sentence_fr: str
    line: int
    patterns: tuple[str, ...] = ()
    rewrite: str | None = None
    rows: int | None = None

    def with_rewrite(self, text: str, rows: int | None) -> "Finding":
        """The finding with the query put right."""
        return replace(self, rewrite=text, rows=rows)

    def said(self, language: str) -> str:
        """The sentence in French when asked for, else in English."""
        return self.sentence_fr if language == "fr" else self.sentence


@dataclass(frozen=True)
class Advice:
    """What a query silently does to its answer, why the answer is empty if it is, and what could not be checked."""

    warnings: tuple[Finding, ...] = ()
    empty: tuple[Finding, ...] = ()
    unchecked: tuple[Finding, ...] = ()

    def to_json(self) -> str:
        """The advice as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def finding(name: str, line: int, patterns: tuple[str, ...] = (), /, **values: object) -> Finding:
    """The finding of that name; a value that is a pair is for English and French, a fraction gets one decimal."""
    sentence, sentence_fr = (
        template.format(**{key: _said(value, number) for key, value in values.items()})
        for number, template in enumerate(SENTENCES[name])
    )
    return Finding(KINDS.get(name, name), sentence, sentence_fr, line, patterns)


KINDS = {
    "row-loss-inverse": "row-loss",
    "row-loss-join": "row-loss",
    "row-loss-union": "row-loss",
    "repeated-rows": "fan-out",
    "count-groups": "count",
    "no-set": "no-data",
    "late": "not-checked",
    "service": "not-checked",
    "unreadable": "not-checked",
}
"""Kind of the findings that are said in more than one way."""


def short(iri: str, prefixes: dict[str, tuple[str, int, int]]) -> str:
    """An IRI as a query with these prefixes may write it."""
    for prefix, (space, _, _) in prefixes.items():
        if space and iri.startswith(space) and iri[len(space) :].replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{iri[len(space) :]}"
    name = shorten(iri)
    return f"<{iri}>" if name.split(":")[0] in prefixes else name


def _said(value: object, language: int) -> str:
    if isinstance(value, tuple):
        return str(value[language])
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", "," if language else ".")
    return str(value)
