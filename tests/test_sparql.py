"""Looking at a query before the engine does."""

import pytest

from kg import sparql


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { SERVICE <http://a> { ?s ?p ?o } }",
        "SELECT * WHERE { service <http://a> { ?s ?p ?o } }",
        "SELECT * WHERE { \\u0053ERVICE <http://a> { ?s ?p ?o } }",
        "SELECT * WHERE { \\U00000053ERVICE <http://a> { ?s ?p ?o } }",
        'SELECT * WHERE { ?s ?p "#" . SERVICE <http://a> { ?s ?p ?o } }',
        "SELECT * WHERE { ?s <http://a#b> ?o . SERVICE <http://a> { ?s ?p ?o } }",
        "SELECT * WHERE { SERVICE SILENT ?where { ?s ?p ?o } }",
        'SELECT * WHERE { # \\u000A"""\n SERVICE <http://a> { ?s ?p ?o } # """\n}',
    ],
)
def test_a_keyword_is_seen_however_it_is_written(query: str) -> None:
    assert "SERVICE" in sparql.keywords(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?s ?p ?o } # SERVICE",
        'SELECT * WHERE { ?s ?p "SERVICE" }',
        "SELECT * WHERE { ?s ?p '''a ' SERVICE \\' '''  }",
        "SELECT * WHERE { ?s <http://a/SERVICE> ?SERVICE }",
        "SELECT * WHERE { ?s mg:SERVICE ?o }",
    ],
)
def test_what_only_looks_like_a_keyword_is_none(query: str) -> None:
    assert "SERVICE" not in sparql.keywords(query)


def test_variables_are_replaced_outside_strings_iris_and_comments() -> None:
    query = 'SELECT ?s WHERE { ?s ?p ?_x_iri ; <http://a?_x_iri> "?_x_iri" } # ?_x_iri'
    assert sparql.replace_variables(query, {"_x_iri": "<http://b>"}) == (
        'SELECT ?s WHERE { ?s ?p <http://b> ; <http://a?_x_iri> "?_x_iri" } # ?_x_iri'
    )


def test_a_variable_is_not_replaced_by_the_beginning_of_its_name() -> None:
    assert sparql.replace_variables("?_x_iri ?_x_iris", {"_x_iri": "1"}) == "1 ?_x_iris"


def test_the_group_after_a_keyword_is_found_with_its_braces() -> None:
    query = 'CONSTRUCT { ?s a ?c } WHERE { ?s a ?d { ?d ?p "}" } }'
    start, end = sparql.group(query, "WHERE")
    assert query[start:end] == '{ ?s a ?d { ?d ?p "}" } }'


def test_select_star_is_written_out_in_order_of_first_use() -> None:
    assert sparql.name_columns("SELECT DISTINCT * WHERE { ?z ?a ?b }", ["a", "b", "z"]) == (
        "SELECT DISTINCT ?z ?a ?b WHERE { ?z ?a ?b }"
    )


@pytest.mark.parametrize(
    "query", ["SELECT ?a { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", "ASK { ?a ?b ?c }"]
)
def test_other_queries_keep_their_columns(query: str) -> None:
    assert sparql.name_columns(query, ["a"]) is None


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("SELECT * { ?s mg:kind city:tunis }", "PREFIX mg: <http://m#> PREFIX city: <http://c#> "),
        ("PREFIX mg: <http://own#> SELECT * { ?s mg:kind/city:of 1 }", "PREFIX city: <http://c#> "),
        ("# mg:kind\nSELECT * { ?s <mg:kind> 'city:tunis' }", ""),
        ("SELECT * { ?s other:kind _:mg }", ""),
    ],
)
def test_known_prefixes_are_declared_where_the_query_uses_them_and_does_not_declare_them(query, declared):
    assert sparql.declare(query, {"mg": "http://m#", "city": "http://c#"}) == declared + query
