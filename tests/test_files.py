"""Every query file of the project is legal SPARQL as it lies there."""

from pathlib import Path

import pyoxigraph as ox
import pytest

import kg

FILES = sorted(file for folder in ("queries", "ontology") for file in (kg.ROOT / folder).rglob("*.rq"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(kg.ROOT)))
def test_a_query_file_declares_its_prefixes_and_parses_alone(file: Path) -> None:
    ox.Store().query(file.read_text(encoding="utf-8"))
