"""The benchmark: `make bench`, or `make bench ARGS=--small` for a try of a few minutes."""

import argparse
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import datasets, engines, machine, pages, report
from bench.datasets import Dataset
from bench.engines import Engine, FailedError, InProcess, Started
from bench.lookups import Lookups
from bench.measuring import Pace, Patience, Question, measure, paced, rate
from bench.report import Figures, GraphFigures
from bench.servers import Client, KGServe, RdflibEndpoint, Server, Virtuoso
from rich.console import Console

import kg

HERE = Path(__file__).parent
DOCUMENT = kg.ROOT / "docs" / "benchmarks.md"

THINGS = {"actor": "actor:actor-0", "event": "event:event-1-1"}
"""What the standard queries ask about in a generated graph; in ours, what their headers say."""
CLIENTS = 4

console = Console(stderr=True)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    statements: int
    standard: Patience
    packs: Patience
    lookup_seconds: float
    page_statements: int


FULL = Plan(1_000_000, Patience(7, 30, 10), Patience(5, 10, 1.5), 5, 100_000)
QUICK = Plan(1_000_000, Patience(3, 10, 2), Patience(2, 4, 0.4), 4, 100_000)
SMALL = Plan(100_000, Patience(3, 5, 2), Patience(1, 2, 0), 2, 20_000)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smaller graph and fewer runs; prints, changes no file")
    parser.add_argument("--quick", action="store_true", help="fewer runs over the same graphs, in half the time")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the generated graph (1)")
    arguments = parser.parse_args()
    plan = SMALL if arguments.small else QUICK if arguments.quick else FULL
    before = os.getloadavg()[0]
    started = time.monotonic()
    with console.status("building the graphs"):
        ours, big = datasets.shipped(), datasets.generated(plan.statements, arguments.seed)
        middling = datasets.generated(plan.page_statements, arguments.seed, "pages")
    small_figures = run("shipped graph", ours, plan, packs=True)
    big_figures = run("generated graph", big, plan, packs=False)
    with working("pages of things"):
        paces = turn_pages(middling, plan.lookup_seconds)
        alone = {what: leaf(dataset, plan.lookup_seconds) for what, dataset in (("shipped", ours), ("generated", big))}
    figures = Figures(
        command=shlex.join(
            ["make", "bench", *(f"ARGS=--{name}" for name in ("small", "quick") if vars(arguments)[name])]
        ),
        seed=arguments.seed,
        minutes=(time.monotonic() - started) / 60,
        load_before=before,
        machine=machine.described(),
        versions=machine.versions(),
        graphs=[big_figures, small_figures],
        pages=paces,
        page_seconds=alone,
        page_statements=plan.page_statements,
    )
    (datasets.PLACE / "figures.json").write_text(json.dumps(asdict(figures), indent=1), encoding="utf-8")
    text = report.write(figures)
    if arguments.small:
        sys.stdout.write(text)
    else:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(text, encoding="utf-8")
        console.print(f"{DOCUMENT.relative_to(kg.ROOT)} written")


def run(what: str, dataset: Dataset, plan: Plan, packs: bool) -> GraphFigures:
    """All measurements over one graph."""
    snapshot = kg.open_snapshot(dataset.home)
    figures = GraphFigures(
        what,
        quads=snapshot.manifest["quads"],
        merged=sum(1 for _ in snapshot.merged()),
        sources=snapshot.manifest["sources"],
        build_seconds=snapshot.manifest["seconds"],
        snapshot_bytes=sum(file.stat().st_size for file in (snapshot.path / "store").iterdir()),
    )
    with ExitStack() as stack:
        up = [server for server in over_http(dataset, packs) if stack.enter_context(running(server, figures))]
        here = [engine for engine in in_process(dataset) if stack.enter_context(running(engine, figures))]
        asked: list[Engine] = [*here, *(client for server in up for client in clients(server))]
        with working(f"{what}: standard queries") as progress:
            figures.standard = measure(asked, standard({} if packs else THINGS), plan.standard, progress)
        if packs:
            with working(f"{what}: questions of the packs") as progress:
                quick = [engine for engine in asked if engine.name != RdflibEndpoint.name]
                figures.packs = measure(quick, questions(snapshot), plan.packs, progress)
        with working(f"{what}: lookups"):
            for server in up:
                look_up(server, lookups(snapshot, server), plan.lookup_seconds, figures)
        for engine in asked:
            figures.memory[engine.name] = engine.memory()
    return figures


def in_process(dataset: Dataset) -> list[InProcess]:
    """The engine that all others are compared with comes first."""
    return [
        InProcess(report.REFERENCE, engines.open_oxigraph_memory, dataset),
        InProcess(report.IN_MEMORY, engines.open_kg_memory, dataset),
        InProcess("pyoxigraph, disk", engines.open_oxigraph_disk, dataset),
        InProcess(report.SNAPSHOT, engines.open_kg_snapshot, dataset),
        InProcess("rdflib", engines.open_rdflib, dataset),
    ]


def over_http(dataset: Dataset, small: bool) -> list[Server]:
    """rdflib-endpoint is asked about the small graph only."""
    installed: list[Server] = [Virtuoso(dataset)] if Virtuoso.program and Virtuoso.console else []
    return [KGServe(dataset), *installed, *([RdflibEndpoint(dataset)] if small else [])]


def clients(server: Server) -> list[Client]:
    """Who asks a server: ours twice, with texts that are new to it each time and with the same."""
    if isinstance(server, KGServe):
        return [Client(server, report.FIRST, fresh=True), Client(server, report.REPEATED)]
    return [Client(server)]


def standard(things: dict[str, str]) -> list[Question]:
    """The twelve queries beside this file, with their parameters filled in."""
    return [filled(kg.read_question(file, ()), things) for file in sorted((HERE / "queries").glob("*.rq"))]


def filled(question: kg.Question, things: dict[str, str]) -> Question:
    values = {parameter.name: things[parameter.name] for parameter in question.parameters if parameter.name in things}
    return Question(question.path.stem, kg.fill(question, values))


def questions(snapshot: kg.Snapshot) -> list[Question]:
    """The questions of the packs that can be asked as they are, and here."""
    found = [question for pack in kg.packs() for question in pack.questions]
    here = [question for question in found if "SERVICE" not in kg.keywords(question.text)]
    ready = [one for one in here if all(parameter.default or not parameter.required for parameter in one.parameters)]
    return [Question(one.name, kg.text_of(snapshot, one.name)) for one in ready]


def lookups(snapshot: kg.Snapshot, server: Server) -> dict[str, Lookups]:
    """What is said of a thousand things, as texts that the server has not seen and as texts that it has."""
    things = [row["thing"].value for row in kg.query(snapshot, (HERE / "things.rq").read_text(encoding="utf-8")).rows]
    template = (HERE / "lookup.rq").read_text(encoding="utf-8")
    paths = tuple(server.path(template.replace("?thing", f"<{thing}>")) for thing in things)
    return {"first time": Lookups(server.port, paths, fresh=True), "repeated": Lookups(server.port, paths)}


def look_up(server: Server, asked: dict[str, Lookups], seconds: float, figures: GraphFigures) -> None:
    """Answers per second of one server, and the processor time that each costs it, after a second to warm up."""
    for when, lookup in asked.items():
        name = f"{server.name}, {when}"
        with noting(figures, name):
            rate(lookup, CLIENTS, 1)
            before = server.work_seconds()
            figures.lookups[name] = rate(lookup, CLIENTS, seconds)
            figures.lookup_seconds[name] = (server.work_seconds() - before) / (figures.lookups[name] * seconds)


def turn_pages(dataset: Dataset, seconds: float) -> dict[str, Pace]:
    """How fast each server that is installed gives the pages of things to several readers."""
    found = {}
    for server in pages.installed(dataset):
        with closing(server), suppress(FailedError, OSError):
            server.start()
            for when in (report.FIRST_TIME, report.AGAIN):
                asked = server.things(fresh=when == report.FIRST_TIME)
                paced(asked, CLIENTS, seconds)  # long enough to have made each page that is asked for again
                found[f"{server.name}, {when}"] = paced(asked, CLIENTS, seconds)
    return found


def leaf(dataset: Dataset, seconds: float) -> float:
    """Seconds that a page of ours takes in the middle, for one reader."""
    with closing(pages.KGPages(dataset)) as server:
        server.start()
        paced(server.things(), 1, 1)
        return paced(server.things(), 1, seconds).median_seconds


@contextmanager
def running(engine: Started, figures: GraphFigures) -> Iterator[bool]:
    """Start an engine, and stop it at the end; False, and a note, where it does not start."""
    with console.status(f"{figures.what}: loading into {engine.name}"), noting(figures, engine.name):
        figures.load_seconds[engine.name] = engine.start()
    try:
        yield engine.name in figures.load_seconds
    finally:
        engine.close()


@contextmanager
def noting(figures: GraphFigures, name: str) -> Iterator[None]:
    """What an engine cannot do is a note in the document; the others are measured all the same."""
    try:
        yield
    except (FailedError, OSError) as error:
        figures.notes.append(f"{figures.what}, {name}: {error}")


@contextmanager
def working(what: str) -> Iterator[report.Progress]:
    """Shows on a terminal what is being done and how far it is."""
    with console.status(what) as status:
        yield lambda step, done, total: status.update(f"{what}: {step}, {done + 1} of {total}")


if __name__ == "__main__":
    main()
