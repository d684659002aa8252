"""The notebooks of docs/: run one from its first cell to its last, and keep of what it shows what reads as text.

`python tests/notebooks.py` runs them all on the current snapshot and writes what they show into the files.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.font_manager  # noqa: F401  its notice that it looks for fonts comes here, once, and in no notebook
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "docs"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
TEXTS = ("text/markdown", "text/plain")


def read(file: Path) -> NotebookNode:
    """The notebook in a file; an error if it is not one."""
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    return notebook


def run(file: Path, environment: dict[str, str]) -> NotebookNode:
    """The notebook after running it in a new kernel of this Python; CellExecutionError where a cell fails."""
    notebook = read(file)
    with TemporaryDirectory() as place:
        settings = Config(KernelManager={"transport": "ipc"})
        client = NotebookClient(notebook, timeout=120, record_timing=False, config=settings)
        client.execute(env=environment | {"IPYTHONDIR": place})
    return text_only(notebook)


def text_only(notebook: NotebookNode) -> NotebookNode:
    """The notebook without execution counts, a picture replaced by its description, all else shown as plain text."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_text(output) for output in cell.outputs]
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _text(output: NotebookNode) -> NotebookNode:
    if "data" not in output:
        return output
    if "image/png" in output.data:
        data = {"text/plain": output.metadata["image/png"]["alt"]}
    else:
        data = {kind: output.data[kind] for kind in TEXTS if kind in output.data}
        data = {TEXTS[0]: data[TEXTS[0]]} if TEXTS[0] in data else data
    return nbformat.v4.new_output("display_data", data)


def main() -> None:
    for file in NOTEBOOKS:
        file.write_text(nbformat.writes(run(file, dict(os.environ))) + "\n", encoding="utf-8")
        sys.stderr.write(f"{file}\n")


if __name__ == "__main__":
    main()
