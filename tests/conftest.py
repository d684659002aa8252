"""The few fixtures that several files of tests share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kg

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> kg.Snapshot:
    """A snapshot of everything the project ships, built once for all tests."""
    return kg.build(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def shipped_home(shipped: kg.Snapshot) -> Path:
    """The folder that holds the shipped snapshot."""
    return shipped.path.parent.parent


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., kg.Store]:
    """Turtle, one text per source, into a store in memory: graph(alpha="…", beta="…")."""

    def make(**sources: str) -> kg.Store:
        declared = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in kg.prefixes().items())
        for name, text in sources.items():
            (tmp_path / f"{name}.ttl").write_text(declared + text, encoding="utf-8")
        return kg.load(*(tmp_path / f"{name}.ttl" for name in sources))

    return make


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The `kg` command as a person runs it, with its own empty home unless one is given."""

    def call(
        *arguments: object, home: Path | None = None, input: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"KG_HOME": str(home or tmp_path / "home"), "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, input=input, timeout=120)

    return call
