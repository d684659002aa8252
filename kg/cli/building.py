"""The commands that build, check, publish and serve the graph."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

import kg
from kg.cli.commands import HOME, LANGUAGE, command, progress, put

MOST_LINES = 20
"""How many lines are named for one reason why records could not be imported."""


@command("build", "kg build --data mine.ttl")
@click.option(
    "--data", multiple=True, type=click.Path(path_type=Path), help="RDF files or folders to add to the project's graph."
)
@click.option("--only", multiple=True, type=click.Path(path_type=Path), help="Build from these files or folders alone.")
@click.option("--no-report", is_flag=True, help="Leave the report of the shapes for later; `kg validate` makes it.")
@HOME
def build(data: tuple[Path, ...], only: tuple[Path, ...], no_report: bool, home: Path | None) -> None:
    """Build a new snapshot from the files, make it the current one, and check it against the project's shapes."""
    with progress() as show:
        snapshot = kg.build(data, only, home, show)
        click.echo(f"snapshot {snapshot.id}\n{_extent(snapshot.manifest)}")
        if not no_report:
            click.echo(f"shapes: {_counts(kg.report_of(snapshot, show))}")


@command(
    "import", "kg import spreadsheet my.csv --source my-2026 --title … --url … --publisher … --retrieved … --licence …"
)
@click.argument("format_", metavar="iati|spreadsheet", type=click.Choice(kg.IMPORT_FORMATS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, metavar="ID", help="The source to make, such as partners-2026.")
@click.option("--title", help="What the source is called. This and the next four once, then they may be left out.")
@click.option("--url", metavar="URL", help="Where the source is.")
@click.option("--publisher", help="Who published it.")
@click.option("--retrieved", metavar="DATE", help="When it was taken from there: YYYY-MM-DD.")
@click.option("--licence", metavar="URL", help="Under which licence its statements may be passed on.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="The language of the source.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write (default: data/imported/ID.trig).")
@click.option("--force", is_flag=True, help="Write over the file.")
@HOME
def import_(
    format_: str, file: Path, source: str, out: Path | None, force: bool, home: Path | None, **about: str
) -> int:
    """Make a source file of the records in FILE: IATI activities (XML, version 2), or a sheet (CSV or XLSX).

    What FILE speaks of is linked to the current snapshot by identifier or name; what is new there gets an address. The
    file is written if the graph conforms with it, and `kg build` takes it from then on. Every record that is not used
    is named with its line and the reason. A sheet has the columns of queries/import/spreadsheet/columns.rq.
    """
    target = out or kg.ROOT / "data" / "imported" / f"{source}.trig"
    if target.name != f"{source}.trig":
        raise kg.ParameterError(f"--out {target} must be called {source}.trig, after its source")
    if target.exists() and not force:
        raise kg.FileError(target, "is there already; give --force to write over it")
    with progress() as show:
        done = kg.import_file(format_, file, target, about, kg.open_snapshot(home), show)
    _echo_import(done)
    if done.faults:
        click.echo(f"{target}: not written, because the graph would not conform", err=True)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    put(done.data, target)
    return 0


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
    with progress() as show:
        report = _report(paths, shapes, fail_on, home, show)
    if format_ == "ttl":
        sys.stdout.buffer.write(report.turtle)
    elif format_ == "json":
        told = {"conforms": report.conforms, "results": [asdict(result) for result in report.results]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        _echo_report(report, lang)
    return 0 if report.conforms else 1


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
    with progress() as show:
        written = kg.publish(snapshot, kg.Endpoint(url), kg.Endpoint(query_url or url), merge, show)
    click.echo(f"snapshot {snapshot.id}: {written} statements in {len(snapshot.graphs())} graphs at {query_url or url}")


@command("serve", "kg serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--endpoint", metavar="URL", help="Serve what this SPARQL endpoint holds now, copied in full, instead.")
@click.option("--settings", is_flag=True, help="Name the settings of the environment, such as deadlines, and end.")
@HOME
def serve(host: str, port: int, endpoint: str | None, settings: bool, home: Path | None) -> None:
    """Serve the explorer and the SPARQL endpoint over the current snapshot, or over a mirror of a remote engine.

    The mirror is taken at the start and is a snapshot in a folder of its own, which --home can name later on.
    """
    import webapp  # the explorer is only loaded to be served

    if settings:
        click.echo(webapp.settings())
        return
    if endpoint:
        with progress() as show:
            home = kg.mirror(kg.Endpoint(endpoint), home, show).path.parents[1]
        click.echo(f"mirror of {endpoint} in {home}", err=True)
    snapshot = kg.open_snapshot(home)
    click.echo(f"snapshot {snapshot.id} at http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    webapp.serve(kg.home_folder(home), host, port)


def _report(
    paths: tuple[Path, ...],
    shapes: tuple[Path, ...],
    fail_on: str | None,
    home: Path | None,
    show: Callable[[str, int, int], None],
) -> kg.Report:
    """The report of the current snapshot (the one kept with it, where that answers) or of files."""
    if not paths:
        snapshot = kg.open_snapshot(home)
        own = not shapes and not fail_on
        return kg.report_of(snapshot, show) if own else kg.validate(snapshot, shapes, fail_on, show)
    if shapes:
        store = kg.load(*paths, progress=show)
    else:
        store = kg.load(kg.ROOT / "ontology", *paths, progress=show)
        kg.infer(store, kg.rules(), show)
    return kg.validate(store, shapes, fail_on, show)


def _extent(manifest: dict[str, Any]) -> str:
    whole = f"{manifest['quads']} statements, {manifest['derived']} of them derived"
    return f"{whole}, from {manifest['sources']} sources, in {manifest['seconds']} s"


def _counts(report: kg.Report) -> str:
    return ", ".join(f"{report.count(name)} {name}{'' if report.count(name) == 1 else 's'}" for name in kg.SEVERITIES)


def _echo_import(done: kg.Import) -> None:
    """The account of an import: what was read, taken and refused and why, what else stands there, what is new."""
    reasons: dict[tuple[str, str], list[int]] = {}
    for one in done.refused:
        reasons.setdefault((one.tag, one.reason), []).append(one.line)
    for tag, count in done.read.items():
        refused = {reason: lines for (of, reason), lines in reasons.items() if of == tag}
        out = sum(map(len, refused.values()))
        click.echo(f"{tag}: {count} read, {count - out} taken, {out} refused")
        for reason, lines in refused.items():
            more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
            click.echo(f"    {reason}  [{len(lines)}]: line {', '.join(map(str, lines[:MOST_LINES]))}{more}")
    if done.unused:
        click.echo("not imported: " + ", ".join(f"{what} {count}" for what, count in sorted(done.unused.items())))
    click.echo(f"things: {done.known} known, {len(done.minted)} new; {done.statements} statements")
    for result in done.faults:
        value = f" = {result.value}" if result.value else ""
        click.echo(f"violation: {result.message}  {result.label} ({kg.shorten(result.focus)}) {result.path}{value}")


def _fault(result: kg.Result) -> str:
    value = f" = {result.value}" if result.value else ""
    where = ", ".join(result.files) or ", ".join(result.graphs)
    return f"{result.label} ({kg.shorten(result.focus)}) {result.path}{value}  {where}"


def _echo_report(report: kg.Report, lang: str) -> None:
    groups: dict[tuple[str, str], list[kg.Result]] = {}
    for result in report.results:
        message = result.message_fr if lang == "fr" else result.message
        groups.setdefault((result.severity, message), []).append(result)
    for (severity, message), results in groups.items():
        click.echo(f"{severity}: {message}  [{len(results)}]")
        for fault, number in Counter(map(_fault, results)).items():
            click.echo(f"    {fault}" + (f"  ({number} constraints)" if number > 1 else ""))
    click.echo(("conforms: " if report.conforms else "does not conform: ") + _counts(report))
