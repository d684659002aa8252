"""What docs/ shows of the work from notebooks and from R is what one gets, from a snapshot and from an endpoint."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import notebooks
import pytest
from listening import listening
from werkzeug.serving import WSGIRequestHandler, make_server

import kg
import webapp


class Quiet(WSGIRequestHandler):
    """Keeps the output of the tests clean."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint(shipped: kg.Snapshot) -> Iterator[str]:
    """The address of an endpoint on this machine over everything the project ships."""
    app = webapp.create_app(lambda: shipped)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    with listening(server) as address:
        yield address
    app.extensions["workers"].close()


@pytest.mark.parametrize("file", notebooks.NOTEBOOKS, ids=lambda file: file.stem)
@pytest.mark.parametrize("where", ["snapshot", "endpoint"])
def test_a_notebook_runs_and_shows_what_is_written_in_it(
    file: Path, where: str, shipped_home: Path, request: pytest.FixtureRequest
) -> None:
    """Where this fails because the data or a question changed, run `python tests/notebooks.py`."""
    given = {"KG_HOME": str(shipped_home)}
    if where == "endpoint":
        given = {"KG_ENDPOINT": request.getfixturevalue("endpoint"), "KG_HOME": "/nowhere"}
    ran = notebooks.run(file, os.environ | given)
    assert shown(ran) == shown(notebooks.read(file))


def test_there_are_notebooks_and_none_holds_more_than_text() -> None:
    assert {"city-network", "money"} <= {file.stem for file in notebooks.NOTEBOOKS}
    for file in notebooks.NOTEBOOKS:
        assert notebooks.text_only(notebooks.read(file)) == notebooks.read(file)


def test_the_example_in_r_prints_the_cities_of_the_second_phase(shipped: kg.Snapshot, endpoint: str) -> None:
    if shutil.which("Rscript") is None:
        pytest.fail("R is missing: install it (Debian, Ubuntu: apt install r-base-core)")
    command = ["Rscript", "--vanilla", kg.ROOT / "docs" / "example.R", endpoint]
    result = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"}, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")
    members = kg.query(shipped, "cities/in-phase", phase="phase:phase-2").rows
    printed = [line.split()[1:] for line in result.stdout.splitlines() if line[:1].isdigit() or line[:1] == " "]
    for row in members:
        assert [row["name"].value, row["country"].value, row["sources"].value] in printed


def shown(notebook: notebooks.NotebookNode) -> list[tuple[str, list[dict[str, str]]]]:
    """Each cell with what it shows."""
    return [
        (cell.source, [output.get("data", output) for output in cell.get("outputs", [])]) for cell in notebook.cells
    ]
