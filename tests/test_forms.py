"""Dates, numbers and amounts as readers of each language write them."""

import pytest
from flask import Flask

from webapp import forms

XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@pytest.mark.parametrize(
    ("text", "datatype", "english", "french", "moment"),
    [
        ("2021-11-02", "date", "2 November 2021", "2 novembre 2021", "2021-11-02"),
        ("2016-03", "gYearMonth", "March 2016", "mars 2016", "2016-03"),
        ("2016", "gYear", "2016", "2016", "2016"),
        ("--11-02", "gMonthDay", "2 November", "2 novembre", "11-02"),
        ("693210", "integer", "693,210", "693\u202f210", ""),
        ("36.81897", "decimal", "36.81897", "36,81897", ""),
    ],
)
def test_a_value_is_told_as_the_reader_writes_it(
    text: str, datatype: str, english: str, french: str, moment: str
) -> None:
    assert forms.told(text, XSD + datatype, "en") == forms.Told(english, moment)
    assert forms.told(text, XSD + datatype, "fr") == forms.Told(french, moment)


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2022-21", "spring 2022", "printemps 2022"),
        ("2022-21~", "about spring 2022", "vers printemps 2022"),
        ("2022-03?", "March 2022 (uncertain)", "mars 2022 (incertain)"),
        ("201X", "the 2010s", "les années 2010"),
        ("2016-03/2017-05", "March 2016 – May 2017", "mars 2016 – mai 2017"),  # noqa: RUF001
        ("2016/..", "from 2016 on", "à partir de 2016"),
    ],
)
def test_a_fuzzy_date_is_told_in_words(app: Flask, text: str, english: str, french: str) -> None:
    for language, said in {"en": english, "fr": french}.items():
        with app.test_request_context(f"/?lang={language}"):
            app.preprocess_request()
            told = forms.told(text, EDTF, language)
            assert told is not None
            assert told.text == said


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2021-13-01", "date"), ("soon", "date"), ("NaN", "double"), ("INF", "double"), ("x", "integer"), ("7", "string")],
)
def test_what_is_no_date_or_number_stays_as_it_is(text: str, datatype: str) -> None:
    assert forms.told(text, XSD + datatype, "en") is None


def test_an_amount_has_its_currency_and_no_more_decimals_than_it_needs() -> None:
    assert forms.amount("5550000.0", "EUR", "en") == "€5,550,000"
    assert forms.amount("1500000.50", "EUR", "fr") == "1\u202f500\u202f000,50\xa0€"
    assert forms.amount("1200", "CHF", "en") == "CHF\xa01,200"


@pytest.mark.parametrize(("text", "currency"), [("about 5", "EUR"), ("1,5", ""), ("1e400", "EUR")])
def test_an_amount_that_is_no_number_stays_as_it_is(text: str, currency: str) -> None:
    assert forms.amount(text, currency, "en") == f"{text} {currency}".strip()
