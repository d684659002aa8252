"""Outside records become a source file: what is stated, what is linked, and what is refused, with its reason."""

from collections import Counter
from pathlib import Path

import pytest
from common import CASES, Run
from openpyxl import Workbook

import kg

FOLDER = CASES / "import"
ABOUT = {
    "title": "Harbour register",
    "url": "https://example.org/register",
    "publisher": "The Harbour League",
    "retrieved": "2026-11-01",
    "licence": "https://example.org/terms",
    "language": "en",
}
OPTIONS = [word for name, value in ABOUT.items() for word in (f"--{name}", value)]
TWINS = """@prefix city: <https://w3id.org/migration-governance/id/city/> .
@prefix mg: <https://w3id.org/migration-governance/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
city:haven-fr a mg:City ; rdfs:label "Haven"@en ; mg:country "FR" .
city:haven-tn a mg:City ; rdfs:label "Haven"@en ; mg:country "TN" .
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose snapshot has the little graph and two towns of one name."""
    folder = tmp_path_factory.mktemp("harbours")
    (folder / "twins.ttl").write_text(TWINS, encoding="utf-8")
    kg.build(only=(kg.ROOT / "ontology", CASES / "small.ttl", folder / "twins.ttl"), home=folder)
    return folder


def imported(format: str, file: Path, home: Path) -> kg.Import:
    return kg.import_file(format, file, home / "register.trig", ABOUT, kg.open_snapshot(home))


@pytest.fixture(scope="module")
def activities(home: Path) -> kg.Import:
    return imported("iati", FOLDER / "activities.xml", home)


@pytest.fixture(scope="module")
def rows(home: Path) -> kg.Import:
    return imported("spreadsheet", FOLDER / "rows.csv", home)


def said(done: kg.Import, subject: str, tmp_path: Path) -> set[str]:
    """What the imported file says of one thing, in short names."""
    (tmp_path / "register.trig").write_bytes(done.data)
    quads = kg.load(tmp_path / "register.trig").quads(
        kg.BASE + "source/register", kg.NamedNode(kg.expand(subject) or "")
    )
    return {f"{kg.show(quad.predicate)} {kg.show(quad.object)}" for quad in quads}


def reasons(done: kg.Import) -> Counter[str]:
    return Counter(f"{one.tag} {one.line}: {one.reason}" for one in done.refused)


def test_an_iati_activity_is_a_project_with_its_names_and_dates(activities: kg.Import, tmp_path: Path) -> None:
    assert said(activities, "project:xx-sea-1", tmp_path) == {
        "rdf:type mg:Project",
        "mg:reference XX-SEA-1",
        "schema:name الموانئ",
        "schema:name Quays for newcomers",
        "schema:name Des quais pour les nouveaux venus",
        "rdfs:label الموانئ",
        "rdfs:label Quays for newcomers",
        "rdfs:label Des quais pour les nouveaux venus",
        "schema:startDate 2020-03-01",
        "schema:endDate 2021-06-30",
        "mg:targetCountry TN",
        "mg:sdg sdg:10.7",
    }


def test_equal_titles_are_two_projects_and_one_may_be_part_of_the_other(activities: kg.Import, tmp_path: Path) -> None:
    assert "mg:partOfProject project:xx-sea-1" in said(activities, "project:xx-sea-2", tmp_path)


def test_one_reference_is_one_organisation_whatever_its_name(activities: kg.Import, tmp_path: Path) -> None:
    assert said(activities, "actor:pier-people", tmp_path) == {
        "rdf:type mg:Organisation",
        "mg:iatiOrganisation XX-PIER-7",
        "schema:name Pier People",
        "schema:name The Pier People",
        "rdfs:label Pier People",
    }
    lead = said(activities, "participation:xx-sea-1--pier-people--lead", tmp_path)
    assert {"mg:actor actor:pier-people", "mg:role role:lead"} <= lead


def test_one_name_with_two_references_is_two_organisations(activities: kg.Import) -> None:
    ministries = [kg.shorten(iri) for iri in activities.minted if "ministry" in iri]
    assert ministries == ["actor:ministry-of-health--aa-health", "actor:ministry-of-health--bb-health"]


def test_an_organisation_that_the_graph_knows_by_name_is_that_one(activities: kg.Import, tmp_path: Path) -> None:
    assert said(activities, "actor:sea-fund", tmp_path) == {
        "rdf:type mg:Organisation",
        "schema:name Sea Fund",
        "mg:iatiOrganisation XX-SEA",
    }
    funding = said(activities, "funding:xx-sea-1--sea-fund--11-2020-02-01-chf-1000_5", tmp_path)
    assert {"mg:funder actor:sea-fund", "mg:amount 1000.5", "mg:currency CHF"} <= funding


def test_a_budget_without_a_currency_takes_that_of_its_activity(activities: kg.Import, tmp_path: Path) -> None:
    budget = said(activities, "budget:xx-sea-1--original-2020-01-01-eur-120000", tmp_path)
    assert {"mg:amount 120000", "mg:currency EUR", "mg:budgetOf project:xx-sea-1"} <= budget


def test_every_iati_record_is_taken_or_refused_with_its_line_and_reason(activities: kg.Import) -> None:
    ministries = "actor:ministry-of-health--aa-health (ministry-of-health--aa-health)"
    ministries += ", actor:ministry-of-health--bb-health (ministry-of-health--bb-health)"
    late = "the activity ends on 2021-04-01, before it starts on 2021-05-01"
    assert reasons(activities) == Counter(
        [
            "participating-org 16: its role is not one of 1 to 4",
            "participating-org 17: it has neither a name nor a reference of the usual form",
            "activity-date 18: it is planned, and the actual one is given",
            "activity-date 20: 5000000 is not a date",
            "recipient-country 27: its code is not two capital letters",
            "tag 29: it is no goal or target of the United Nations (vocabularies 2 and 3)",
            "budget 34: its value -500 is not above 0",
            "transaction 43: it gives the same sum, from the same giver on the same day, as one before it",
            "transaction 48: it is neither money nor a commitment received (types 1 and 11)",
            f'participating-org 59: "Ministry of Health" may mean several things; say which: {ministries}',
            f"activity-date 60: {late}",
            f"activity-date 61: {late}",
            "related-activity 63: it is not the activity that this one is a part of (type 1)",
            "budget 64: it has no currency, nor has the activity",
            "iati-activity 69: the identifier XX-SEA-2 is that of an activity before it",
            "iati-identifier 70: what it stands in cannot be used",
            "title 71: what it stands in cannot be used",
            "recipient-country 72: what it stands in cannot be used",
        ]
    )
    assert activities.read["participating-org"] == 9
    assert activities.unused == {"reporting-org": 1, "contact-info": 1}
    assert activities.faults == ()


def test_no_person_of_a_contact_is_imported(activities: kg.Import) -> None:
    assert b"obody" not in activities.data


def test_a_row_is_an_event_with_its_place_project_and_money(rows: kg.Import, tmp_path: Path) -> None:
    assert said(rows, "event:harbour-forum", tmp_path) == {
        "rdf:type mg:Event",
        "schema:name Harbour forum",
        "schema:name Forum du port",
        "rdfs:label Harbour forum",
        "rdfs:label Forum du port",
        "schema:startDate 2019-05",
        "schema:url <https://example.org/forum>",
        "mg:inCity city:north-haven",
        "mg:partOfProject project:harbours",
    }
    assert "mg:amount 1000.5" in said(rows, "funding:harbour-forum--sea-fund--eur-1000_5", tmp_path)


def test_a_row_is_a_participation_named_in_any_language_or_by_its_iri(rows: kg.Import, tmp_path: Path) -> None:
    assert said(rows, "participation:harbours--harbour-league--partner", tmp_path) == {
        "rdf:type mg:Participation",
        "mg:actor actor:harbour-league",
        "mg:activity project:harbours",
        "mg:role role:partner",
        "mg:roleAsStated partenaire",
    }
    assert "mg:since 2019" in said(rows, "participation:harbour-forum--lighthouse-club--host", tmp_path)


def test_an_organisation_of_two_rows_is_one_and_its_city_is_new(rows: kg.Import, tmp_path: Path) -> None:
    club = said(rows, "actor:lighthouse-club", tmp_path)
    assert {"mg:seatIn city:west-haven", "schema:foundingDate 1999", "rdfs:label Club du phare"} <= club
    assert "mg:country TN" in said(rows, "city:west-haven", tmp_path)


def test_every_row_is_taken_or_refused_and_an_unknown_column_is_counted(rows: kg.Import) -> None:
    assert reasons(rows) == Counter(
        [
            'row 6: nothing in the graph is called "chair"',
            'row 7: "Haven" may mean several things; say which: city:haven-fr (Haven), city:haven-tn (Haven)',
            "row 8: the column role says nothing for the kind organisation",
        ]
    )
    assert (rows.read, rows.unused, rows.faults) == ({"row": 7}, {"column our notes": 1}, ())


def test_the_command_writes_a_file_that_builds_and_gives_the_same_bytes_again(
    run: Run, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "register.trig"
    command = ("import", "spreadsheet", FOLDER / "rows.csv", "--source", "register", "--out", out)
    first = run(*command, *OPTIONS, home=home)
    assert (first.returncode, first.stdout.splitlines()[0]) == (0, "row: 7 read, 4 taken, 3 refused")
    written = out.read_bytes()
    assert run(*command, *OPTIONS, home=home).returncode == 2
    twins = home / "twins.ttl"
    kg.build(only=(kg.ROOT / "ontology", CASES / "small.ttl", twins, out), home=tmp_path / "with")
    again = run(*command, "--force", home=tmp_path / "with")
    assert (again.returncode, out.read_bytes()) == (0, written)


def test_what_breaks_a_shape_is_told_and_not_written(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("kind;name;amount;currency;funder\nevent;Free forum;0;EUR;Sea Fund\n")
    out = tmp_path / "register.trig"
    done = run(
        "import", "spreadsheet", tmp_path / "rows.csv", "--source", "register", "--out", out, *OPTIONS, home=home
    )
    assert (done.returncode, out.exists()) == (1, False)
    assert "violation: Give the amount as a decimal number (xsd:decimal) above 0." in done.stdout


def test_a_workbook_is_read_like_a_csv_file(home: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Kind", "Name", "Start", "Country"])
    book.worksheets[0].append(["organisation", "Lighthouse Club", 1999, "TN"])
    book.save(tmp_path / "rows.xlsx")
    done = imported("spreadsheet", tmp_path / "rows.xlsx", home)
    assert "schema:foundingDate 1999" in said(done, "actor:lighthouse-club", tmp_path)


A_DATE = "a date: YYYY, YYYY-MM or YYYY-MM-DD"
BAD = {
    "name\nX": 'FILE:1: there is no column "kind"',
    "kinds,name\nevent,X": 'FILE:1: there is no column "kind"; is it "kinds"?',
    "kind,name,country\nevent,X,tn": 'FILE:2: column country: "tn" is not two capital letters',
    "kind,name,end\nevent,X,2022-02-30": f'FILE:2: column end: "2022-02-30" is not {A_DATE}',
    "kind,name,name\nevent,X,Y": "FILE:1: there are two columns name",
    "kind,name": "FILE: there is no record in it that can be imported as spreadsheet",
    "": "FILE: there is no row in it",
}


@pytest.mark.parametrize("text", BAD)
def test_a_sheet_that_makes_no_sense_is_refused_in_one_sentence(home: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(kg.FileError) as error:
        imported("spreadsheet", file, home)
    assert str(error.value) == BAD[text].replace("FILE", str(file))


BOMB = '<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;">]><iati-activities>&c;</iati-activities>'
NOT_IATI = {
    "<iati-activities><a></iati-activities>": "FILE:1:23: is not XML: mismatched tag",
    BOMB: "FILE:1: declares a DOCTYPE, which may hold entities",
    "<html/>": "FILE:1: this is <html>, not a file of IATI activities",
    '<iati-activities version="1.03"/>': "FILE:1: this is IATI version 1.03; convert it to version 2 first",
}


@pytest.mark.parametrize("text", NOT_IATI)
def test_a_file_that_is_not_iati_is_refused_in_one_sentence(home: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "file.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(kg.FileError) as error:
        imported("iati", file, home)
    assert str(error.value) == NOT_IATI[text].replace("FILE", str(file))


def test_a_source_that_is_not_described_asks_for_what_is_missing(run: Run, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "register.trig"
    done = run("import", "iati", FOLDER / "activities.xml", "--source", "register", "--out", out, home=home)
    asked = "--title, --url, --publisher, --retrieved, --licence (an address as https://…, a day as YYYY-MM-DD)"
    assert (done.returncode, done.stderr) == (2, f"kg import: the source is not described yet: give {asked}\n")


def test_the_licence_is_the_one_that_was_given(rows: kg.Import, tmp_path: Path) -> None:
    assert "dcterms:license <https://example.org/terms>" in said(rows, "source:register", tmp_path)


def test_a_source_of_another_file_is_not_imported_again(run: Run, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "small.trig"
    done = run("import", "iati", FOLDER / "activities.xml", "--source", "small", "--out", out, *OPTIONS, home=home)
    assert done.returncode == 2
    assert "holds the source small already" in done.stderr
