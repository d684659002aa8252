"""The commands as a person runs them."""

import json
import random
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from common import PREFIXES, Run

COMMANDS = [
    "build",
    "validate",
    "query",
    "packs",
    "search",
    "describe",
    "why",
    "network",
    "cite",
    "verify",
    "export",
    "diff",
    "publish",
    "serve",
]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    file = tmp_path / "alpha.ttl"
    file.write_text(PREFIXES + 'city:tunis a mg:City ; rdfs:label "Tunis"@en ; mg:country "TN" .')
    return file


def one_sentence(result: CompletedProcess[str]) -> str:
    """The sentence on stderr of a request that made no sense; nothing on stdout, no traceback."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


def test_without_a_command_help_is_shown(run: Run) -> None:
    assert "Commands:" in run().stdout + run().stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.returncode == 0
    assert f"kg {command}" in result.stdout.split("Example:")[1]


def test_build_prints_the_id_counts_and_time_and_nothing_else(run: Run, city: Path) -> None:
    result = run("build", "--only", city)
    assert (result.returncode, result.stderr) == (0, "")
    first, second, third = result.stdout.splitlines()
    assert first.startswith("snapshot ")
    assert "3 statements" in second
    assert second.endswith(" s")
    assert third.startswith("shapes: 0 violations, ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("build", "--only", "BROKEN"), "broken.ttl:2:"),
        (("build", "--data", "missing.ttl"), "missing.ttl: there is no such file or folder"),
        (("build", "--only", "EMPTY"), "no RDF file in this folder"),
        (("query", "cities/nothing-like-this"), 'no question "cities/nothing-like-this"'),
        (("query", "missing.rq"), "missing.rq: cannot be read: No such file"),
        (("query", "-", "--param", "a=b"), "--param belongs to questions of the packs"),
        (("query", "-", "--param", "nonsense"), "is not NAME=VALUE"),
        (("query", "-", "--data", "missing.ttl"), "missing.ttl: there is no such file"),
        (("search", "Tunis"), "run `kg build` first"),
        (("packs", "nothing"), 'no question "nothing"'),
        (("export", "--format", "docx"), "docx"),
        (("validate", "missing.ttl"), "missing.ttl: there is no such file"),
        (("diff", "missing"), "run `kg build` first"),
        (("serve",), "run `kg build` first"),
    ],
)
def test_a_request_that_makes_no_sense_is_one_sentence_and_status_2(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "broken.ttl").write_text("<http://a> <http://b> <http://c> .\n<http://a> <http://b> .\n")
    (tmp_path / "empty").mkdir()
    places = {"BROKEN": str(tmp_path / "broken.ttl"), "EMPTY": str(tmp_path / "empty")}
    assert says in one_sentence(run(*(places.get(a, a) for a in arguments), input="SELECT * { ?s ?p ?o }"))


def test_a_query_that_is_no_sparql_shows_line_column_and_the_line(run: Run, city: Path) -> None:
    said = one_sentence(run("query", "-", "--data", city, input="SELECT ?s\nWHERE { ?s ?p }"))
    assert "the query on stdin is not valid SPARQL at line 2, column 16" in said
    assert "\n  WHERE { ?s ?p }\n" in said


def test_an_update_is_refused(run: Run, city: Path) -> None:
    assert "read-only" in one_sentence(run("query", "-", "--data", city, input="CLEAR ALL"))


@pytest.mark.parametrize(
    ("format", "first"),
    [
        (None, "name"),
        ("csv", "name"),
        ("tsv", "?name"),
        ("md", "| name |"),
        ("table", " name "),
        ("json", "{"),
        ("xml", "<?xml"),
    ],
)
def test_results_come_as_csv_when_piped_and_in_any_format_on_request(
    run: Run, city: Path, format: str | None, first: str
) -> None:
    chosen = ("--format", format) if format else ()
    result = run("query", "-", "--data", city, *chosen, input="SELECT ?name { ?s rdfs:label ?name }")
    assert result.returncode == 0
    assert result.stdout.startswith(first)
    assert "Tunis" in result.stdout


def test_triples_come_as_turtle_when_piped(run: Run, city: Path) -> None:
    result = run("query", "-", "--data", city, input="CONSTRUCT WHERE { ?s a mg:City }")
    assert "city:tunis a mg:City" in result.stdout


def test_a_query_may_lie_in_a_file(run: Run, city: Path, tmp_path: Path) -> None:
    (tmp_path / "ask.rq").write_text("ASK { ?s a mg:City }")
    assert run("query", tmp_path / "ask.rq", "--data", city).stdout == "true\n"


def test_a_query_about_the_dataset_itself_is_answered_from_its_description(run: Run, city: Path) -> None:
    run("build", "--only", city, "--no-report")
    found = run("query", "-", input="SELECT (COUNT(*) AS ?n) { ?dataset a void:Dataset }")
    assert found.stdout.split() == ["n", "1"]


def test_find_describe_and_why_speak_of_things_by_their_names(run: Run, city: Path) -> None:
    run("build", "--only", city, "--no-report")
    assert "city:tunis" in run("search", "túnis").stdout
    described = run("describe", "tunis")
    assert "country: TN  [alpha]" in described.stdout
    assert "stated by: alpha" in run("why", "Tunis", "mg:country").stdout
    assert "city:tunis" in run("describe", "tunis", "--format", "ttl").stdout


def test_an_unknown_name_gets_the_nearest(run: Run, city: Path) -> None:
    run("build", "--only", city, "--no-report")
    assert "nearest: Tunis (city:tunis)" in one_sentence(run("describe", "Tuniz"))
    nothing = run("search", "xyzzy")
    assert (nothing.returncode, nothing.stdout) == (1, "")


def test_export_writes_to_stdout_or_to_a_whole_file(run: Run, city: Path, tmp_path: Path) -> None:
    run("build", "--only", city, "--no-report")
    alpha = run("export", "--format", "nt", "--source", "alpha").stdout
    assert alpha.count("\n") == 3
    assert run("export", "--format", "nt", "--source", "alpha", "--out", "-").stdout == alpha
    result = run("export", "--format", "trig", "--out", tmp_path / "out.trig")
    assert (result.returncode, result.stdout) == (0, "")
    assert "source:alpha" in (tmp_path / "out.trig").read_text()


def test_diff_tells_what_changed_and_exits_1_when_something_did(run: Run, city: Path, tmp_path: Path) -> None:
    run("build", "--only", city, "--no-report")
    other = tmp_path / "other" / "alpha.ttl"
    other.parent.mkdir()
    other.write_text(city.read_text().replace('"TN"', '"MA"'))
    result = run("diff", city, other)
    assert result.returncode == 1
    assert [line[0] for line in result.stdout.splitlines()] == ["-", "+"]
    assert run("diff", city, city).returncode == 0


def test_validate_reports_as_text_json_and_turtle(run: Run, city: Path, tmp_path: Path) -> None:
    shape = 'mg:S a sh:NodeShape ; sh:targetClass mg:City ; sh:property mg:P . mg:P sh:path mg:population ; sh:minCount 1 ; sh:message "Give it."@en , "Donnez-la."@fr .'  # noqa: E501
    (tmp_path / "shapes.ttl").write_text(PREFIXES + shape)
    check = ("validate", city, "--shapes", tmp_path / "shapes.ttl")
    text = run(*check)
    assert (text.returncode, text.stderr) == (1, "")
    assert "violation: Give it.  [1]" in text.stdout
    assert "Tunis (city:tunis)" in text.stdout
    assert "alpha.ttl" in text.stdout
    assert "does not conform: 1 violation, 0 warnings, 0 infos" in text.stdout
    assert "Donnez-la." in run(*check, "--lang", "fr").stdout
    assert json.loads(run(*check, "--format", "json").stdout)["conforms"] is False
    assert "sh:conforms false" in run(*check, "--format", "ttl").stdout
    assert run("validate", city, "--shapes", tmp_path / "shapes.ttl", "--fail-on", "violation").returncode == 1


def test_a_value_against_several_constraints_is_named_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "alpha.ttl"
    file.write_text(PREFIXES + 'city:x a mg:Place ; mg:population "none" .')
    lines = [line for line in run("validate", file).stdout.splitlines() if "mg:population" in line]
    assert [line.rpartition("  ")[2] for line in lines] == ["(2 constraints)"]


def test_an_answer_is_cited_and_verified(run: Run, city: Path, tmp_path: Path) -> None:
    run("build", "--only", city, "--no-report")
    (tmp_path / "ask.rq").write_text("SELECT ?s { ?s mg:country ?c }")
    link = run("cite", tmp_path / "ask.rq").stdout.strip()
    same = run("verify", link)
    assert (same.returncode, same.stdout.split(":")[0]) == (0, "same")
    city.write_text(city.read_text().replace("city:tunis", "city:sfax"))
    run("build", "--only", city, "--no-report")
    changed = run("verify", link)
    assert (changed.returncode, [line[0] for line in changed.stdout.splitlines()]) == (1, ["-", "+", "c"])
    assert "not a link to an answer" in one_sentence(run("verify", "https://example.org/"))
    assert run("cite", tmp_path / "ask.rq", "--format", "ris").stdout.startswith("TY  - DATA")


def test_an_engine_that_breaks_down_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """pyoxigraph 0.5 aborts its process when it sorts values that have no common order."""
    values = []
    for n in range(60):
        month, day = f"{n % 12 + 1:02}", f"{n % 9 + 1:02}"
        typed = {"gYear": 2000 + n % 30, "gMonthDay": f"--{month}-01", "integer": n, "gYearMonth": f"2016-{month}"}
        typed["date"] = f"2016-{month}-{day}"
        values += [f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{kind}>' for kind, value in typed.items()]
        values += [f'"{n}"', f'"{n}"@en', f"<http://a/{n}>"]
    random.Random(1).shuffle(values)  # noqa: S311  the order only has to be mixed, and the same each time
    lines = (f"<http://s/{n}> <http://p> {value} .\n" for n, value in enumerate(values))
    (tmp_path / "mixed.nt").write_text("".join(lines))
    result = run("query", "-", "--data", tmp_path / "mixed.nt", input="SELECT ?o { ?s ?p ?o } ORDER BY ?o")
    assert "the engine broke down on this query (SIGABRT)" in one_sentence(result)


def test_the_settings_of_the_server_are_named(run: Run) -> None:
    assert "| KG_QUERY_SECONDS | 30 |" in run("serve", "--settings").stdout


def test_files_of_data_come_on_top_of_those_to_build_from_alone(run: Run, city: Path, tmp_path: Path) -> None:
    (tmp_path / "beta.nt").write_text("<http://a> <http://b> <http://c> .")
    assert "4 statements" in run("build", "--only", city, "--data", tmp_path / "beta.nt", "--no-report").stdout
    said = one_sentence(run("query", "-", "--data", city, "--endpoint", "http://127.0.0.1:1", input="ASK {}"))
    assert "choose one" in said


def test_a_query_with_a_byte_order_mark_runs_and_one_that_is_no_text_is_named(
    run: Run, city: Path, tmp_path: Path
) -> None:
    (tmp_path / "ask.rq").write_text("ASK { ?s a mg:City }", encoding="utf-8-sig")
    assert run("query", tmp_path / "ask.rq", "--data", city).stdout == "true\n"
    (tmp_path / "ask.rq").write_bytes(b'ASK { ?s ?p "\xe9" }')
    assert "cannot be read: 'utf-8'" in one_sentence(run("query", tmp_path / "ask.rq", "--data", city))


@pytest.mark.parametrize("home", ["alpha.ttl", "a" * 300])
def test_a_home_that_can_be_none_is_one_sentence(run: Run, city: Path, tmp_path: Path, home: str) -> None:
    assert home in one_sentence(run("describe", "Tunis", home=city.parent / home))


def test_what_the_disk_refuses_is_one_sentence() -> None:
    code = "from kg.cli import main; main(['packs'], prog_name='kg')"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "kg packs: No space left on device\n")


def test_the_engine_ends_with_the_command() -> None:
    work = "import os, time; from kg.cli.children import run_apart"
    code = f"{work}; run_apart(lambda: print(os.getpid(), flush=True) or time.sleep(60))"
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert command.stdout is not None
    assert command.stdout.readline().strip().isdigit()
    command.kill()
    command.wait()
    assert not command.stdout.read()  # which ends when the child has let go of it
    command.stdout.close()
