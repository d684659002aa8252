"""The commands that ask questions, and cite and check their answers."""

import sys
from pathlib import Path

import click
from rich.console import Console

import kg
from kg.cli.commands import HOME, LANGUAGE, command

QUERY_FORMATS = ["table", "csv", "tsv", "json", "xml", "md", "ttl", "nt", "jsonld", "rdf"]


@command("query", "kg query cities/in-phase --param phase=phase:phase-1", apart=True)
@click.argument("what")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the question.")
@click.option(
    "--format", "format_", type=click.Choice(QUERY_FORMATS), help="Default: table on a terminal, csv (ttl) when piped."
)
@click.option("--data", multiple=True, type=click.Path(path_type=Path), help="Ask these files or folders alone.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint.")
@click.option("--explain", is_flag=True, help="Instead of the answer: what it leaves out or repeats, why it is empty.")
@LANGUAGE
@HOME
def query(
    what: str,
    parameters: tuple[str, ...],
    format_: str | None,
    data: tuple[Path, ...],
    endpoint: str | None,
    explain: bool,
    lang: str,
    home: Path | None,
) -> None:
    """Answer WHAT: a question of the packs (PACK/QUESTION), a file with a SPARQL query, or - for stdin."""
    if data and endpoint:
        raise kg.ParameterError("--data and --endpoint each say what to ask: choose one")
    values = dict(_parameter(text) for text in parameters)
    text, name = _query_text(what)
    if values and text != what:
        raise kg.ParameterError("--param belongs to questions of the packs; write the values into the query itself")
    store: kg.Store | kg.Endpoint
    store = kg.Endpoint(endpoint) if endpoint else kg.load(*data) if data else kg.open_snapshot(home)
    filled = kg.text_of(store, text, **values)
    if explain:
        if isinstance(store, kg.Endpoint):
            raise kg.ParameterError("--explain asks a graph that is here: leave out --endpoint")
        _echo_advice(kg.advise(store, filled, lang), lang)
        return
    if isinstance(store, kg.Snapshot) and kg.speaks_of_description(filled):
        store = kg.description(store)
    answer = store.query(filled, name=name)
    terminal = sys.stdout.isatty()
    chosen = format_ or ("table" if terminal else "ttl" if answer.kind == "construct" else "csv")
    sys.stdout.buffer.write(kg.write_answer(answer, chosen, Console().width if terminal else None))


@command("packs", "kg packs cities --lang fr")
@click.argument("pack", required=False)
@click.option("--format", "format_", type=click.Choice(["text", "ttl"]), default="text", show_default=True)
@LANGUAGE
def packs(pack: str | None, format_: str, lang: str) -> None:
    """List the questions, in words, with their parameters; as ttl, with their queries, for editors."""
    known = kg.packs()
    chosen = [p for p in known if pack in (None, p.name)]
    if not chosen:
        raise kg.UnknownQueryError(str(pack), [p.name for p in known])
    questions = [question for one in chosen for question in one.questions]
    if format_ == "ttl":
        sys.stdout.buffer.write(kg.write_statements(kg.examples(questions), "ttl"))
        return
    for question in questions:
        click.echo(f"{question.name}\n    {question.said('summary', lang)}")
        for p in question.parameters:
            given = f", default {p.default}" if p.default is not None else "" if p.required else ", optional"
            click.echo(f"    --param {p.name}=…  ({p.type}{given})")


@command("cite", "kg cite cities/in-phase --format bibtex", apart=True)
@click.argument("what")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the question.")
@click.option(
    "--format", "format_", type=click.Choice(["link", "bibtex", "ris", "csl"]), default="link", show_default=True
)
@HOME
def cite(what: str, parameters: tuple[str, ...], format_: str, home: Path | None) -> None:
    """Give a link that fixes the snapshot, the query and its result, for `kg verify` and for bibliographies."""
    values = dict(_parameter(text) for text in parameters)
    text, _ = _query_text(what)
    snapshot = kg.open_snapshot(home)
    title = kg.question(what).summary if text == what else ""
    citation = kg.cite(snapshot, kg.text_of(snapshot, text, **values), title)
    written = {"bibtex": citation.bibtex, "ris": citation.ris, "csl": citation.csl}
    click.echo(written[format_]() if format_ in written else citation.link)


@command("verify", "kg verify 'http://127.0.0.1:8000/answer?snapshot=…&result=…&query=…'", apart=True)
@click.argument("link")
@HOME
def verify(link: str, home: Path | None) -> int:
    """Run a cited query again: same (exit 0), changed with the rows added and removed (1), or cannot run (2)."""
    verdict = kg.verify(link, home)
    for sign, rows in (("-", verdict.removed), ("+", verdict.added)):
        for row in rows:
            click.echo(f"{sign} {row}")
    click.echo(verdict.sentence)
    return 0 if verdict.same else 1


def _query_text(what: str) -> tuple[str, str]:
    """The query to run and its name for messages; a question of the packs stays its name."""
    path = Path(what)
    try:
        if what == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig"), "the query on stdin"
        if path.suffix or path.exists():
            return path.read_text(encoding="utf-8-sig"), what
    except (OSError, UnicodeDecodeError) as error:
        raise kg.FileError(path, f"cannot be read: {getattr(error, 'strerror', error)}") from error
    kg.question(what)
    return what, what


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise kg.ParameterError(f"--param {text} is not NAME=VALUE")
    return name, value


def _echo_advice(advice: kg.Advice, lang: str) -> None:
    for one in (*advice.empty, *advice.warnings, *advice.unchecked):
        click.echo(f"{'ligne' if lang == 'fr' else 'line'} {one.line}: {one.said(lang)}  [{one.kind}]")
        if one.rewrite:
            rows = "" if one.rows is None else f" ({one.rows})"
            click.echo(f"  {'réécrite' if lang == 'fr' else 'rewritten'}{rows}:")
            lines = [line for line in one.rewrite.splitlines() if not line.startswith("#+")]
            click.echo("\n".join(f"    {line}".rstrip() for line in "\n".join(lines).strip().splitlines()) + "\n")
    if not (advice.empty or advice.warnings or advice.unchecked):
        click.echo("rien à signaler" if lang == "fr" else "nothing to report")
