"""Question files: their headers, and their parameters."""

import re
from pathlib import Path

import pytest

import kg
from kg import queries

HEADER = """#+ summary: Cities in a country.
#+ summary_fr: Villes d'un pays.
#+ description: Every city that a source places there.
#+ description_fr: Toute ville qu'une source y situe.
#+ tags: [cities]
"""


def question(folder: Path, body: str, header: str = HEADER) -> queries.Question:
    (folder / "cities").mkdir(exist_ok=True)
    file = folder / "cities" / "in.rq"
    file.write_text(header + body)
    return queries.read(file)


def test_a_question_is_known_by_pack_and_name_in_two_languages(tmp_path: Path) -> None:
    one = question(tmp_path, "SELECT * { ?s ?p ?o }")
    assert (one.name, one.said("summary", "en"), one.said("summary", "fr")) == (
        "cities/in",
        "Cities in a country.",
        "Villes d'un pays.",
    )


def test_packs_are_folders_and_what_is_no_pack_is_left_out(tmp_path: Path) -> None:
    question(tmp_path, "SELECT * { ?s ?p ?o }")
    (tmp_path / "cities" / "pack.yaml").write_text("title: Cities\ntitle_fr: Villes\n")
    (tmp_path / "panels" / "city").mkdir(parents=True)
    packs = queries.packs(tmp_path)
    assert [(pack.name, pack.said("title", "en"), pack.said("title", "fr"), len(pack.questions)) for pack in packs] == [
        ("cities", "Cities", "Villes", 1)
    ]


def test_a_pack_without_a_title_in_both_languages_is_refused(tmp_path: Path) -> None:
    question(tmp_path, "SELECT * { ?s ?p ?o }")
    (tmp_path / "cities" / "pack.yaml").write_text("title: Cities\n")
    with pytest.raises(kg.HeaderError, match="title_fr"):
        queries.packs(tmp_path)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "there is no #+ header"),
        ("#+ summary: [\n", "is not YAML"),
        (HEADER.replace("#+ tags: [cities]\n", ""), "lacks `tags`"),
        (HEADER + "#+ colour: red\n", "unknown key in the header: colour"),
        (HEADER + "#+ view: pie\n", "view `pie`"),
        (HEADER + "#+ defaults:\n#+   - other: 1\n", "a default or choice for no parameter: other"),
    ],
)
def test_a_header_that_is_not_right_is_refused_with_the_file(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(kg.HeaderError, match=f"in.rq: .*{re.escape(says)}"):
        question(tmp_path, "SELECT * { ?s ?p ?o }", header)


@pytest.mark.parametrize(
    ("variable", "value", "term"),
    [
        ("?_x_iri", "city:tunis", f"<{kg.BASE}id/city/tunis>"),
        ("?_x_integer", "42", '"42"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("?_x_number", "4.2", '"4.2"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("?_x_literal", 'a "b" \\ ?c', '"a \\"b\\" \\\\ ?c"'),
        ("?_x_fr", "Tunis", '"Tunis"@fr'),
        ("?_x_xsd_date", "2021-11-02", '"2021-11-02"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
)
def test_a_parameter_goes_in_as_a_serialised_term(tmp_path: Path, variable: str, value: str, term: str) -> None:
    one = question(tmp_path, f"SELECT * {{ ?s ?p {variable} }}")
    assert queries.fill(one, {"x": value}) == one.text.replace(variable, term)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("?_x_iri", "no iri"), ("?_x_integer", "4.2"), ("?_x_number", "many"), ("?_x_number", "NaN")],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, variable: str, value: str) -> None:
    one = question(tmp_path, f"SELECT * {{ ?s ?p {variable} }}")
    with pytest.raises(kg.ParameterError, match=f'x="{value}" is not a value of type'):
        queries.fill(one, {"x": value})


def test_a_missing_or_unknown_parameter_is_named(tmp_path: Path) -> None:
    one = question(tmp_path, "SELECT * { ?s ?p ?_country_literal }")
    with pytest.raises(kg.ParameterError, match="needs country=…"):
        queries.fill(one, {})
    with pytest.raises(kg.ParameterError, match=r'no parameter "state" \(it has: country\)'):
        queries.fill(one, {"state": "TN"})


def test_defaults_choices_and_optional_parameters(tmp_path: Path) -> None:
    header = HEADER + "#+ defaults:\n#+   - country: TN\n#+ enumerate:\n#+   - country: [TN, MA]\n"
    one = question(tmp_path, "SELECT * { ?s ?_country_literal ?__kind_iri }", header)
    assert queries.fill(one, {}) == one.text.replace("?_country_literal", '"TN"')
    with pytest.raises(kg.ParameterError, match="not one of TN, MA"):
        queries.fill(one, {"country": "FR"})


def test_a_name_becomes_an_iri_when_names_can_be_resolved(tmp_path: Path) -> None:
    one = question(tmp_path, "SELECT * { ?_city_iri ?p ?o }")
    assert "<http://a>" in queries.fill(one, {"city": "Tunis"}, resolve=lambda name: "http://a")


def test_an_unknown_question_gets_the_nearest_name(tmp_path: Path) -> None:
    question(tmp_path, "SELECT * { ?s ?p ?o }")
    with pytest.raises(kg.UnknownQueryError, match='did you mean "cities/in"'):
        queries.get("cities/on", tmp_path)


def test_a_choice_of_things_may_be_made_by_any_name_of_the_thing(tmp_path: Path) -> None:
    header = HEADER + "#+ defaults:\n#+   - city: city:tunis\n#+ enumerate:\n#+   - city: [city:tunis, city:sfax]\n"
    one = question(tmp_path, "SELECT * { ?_city_iri ?p ?o }", header)
    names = {"Sfax": kg.BASE + "id/city/sfax", "Rabat": kg.BASE + "id/city/rabat"}
    assert "<https://w3id.org/migration-governance/id/city/sfax>" in queries.fill(
        one, {"city": "Sfax"}, names.__getitem__
    )
    with pytest.raises(kg.ParameterError, match="not one of city:tunis, city:sfax"):
        queries.fill(one, {"city": "Rabat"}, names.__getitem__)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (HEADER.replace("[cities]", "cities"), "`tags` is no list"),
        (HEADER + "#+ columns: [city]\n", "`columns` is no mapping"),
        (HEADER + "#+ defaults: {height: 30}\n", "`defaults` is no list"),
        (HEADER + "#+ defaults: [30]\n", "`defaults` is a list of names"),
        (HEADER + "#+ enumerate:\n#+   - height: 30\n", "`enumerate` is a list of names, each with choices"),
        (HEADER + "#+ 5: x\n#+ colour: red\n", "unknown key in the header: 5, colour"),
    ],
)
def test_a_header_of_another_form_is_refused_too(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(kg.HeaderError, match=re.escape(says)):
        question(tmp_path, "SELECT * { ?s ?p ?_height_number }", header)


@pytest.mark.parametrize("value", ["1e5", "1_000", " 5 ", "٣", "Infinity", "."])
def test_a_number_is_written_as_sparql_writes_decimals(tmp_path: Path, value: str) -> None:
    asked = question(tmp_path, "SELECT * { ?s ?p ?_height_number }")
    assert '".5"' in queries.fill(asked, {"height": ".5"})
    with pytest.raises(kg.ParameterError, match="is not a value of type number"):
        queries.fill(asked, {"height": value})


def test_a_required_parameter_is_not_left_open_by_an_empty_value(tmp_path: Path) -> None:
    asked = question(tmp_path, "SELECT * { ?s ?p ?_name_literal }")
    with pytest.raises(kg.ParameterError, match="needs name="):
        queries.fill(asked, {"name": ""})
    with pytest.raises(kg.ParameterError, match="is not a value of type literal"):
        queries.fill(asked, {"name": "\udcff"})
