"""The project as a whole: one version, licences that machines can read, the files people look for, a lock that fits."""

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent

import pyoxigraph as ox
import pytest
import yaml
from common import PREFIXES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kg

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
ONTOLOGY = ox.NamedNode("https://w3id.org/migration-governance/ontology")
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
LICENCE = "http://purl.org/dc/terms/license"


def statements(file: Path) -> list[ox.Triple]:
    """The triples of a Turtle file."""
    return [quad.triple for quad in ox.parse(path=file)]


def of_ontology(predicate: str) -> list[ox.NamedNode | ox.Literal]:
    """What ontology/core.ttl says of the ontology itself."""
    found = statements(ROOT / "ontology" / "core.ttl")
    return [t.object for t in found if t.subject == ONTOLOGY and t.predicate.value == predicate]


def test_there_is_one_version():
    (info,) = of_ontology("http://www.w3.org/2002/07/owl#versionInfo")
    (iri,) = of_ontology("http://www.w3.org/2002/07/owl#versionIRI")
    stated = {
        "installed": version("migration-governance"),
        "kg": kg.__version__,
        "CITATION.cff": CITATION["version"],
        "owl:versionInfo": info.value,
        "owl:versionIRI": iri.value.rsplit("/", 1)[-1],
    }
    assert stated == dict.fromkeys(stated, PROJECT["version"])


def test_the_version_and_its_day_are_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(\d[^\]]*)\] - (\S+)$", changelog, re.MULTILINE)
    assert newest
    assert newest.groups() == (PROJECT["version"], str(CITATION["date-released"]))


def test_the_citation_has_what_the_format_asks_for():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION.keys() >= {"message", "title", "authors", "date-released", "license", "abstract", "keywords"}
    assert CITATION["preferred-citation"]["version"] == CITATION["version"]


def test_code_and_data_have_licences_that_machines_know():
    assert PROJECT["license"] == "MIT"
    assert CITATION["license"] == ["MIT", "CC-BY-4.0"]
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    assert CC_BY in (ROOT / "LICENSE-data").read_text(encoding="utf-8")


def test_the_licence_of_the_ontology_is_an_iri():
    assert of_ontology(LICENCE) == [ox.NamedNode(CC_BY)]


@pytest.mark.parametrize(
    "name",
    ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "LICENSE", "LICENSE-data"],
)
def test_the_files_that_people_look_for_are_there(name):
    assert len((ROOT / name).read_text(encoding="utf-8")) > 200


def test_every_folder_in_the_table_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = re.findall(r"^\| `([\w./-]+/)` *\|", readme, re.MULTILINE)
    assert {"data/", "kg/", "ontology/", "queries/", "tests/", "webapp/"} <= set(folders)
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_the_source_shown_in_contributing_conforms(tmp_path):
    blocks = re.findall(r"```turtle\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    source, label = map(dedent, blocks)
    world = "city:tangier a mg:City ; schema:name 'Tangier'@en ; mg:country 'MA' ; rdfs:label 'Tangier'@en .\n"
    (tmp_path / "harbour-gazette-2019.ttl").write_text(source, encoding="utf-8")
    (tmp_path / "curation-labels.ttl").write_text(PREFIXES + world + label, encoding="utf-8")
    store = kg.load(ROOT / "ontology", tmp_path)
    kg.infer(store, kg.rules())
    results = [result for result in kg.validate(store).results if "harbour" in result.focus]
    assert [result.message for result in results] == []


def test_the_lock_holds_a_version_in_range_for_every_dependency():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))
    extras = PROJECT["optional-dependencies"].values()
    wanted = [Requirement(line) for lines in (PROJECT["dependencies"], *extras) for line in lines]
    assert [r.name for r in wanted if locked.get(canonicalize_name(r.name), "") not in r.specifier] == []


def test_the_locks_tie_nobody_to_a_host():
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_every_part_of_the_pages_has_a_hash_and_a_free_licence():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = {name: part for name, part in lock.items() if name}
    assert {f"node_modules/{name}" for name in wanted} <= parts.keys()
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
    assert [name for name, part in parts.items() if not part["integrity"].startswith("sha512-")] == []
    free = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "(MPL-2.0 OR Apache-2.0)"}
    assert {name: part["license"] for name, part in parts.items() if part["license"] not in free} == {}
