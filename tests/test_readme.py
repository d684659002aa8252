"""README tells the truth: its commands run and print what it shows, its folders are there, every command is named."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.cli import main

README = (kg.ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """Each command of README with the output printed below it."""
    found = []
    for block in BLOCKS:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


COMMANDS = [(command, output) for command, output in shown() if not command.startswith("make")]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def test_the_commands_of_readme_print_what_it_shows(home: Path) -> None:
    binary = home / "bin"
    binary.mkdir()
    (binary / "kg").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m kg.cli "$@"\n')
    (binary / "kg").chmod(0o755)
    environment = os.environ | {"PATH": f"{binary}:{os.environ['PATH']}", "KG_HOME": str(home / "kg")}
    for command, output in COMMANDS:
        result = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, env=environment, cwd=kg.ROOT, timeout=300
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"
        pattern = ".*".join(re.escape(part) for part in output.rstrip("\n").split("…"))
        assert re.fullmatch(pattern, result.stdout.rstrip("\n"), re.DOTALL), f"{command}\n{result.stdout}"


@pytest.mark.parametrize("code", PYTHON)
def test_the_python_of_readme_runs(shipped_home: Path, code: str) -> None:
    environment = os.environ | {"KG_HOME": str(shipped_home)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Tunis" in result.stdout


def test_every_command_is_named() -> None:
    assert [name for name in main.commands if f"kg {name}" not in README] == []


def test_every_folder_of_the_table_is_there_and_every_target_is_in_the_makefile() -> None:
    folders = re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE)
    assert folders == ["ontology", "data", "queries", "kg", "webapp", "docs", "tests"]
    assert [folder for folder in folders if not (kg.ROOT / folder).is_dir()] == []
    makefile = (kg.ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make (\w+)", README)) - {"sure"}:
        assert f"\n{target}:" in makefile
