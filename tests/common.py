"""What several files of tests name."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

import kg

CASES = Path(__file__).parent / "cases"

PREFIXES = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in kg.prefixes().items())
"""Those of the project, as a file of Turtle declares them."""

Run = Callable[..., subprocess.CompletedProcess[str]]
"""The fixture `run`: the command with these arguments."""

Make = Callable[..., kg.Snapshot]
"""The fixture `snapshot`: Turtle, one text per source, as a snapshot."""

Visit = Callable[[kg.Snapshot], FlaskClient]
"""The fixture `visit`: a reader of the explorer over a snapshot."""


def written(folder: Path, **sources: str) -> list[Path]:
    """Turtle, one text per source, as files in a folder, with the prefixes of the project."""
    files = {folder / f"{name}.ttl": text for name, text in sources.items()}
    for file, text in files.items():
        file.write_text(PREFIXES + text, encoding="utf-8")
    return list(files)
