"""The figures as a document in Markdown: report.md with its tables filled in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from bench.measuring import Pace, Progress, Table

REFERENCE = "pyoxigraph, memory"
IN_MEMORY, SNAPSHOT = "kg, memory", "kg, snapshot"
FIRST, REPEATED = "kg serve, first time", "kg serve, repeated"
SERVER, VIRTUOSO, ENDPOINT = "kg serve", "Virtuoso", "rdflib-endpoint"
TRIFID, DATASETTE = "Trifid", "Datasette"
FIRST_TIME, AGAIN = "first time", "repeated"
KINDS_OF_FAULT = {"refused": "refused", "more than": "too slow"}
NONE = "\N{EN DASH}"
ENGINES = [REFERENCE, IN_MEMORY, "pyoxigraph, disk", SNAPSHOT, FIRST, REPEATED, VIRTUOSO, "rdflib", ENDPOINT]
AGGREGATES = ["classes", "events-per-year", "money-per-theme", "roles", "sources"]
"""The standard queries that read the whole graph and give a few numbers."""

__all__ = ["Figures", "GraphFigures", "Progress", "write"]


@dataclass
class GraphFigures:
    """What was measured over one graph; seconds, bytes, and answers per second."""

    what: str
    quads: int
    merged: int
    sources: int
    build_seconds: float
    snapshot_bytes: int
    standard: Table = field(default_factory=lambda: Table([]))
    packs: Table | None = None
    lookups: dict[str, float] = field(default_factory=dict)
    lookup_seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    load_seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class Figures:
    """One run of the benchmark; the large graph comes first."""

    command: str
    seed: int
    minutes: float
    load_before: float
    machine: str
    versions: dict[str, str]
    graphs: list[GraphFigures]
    pages: dict[str, Pace] = field(default_factory=dict)
    page_seconds: dict[str, float] = field(default_factory=dict)
    page_statements: int = 0


@dataclass(frozen=True)
class Goal:
    """Something wanted, at the most or at the least, and what was measured of it."""

    what: str
    wanted: float
    measured: float | None
    at_least: bool = False

    def row(self) -> list[str]:
        bound = f"{'≥' if self.at_least else '≤'} {self.wanted:g}"
        if self.measured is None:
            return [self.what, bound, "not measured", ""]
        met = self.measured >= self.wanted if self.at_least else self.measured <= self.wanted
        return [self.what, bound, f"{self.measured:.2f}", "met" if met else "**not met**"]


def write(figures: Figures) -> str:
    """The document."""
    big, small = figures.graphs
    template = Template(Path(__file__).with_name("report.md").read_text(encoding="utf-8"))
    return template.substitute(
        command=figures.command,
        date=datetime.now(UTC).date().isoformat(),
        machine=figures.machine,
        versions=", ".join(f"{name} {number}" for name, number in figures.versions.items()),
        minutes=f"{figures.minutes:.0f}",
        load=f"{figures.load_before:.1f}",
        seed=figures.seed,
        quads=f"{big.quads:,}",
        merged=f"{big.merged:,}",
        sources=f"{big.sources:,}",
        small_quads=f"{small.quads:,}",
        goals=goals(figures, big, small),
        pages=pages(figures),
        page_statements=f"{figures.page_statements:,}",
        big=queries(big.standard),
        small=queries(small.standard),
        packs=packs(small.packs),
        lookups=lookups(big, small),
        holding=holding(big, small),
        aggregates=aggregates(big.standard),
        notes=notes(figures),
    )


def goals(figures: Figures, big: GraphFigures, small: GraphFigures) -> str:
    """Each goal beside what was measured, met or not."""
    table = big.standard
    found = [
        Goal("in process, `kg.load` ÷ pyoxigraph in memory", 1.15, table.ratio(IN_MEMORY, REFERENCE)),
        Goal("in process, `kg.open_snapshot` ÷ pyoxigraph in memory", 1.15, table.ratio(SNAPSHOT, REFERENCE)),
        Goal("lookups, first time, `kg serve` ÷ Virtuoso", 2, per_second(big, "first time", VIRTUOSO), True),
        Goal("lookups, repeated, `kg serve` ÷ Virtuoso", 2, per_second(big, "repeated", VIRTUOSO), True),
        Goal("lookups, first time, `kg serve` ÷ rdflib-endpoint", 10, per_second(small, "first time", ENDPOINT), True),
        Goal("lookups, repeated, `kg serve` ÷ rdflib-endpoint", 10, per_second(small, "repeated", ENDPOINT), True),
        Goal("repeated queries, Virtuoso ÷ `kg serve`, sums", 5, table.ratio(VIRTUOSO, REPEATED), True),
        Goal("repeated queries, Virtuoso ÷ `kg serve`, where least", 5, least(table, VIRTUOSO, REPEATED), True),
        Goal("memory, all processes of `kg serve` ÷ one copy of the store", 1.5, share(big)),
        Goal("pages of things per second, `kg serve` ÷ Trifid", 5, turned(figures, TRIFID), True),
        Goal("pages of things per second, `kg serve` ÷ Datasette", 2, turned(figures, DATASETTE), True),
        Goal("repeated pages per second, `kg serve` ÷ Trifid", 5, turned(figures, TRIFID, AGAIN), True),
        Goal("page of a thing, shipped graph, ms", 15, leafed(figures, "shipped")),
        Goal("page of a thing, generated graph, ms", 30, leafed(figures, "generated")),
    ]
    return grid(["what", "goal", "measured", ""], [goal.row() for goal in found])


def queries(table: Table) -> str:
    """Median milliseconds by query and engine, their sum, and its ratio to the reference over what both answer."""
    names = [name for name in ENGINES if name in table.engines]
    rows = [
        [name, str(table.rows.get(name, "")), *(cell(table, name, engine) for engine in names)] for name in table.faults
    ]
    sums = ["**sum**", "", *(amount(table.total(engine, table.shared(engine))) for engine in names)]
    ratios = ["**ratio**", "", *(ratio(table, engine) for engine in names)]
    return grid(["query", "rows", *names], [*rows, sums, ratios])


def cell(table: Table, question: str, engine: str) -> str:
    if fault := table.faults[question].get(engine):
        return next((word for start, word in KINDS_OF_FAULT.items() if fault.startswith(start)), "wrong")
    return amount(table.seconds[question][engine])


def ratio(table: Table, engine: str) -> str:
    """Compared with the reference; how many queries stand behind it where those are not all."""
    found, answered, asked = table.ratio(engine, REFERENCE), len(table.shared(engine)), len(table.faults)
    if found is None:
        return NONE
    return f"**{found:.2f}**" + (f" ({answered} of {asked})" if answered < asked else "")


def packs(table: Table | None) -> str:
    """By engine: how many questions are answered rightly, the sum of their medians, and its ratio to the reference."""
    if table is None:
        return ""
    rows = []
    for engine in (name for name in ENGINES if name in table.engines):
        kinds = [cell(table, question, engine) for question in table.faults]
        right = table.shared(engine)
        found = table.ratio(engine, REFERENCE)
        counts = [str(kinds.count(word)) for word in ("wrong", "refused", "too slow")]
        rows.append([engine, str(len(right)), *counts, amount(table.total(engine, right)), f"{found or 0:.2f}"])
    return grid(["engine", "as the reference", "differs", "refused", "too slow", "sum, ms", "ratio"], rows)


def lookups(big: GraphFigures, small: GraphFigures) -> str:
    """Answers per second by server, and the milliseconds of processor time for one."""
    rows = [[name, *looked_up(big, name), *looked_up(small, name)] for name in small.lookups]
    return grid(["server", "generated graph, per s", "ms of CPU each", "shipped graph, per s", "ms of CPU each"], rows)


def looked_up(graph: GraphFigures, name: str) -> list[str]:
    rate, seconds = graph.lookups.get(name), graph.lookup_seconds.get(name)
    return [NONE if rate is None else f"{rate:,.0f}", NONE if seconds is None else amount(seconds)]


def pages(figures: Figures) -> str:
    """Pages of things per second, and the milliseconds that one takes in the middle."""
    rows = [[name, f"{pace.per_second:,.0f}", amount(pace.median_seconds)] for name, pace in figures.pages.items()]
    installed = {name.partition(",")[0] for name in figures.pages}
    missing = [[name, "not installed", ""] for name in (TRIFID, DATASETTE) if name not in installed]
    return grid(["server", "pages per s", "median ms"], [*rows, *missing])


def turned(figures: Figures, other: str, when: str = FIRST_TIME) -> float | None:
    ours, theirs = (figures.pages.get(f"{server}, {when}") for server in (SERVER, other))
    return ours.per_second / theirs.per_second if ours and theirs and theirs.per_second else None


def leafed(figures: Figures, graph: str) -> float | None:
    seconds = figures.page_seconds.get(graph)
    return None if seconds is None else 1000 * seconds


def holding(big: GraphFigures, small: GraphFigures) -> str:
    """Seconds to load, and megabytes held while serving."""
    rows = [["`kg build`, and its store on disk", *built(big), *built(small)]]
    for name in [*(name for name in ENGINES if name not in (FIRST, REPEATED)), SERVER]:
        rows.append([name, *held(big, name), *held(small, name)])
    return grid(["", "generated graph, s", "MB", "shipped graph, s", "MB"], rows)


def built(graph: GraphFigures) -> list[str]:
    return [f"{graph.build_seconds:.1f}", f"{graph.snapshot_bytes / 1e6:,.0f}"]


def held(graph: GraphFigures, name: str) -> list[str]:
    seconds, size = graph.load_seconds.get(name), graph.memory.get(FIRST if name == SERVER else name)
    return [NONE if seconds is None else f"{seconds:.1f}", NONE if size is None else f"{size / 1e6:,.0f}"]


def aggregates(table: Table) -> str:
    """Whole-graph aggregates asked for the first time beside Virtuoso and beside the engine itself."""
    rows = []
    for name in AGGREGATES:
        seconds = table.seconds.get(name, {})
        if seconds.keys() >= {FIRST, VIRTUOSO, REFERENCE}:
            first = seconds[FIRST]
            rows.append([name, f"{first / seconds[VIRTUOSO]:.1f}", f"{first / seconds[REFERENCE]:.1f}"])
    return grid(["query", "kg serve first time ÷ Virtuoso", "÷ pyoxigraph in memory"], rows)


def notes(figures: Figures) -> str:
    """Every answer that was not timed, and why; every engine that is missing."""
    found = [f"* {note}" for graph in figures.graphs for note in graph.notes]
    if figures.versions["Virtuoso"] == "not installed":
        found.append(
            "* Virtuoso is not installed (Debian, Ubuntu: `apt install virtuoso-opensource`); it has no column."
        )
    for graph in figures.graphs:
        for table in filter(None, (graph.standard, graph.packs)):
            for question, faults in table.faults.items():
                found += [f"* {graph.what}, {question}, {engine}: {short(fault)}" for engine, fault in faults.items()]
    return "\n".join(found) or "None."


def per_second(graph: GraphFigures, when: str, other: str) -> float | None:
    rates = graph.lookups
    ours, theirs = rates.get(f"{SERVER}, {when}"), rates.get(f"{other}, {when}")
    return ours / theirs if ours and theirs else None


def share(graph: GraphFigures) -> float | None:
    """What the serving processes hold, compared with one that holds the graph in memory."""
    ours, one = graph.memory.get(FIRST), graph.memory.get(REFERENCE)
    return ours / one if ours and one else None


def least(table: Table, engine: str, other: str) -> float | None:
    found = [table.seconds[name][engine] / table.seconds[name][other] for name in table.shared(engine, other)]
    return min(found, default=None)


def amount(seconds: float) -> str:
    """Milliseconds, to three digits or so."""
    thousandths = seconds * 1000
    return (
        f"{thousandths:,.0f}"
        if thousandths >= 100
        else f"{thousandths:.1f}"
        if thousandths >= 1
        else f"{thousandths:.2f}"
    )


def short(fault: str) -> str:
    line = " ".join(fault.split())
    return line if len(line) <= 140 else line[:139] + "…"


def grid(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
