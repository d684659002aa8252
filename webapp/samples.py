"""A query as a piece of code that asks this endpoint: one template in `templates/samples/` per language and library."""

import re
from dataclasses import dataclass

from flask import Flask, render_template

SAMPLES = {
    "curl": "curl",
    "sparqlwrapper": "Python, SPARQLWrapper",
    "pandas": "Python, pandas",
    "rdflib": "Python, rdflib",
    "r": "R",
    "javascript": "JavaScript",
}
"""Template -> what it is called; one that is empty for the form of a query is left out."""


@dataclass(frozen=True)
class Sample:
    """A piece of code, ready to run."""

    name: str
    title: str
    code: str


def use_samples(app: Flask) -> None:
    """The filters that write a query as a text of each language."""
    app.jinja_env.filters.update(python_text=python_text, r_text=r_text, javascript_text=javascript_text)


def samples(kind: str, text: str, endpoint: str) -> list[Sample]:
    """The query as code in every language that suits its form (select, ask, construct)."""
    text = text.replace("\r\n", "\n").strip("\n")
    joint = "&" if "?" in endpoint else "?"  # the endpoint may be seen through a lens
    values = {"kind": kind, "text": text, "endpoint": endpoint, "joint": joint, "mark": _unlike_any_line(text)}
    found = [Sample(name, title, render_template(f"samples/{name}.txt", **values)) for name, title in SAMPLES.items()]
    return [sample for sample in found if sample.code.strip()]


def python_text(text: str) -> str:
    """A text of many lines as Python writes it."""
    return '"""\n' + text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '\n"""'


def r_text(text: str) -> str:
    """A text as a raw string of R (4.0 or newer), with as many dashes as it takes."""
    dashes = "-" * (1 + max((len(run) for run in re.findall(r"\)(-*)\"", text)), default=0))
    return f'r"{dashes}(\n{text}\n){dashes}"'


def javascript_text(text: str) -> str:
    """A text as a template literal of JavaScript."""
    return "`\n" + re.sub(r"[\\`]|\$(?=\{)", r"\\\g<0>", text) + "\n`"


def _unlike_any_line(text: str) -> str:
    """A word that ends a here document: QUERY, or longer if that is a line of the text."""
    mark = "QUERY"
    while mark in text.split("\n"):
        mark += "_"
    return mark
