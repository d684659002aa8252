"""Files into a store, and the place of what is wrong."""

from pathlib import Path

import pytest

import kg

RDF_XML = """<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://">
  <r:Description r:about="http://a"><e:b r:resource="http://c"/></r:Description>
</r:RDF>"""
TRIPLE = "<http://a> <http://b> <http://c> ."


def test_each_file_is_a_graph_of_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text(TRIPLE)
    assert kg.load(tmp_path).graphs() == [kg.BASE + "source/one", kg.BASE + "source/two"]


def test_graphs_named_inside_a_file_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "one.trig").write_text("<http://g> { <http://a> <http://b> <http://c> } " + TRIPLE)
    assert kg.load(tmp_path).graphs() == ["http://g", kg.BASE + "source/one"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", TRIPLE),
        ("a.nt", TRIPLE),
        ("a.nq", TRIPLE),
        ("a.trig", TRIPLE),
        ("a.jsonld", '{"@id": "http://a", "http://b": {"@id": "http://c"}}'),
        ("a.rdf", RDF_XML),
    ],
)
def test_every_rdf_syntax_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert len(kg.load(tmp_path / name)) == 1


def test_relative_iris_do_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<x> <http://b> <#y> .")
    quad = next(kg.load(tmp_path).quads())
    assert [str(quad.subject), str(quad.object)] == [f"<{kg.BASE}source/x>", f"<{kg.BASE}source/one#y>"]


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text("_:b <http://b> <http://c> .")
    assert len({str(quad.subject) for quad in kg.load(tmp_path).quads()}) == 2


def test_broken_turtle_is_refused_with_path_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("<http://a> <http://b> <http://c> .\n<http://a> <http://b> .\n")
    with pytest.raises(kg.RDFSyntaxError) as caught:
        kg.load(file)
    assert (caught.value.path, caught.value.line) == (file, 2)
    assert str(caught.value).startswith(f"{file}:2:")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "missing.ttl", "there is no such file"),
        (lambda folder: folder, "no RDF file in this folder"),
        (
            lambda folder: (folder / "table.csv").write_text("a,b") and folder / "table.csv",
            "not an RDF file by its name",
        ),
        (
            lambda folder: (
                (folder / "latin.ttl").write_bytes(b'<http://a> <http://b> "\xe9" .') and folder / "latin.ttl"
            ),
            "latin.ttl",
        ),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, make, says: str) -> None:
    with pytest.raises(kg.FileError, match=says):
        kg.load(make(tmp_path))


def test_two_files_cannot_be_the_same_source(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.ttl").write_text(TRIPLE)
    with pytest.raises(kg.FileError, match="already that of"):
        kg.load(tmp_path)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(TRIPLE)
    assert len(kg.load(tmp_path, tmp_path / "one.ttl")) == 1


def test_a_remote_json_ld_context_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_text('{"@context": "https://example.org/context", "name": "x"}')
    with pytest.raises(kg.RDFSyntaxError):
        kg.load(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(TRIPLE + "\r\n", encoding="utf-8-sig")
    assert len(kg.load(tmp_path)) == 1


def test_a_name_too_long_for_a_file_is_one_sentence() -> None:
    with pytest.raises(kg.FileError, match="File name too long"):
        kg.load("a" * 300)
