"""A question about a thing is not asked when what is said of the thing shows that it has no answer."""

import pytest

import kg

PREFIXES = "PREFIX mg: <https://w3id.org/migration-governance/ontology#> "
MG = kg.prefixes()["mg"]


@pytest.mark.parametrize(
    ("where", "needs"),
    [
        ("?x mg:actor ?thing ; mg:role ?r", [{("actor", False)}]),
        ("?thing mg:kind ?k . ?y mg:about ?thing", [{("kind", True)}, {("about", False)}]),
        ("{ ?x mg:venue ?thing } UNION { ?thing mg:inCity ?y }", [{("venue", False), ("inCity", True)}]),
        ("{ ?x mg:venue ?thing } UNION { BIND (?thing AS ?x) }", []),
        ("GRAPH ?g { ?thing mg:kind ?k }", [{("kind", True)}]),
        ("{ SELECT ?x WHERE { ?x mg:venue ?thing } }", [{("venue", False)}]),
        ("{ SELECT (COUNT(?x) AS ?n) WHERE { ?x mg:venue ?thing } }", []),
        ("{ SELECT (COUNT(?x) AS ?n) WHERE { ?x mg:venue ?thing } GROUP BY ?y }", [{("venue", False)}]),
        ("?x a mg:City OPTIONAL { ?x mg:venue ?thing } FILTER NOT EXISTS { ?x mg:kind ?thing }", []),
        ("?x mg:within* ?thing . ?x ?p ?thing . ?x mg:within ?y MINUS { ?x mg:kind ?thing }", []),
    ],
)
def test_only_what_every_answer_needs_is_needed(where: str, needs: list[set[tuple[str, bool]]]) -> None:
    found = kg.needs_of(f"{PREFIXES} SELECT * WHERE {{ {where} }}", "thing")
    assert found == [{(MG + name, forward) for name, forward in need} for need in needs]


def test_a_count_without_groups_needs_nothing() -> None:
    assert kg.needs_of(f"{PREFIXES} SELECT (COUNT(*) AS ?n) WHERE {{ ?x mg:venue ?thing }}", "thing") == []


PANELS = sorted((kg.ROOT / "queries" / "panels").glob("*/*.rq"))


@pytest.mark.parametrize("file", PANELS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_panel_that_is_not_asked_for_has_no_rows(shipped: kg.Snapshot, file) -> None:
    question = kg.read_question(file)
    needs = kg.needs_of(question.text, "_thing_iri")
    things = [row["thing"].value for row in kg.query(shipped, "SELECT DISTINCT ?thing { ?thing a ?class }").rows]
    unmet = [thing for thing in things if thing.startswith("http") and not kg.meets(shipped, thing, needs)]
    for thing in unmet[:: max(1, len(unmet) // 40)]:
        assert shipped.query(kg.fill(question, {"thing": thing})).rows == [], thing
