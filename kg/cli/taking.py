"""The commands that take the graph, networks and differences away as files."""

import sys
from pathlib import Path
from typing import Any

import click

import kg
from kg.cli.commands import HOME, LANGUAGE, RDF_FORMATS, command, out, put


@command("export", "kg export --format trig --out graph.trig")
@click.option(
    "--format", "format_", type=click.Choice([*RDF_FORMATS, *kg.TABLE_FORMATS]), default="ttl", show_default=True
)
@out("File (or folder, for tables) to write (default: stdout).")
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
        put(data, path)


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
@out("File to write, whole or not at all (default: stdout).")
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
    put(data, out)


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


def _wanted(index: kg.Index, **asked: Any) -> tuple[kg.networks.Wanted, kg.networks.When]:
    """What a network is narrowed to, and the time at which it is looked at; things are named as everywhere."""
    named = {key: tuple(map(index.resolve, asked[key])) for key in ("roles", "themes", "around")}
    dates = {key: kg.periods.period(asked[key]) for key in ("on", "since", "until", "before") if asked[key]}
    years = kg.periods.years(asked["from_year"] or "", asked["to_year"] or "")
    wanted = kg.networks.Wanted(years=years, weight=asked["weight"], backing=asked["sources"], **named)
    return wanted, kg.networks.when(**dates)
