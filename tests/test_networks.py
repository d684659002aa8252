"""Networks out of files: what ties things, since when, and according to whom."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from itertools import combinations
from math import dist
from pathlib import Path
from xml.etree import ElementTree

import igraph
import networkx
import pytest
from common import Run
from openpyxl import load_workbook

import kg
from kg.networks import Ties, Wanted

EX = "https://example.org/"


HARBOURS = {
    "alpha": """
source:alpha mg:readAs readas:whole ; mg:publisherAsStated "Alpha Press" .
event:fair a mg:Event ; schema:startDate "2017-05-04"^^xsd:date ; mg:theme theme:trade ;
  ex:with actor:ann, actor:bob, actor:cat .
""",
    "beta": """
source:beta mg:readAs readas:whole ; mg:publisherAsStated "Beta Post" .
event:fair a mg:Event ; ex:with actor:ann, actor:bob .
event:gala a mg:Event ; schema:startDate "2019"^^xsd:gYear ; ex:with actor:bob ; ex:host actor:cat .
""",
    "gamma": """
source:gamma mg:readAs readas:whole ; mg:publisherAsStated "beta post" .
event:gala ex:with actor:cat .
project:pier schema:startDate "2018"^^xsd:gYear ; ex:with actor:ann, actor:dan .
event:walk a mg:Event ; ex:with actor:cat, actor:dan .
actor:eve ex:alone true . event:night ex:with actor:eve .
""",
}
PAIRS = """#+ summary: Who was with whom
#+ summary_fr: Qui fut avec qui
#+ description: Things are tied by what they are with.
#+ description_fr: Les choses sont liées par ce avec quoi elles sont.
#+ caveats: It says little.
#+ caveats_fr: Cela dit peu.
#+ tags: [test]
PREFIX ex: <https://example.org/>
PREFIX role: <https://w3id.org/migration-governance/vocab/role/>
SELECT ?member ?through ?role ?source {
  { GRAPH ?source { ?through ex:with ?member } BIND (role:participant AS ?role) }
  UNION { GRAPH ?source { ?through ex:host ?member } BIND (role:host AS ?role) }
} ORDER BY ?member ?through
"""
ARROWS = PAIRS.replace(
    "SELECT ?member ?through ?role ?source {", "SELECT (?through AS ?from) (?member AS ?to) ?through ?role ?source {"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of queries with two networks."""
    place = tmp_path / "queries"
    (place / "networks").mkdir(parents=True)
    for name, text in {"together": PAIRS, "arrows": ARROWS, "wrong": PAIRS.replace("?through", "?via")}.items():
        (place / "networks" / f"{name}.rq").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def ties(graph: Callable[..., kg.Store], folder: Path) -> Ties:
    """Who was together with whom in the harbours."""
    declared = f"@prefix ex: <{EX}> .\n"
    return kg.networks.read(graph(**{name: declared + text for name, text in HARBOURS.items()}), "together", folder)


def named(ties: Ties, **wanted: object) -> dict[str, tuple[int, int]]:
    """Each tie by the short names of its ends, with its weight and its independent sources."""
    network = ties.network(Wanted(**wanted))  # type: ignore[arg-type]
    ends = {tie: f"{tie.one.rpartition('/')[2]}-{tie.other.rpartition('/')[2]}" for tie in network.ties}
    return {ends[tie]: (tie.weight, tie.backing) for tie in network.ties}


def parsed(written: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(written)  # noqa: S314  (we wrote it)


def actor(name: str) -> str:
    return f"{kg.BASE}id/actor/{name}"


def test_every_two_members_are_tied_and_each_tie_counts_what_ties_and_who_says_so(ties: Ties) -> None:
    # Bob and Cat: both at the fair by alpha; at the gala bob by beta, cat by beta and gamma, which are one press
    assert named(ties) == {
        "ann-bob": (1, 2),
        "ann-cat": (1, 1),
        "ann-dan": (1, 1),
        "bob-cat": (2, 2),
        "cat-dan": (1, 1),
    }


def test_what_sources_say_only_together_has_no_independent_source(graph: Callable[..., kg.Store], folder: Path) -> None:
    said = {"one": "event:e ex:with actor:ann .", "two": "event:e ex:with actor:bob ."}
    texts = {
        name: f'@prefix ex: <{EX}> . source:{name} mg:publisherAsStated "{name}" ; mg:readAs readas:whole . {text}'
        for name, text in said.items()
    }
    ties = kg.networks.read(graph(**texts), "together", folder)
    assert named(ties) == {"ann-bob": (1, 0)}
    (tie,) = ties.network().ties
    assert not tie.evidence[0].alone
    assert sorted(tie.evidence[0].sources) == [f"{kg.BASE}source/one", f"{kg.BASE}source/two"]


def test_a_network_is_narrowed_by_role_theme_weight_and_sources(ties: Ties) -> None:
    vocabulary = kg.BASE + "vocab/"
    assert named(ties, roles=(vocabulary + "role/host",)) == {}
    assert named(ties, themes=(vocabulary + "theme/trade",)) == {
        "ann-bob": (1, 2),
        "ann-cat": (1, 1),
        "bob-cat": (1, 1),
    }
    assert named(ties, weight=2) == {"bob-cat": (2, 2)}
    assert named(ties, backing=2) == {"ann-bob": (1, 2), "bob-cat": (2, 2)}


def test_things_without_a_tie_are_there_until_ties_must_weigh_something(ties: Ties) -> None:
    assert actor("eve") in ties.network().nodes
    assert sorted(ties.network(Wanted(weight=2)).nodes) == [actor("bob"), actor("cat")]


def test_years_leave_out_what_surely_was_not_then_and_count_what_has_no_date(ties: Ties) -> None:
    network = ties.network(Wanted(years=kg.periods.years("2019", "")))
    # the gala was in 2019, the pier may last still, the fair is over; the walk (two) and the night (one) have no date
    assert sorted(iri.rpartition("/")[2] for iri in network.nodes) == ["ann", "bob", "cat", "dan"]
    assert len(network.ties) == 2
    assert network.undated == 3


def test_around_a_thing_are_what_it_is_tied_to_and_the_ties_among_those(ties: Ties) -> None:
    assert named(ties, around=(actor("bob"),)) == {"ann-bob": (1, 2), "ann-cat": (1, 1), "bob-cat": (2, 2)}
    assert list(ties.network(Wanted(around=(actor("eve"),))).nodes) == [actor("eve")]


def test_a_file_with_two_ends_makes_arrows(graph: Callable[..., kg.Store], folder: Path) -> None:
    store = graph(alpha=f"@prefix ex: <{EX}> . event:e ex:with actor:ann, actor:bob .")
    network = kg.networks.read(store, "arrows", folder).network()
    event = f"{kg.BASE}id/event/e"
    assert [(tie.one, tie.other) for tie in network.ties] == [(event, actor("ann")), (event, actor("bob"))]


def test_a_network_that_is_not_there_or_has_no_ends_is_one_sentence(ties: Ties, folder: Path) -> None:
    with pytest.raises(kg.UnknownNetworkError, match='no network "togeter": did you mean "together"'):
        kg.networks.read(kg.Store(), "togeter", folder)
    with pytest.raises(kg.HeaderError, match=r"\?member \?through"):
        kg.networks.read(kg.Store(), "wrong", folder)


def test_a_network_too_large_says_how_to_narrow_it(ties: Ties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.networks.ties.MOST_PAIRS", 3)
    with pytest.raises(kg.NetworkTooLargeError, match="look around"):
        ties.network()
    assert len(ties.network(Wanted(around=(actor("eve"),))).nodes) == 1


@pytest.mark.parametrize(
    ("spans", "change"),
    [
        ([("2016", "2016")], "absent"),
        ([("2016", "2018")], "left"),
        ([("2016", "2018"), ("2022", "2023")], "stayed"),
        ([("2022", "2022")], "joined"),
        ([("2020-05-04", "2020-05-04")], "between"),
        ([("2017", "")], "uncertain"),
        ([("", "")], "undated"),
        ([("", ""), ("2022", "2022")], "uncertain"),
        ([("2018", "2018"), ("2022", "2022")], "stayed"),
    ],
)
def test_between_two_dates_a_thing_joins_leaves_stays_or_is_not_known_to(
    spans: list[tuple[str, str]], change: str
) -> None:
    found = [kg.periods.span([start], [end]) for start, end in spans]
    assert kg.networks.change(found, kg.periods.period("2018"), kg.periods.period("2022")) == change


@pytest.mark.parametrize(
    ("spans", "word"),
    [
        ([("2016", "2018")], "only"),
        ([("2016", "2018"), ("2019", "2019")], "later"),
        ([("2016", "2018"), ("", "")], "perhaps"),
        ([("2016", "")], "perhaps"),
        ([("2016", "2018"), ("2017", "2019")], "later"),
        ([("", "")], "undated"),
    ],
)
def test_only_before_a_day_is_what_surely_was_over(spans: list[tuple[str, str]], word: str) -> None:
    found = [kg.periods.span([start], [end]) for start, end in spans]
    assert kg.networks.only_before(found, date(2019, 1, 1)) == word


def test_two_members_are_tied_while_both_are_there(graph: Callable[..., kg.Store], folder: Path) -> None:
    query = PAIRS.replace("SELECT ?member ?through", "SELECT ?member ?through ?start").replace(
        "GRAPH ?source { ?through ex:with ?member }",
        "GRAPH ?source { ?through ex:with ?member . OPTIONAL { ?member ex:since ?start } }",
    )
    (folder / "networks" / "since.rq").write_text(query, encoding="utf-8")
    dates = 'schema:startDate "2015" ; schema:endDate "2020"'
    text = f'project:p {dates} ; ex:with actor:a, actor:b . actor:b ex:since "2018" .'
    (tie,) = kg.networks.read(graph(one=f"@prefix ex: <{EX}> . {text}"), "since", folder).network().ties
    states = [
        kg.networks.When(on=kg.periods.period(year)).of(tie.evidence) for year in ("2017", "2018", "2020", "2021")
    ]
    assert states == ["absent", "there", "there", "absent"]


def test_measures_are_those_worked_out_by_hand(ties: Ties) -> None:
    # ann and cat lie on both shortest ways from bob to dan; of the pair ann and cat, none does
    found = {iri.rpartition("/")[2]: one for iri, one in kg.networks.measure(ties.network()).items()}
    assert {name: (one.degree, one.strength, one.betweenness) for name, one in found.items()} == {
        "ann": (3, 3, 0.5),
        "bob": (2, 3, 0.0),
        "cat": (3, 4, 0.5),
        "dan": (2, 2, 0.0),
        "eve": (0, 0, 0.0),
    }
    assert found["eve"].community == 0
    assert {found[name].community for name in ("ann", "bob", "cat", "dan")} <= {1, 2}


def test_things_stand_in_the_same_place_each_time_and_none_on_another(shipped: kg.Snapshot) -> None:
    places = [kg.networks.place(kg.networks.read(shipped, "co-participation").network()) for _ in range(2)]
    assert places[0] == places[1]
    points = list(places[0].values())
    assert min(dist(one, other) for one, other in combinations(points, 2)) > 25


@pytest.mark.parametrize("name", [question.name.partition("/")[2] for question in kg.networks.known()])
def test_every_network_is_there_and_can_be_taken_along_in_every_format(shipped: kg.Snapshot, name: str) -> None:
    network = kg.networks.read(shipped, name).network()
    assert network.ties
    for kind in kg.networks.FORMATS:
        assert kg.networks.write_network(network, kind) == kg.networks.write_network(network, kind)


def test_a_file_says_how_ties_were_made_and_of_which_snapshot(shipped: kg.Snapshot) -> None:
    network = kg.networks.read(shipped, "funding").network(language="fr")
    for kind in ("graphml", "gexf", "json"):
        text = kg.networks.write_network(network, kind).decode()
        assert shipped.id in text
        assert "Le poids compte les financements" in text
    for kind in ("csv", "nodes.csv"):
        row = next(csv.DictReader(StringIO(kg.networks.write_network(network, kind).decode())))
        assert (row["query"], row["snapshot"]) == ("queries/networks/funding.rq", shipped.id)
    book = load_workbook(BytesIO(kg.networks.write_network(network, "xlsx")))
    assert book.sheetnames == ["ties", "things", "method"]
    assert shipped.id in [cell.value for cell in book["method"]["B"]]


@pytest.mark.parametrize("when", [None, kg.networks.when(on=kg.periods.period("2017"))])
def test_tables_without_lines_have_their_columns(ties: Ties, when: kg.networks.When | None) -> None:
    full, empty = ties.network(), ties.network(kg.networks.Wanted(weight=99))
    for kind in ("csv", "nodes.csv"):
        heads = [kg.networks.write_network(one, kind, when).partition(b"\r\n")[0] for one in (full, empty)]
        assert heads[0] == heads[1] != b""
    books = [load_workbook(BytesIO(kg.networks.write_network(one, "xlsx", when))) for one in (full, empty)]
    for sheet in ("ties", "things"):
        rows = [[cell.value for cell in next(book[sheet].rows)] for book in books]
        assert rows[0] == rows[1] != []


def test_other_programs_read_the_files(ties: Ties, tmp_path: Path) -> None:
    network = ties.network()
    (tmp_path / "n.graphml").write_bytes(kg.networks.write_network(network, "graphml"))
    read = networkx.read_graphml(tmp_path / "n.graphml")
    assert (read.number_of_nodes(), read.number_of_edges()) == (5, 5)
    assert read.edges[actor("bob"), actor("cat")]["weight"] == 2
    again = igraph.Graph.Read_GraphML(str(tmp_path / "n.graphml"))
    assert (again.vcount(), again.ecount(), again.is_directed()) == (5, 5, False)


def test_a_tie_of_a_dynamic_file_has_a_spell_for_each_dated_thing_that_makes_it(ties: Ties) -> None:
    root = parsed(kg.networks.write_network(ties.network(), "gexf"))
    space = {"g": "http://gexf.net/1.3"}
    edges = {(e.get("source"), e.get("target")): e for e in root.iterfind(".//g:edge", space)}

    def spells(one: str, other: str) -> list[dict[str, str]]:
        return [spell.attrib for spell in edges[actor(one), actor(other)].iterfind(".//g:spell", space)]

    assert spells("bob", "cat") == [
        {"start": "2017-05-04", "end": "2017-05-04"},
        {"start": "2019-01-01", "end": "2019-12-31"},
    ]
    assert spells("ann", "dan") == [{"start": "2018-01-01"}]
    assert spells("cat", "dan") == []


def test_with_a_time_each_line_of_a_file_has_its_state(ties: Ties) -> None:
    when = kg.networks.when(since=kg.periods.period("2017"), until=kg.periods.period("2019"))
    lines = csv.DictReader(StringIO(kg.networks.write_network(ties.network(), "csv", when).decode()))
    states = {f"{line['from'].rpartition('/')[2]}-{line['to'].rpartition('/')[2]}": line["state"] for line in lines}
    assert states == {
        "ann-bob": "left",
        "ann-cat": "left",
        "ann-dan": "uncertain",
        "bob-cat": "stayed",
        "cat-dan": "undated",
    }


@pytest.mark.parametrize("sign", ["\\u0001", "\\uFFFF"])
def test_a_label_with_characters_that_xml_forbids_still_makes_a_file(
    graph: Callable[..., kg.Store], folder: Path, sign: str
) -> None:
    text = f'@prefix ex: <{EX}> . event:e ex:with actor:a, actor:b . actor:a rdfs:label "<b>{sign} & é"@en .'
    network = kg.networks.read(graph(one=text), "together", folder).network()
    for kind in ("graphml", "gexf"):
        elements = parsed(kg.networks.write_network(network, kind)).iter()
        assert any("<b>\ufffd & é" in (one.text or "", *one.attrib.values()) for one in elements)


def test_actors_that_appear_only_before_2019_are_those_of_a_query_by_hand(shipped: kg.Snapshot) -> None:
    network = kg.networks.read(shipped, "actors-and-activities").network()
    when = kg.networks.when(before=kg.periods.period("2019"))
    found = {iri for iri, node in network.nodes.items() if node.kind == "actor" and when.of(node.evidence) == "only"}
    rows = kg.query(shipped, ONLY_BEFORE_2019).rows
    assert found == {row["actor"].value for row in rows}
    assert len(found) == 29


ONLY_BEFORE_2019 = """
SELECT DISTINCT ?actor WHERE {
  ?actor a ?class . FILTER (?class IN (mg:Actor, org:Post))
  { ?some mg:actor ?actor ; mg:activity ?any } UNION { ?some mg:funder ?actor ; mg:fundedActivity ?any }
  FILTER NOT EXISTS {
    { ?one mg:actor ?actor ; mg:activity ?act } UNION { ?one mg:funder ?actor ; mg:fundedActivity ?act }
    FILTER NOT EXISTS {
      { ?act schema:endDate|mg:closes|mg:edtfDate|schema:datePublished ?end }
      UNION { ?act a mg:Event ; schema:startDate ?end . FILTER NOT EXISTS { ?act schema:endDate ?own } }
      FILTER (REGEX(STR(?end), "^[0-9]{4}") && SUBSTR(STR(?end), 1, 4) < "2019")
      FILTER NOT EXISTS {
        ?act ^mg:phaseOf?/(schema:startDate|schema:endDate|mg:closes|mg:edtfDate|schema:datePublished) ?other .
        FILTER (REGEX(STR(?other), "^[0-9]{4}") && SUBSTR(STR(?other), 1, 4) >= "2019")
      }
    }
  }
}"""


def test_the_command_writes_a_network(run: Run, shipped_home: Path, tmp_path: Path) -> None:
    listed = run("network", home=shipped_home)
    assert "co-participation\n    Who works with whom\n" in listed.stdout
    file = tmp_path / "n.gexf"
    made = run(
        "network",
        "cities-at-events",
        "--around",
        "Tangier",
        "--on",
        "2018",
        "--format",
        "gexf",
        "--out",
        file,
        home=shipped_home,
    )
    assert (made.returncode, made.stdout) == (0, "")
    assert b'title="state"' in file.read_bytes()
    table = run("network", "funding", "--sources", 2, home=shipped_home).stdout
    assert all(int(row["independentSources"]) >= 2 for row in csv.DictReader(StringIO(table)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fundin"], 'no network "fundin": did you mean "funding"?'),
        (["funding", "--on", "june"], '"june" is not a date: write 2019, 2019-06 or 2019-06-30'),
        (["funding", "--since", "2018"], "two dates make a comparison"),
        (["funding", "--around", "Atlantis-on-Sea"], "nothing in the graph is called"),
    ],
)
def test_a_network_that_makes_no_sense_is_told_in_one_sentence(
    run: Run, shipped_home: Path, arguments: list[str], sentence: str
) -> None:
    result = run("network", *arguments, home=shipped_home)
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr
