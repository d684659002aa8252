"""How IRIs are read and written."""

import pyoxigraph as ox
import pytest

import kg


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("city:tunis", kg.BASE + "id/city/tunis"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("https://example.org/a", "https://example.org/a"),
        ("Tunis", None),
        ("nothing:tunis", None),
        ("a sentence: with a colon", None),
        ("<not an iri>", None),
    ],
)
def test_an_iri_is_given_in_full_or_with_a_prefix(text: str, iri: str | None) -> None:
    assert kg.expand(text) == iri


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (kg.BASE + "id/city/tunis", "city:tunis"),
        (kg.BASE + "ontology#City", "mg:City"),
        (kg.BASE + "id/city/a/b", f"<{kg.BASE}id/city/a/b>"),
        ("https://example.org/a", "<https://example.org/a>"),
    ],
)
def test_short_names_use_the_longest_prefix_or_none(iri: str, short: str) -> None:
    assert kg.shorten(iri) == short


def test_a_short_name_expands_to_the_iri_it_came_from() -> None:
    for space in kg.prefixes().values():
        assert kg.expand(kg.shorten(space + "x")) == space + "x"


def test_the_tail_of_an_iri_serves_where_there_is_no_label() -> None:
    assert [kg.readable_tail(iri) for iri in ("https://a.org/b/c", "https://a.org/b#c", "https://a.org/b/")] == [
        "c",
        "c",
        "b",
    ]


def test_a_literal_is_shown_as_its_text() -> None:
    assert kg.show(ox.Literal("Tunis", language="fr")) == "Tunis"
    assert kg.show(None) == ""
