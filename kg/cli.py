"""The commands: read arguments, call kg, print, exit.

Exit status: 0 all well, 1 the graph has faults or differs, 2 the request made no sense.
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from inspect import cleandoc
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import kg

HOME = click.option(
    "--home", type=click.Path(path_type=Path), help="Folder of the snapshots (default: $KG_HOME or .kg)."
)
LANGUAGE = click.option("--lang", default="en", show_default=True, help="Language of labels and questions: en or fr.")
EXAMPLE = "\b\nExample:\n  "
QUERY_FORMATS = ["table", "csv", "tsv", "json", "xml", "md", "ttl", "nt", "jsonld", "rdf"]
RDF_FORMATS = ["ttl", "trig", "nt", "nq", "jsonld", "rdf"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kg.__version__, prog_name="kg")
def main() -> None:
    """Build, check and question a knowledge graph of migration governance actors."""


def command(name: str, example: str, apart: bool = False) -> Callable[[Callable[..., int | None]], click.Command]:
    """A command whose KGErrors become one sentence on stderr and exit status 2; `apart`, in a process of its own."""

    def wrap(function: Callable[..., int | None]) -> click.Command:
        def run(**arguments: Any) -> None:
            work = partial(function, **arguments)
            sys.exit(_status(name, partial(_apart, name, work) if apart else work))

        run.__doc__ = f"{cleandoc(function.__doc__ or '')}\n\n{EXAMPLE}{example}"
        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        return main.command(name)(run)

    return wrap


@command("build", "kg build --data mine.ttl")
@click.option(
    "--data", multiple=True, type=click.Path(path_type=Path), help="RDF files or folders to add to the project's graph."
)
@click.option("--only", multiple=True, type=click.Path(path_type=Path), help="Build from these files or folders alone.")
@click.option("--no-report", is_flag=True, help="Leave the report of the shapes for later; `kg validate` makes it.")
@HOME
def build(data: tuple[Path, ...], only: tuple[Path, ...], no_report: bool, home: Path | None) -> None:
    """Build a new snapshot from the files, make it the current one, and check it against the project's shapes."""
    with _progress() as progress:
        snapshot = kg.build(data, only, home, progress)
        click.echo(f"snapshot {snapshot.id}\n{_extent(snapshot.manifest)}")
        if not no_report:
            click.echo(f"shapes: {_counts(kg.report_of(snapshot, progress))}")


@command("validate", "kg validate data.ttl --shapes shapes.ttl")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--shapes", multiple=True, type=click.Path(path_type=Path), help="Shape files or folders instead of the project's."
)
@click.option("--fail-on", type=click.Choice(["violation", "warning", "info"]), help="Mildest severity that fails.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "ttl"]), default="text", show_default=True)
@LANGUAGE
@HOME
def validate(
    paths: tuple[Path, ...], shapes: tuple[Path, ...], fail_on: str | None, format_: str, lang: str, home: Path | None
) -> int:
    """Check the current snapshot, or files, against SHACL shapes.

    Files are checked together with the ontology and what its rules derive, unless --shapes names other shapes.
    Exit status 1 when there are violations; with --shapes, when there is any result, as the W3C report has it.
    """
    with _progress() as progress:
        report = _report(paths, shapes, fail_on, home, progress)
    if format_ == "ttl":
        sys.stdout.buffer.write(report.turtle)
    elif format_ == "json":
        _echo_json({"conforms": report.conforms, "results": [asdict(result) for result in report.results]})
    else:
        _echo_report(report, lang)
    return 0 if report.conforms else 1


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


@command("search", "kg search geneve")
@click.argument("text")
@click.option("--limit", default=10, show_default=True)
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


@command("network", "kg network co-participation --on 2019 --format gexf --out partners.gexf")
@click.argument("name", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(kg.networks.FORMATS),
    default="csv",
    show_default=True,
    help="csv has the ties, nodes.csv the things.",
)
@click.option("--role", "roles", multiple=True, metavar="NAME", help="Only what has this role; several: any of them.")
@click.option("--theme", "themes", multiple=True, metavar="NAME", help="Only what is on this theme.")
@click.option("--from-year", metavar="DATE", help="Only what may have been in this year or later.")
@click.option("--to-year", metavar="DATE", help="Only what may have been in this year or earlier.")
@click.option("--weight", default=1, show_default=True, help="Only ties through so many things.")
@click.option("--sources", default=0, show_default=True, help="Only ties that so many independent sources state.")
@click.option(
    "--around", multiple=True, metavar="NAME", help="Only this, what is tied to it, and the ties among those."
)
@click.option("--on", metavar="DATE", help="Say what was there at that time: 2019, 2019-06 or 2019-06-30.")
@click.option("--since", metavar="DATE", help="With --until: say what joined and left between the two.")
@click.option("--until", metavar="DATE")
@click.option("--before", metavar="DATE", help="Say what was there only before that time.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write, whole or not at all (default: stdout).")
@LANGUAGE
@HOME
def network(name: str | None, format_: str, out: Path | None, lang: str, home: Path | None, **asked: Any) -> None:
    """Write a network as a file: things, the ties between them, what makes each, who says so, and when.

    Without NAME: which networks there are. Each is a file under queries/networks/.
    """
    if name is None:
        for question in kg.networks.known():
            click.echo(f"{question.name.split('/')[1]}\n    {question.said('summary', lang)}")
        return
    snapshot = kg.open_snapshot(home)
    wanted, when = _wanted(kg.index_of(snapshot), **asked)
    data = kg.networks.write_network(kg.networks.read(snapshot, name).network(wanted, lang), format_, when)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        kg.write_file(out, data)
        click.echo(f"{out}: {len(data)} bytes", err=True)


@command("cite", "kg cite cities/in-phase --format bibtex")
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


@command("verify", "kg verify 'http://127.0.0.1:8000/answer?snapshot=…&result=…&query=…'")
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


@command("export", "kg export --format trig --out graph.trig")
@click.option(
    "--format", "format_", type=click.Choice([*RDF_FORMATS, *kg.TABLE_FORMATS]), default="ttl", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path), help="File (or folder, for tables) to write (default: stdout).")
@click.option("--about", metavar="NAME", help="Only what is said about one thing.")
@click.option("--source", metavar="ID", help="Only what one source states.")
@LANGUAGE
@HOME
def export(format_: str, out: Path | None, about: str | None, source: str | None, lang: str, home: Path | None) -> None:
    """Write the graph, or a part of it, in an RDF syntax or as tables.

    As csv or parquet: one row per statement and source, with IRIs and labels. With --out FOLDER (a folder, or a name
    without an extension): that table, and one for each class in queries/lists with a row per thing. As xlsx: a
    workbook of the latter, a sheet for each class; of a part (--about, --source), its statements. Parquet needs
    polars.
    """
    snapshot = kg.open_snapshot(home)
    if format_ in kg.TABLE_FORMATS:
        files = _tables(snapshot, format_, out, about, source, lang)
    else:
        files = {out: kg.export(snapshot, format_, about, source)}
    for path, data in files.items():
        if path is None:
            sys.stdout.buffer.write(data)
        else:
            kg.write_file(path, data)
            click.echo(f"{path}: {len(data)} bytes", err=True)


@command("diff", "kg diff 3f2a old.ttl")
@click.argument("old")
@click.argument("new", required=False)
@HOME
def diff(old: str, new: str | None, home: Path | None) -> int:
    """Show the statements removed (-) and added (+) from OLD to NEW.

    Each is a snapshot id or a path; NEW is the current snapshot unless given.
    """
    after = kg.open_any(new, home) if new else kg.open_snapshot(home)
    difference = kg.diff(kg.open_any(old, home), after)
    for sign, quads in (("-", difference.removed), ("+", difference.added)):
        for quad in quads:
            click.echo(f"{sign} {quad} .")
    click.echo(f"{len(difference.added)} added, {len(difference.removed)} removed", err=True)
    return 1 if difference.added or difference.removed else 0


@command("publish", "kg publish http://127.0.0.1:3030/graph/update --query http://127.0.0.1:3030/graph/query")
@click.argument("url")
@click.option("--query", "query_url", metavar="URL", help="Where that engine answers queries (default: at URL too).")
@click.option("--merge", is_flag=True, help="Also put all statements into its default graph, if that is not the union.")
@HOME
def publish(url: str, query_url: str | None, merge: bool, home: Path | None) -> None:
    """Write the current snapshot into a remote SPARQL engine that takes updates at URL.

    Each named graph is replaced; graphs of the project that are no more are dropped; graphs of others stay.
    """
    snapshot = kg.open_snapshot(home)
    with _progress() as progress:
        written = kg.publish(snapshot, kg.Endpoint(url), kg.Endpoint(query_url or url), merge, progress)
    click.echo(f"snapshot {snapshot.id}: {written} statements in {len(snapshot.graphs())} graphs at {query_url or url}")


@command("serve", "kg serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@HOME
def serve(host: str, port: int, home: Path | None) -> None:
    """Serve the explorer and the SPARQL endpoint over the current snapshot."""
    import webapp  # the explorer is only loaded to be served

    snapshot = kg.open_snapshot(home)
    click.echo(f"snapshot {snapshot.id} at http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    webapp.serve(kg.home_folder(home), host, port)


def _status(name: str, work: Callable[[], int | None]) -> int:
    """The exit status of a command; the sentence of a KGError goes to stderr."""
    try:
        status = work() or 0
        sys.stdout.flush()
    except kg.KGError as error:
        click.echo(f"kg {name}: {error}", err=True)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _apart(name: str, work: Callable[[], int | None]) -> int:
    """The exit status of a command run in a child process, so that an engine that breaks down is told in one sentence.

    The engine aborts its process, for one, when ORDER BY meets values that it cannot bring into one order.
    """
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            _finish(name, work, errors.fileno())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended < 0:
            raise kg.QueryFailedError(
                f"the engine broke down on this query ({signal.Signals(-ended).name}); if it orders values of"
                " different kinds (ORDER BY), order by STR(…) instead"
            )
        errors.seek(0)
        sys.stderr.write(errors.read().decode(errors="replace"))
    return ended


def _finish(name: str, work: Callable[[], int | None], errors: int) -> NoReturn:
    os.dup2(errors, sys.stderr.fileno())
    status = 1
    try:
        status = _status(name, work)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _wanted(index: kg.Index, **asked: Any) -> tuple[kg.networks.Wanted, kg.networks.When]:
    """What a network is narrowed to, and the time at which it is looked at; things are named as everywhere."""
    named = {key: tuple(map(index.resolve, asked[key])) for key in ("roles", "themes", "around")}
    dates = {key: kg.periods.period(asked[key]) for key in ("on", "since", "until", "before") if asked[key]}
    years = kg.periods.years(asked["from_year"] or "", asked["to_year"] or "")
    wanted = kg.networks.Wanted(years=years, weight=asked["weight"], backing=asked["sources"], **named)
    return wanted, kg.networks.when(**dates)


def _query_text(what: str) -> tuple[str, str]:
    """The query to run and its name for messages; a question of the packs stays its name."""
    if what == "-":
        return sys.stdin.read(), "the query on stdin"
    path = Path(what)
    if path.suffix or path.exists():
        try:
            return path.read_text(encoding="utf-8"), what
        except (OSError, UnicodeDecodeError) as error:
            raise kg.FileError(path, f"cannot be read: {getattr(error, 'strerror', error)}") from error
    kg.question(what)
    return what, what


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise kg.ParameterError(f"--param {text} is not NAME=VALUE")
    return name, value


def _tables(
    snapshot: kg.Snapshot, format_: str, out: Path | None, about: str | None, source: str | None, lang: str
) -> dict[Path | None, bytes]:
    """The tables asked for, by the files they go to; None stands for stdout."""
    if out is None and format_ != "csv" and sys.stdout.isatty():
        raise kg.FormatError(f"{format_} is not for a terminal: give --out FILE")
    folder = out is not None and format_ != "xlsx" and (out.is_dir() or not out.suffix)
    if out is None or not folder:
        return {out: kg.export_table(snapshot, format_, about, source, lang)}
    if about or source:
        raise kg.ParameterError("a folder takes the whole graph: leave out --about and --source, or name a file")
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise kg.FileError(out, f"cannot be made: {error.strerror}") from error
    return {out / name: data for name, data in kg.write_folder(snapshot, format_, lang).items()}


def _report(
    paths: tuple[Path, ...],
    shapes: tuple[Path, ...],
    fail_on: str | None,
    home: Path | None,
    progress: Callable[[str, int, int], None],
) -> kg.Report:
    """The report of the current snapshot (the one kept with it, where that answers) or of files."""
    if not paths:
        snapshot = kg.open_snapshot(home)
        own = not shapes and not fail_on
        return kg.report_of(snapshot, progress) if own else kg.validate(snapshot, shapes, fail_on, progress)
    if shapes:
        store = kg.load(*paths, progress=progress)
    else:
        store = kg.load(kg.ROOT / "ontology", *paths, progress=progress)
        kg.infer(store, kg.rules(), progress)
    return kg.validate(store, shapes, fail_on, progress)


def _extent(manifest: dict[str, Any]) -> str:
    whole = f"{manifest['quads']} statements, {manifest['derived']} of them derived"
    return f"{whole}, from {manifest['sources']} sources, in {manifest['seconds']} s"


def _counts(report: kg.Report) -> str:
    return ", ".join(f"{report.count(name)} {name}{'' if report.count(name) == 1 else 's'}" for name in kg.SEVERITIES)


def _echo_report(report: kg.Report, lang: str) -> None:
    groups: dict[tuple[str, str], list[kg.Result]] = {}
    for result in report.results:
        message = result.message_fr if lang == "fr" else result.message
        groups.setdefault((result.severity, message), []).append(result)
    for (severity, message), results in groups.items():
        click.echo(f"{severity}: {message}  [{len(results)}]")
        for result in results:
            value = f" = {result.value}" if result.value else ""
            where = ", ".join(result.files) or ", ".join(result.graphs)
            click.echo(f"    {result.label} ({kg.shorten(result.focus)}) {result.path}{value}  {where}")
    click.echo(("conforms: " if report.conforms else "does not conform: ") + _counts(report))


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


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True))


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


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr when it is a terminal, nothing otherwise."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield show


if __name__ == "__main__":
    main()
