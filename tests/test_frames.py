"""DataFrames: one type per column where the values have one, the text of the graph otherwise."""

import datetime
import sys

import pandas
import polars
import pytest

import kg

TYPES = {
    "<https://example.org/a>": ("string", polars.String()),
    "'a'@fr": ("string", polars.String()),
    "7": ("Int64", polars.Int64()),
    "7.5": ("float64", polars.Float64()),
    "7.5e0": ("float64", polars.Float64()),
    "true": ("boolean", polars.Boolean()),
    "'2018-05-24'^^xsd:date": ("datetime64[s]", polars.Date()),
    "'2018-05-24T10:00:00+01:00'^^xsd:dateTime": ("datetime64[us, UTC]", polars.Datetime("us", "UTC")),
    "'2018'^^xsd:gYear": ("string", polars.String()),
    "'2018-05'^^xsd:gYearMonth": ("string", polars.String()),
    "'seven'^^xsd:integer": ("string", polars.String()),
    "9223372036854775808": ("string", polars.String()),
}


def asked(*values: str) -> kg.Answer:
    """The answer whose one column holds these terms, in Turtle or UNDEF, in this order."""
    rows = " ".join(f"({number} {term})" for number, term in enumerate(values))
    return kg.query(kg.Store(), f"SELECT ?x {{ VALUES (?n ?x) {{ {rows} }} }} ORDER BY ?n")


@pytest.mark.parametrize("term", TYPES)
def test_a_column_has_the_type_of_its_values_also_where_some_are_unbound(term: str) -> None:
    in_pandas, in_polars = TYPES[term]
    answer = asked(term, "UNDEF")
    assert str(kg.to_pandas(answer)["x"].dtype) == in_pandas
    assert kg.to_polars(answer)["x"].dtype == in_polars
    assert kg.to_pandas(answer)["x"].isna().tolist() == kg.to_polars(answer)["x"].is_null().to_list() == [False, True]


def test_whole_numbers_and_others_make_a_column_of_numbers() -> None:
    assert kg.to_pandas(asked("7", "7.5"))["x"].tolist() == [7.0, 7.5]
    assert kg.to_polars(asked("7", "7.5"))["x"].to_list() == [7.0, 7.5]


@pytest.mark.parametrize("other", ["'2018'^^xsd:gYear", "'about 2018'", "<https://example.org/a>", "7"])
def test_a_column_of_mixed_values_stays_as_it_is_written(other: str) -> None:
    answer = asked("'2018-05-24'^^xsd:date", other)
    written = [row["x"].value for row in answer.rows]
    assert kg.to_pandas(answer)["x"].tolist() == kg.to_polars(answer)["x"].to_list() == written


def test_complete_dates_are_dates() -> None:
    answer = asked("'1492-01-02'^^xsd:date")
    assert kg.to_pandas(answer)["x"].dt.year.tolist() == [1492]
    assert kg.to_polars(answer)["x"].to_list() == [datetime.date(1492, 1, 2)]


def test_moments_are_told_in_utc() -> None:
    answer = asked("'2018-05-24T10:00:00+01:00'^^xsd:dateTime", "'2018-05-24T10:00:00Z'^^xsd:dateTime")
    assert kg.to_pandas(answer)["x"].dt.hour.tolist() == kg.to_polars(answer)["x"].dt.hour().to_list() == [9, 10]


def test_columns_keep_the_order_of_the_query_and_rows_theirs() -> None:
    answer = kg.query(kg.Store(), "SELECT ?b ?a { VALUES (?a ?b) { (1 4) (2 3) } } ORDER BY ?b")
    expected = {"b": [3, 4], "a": [2, 1]}
    assert list(kg.to_pandas(answer)) == list(expected)
    assert kg.to_pandas(answer).to_dict("list") == kg.to_polars(answer).to_dict(as_series=False) == expected


def test_an_answer_without_rows_keeps_its_columns() -> None:
    answer = kg.query(kg.Store(), "SELECT ?a ?b { ?a ?b ?c }")
    assert (kg.to_pandas(answer).shape, kg.to_polars(answer).shape) == ((0, 2), (0, 2))


@pytest.mark.parametrize("make", [kg.to_pandas, kg.to_polars])
@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_what_is_no_table_is_refused_in_one_sentence(make: object, text: str) -> None:
    with pytest.raises(kg.FormatError, match="SELECT"):
        make(kg.query(kg.Store(), text))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_there_is_one_sentence(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(kg.MissingLibraryError, match=f"^{library} is not installed: run `pip install {library}`$"):
        getattr(kg, f"to_{library}")(asked("1"))


def test_a_question_of_the_packs_as_a_frame(small: kg.Snapshot) -> None:
    frame = kg.to_pandas(kg.query(small, "SELECT ?city ?lat { ?city a mg:City ; wgs84:lat ?lat } ORDER BY ?city"))
    assert frame["city"].str.startswith(kg.BASE).all()
    assert frame["lat"].between(-90, 90).all()
    assert isinstance(frame, pandas.DataFrame)
