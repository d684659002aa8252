"""The commands that find things, describe them, and tell why and how they are connected."""

import sys
from pathlib import Path
from typing import Any

import click

import kg
from kg.cli.commands import HOME, LANGUAGE, RDF_FORMATS, command


@command("search", "kg search geneve")
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(min=1))
@LANGUAGE
@HOME
def search(text: str, limit: int, lang: str, home: Path | None) -> int:
    """Find things by any of their names, in any language; accents and small misspellings do not matter."""
    snapshot = kg.open_snapshot(home)
    hits = kg.search(snapshot, text, limit, lang)
    for hit in hits:
        kinds = ", ".join(_label(snapshot, iri, lang) for iri in _own(hit.classes))
        also = f" — {hit.name}" if hit.name != hit.label else ""
        click.echo(f"{hit.label}{also}\n    {kg.shorten(hit.iri)}  ({kinds})")
    if not hits:
        click.echo(f'nothing is called like "{text}"', err=True)
    return 0 if hits else 1


@command("describe", "kg describe ICMPD")
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(["text", *RDF_FORMATS]), default="text", show_default=True)
@LANGUAGE
@HOME
def describe(name: str, format_: str, lang: str, home: Path | None) -> None:
    """Everything about one thing: what is said of it, what points to it, and how many sources say so."""
    snapshot = kg.open_snapshot(home)
    found = kg.describe(snapshot, name, lang)
    if format_ != "text":
        sys.stdout.buffer.write(kg.export(snapshot, format_, about=found.iri))
        return
    click.echo(f"{found.label}\n{kg.shorten(found.iri)}\n")
    for fact in found.facts:
        _, predicate, value = fact.statement
        click.echo(f"  {_label(snapshot, predicate.value, lang)}: {_word(snapshot, value, lang)}  {_support(fact)}")
    if found.incoming:
        click.echo("\nPointing here:" if lang != "fr" else "\nCe qui y renvoie :")
    for fact in found.incoming:
        subject, predicate, _ = fact.statement
        click.echo(f"  {_word(snapshot, subject, lang)} — {_label(snapshot, predicate.value, lang)}  {_support(fact)}")


@command("why", "kg why Tunis mg:country")
@click.argument("subject")
@click.argument("predicate", required=False)
@click.argument("object", required=False)
@LANGUAGE
@HOME
def why(subject: str, predicate: str | None, object: str | None, lang: str, home: Path | None) -> None:
    """Show which sources stand behind a statement, or which rule derived it from which statements."""
    snapshot = kg.open_snapshot(home)
    for reason in kg.why(snapshot, subject, predicate, object):
        click.echo(_sentence(snapshot, reason.statement, lang))
        for source in reason.sources:
            click.echo(f"  stated by: {_label(snapshot, source, lang)}  <{source}>")
        for note in reason.annotations:
            for remark, value in note.remarks:
                if getattr(value, "language", None) not in (None, lang):
                    continue
                click.echo(f"  {_label(snapshot, remark, lang)}: {_word(snapshot, value, lang)}")
            for source in note.drawn_from:
                click.echo(f"  drawn, jointly, from: {_label(snapshot, source, lang)}  <{source}>")
        for derivation in reason.derivations:
            click.echo(f"  derived by rule {derivation.rule.name}: {derivation.rule.summary}")
            for premise in derivation.premises:
                click.echo(f"    from: {_sentence(snapshot, premise.statement, lang)}  {_support(premise)}")
        for other in reason.others:
            click.echo(f"  also: {_word(snapshot, other.statement[2], lang)}  {_support(other)}")


@command("path", "kg path Vienna Afrisson --without MC2CM --lang fr")
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@click.option("--most-steps", default=kg.STEPS, show_default=True, help="Longest path looked for.")
@click.option("--paths", "most_paths", default=kg.PATHS, show_default=True, help="How many different paths to tell.")
@click.option("--without", multiple=True, metavar="NAME", help="Do not pass through this.")
@click.option("--most-links", type=int, help="Do not pass through what is linked with more things than this.")
@click.option("--format", "format_", type=click.Choice(kg.PATH_FORMATS), default="text", show_default=True)
@LANGUAGE
@HOME
def path(start: str, end: str, format_: str, lang: str, home: Path | None, **limits: Any) -> None:
    """Tell how A and B are connected, in sentences with sources; parts that were not at the same time are marked."""
    snapshot = kg.open_snapshot(home)
    found = kg.find_paths(snapshot, start, end, lang, **limits)
    sys.stdout.buffer.write(kg.write_paths(snapshot, found, format_, lang))


def _label(store: kg.Store, iri: str, lang: str) -> str:
    return kg.index_of(store).label(iri, lang)[0]


def _word(store: kg.Store, term: kg.Term, lang: str) -> str:
    text = kg.show(term)
    return (
        f"{_label(store, term.value, lang)} ({text})"
        if hasattr(term, "value") and not hasattr(term, "datatype")
        else text
    )


def _sentence(store: kg.Store, statement: kg.Statement, lang: str) -> str:
    subject, predicate, value = statement
    return f"{_word(store, subject, lang)} — {_label(store, predicate.value, lang)} — {_word(store, value, lang)}"


def _support(fact: kg.Fact) -> str:
    names = [kg.readable_tail(graph) for graph in fact.graphs]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"[{', '.join(names[:4])}{more}]"


def _own(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes of the project's ontology; all of them where there is none."""
    return tuple(iri for iri in classes if iri.startswith(kg.ONTOLOGY)) or classes
