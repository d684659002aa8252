"""What the figures were measured on."""

import json
import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from bench.pages import Datasette, Trifid

LIBRARIES = ("migration-governance", "pyoxigraph", "rdflib", "rdflib-endpoint", "waitress", "uvicorn")


def described() -> str:
    """Processor, cores, memory and system in one line."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{_processor()}, {os.cpu_count()} cores, {memory} GB, {platform.system()} {platform.release()}"


def versions() -> dict[str, str]:
    """Name -> version of everything that was compared."""
    found = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found | {"Virtuoso": _virtuoso()} | _others()


def _others() -> dict[str, str]:
    """Those that are installed beside the environment."""
    trifid = Trifid.folder / "node_modules" / "trifid" / "package.json"
    found = {"Trifid": json.loads(trifid.read_text(encoding="utf-8"))["version"]} if trifid.exists() else {}
    if Datasette.program.exists():
        said = subprocess.run([str(Datasette.program), "--version"], capture_output=True, text=True, check=False)
        found["Datasette"] = said.stdout.split()[-1]
    return found


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    match = re.search(r"^model name\s*: (.*)$", file.read_text(), re.MULTILINE) if file.exists() else None
    return match[1] if match else platform.processor() or "unknown processor"


def _virtuoso() -> str:
    program = shutil.which("virtuoso-t")
    if program is None:
        return "not installed"
    said = subprocess.run([program, "-?"], capture_output=True, text=True, check=False)
    match = re.search(r"Version (\S+)", said.stdout + said.stderr)
    return match[1] if match else "unknown version"
