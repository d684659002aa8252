"""Finding things by name, and showing the right name."""

from collections.abc import Callable

import pytest

import kg

Make = Callable[..., kg.Store]


@pytest.fixture
def names(graph: Make) -> kg.Store:
    """Two cities, two organisations with acronyms, and two things of one name."""
    return graph(
        alpha="""
        mg:acronym rdfs:subPropertyOf schema:alternateName ; rdfs:label "acronym"@en .
        city:geneva a mg:City ; rdfs:label "Geneva"@en, "Genève"@fr, "جنيف"@ar .
        city:tunis a mg:City ; rdfs:label "Tunis"@en, "تونس"@ar .
        actor:uclg rdfs:label "United Cities and Local Governments"@en ; mg:acronym "UCLG"@en, "CGLU"@fr .
        actor:un-habitat rdfs:label "United Nations Human Settlements Programme"@en ; schema:name "UN-Habitat" .
        event:one rdfs:label "Peer meeting"@en . event:two rdfs:label "Peer meeting"@en .
        """
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("geneve", "city:geneva"),
        ("GENÈVE", "city:geneva"),
        ("gen", "city:geneva"),
        ("CGLU", "actor:uclg"),
        ("local gov", "actor:uclg"),
        ("governments united", "actor:uclg"),
        ("un habitat", "actor:un-habitat"),
        ("Genevre", "city:geneva"),
        ("unitd citis and local goverments", "actor:uclg"),
        ("تُونِس", "city:tunis"),
    ],
)
def test_any_name_in_any_spelling_finds_the_thing(names: kg.Store, text: str, first: str) -> None:
    assert [kg.shorten(hit.iri) for hit in kg.search(names, text)][:1] == [first]


@pytest.mark.parametrize("text", ["", "   ", "?!", "xyzzy", '"', "a OR b NEAR("])
def test_what_is_no_name_finds_nothing_and_breaks_nothing(names: kg.Store, text: str) -> None:
    assert kg.search(names, text) == []


def test_a_hit_tells_the_name_that_matched_the_label_and_the_classes(names: kg.Store) -> None:
    hit = kg.search(names, "geneve")[0]
    assert (hit.name, hit.language, hit.label) == ("Genève", "fr", "Geneva")
    assert [kg.shorten(iri) for iri in hit.classes] == ["mg:City"]


@pytest.mark.parametrize(
    ("language", "label"), [("fr", ("Genève", "fr")), ("en", ("Geneva", "en")), ("it", ("Geneva", "en"))]
)
def test_the_label_falls_back_to_english(names: kg.Store, language: str, label: tuple[str, str]) -> None:
    assert kg.index_of(names).label(kg.BASE + "id/city/geneva", language) == label


def test_a_thing_without_label_is_shown_by_its_iri(names: kg.Store) -> None:
    assert kg.index_of(names).label(kg.BASE + "id/city/nowhere") == ("nowhere", "")


@pytest.mark.parametrize("text", ["Tunis", "tunis", "تونس", "city:tunis", kg.BASE + "id/city/tunis"])
def test_a_name_resolves_to_its_thing(names: kg.Store, text: str) -> None:
    assert kg.index_of(names).resolve(text) == kg.BASE + "id/city/tunis"


def test_an_ambiguous_name_lists_what_it_may_mean(names: kg.Store) -> None:
    with pytest.raises(kg.AmbiguousNameError, match=r"event:one .*event:two"):
        kg.index_of(names).resolve("Peer meeting")


def test_an_unknown_name_gets_the_nearest_ones(names: kg.Store) -> None:
    with pytest.raises(kg.UnknownNameError, match=r"nearest: Tunis \(city:tunis\)"):
        kg.index_of(names).resolve("Tuniz")


def test_a_thing_comes_before_the_records_about_it(graph: Make) -> None:
    store = graph(
        alpha="""
        actor:gov-tunis rdfs:label "Municipality of Tunis"@en .
        participation:one rdfs:label "Tunis, host, Forum"@en ; mg:actor actor:gov-tunis .
        participation:two rdfs:label "Tunis, host, Fair"@en ; mg:actor actor:gov-tunis .
        participation:three rdfs:label "Tunis, host, Day"@en ; mg:actor actor:gov-tunis ; mg:activity event:e .
        event:e mg:inCity city:tunis ; mg:hostedBy actor:gov-tunis .
        event:f mg:hostedBy actor:gov-tunis . event:g mg:hostedBy actor:gov-tunis .
        event:h mg:hostedBy actor:gov-tunis .
        """
    )
    assert kg.shorten(kg.search(store, "tunis")[0].iri) == "actor:gov-tunis"


def test_a_short_beginning_is_not_mended_into_another_word(names: kg.Store) -> None:
    assert kg.search(names, "nu") == []
    assert kg.search(names, "tnu") == []


def test_only_the_misspelt_word_is_mended(names: kg.Store) -> None:
    assert [hit.label for hit in kg.search(names, "local goverments")] == ["United Cities and Local Governments"]


def test_an_exact_name_is_found_among_many_longer_ones_that_more_things_point_to(graph: Make) -> None:
    many = "".join(
        f'event:e{n} rdfs:label "Port {n}"@en . participation:p{n} mg:activity event:e{n} .\n' for n in range(1200)
    )
    store = graph(alpha=f'{many} city:port rdfs:label "Port"@en .')
    assert [hit.label for hit in kg.search(store, "port", 1)] == ["Port"]


def test_many_misspelt_words_take_no_longer_than_some(graph: Make) -> None:
    """Each has three words like it, and three to the power of forty spellings are too many to try."""
    many = graph(alpha='city:one rdfs:label "comune commune communes" .')
    assert [hit.iri for hit in kg.search(many, " ".join(["comzune"] * 40))] == [kg.BASE + "id/city/one"]
