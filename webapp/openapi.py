"""The addresses of the site after OpenAPI 3.1: its routes, with what `openapi.json` says of their parameters."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.routing import Map, Rule

import kg
from webapp.languages import LANGUAGES
from webapp.replies import HTML, PLAIN, QUERY, RDF, ROWS, SPREADSHEET

KNOWN = Path(__file__).with_name("openapi.json")
MEDIA = {**RDF, **ROWS, **SPREADSHEET, **QUERY, **PLAIN, "xml": "application/xml"}

_PART = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
_NOT_LISTED = {"static"}

Views = Mapping[str, Callable[..., Any]]


def description(routes: Map, views: Views, site: str) -> dict[str, object]:
    """The description of every address that answers GET."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    known["components"]["parameters"]["lang"]["schema"]["enum"] = list(LANGUAGES)
    rules = [rule for rule in routes.iter_rules() if "GET" in (rule.methods or ()) and _is_listed(rule)]
    paths = {_path(rule): {"get": _operation(rule, views, known["addresses"])} for rule in rules}
    return {
        "openapi": "3.1.0",
        "info": {**known["info"], "version": kg.__version__},
        "servers": [{"url": site}],
        "paths": dict(sorted(paths.items())),
        "components": known["components"],
    }


def _is_listed(rule: Rule) -> bool:
    return rule.endpoint.rpartition(".")[2] not in _NOT_LISTED and not rule.endpoint.startswith("vendor.")


def _path(rule: Rule) -> str:
    return _PART.sub(r"{\3}", rule.rule)


def _operation(rule: Rule, views: Views, known: Mapping[str, Any]) -> dict[str, object]:
    said = known.get(rule.endpoint, {})
    note = (views[rule.endpoint].__doc__ or "").strip().partition("\n")[0]
    shared = [] if _is_file(rule) else [{"$ref": f"#/components/parameters/{name}"} for name in ("lang", "evidence")]
    return {
        "operationId": re.sub(r"\W+", "-", f"{rule.endpoint} {_path(rule)}").strip("-"),
        "summary": said.get("summary") or note or rule.endpoint.replace(".", ": "),
        "parameters": [*_parts(rule), *_query(said.get("query", {})), *shared],
        "responses": {
            "200": {"description": "The answer.", "content": {media: {} for media in _media(rule, said)}},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _parts(rule: Rule) -> Iterable[dict[str, object]]:
    for kind, options, name in _PART.findall(rule.rule):
        schema: dict[str, object] = {"type": "integer" if kind == "int" else "string"}
        if kind == "any":
            schema["enum"] = [option.strip() for option in options.split(",")]
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(known: Mapping[str, str]) -> Iterable[dict[str, object]]:
    for name, words in known.items():
        kind = "integer" if name == "page" else "string"
        yield {"name": name, "in": "query", "description": words, "schema": {"type": kind}}


def _media(rule: Rule, said: Mapping[str, Any]) -> list[str]:
    if "media" in said:
        return list(said["media"])
    options = [options.split(",") for kind, options, _ in _PART.findall(rule.rule) if kind == "any"]
    if options:
        return list(dict.fromkeys(MEDIA[option.strip()] for option in options[-1] if option.strip() in MEDIA))
    suffix = rule.rule.rpartition(".")[2]
    return [MEDIA[suffix]] if suffix in MEDIA else [HTML]


def _is_file(rule: Rule) -> bool:
    return "." in rule.rule.rpartition("/")[2]
