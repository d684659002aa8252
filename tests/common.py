"""What several files of tests name."""

import subprocess
from collections.abc import Callable
from pathlib import Path

CASES = Path(__file__).parent / "cases"

Run = Callable[..., subprocess.CompletedProcess[str]]
"""The fixture `run`: the command with these arguments."""
