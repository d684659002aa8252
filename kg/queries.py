"""The query packs: finds, reads and fills the `.rq` files. A question is known everywhere as `<pack>/<question>`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from kg import sparql
from kg.errors import FileError, HeaderError, ParameterError, UnknownQueryError
from kg.terms import ROOT, expand, prefixes

FOLDER = ROOT / "queries"
PACK = "pack.yaml"
"""The file that makes a folder of questions a pack, and says what it is called."""
KEYS = {
    *("summary", "description", "endpoint", "pagination", "method", "tags", "defaults", "enumerate"),
    *("endpoint_in_url", "transform"),
    *("summary_fr", "description_fr", "caveats", "caveats_fr", "view", "columns", "codes"),
}
NEEDED = ("summary", "description", "summary_fr", "description_fr", "tags")
CODES = {"country", "language"}
VIEWS = {"table", "bar", "map", "timeline", "network", "sankey"}

_PARAMETER = re.compile(r"_(_?)([A-Za-z][A-Za-z0-9]*)_([A-Za-z]+(?:_[A-Za-z]+)?)")
_NAME = re.compile(r"[\w-]+/[\w.-]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FORMS: Mapping[str, type] = {"tags": list, "defaults": list, "enumerate": list, "columns": dict}
"""What stands below a key of a header; a text below the others."""
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a question: `?_name_type`, or `?__name_type` when it may be left out."""

    name: str
    type: str
    variable: str
    required: bool
    default: str | None = None
    choices: tuple[str, ...] = ()


class Headed:
    """What has texts for readers: in English under a name such as `summary`, in French under `summary_fr`."""

    def said(self, what: str, language: str) -> str:
        """`summary`, `description`, `caveats` or `title` in a language if it is there, else in English."""
        return self.own(what, language) or self.own(what, "en")

    def own(self, what: str, language: str) -> str:
        """The same, empty if it is not there in that language."""
        return str(getattr(self, what if language == "en" else f"{what}_{language}", ""))


@dataclass(frozen=True)
class Question(Headed):
    """One query file: its SPARQL as it lies there, and what its header says."""

    name: str
    path: Path
    text: str
    summary: str
    summary_fr: str
    description: str
    description_fr: str
    view: str = "table"
    codes: str = ""
    """What the values of a facet are codes of, if they are: country (ISO 3166-1) or language (BCP 47)."""
    tags: tuple[str, ...] = ()
    caveats: str = ""
    caveats_fr: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Pack(Headed):
    """The questions of one folder, by name."""

    name: str
    title: str
    title_fr: str
    questions: tuple[Question, ...]


def packs(folder: Path = FOLDER) -> list[Pack]:
    """Every folder with a `pack.yaml`, sorted by name; HeaderError for a file whose header is not right."""
    found = [_pack(file) for file in sorted(folder.glob(f"*/{PACK}"))]
    return [pack for pack in found if pack.questions]


def _pack(file: Path) -> Pack:
    questions = tuple(read(one) for one in sorted(file.parent.glob("*.rq")))
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Pack(file.parent.name, str(said["title"]), str(said["title_fr"]), questions)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise HeaderError(file, "a pack is called by a title and a title_fr") from error


def get(name: str, folder: Path = FOLDER) -> Question:
    """The question called `<pack>/<question>`; UnknownQueryError names the nearest."""
    if _NAME.fullmatch(name) and (file := folder / f"{name}.rq").is_file():
        return read(file)
    raise UnknownQueryError(name, {f"{file.parent.name}/{file.stem}": file for file in folder.glob("*/*.rq")})


def read(file: Path, needed: Iterable[str] = NEEDED) -> Question:
    """The query in a file; FileError if it cannot be read, HeaderError if its header is not right or lacks a key."""
    try:
        return _question(file, file.read_text(encoding="utf-8"), tuple(needed))
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(file, f"cannot be read: {error}") from error


@lru_cache(maxsize=1000)
def _question(file: Path, text: str, needed: tuple[str, ...]) -> Question:
    """The query that a file of this text holds; kept, because reading YAML takes longer than most queries."""
    header = _header(file, text)
    for key in needed:
        if not header.get(key):
            raise HeaderError(file, f"the header lacks `{key}`")
    view = str(header.get("view", "table"))
    if view not in VIEWS:
        raise HeaderError(file, f"view `{view}` is not one of {', '.join(sorted(VIEWS))}")
    codes = str(header.get("codes", ""))
    if codes and codes not in CODES:
        raise HeaderError(file, f"codes `{codes}` are not one of {', '.join(sorted(CODES))}")
    texts = {key: str(header.get(key, "")).strip() for key in KEYS if key.startswith(("summary", "desc", "caveats"))}
    return Question(
        name=f"{file.parent.name}/{file.stem}",
        path=file,
        text=text,
        view=view,
        codes=codes,
        tags=tuple(map(str, header.get("tags", ()))),
        columns=header.get("columns") or {},
        parameters=_parameters(file, text, header),
        **texts,
    )


def fill(question: Question, values: Mapping[str, object], resolve: Callable[[str], str] | None = None) -> str:
    """The query with its parameters filled in as serialised terms; an optional one left out stays a variable.

    `resolve` turns a name into an IRI for parameters of type iri. Raises ParameterError for a parameter that is
    missing, unknown, of the wrong type or not among its choices.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in known:
            there = ", ".join(known) or "none"
            raise ParameterError(f'{question.name} has no parameter "{name}" (it has: {there})')
    terms = {}
    for name, parameter in known.items():
        value = values.get(name, parameter.default)
        if parameter.required and value in (None, ""):
            raise ParameterError(
                f"{question.name} needs {name}=… ({parameter.type}); give it with --param {name}=VALUE"
            )
        if value not in (None, ""):
            terms[parameter.variable] = str(_term(question, parameter, str(value), resolve))
    return sparql.replace_variables(question.text, terms)


def _header(file: Path, text: str) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise HeaderError(file, f"the #+ header is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(header, dict):
        raise HeaderError(file, "there is no #+ header (it needs summary, description and tags)")
    unknown = sorted(map(str, set(header) - KEYS))
    if unknown:
        raise HeaderError(file, f"unknown key in the header: {', '.join(unknown)}")
    for key, value in header.items():
        if not isinstance(value, _FORMS.get(key, object)):
            raise HeaderError(file, f"`{key}` is no {'list' if _FORMS[key] is list else 'mapping'}")
    return header


def _parameters(file: Path, text: str, header: Mapping[str, Any]) -> tuple[Parameter, ...]:
    defaults = _merged(file, header, "defaults", object)
    choices = _merged(file, header, "enumerate", list)
    found = []
    for variable in sparql.variables(text):
        match = _PARAMETER.fullmatch(variable)
        if match:
            optional, name, kind = bool(match[1]), match[2], match[3]
            default = defaults.pop(name, None)
            options = tuple(str(choice) for choice in choices.pop(name, []))
            found.append(
                Parameter(name, kind, variable, not optional, None if default is None else str(default), options)
            )
    if defaults or choices:
        raise HeaderError(file, f"a default or choice for no parameter: {', '.join([*defaults, *choices])}")
    return tuple(found)


def _merged(file: Path, header: Mapping[str, Any], key: str, kind: type) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for item in header.get(key, []):
        if not isinstance(item, dict) or not all(isinstance(value, kind) for value in item.values()):
            raise HeaderError(file, f"`{key}` is a list of names, each with {'choices' if kind is list else 'a value'}")
        merged |= item
    return merged


def _term(
    question: Question, parameter: Parameter, value: str, resolve: Callable[[str], str] | None
) -> ox.NamedNode | ox.Literal:
    wrong = ParameterError(f'{question.name}: {parameter.name}="{value}" is not a value of type {parameter.type}')
    if parameter.type == "iri":
        iri = expand(value) or (resolve(value) if resolve else None)
        if iri is None:
            raise wrong
        _check_choice(question, parameter, value, iri in map(expand, parameter.choices))
        return ox.NamedNode(iri)
    _check_choice(question, parameter, value, value in parameter.choices)
    try:
        if parameter.type == "integer":
            return ox.Literal(str(int(value)), datatype=ox.NamedNode(_XSD + "integer"))
        if parameter.type == "number" and not _DECIMAL.fullmatch(value):
            raise wrong
        if parameter.type == "number":
            return ox.Literal(value, datatype=ox.NamedNode(_XSD + "decimal"))
        if parameter.type == "literal":
            return ox.Literal(value)
        prefix, underscore, datatype = parameter.type.partition("_")
        if underscore and prefix in prefixes():
            return ox.Literal(value, datatype=ox.NamedNode(prefixes()[prefix] + datatype))
        return ox.Literal(value, language=parameter.type)
    except ValueError as error:
        raise wrong from error


def _check_choice(question: Question, parameter: Parameter, value: str, chosen: bool) -> None:
    if parameter.choices and not chosen:
        there = ", ".join(parameter.choices)
        raise ParameterError(f'{question.name}: {parameter.name}="{value}" is not one of {there}')
