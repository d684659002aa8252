"""What passes a lens on the evidence: kg/lenses.py and queries/lenses/, over graphs small enough to count by hand."""

import pytest

import kg

SOURCE = "source:{0} a mg:Source ; mg:readAs readas:excerpt ; mg:publisherAsStated {1} .\n"
BOTH = "event:fair a mg:Event ; schema:name 'Fair'@en ; schema:startDate '2019'^^xsd:gYear .\n"


def said_of(store: kg.Store, thing: str) -> set[str]:
    """What sources say of a thing, as `property value`."""
    rules = {rule.graph for rule in kg.rules()}
    held = store.statements(subject=kg.NamedNode(kg.expand(thing)))
    return {f"{kg.shorten(s[1].value)} {s[2].value}" for s, graphs in held.items() if not set(graphs) <= rules}


def test_two_sources_of_different_publishers_pass(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + BOTH + "event:fair schema:endDate '2020'^^xsd:gYear .",
        beta=SOURCE.format("beta", "'The Courier'") + BOTH,
    )
    seen = said_of(kg.through(whole, "two-sources"), "event:fair")
    assert seen == {f"rdf:type {kg.ONTOLOGY}#Event", "schema:name Fair", "schema:startDate 2019"}


def test_two_pages_of_one_publisher_are_one_source(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + BOTH, beta=SOURCE.format("beta", "'the herald'@en") + BOTH
    )
    assert said_of(kg.through(whole, "two-sources"), "event:fair") == set()


def test_a_department_is_not_independent_of_its_body(snapshot):
    whole = snapshot(
        alpha="source:alpha a mg:Source ; mg:readAs readas:whole ; dcterms:publisher actor:city .\n" + BOTH,
        beta="source:beta a mg:Source ; mg:readAs readas:whole ; dcterms:publisher actor:office .\n" + BOTH,
        ties="source:ties a mg:Curation . actor:office org:unitOf actor:city .",
    )
    assert said_of(kg.through(whole, "two-sources"), "event:fair") == set()


def test_neither_a_copy_nor_a_compilation_is_a_second_source(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + BOTH,
        beta=SOURCE.format("beta", "'The Bulletin (copy on papers.example)'") + BOTH,
        gamma="source:gamma a mg:Compilation ; dcterms:title 'Together'@en .\n" + BOTH,
    )
    assert said_of(kg.through(whole, "two-sources"), "event:fair") == set()


def test_a_public_body_and_its_department_are_official_and_the_press_is_not(snapshot):
    whole = snapshot(
        alpha="source:alpha a mg:Source ; mg:readAs readas:whole ; dcterms:publisher actor:office .\n"
        "event:fair schema:startDate '2019'^^xsd:gYear .",
        beta=SOURCE.format("beta", "'The Herald'") + "event:fair schema:startDate '2020'^^xsd:gYear .",
        kinds="source:kinds a mg:Curation . actor:city mg:kind orgkind:local-government .\n"
        "actor:office org:unitOf actor:city .",
    )
    assert said_of(kg.through(whole, "official"), "event:fair") == {"schema:startDate 2019"}


def test_what_the_curators_concluded_is_not_stated(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + "event:fair schema:startDate '2019'^^xsd:gYear .",
        guesses="source:guesses a mg:Curation . event:fair schema:endDate '2019'^^xsd:gYear .",
    )
    assert said_of(kg.through(whole, "stated"), "event:fair") == {"schema:startDate 2019"}


def test_labels_and_classes_of_what_is_still_spoken_of_stay(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + "event:fair mg:inCity city:here . city:here a mg:City .",
        beta=SOURCE.format("beta", "'The Courier'") + "event:fair mg:inCity city:here . city:there a mg:City .",
        labels="source:labels a mg:Curation . city:here rdfs:label 'Here'@en . city:there rdfs:label 'There'@en .",
    )
    seen = kg.through(whole, "two-sources")
    assert said_of(seen, "city:here") == {f"rdf:type {kg.ONTOLOGY}#City", "rdfs:label Here"}
    assert said_of(seen, "city:there") == set()
    assert [hit.label for hit in kg.search(seen, "here")] == ["Here"]


def test_rules_conclude_from_what_passes_only(snapshot):
    together = "participation:{0} mg:actor actor:{0} ; mg:activity event:fair ; mg:role role:host .\n"
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + together.format("one") + together.format("two"),
        beta=SOURCE.format("beta", "'The Courier'") + together.format("one"),
    )
    question = "SELECT ?actor { ?actor mg:takesPartIn event:fair } ORDER BY ?actor"
    assert [row["actor"].value[-3:] for row in kg.query(whole, question).rows] == ["one", "two"]
    assert [row["actor"].value[-3:] for row in kg.query(kg.through(whole, "two-sources"), question).rows] == ["one"]


def test_a_lens_counts_what_passes(snapshot):
    whole = snapshot(
        alpha=SOURCE.format("alpha", "'The Herald'") + BOTH + "event:fair schema:endDate '2020'^^xsd:gYear .",
        beta=SOURCE.format("beta", "'The Courier'") + BOTH,
    )
    about = kg.through(whole, "two-sources").manifest
    assert about["passing"] == 3  # the class, the name and the start of the fair
    assert about["stated"] == 3 + 1 + 2 * 3  # its end, and what each source says of itself


def test_a_lens_is_made_once_and_leaves_the_snapshot_as_it_was(snapshot):
    whole = snapshot(alpha=SOURCE.format("alpha", "'The Herald'") + BOTH)
    before = set(whole.quads())
    seen = kg.through(whole, "stated")
    assert kg.through(whole, "stated") is seen
    assert set(whole.quads()) == before
    again = kg.open_snapshot(whole.path.parent.parent)
    assert kg.through(again, "stated").path == seen.path


def test_an_unknown_lens_is_refused_by_name(small):
    with pytest.raises(kg.ParameterError, match='evidence="rumour" is not one of official, stated, two-sources'):
        kg.through(small, "rumour")


@pytest.mark.parametrize(
    ("graphs", "number"),
    [(["a"], 1), (["a", "b"], 1), (["a", "c"], 2), (["a", "b", "c"], 2), (["c", "d"], 1), (["b", "d"], 1), ([], 0)],
)
def test_sources_that_share_an_origin_count_once(graphs, number):
    origins = {"a": {"x"}, "b": {"x", "y"}, "c": {"z"}, "d": {"y", "z"}}
    assert kg.independent(graphs, {name: frozenset(behind) for name, behind in origins.items()}) == number


def test_no_more_passes_two_sources_than_one(shipped):
    figures = {name: kg.through(shipped, name).manifest["passing"] for name in kg.known_lenses()}
    assert 0 < figures["two-sources"] < figures["stated"] < kg.through(shipped, "stated").manifest["stated"]
    assert 0 < figures["official"] < figures["stated"]
