"""The tables on the page of a thing: each row says how many sources stand behind it, and leads to them."""

import re
from html import unescape
from pathlib import Path

import pytest
from common import Make, Visit
from flask.testing import FlaskClient

import kg

SOURCE = "source:{0} a mg:Source ; dcterms:title '{1}'@en ; mg:readAs readas:excerpt ; mg:publisherAsStated '{1}' .\n"
BOTH = """
event:fair a mg:Event ; mg:inCity city:port .
showing:nets-bay a mg:Showing ; mg:showingOf exhibition:nets .
participation:nets--league--carrier a mg:Participation ;
  mg:actor actor:league ; mg:activity exhibition:nets ; mg:role role:carrier .
funding:sea--fund a mg:Funding ; mg:funder actor:fund ; mg:fundedActivity project:sea .
"""
HERALD = """
event:talk a mg:Event ; mg:inCity city:port .
event:tour a mg:Event ; mg:inCity city:port , city:bay ; mg:venue venue:quay .
event:evening a mg:Event ; schema:superEvent event:tour ; mg:partOfDay "evening"@en .
event:noon a mg:Event ; schema:superEvent event:tour ; mg:partOfDay "afternoon"@en .
event:outset a mg:Event ; schema:superEvent event:tour ; mg:partOfDay "morning"@en .
exhibition:nets a mg:Exhibition ; mg:supportedBy call:sea-call ; mg:shownAt venue:hall ; mg:inCity city:port .
showing:nets-bay mg:venue venue:quay .
showing:nets-abroad a mg:Showing ; mg:showingOf exhibition:nets .
showing:nets-port a mg:Showing ; mg:showingOf exhibition:nets ; mg:inCity city:port .
venue:quay a mg:Venue ; mg:inCity city:bay .
venue:hall a mg:Venue ; mg:inCity city:port ; mg:within city:port .
project:sea a mg:Project . phase:one a mg:Phase ; mg:phaseOf project:sea . event:fair mg:inPhase phase:one .
"""
COURIER = "exhibition:nets mg:partOfProject project:sea ."
LABELS = """
source:labels a mg:Curation ; dcterms:title "Labels"@en .
city:port a mg:City ; rdfs:label "Port"@en . city:bay a mg:City ; rdfs:label "Bay"@en .
event:fair rdfs:label "Fair"@en . event:talk rdfs:label "Talk"@en . event:tour rdfs:label "Tour"@en .
event:evening rdfs:label "Supper"@en . event:noon rdfs:label "Noon"@en . event:outset rdfs:label "Start"@en .
exhibition:nets rdfs:label "Nets"@en . venue:quay rdfs:label "Quay"@en . venue:hall rdfs:label "Hall"@en .
showing:nets-bay rdfs:label "Nets at the quay"@en . showing:nets-abroad rdfs:label "Nets abroad"@en .
showing:nets-port rdfs:label "Nets in port"@en . call:sea-call a mg:Call ; rdfs:label "Sea call"@en .
actor:league a mg:Network ; rdfs:label "League"@en . actor:fund a mg:Organisation ; rdfs:label "Fund"@en .
project:sea rdfs:label "Sea"@en . phase:one rdfs:label "Phase one"@en .
"""
PANELS = sorted((kg.ROOT / "queries" / "panels").glob("*/*.rq"))
SUMMED_UP = {"actor/40-partners", "city/40-partners"}
"""Panels whose rows count several ties."""


def named(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@pytest.fixture(scope="module")
def harbour(snapshot: Make, visit: Visit) -> FlaskClient:
    """A reader of what two papers and a list of labels say."""
    herald, courier = (SOURCE.format(name, name.title()) + BOTH for name in ("herald", "courier"))
    return visit(snapshot(herald=herald + HERALD, courier=courier + COURIER, labels=LABELS))


def words(html: str) -> str:
    """What a page or a part of one says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows(client: FlaskClient, page: str, panel: str) -> list[dict[str, str]]:
    """The rows of a table on the page of a thing, as texts by heading; the address of the last cell as `leads to`."""
    text = client.get(f"/page/{page}").text
    section = re.search(rf'<section id="{panel}".*?</section>', text, re.DOTALL)
    assert section, f"no {panel} on {page}"
    lines = re.findall(r"<tr>(.*?)</tr>", section[0], re.DOTALL)
    headings = [words(cell) for cell in re.findall(r"<th.*?</th>", lines[0], re.DOTALL)]
    found = []
    for line in lines[1:]:
        cells = re.findall(r"<td.*?</td>", line, re.DOTALL)
        address = re.search(r'href="([^"]+)"', cells[-1])
        told = dict(zip(headings, map(words, cells), strict=True))
        found.append(told | {"leads to": unescape(address[1]) if address else ""})
    return found


def test_a_row_counts_the_sources_of_its_statement_and_leads_to_them(harbour: FlaskClient) -> None:
    held = {row["Event or exhibition"]: row for row in rows(harbour, "city/port?lang=en", "city-20-held")}
    assert {name: row["According to"] for name, row in held.items()} == {
        "Fair": "2 sources",
        "Nets": "1 source",
        "Nets in port": "1 source",
        "Talk": "1 source",
        "Tour": "1 source",
    }
    why = words(harbour.get(held["Fair"]["leads to"]).text)
    assert "Fair in the city Port Stated by 2 sources Courier" in why
    assert "Herald" in why


def test_a_statement_of_the_thing_itself_is_counted_like_one_that_points_to_it(harbour: FlaskClient) -> None:
    shown = rows(harbour, "exhibition/nets?lang=en", "exhibition-14-shown")
    assert [tuple(row[name] for name in ("Stop", "Venue", "City", "According to")) for row in shown] == [
        ("", "Hall", "Port", "1 source"),
        ("Nets abroad", "", "", "1 source"),
        ("Nets at the quay", "Quay", "Bay", "2 sources"),
        ("Nets in port", "", "Port", "1 source"),
    ]
    assert "Nets shown at Hall Stated by 1 source Herald" in words(harbour.get(shown[0]["leads to"]).text)
    assert "Nets at the quay showing of Nets Stated by 2 sources" in words(harbour.get(shown[2]["leads to"]).text)


def test_a_participation_or_a_funding_leads_to_its_own_page(harbour: FlaskClient) -> None:
    carrier, call = rows(harbour, "exhibition/nets?lang=en", "exhibition-10-carried")
    assert (carrier["Who"], carrier["According to"]) == ("League", "2 sources")
    assert carrier["leads to"] == "/page/participation/nets--league--carrier?lang=en"
    assert (call["Who"], call["As"], call["According to"]) == ("Sea call", "supported by", "1 source")
    assert "Nets supported by Sea call Stated by 1 source" in words(harbour.get(call["leads to"]).text)
    (funding,) = rows(harbour, "project/sea?lang=en", "activity-30-money")
    assert (funding["Funder"], funding["According to"]) == ("Fund", "2 sources")
    assert funding["leads to"] == "/page/funding/sea--fund?lang=en"


def test_what_only_a_rule_says_counts_no_source_and_leads_to_the_rule(harbour: FlaskClient) -> None:
    parts = {row["Partie"]: row for row in rows(harbour, "project/sea?lang=fr", "project-40-parts")}
    told = {re.sub(" en langue en$", "", name): row["Selon"] for name, row in parts.items()}
    assert told == {"Phase one": "1 source", "Nets": "1 source", "Fair": "par règle"}
    (derived,) = (row["leads to"] for row in parts.values() if row["Selon"] == "par règle")
    assert "Déduit" in words(harbour.get(derived).text)
    bay = rows(harbour, "city/bay?lang=en", "city-20-held")
    assert [(row["Event or exhibition"], row["According to"]) for row in bay] == [
        ("Tour", "1 source"),
        ("Nets at the quay", "by rule"),
    ]


def test_through_a_lens_only_the_sources_that_pass_are_counted(harbour: FlaskClient) -> None:
    seen = "lang=en&evidence=two-sources"
    (fair,) = rows(harbour, f"city/port?{seen}", "city-20-held")
    assert (fair["Event or exhibition"], fair["According to"]) == ("Fair", "2 sources")
    assert "evidence=two-sources" in fair["leads to"]
    assert "Stated by 2 sources" in words(harbour.get(fair["leads to"]).text)
    (carrier,) = rows(harbour, f"exhibition/nets?{seen}", "exhibition-10-carried")
    assert (carrier["Who"], carrier["According to"]) == ("League", "2 sources")


def test_an_exhibition_stands_with_its_stops_unless_a_source_puts_it_in_the_city(harbour: FlaskClient) -> None:
    bay, port = (
        [row["Event or exhibition"] for row in rows(harbour, f"city/{city}?lang=en", "city-20-held")]
        for city in ("bay", "port")
    )
    assert bay == ["Tour", "Nets at the quay"]
    assert {"Nets", "Nets in port"} < set(port)


def test_a_city_names_only_venues_that_lie_in_it(harbour: FlaskClient) -> None:
    bay, port = (
        {
            row["Event or exhibition"]: row.get("Venue", "")
            for row in rows(harbour, f"city/{city}?lang=en", "city-20-held")
        }
        for city in ("bay", "port")
    )
    assert (bay["Tour"], port["Tour"]) == ("Quay", "")


def test_parts_of_a_day_follow_the_day(harbour: FlaskClient) -> None:
    programme = rows(harbour, "event/tour?lang=en", "event-10-programme")
    assert [row["Part"] for row in programme] == ["Start", "Noon", "Supper"]


def test_what_lies_in_a_city_is_named_once(harbour: FlaskClient) -> None:
    (hall,) = rows(harbour, "city/port?lang=en", "place-55-inside")
    assert (hall["Thing"], hall["Relation"], hall["According to"]) == ("Hall", "in the city", "1 source")


@pytest.mark.parametrize("file", PANELS, ids=named)
def test_each_panel_says_who_says_so(file: Path) -> None:
    question = kg.read_question(file)
    columns = question.columns.keys()
    excused = question.view in ("map", "network") or question.name in SUMMED_UP or "source" in columns
    assert excused or ("sources" in columns and columns & {"record", "property"})


@pytest.fixture(scope="module")
def things(shipped: kg.Snapshot) -> list[str]:
    """Everything of the shipped graph that has a class."""
    found = kg.query(shipped, "SELECT DISTINCT ?thing { ?thing a ?class } ORDER BY ?thing").rows
    return [row["thing"].value for row in found if isinstance(row["thing"], kg.NamedNode)]


STATED = [file for file in PANELS if "property" in kg.read_question(file).columns]


@pytest.mark.parametrize("file", STATED, ids=named)
def test_the_count_of_a_row_is_that_of_the_sources_of_its_statement(
    shipped: kg.Snapshot, things: list[str], file: Path
) -> None:
    question, rules = kg.read_question(file), {rule.graph for rule in kg.rules()}
    needs = kg.needs_of(question.text, "_thing_iri")
    asked = [thing for thing in things if kg.meets(shipped, thing, needs)]
    example = kg.expand(question.parameters[0].default or "") or ""
    for thing in (example, *asked[:: max(1, len(asked) // 40)]):
        answer = shipped.query(kg.fill(question, {"thing": thing})).rows
        assert answer or thing != example
        for row in answer:
            if row.get("record") is None:
                here = kg.NamedNode(thing)
                ends = row.get("subject") or here, row["property"], row.get("object") or here
                (graphs,) = shipped.statements(*ends).values()  # type: ignore[arg-type]
                assert row["sources"] == kg.Literal(len(set(graphs) - rules)), (thing, row)
