"""One report for any graph and any shapes."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix mg: <https://w3id.org/migration-governance/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://shape> a sh:NodeShape ; sh:targetClass mg:City ; sh:property <http://shape/people> , <http://shape/country> .
<http://shape/people> sh:path mg:population ; sh:datatype xsd:integer ;
  sh:message "Give a whole number."@en , "Donnez un nombre entier."@fr .
<http://shape/country> sh:path mg:country ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Give the country."@en .
"""


NO_PATH = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix mg: <https://w3id.org/migration-governance/ontology#> .
<http://s> a sh:NodeShape ; sh:targetClass mg:City ; sh:property [ sh:minCount 1 ] .
"""


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    folder = tmp_path / "shapes"
    folder.mkdir()
    (folder / "city.ttl").write_text(SHAPES)
    return folder


def test_a_sound_graph_conforms(graph: Callable[..., kg.Store], shapes: Path) -> None:
    report = kg.validate(graph(alpha='city:tunis a mg:City ; mg:population 1 ; mg:country "TN" .'), [shapes])
    assert (report.conforms, report.results) == (True, ())


def test_a_fault_is_named_with_label_value_source_and_file(graph: Callable[..., kg.Store], shapes: Path) -> None:
    store = graph(
        alpha='city:tunis a mg:City ; rdfs:label "Tunis"@en ; mg:country "TN" .',
        beta='city:tunis mg:population "many"^^xsd:integer .',
    )
    (result,) = kg.validate(store, [shapes]).results
    assert (result.severity, result.message, result.message_fr) == (
        "violation",
        "Give a whole number.",
        "Donnez un nombre entier.",
    )
    assert (result.label, result.path, result.value) == ("Tunis", "mg:population", "many")
    assert [kg.readable_tail(iri) for iri in result.graphs] == ["alpha", "beta"]
    assert [Path(file).name for file in result.files] == ["alpha.ttl", "beta.ttl"]


def test_an_ill_typed_literal_is_in_the_report_and_not_in_the_log(
    graph: Callable[..., kg.Store], shapes: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    store = graph(alpha='city:tunis a mg:City ; mg:country "TN" ; mg:population "many"^^xsd:integer .')
    assert not kg.validate(store, [shapes]).conforms
    assert (capfd.readouterr().err, caplog.text) == ("", "")


@pytest.mark.parametrize(
    ("fails_on", "conforms"), [(None, False), ("info", False), ("warning", False), ("violation", True)]
)
def test_the_caller_says_what_severity_fails(
    graph: Callable[..., kg.Store], shapes: Path, fails_on: str | None, conforms: bool
) -> None:
    report = kg.validate(graph(alpha="city:tunis a mg:City ."), [shapes], fails_on)
    assert (report.conforms, report.count("warning")) == (conforms, 1)


def test_the_turtle_report_is_that_of_the_recommendation(graph: Callable[..., kg.Store], shapes: Path) -> None:
    report = kg.validate(graph(alpha="city:tunis a mg:City ."), [shapes])
    store = ox.Store()
    store.load(report.turtle, format=ox.RdfFormat.TURTLE)
    found = store.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        ASK { ?r a sh:ValidationReport ; sh:conforms false ; sh:result ?x . ?x sh:resultSeverity sh:Warning ;
              sh:sourceConstraintComponent sh:MinCountConstraintComponent }"""
    )
    assert found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<http://s> <http://p>", "bad.ttl:1"),
        (NO_PATH, "the shapes cannot be used"),
    ],
)
def test_shapes_that_cannot_be_used_are_one_sentence(
    graph: Callable[..., kg.Store], tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "bad.ttl").write_text(text)
    with pytest.raises(kg.KGError, match=says):
        kg.validate(graph(alpha="city:tunis a mg:City ."), [tmp_path / "bad.ttl"])


def test_missing_shapes_are_named(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    with pytest.raises(kg.FileError, match="no such file or folder"):
        kg.validate(graph(alpha="city:tunis a mg:City ."), [tmp_path / "none.ttl"])


def test_shapes_cannot_reach_the_network(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    (tmp_path / "far.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix mg: <https://w3id.org/migration-governance/ontology#> .
        <http://s> a sh:NodeShape ; sh:targetClass mg:City ; sh:sparql <http://q> .
        <http://q> sh:select "SELECT $this { \\\\u0053ERVICE <http://127.0.0.1:9/> { $this ?p 1 } }" ."""
    )
    with pytest.raises(kg.KGError, match="SERVICE"):
        kg.validate(graph(alpha="city:tunis a mg:City ."), [tmp_path / "far.ttl"])


def test_a_backslash_in_a_value_is_reported_as_it_stands(graph: Callable[..., kg.Store]) -> None:
    report = kg.validate(graph(alpha=r'actor:a a mg:Organisation ; mg:isni "\\i00000012103268" .'))
    assert r"\i00000012103268" in {result.value for result in report.results}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("decimal", "one"),
        ("decimal", "NaN"),
        ("decimal", "1e1"),
        ("decimal", "1_0"),
        ("integer", "1_0"),
        ("integer", "١٢"),
        ("double", "1_0"),
        ("double", "NaN"),
    ],
)
def test_what_is_no_number_is_reported_and_does_not_stop_the_check(
    graph: Callable[..., kg.Store], kind: str, text: str
) -> None:
    report = kg.validate(
        graph(
            alpha=f"""city:x a mg:Place ; wgs84:lat "{text}"^^xsd:{kind} , "2"^^xsd:decimal ;
            mg:population "{text}"^^xsd:{kind} , 2 ."""
        )
    )
    faults = {(result.path, result.value.lower()) for result in report.results if result.severity == "violation"}
    assert {("wgs84:lat", text.lower()), ("mg:population", text.lower())} <= faults


def test_a_datatype_that_its_value_is_not_of_breaks_its_shape(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    (tmp_path / "double.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <http://s> a sh:NodeShape ; sh:targetSubjectsOf <http://p> ;
          sh:property [ sh:path <http://p> ; sh:datatype xsd:double ] ."""
    )
    good, bad = ["1", " 1.5e-3 ", "-INF", "NaN", ".5", "+1."], ["1_0", "1 0", ""]
    values = ", ".join(f'"{text}"^^xsd:double' for text in good + bad)
    report = kg.validate(graph(alpha=f"<http://x> <http://p> {values} ."), [tmp_path / "double.ttl"])
    assert {result.value for result in report.results} == set(bad)


def test_a_path_of_several_steps_reads_as_in_sparql(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    (tmp_path / "path.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix mg: <https://w3id.org/migration-governance/ontology#> .
        <http://s> a sh:NodeShape ; sh:targetClass mg:City ; sh:property [ sh:minCount 1 ;
          sh:path ( [ sh:inversePath mg:inCity ] [ sh:alternativePath ( mg:role <http://x/role> ) ] ) ] ."""
    )
    report = kg.validate(graph(alpha="city:x a mg:City ."), [tmp_path / "path.ttl"])
    assert [result.path for result in report.results] == ["^mg:inCity / (mg:role | <http://x/role>)"]


def test_shapes_of_no_known_syntax_are_named(graph: Callable[..., kg.Store], tmp_path: Path) -> None:
    (tmp_path / "shapes.csv").touch()
    with pytest.raises(kg.FileError, match=r"shapes\.csv: not an RDF file by its name"):
        kg.validate(graph(alpha=""), [tmp_path / "shapes.csv"])
    assert kg.validate(graph(alpha=""), [kg.ROOT / "ontology" / "shapes"]).conforms
