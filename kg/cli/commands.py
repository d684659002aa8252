"""What all commands share: the group they belong to, options, errors as one sentence, progress, and where bytes go."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import kg
from kg.cli.children import run_apart

HOME = click.option(
    "--home", type=click.Path(path_type=Path), help="Folder of the snapshots (default: $KG_HOME or .kg)."
)
LANGUAGE = click.option("--lang", default="en", show_default=True, help="Language of labels and questions: en or fr.")
EXAMPLE = "\b\nExample:\n  "
RDF_FORMATS = ["ttl", "trig", "nt", "nq", "jsonld", "rdf"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kg.__version__, prog_name="kg")
def main() -> None:
    """Build, check and question a knowledge graph of migration governance actors."""


def command(name: str, example: str, apart: bool = False) -> Callable[[Callable[..., int | None]], click.Command]:
    """A command whose KGErrors become one sentence on stderr and exit status 2; `apart`, in a process of its own."""

    def wrap(function: Callable[..., int | None]) -> click.Command:
        @wraps(function)  # with what click has noted of its options
        def run(**arguments: Any) -> None:
            work = partial(function, **arguments)
            sys.exit(_status(name, partial(run_apart, partial(_status, name, work)) if apart else work))

        run.__doc__ = f"{cleandoc(function.__doc__ or '')}\n\n{EXAMPLE}{example}"
        return main.command(name)(run)

    return wrap


def put(data: bytes, out: Path | None) -> None:
    """Bytes into a file, whole or not at all, or to stdout without one."""
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        kg.write_file(out, data)
        click.echo(f"{out}: {len(data)} bytes", err=True)


def out(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of a file to write, in these words; None stands for stdout, and so does "-"."""
    return click.option("--out", type=click.Path(path_type=Path), callback=_no_dash, help=words)


def _no_dash(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    return None if file == Path("-") else file


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr when it is a terminal, nothing otherwise."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield show


def _status(name: str, work: Callable[[], int | None]) -> int:
    """The exit status of a command; the sentence of a KGError, or of the system, goes to stderr."""
    try:
        status = work() or 0
        sys.stdout.flush()
    except kg.KGError as error:
        click.echo(f"kg {name}: {error}", err=True)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # of the disk, or of whoever reads the output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"kg {name}: {where}{error.strerror or error}", err=True)
        return 2
    return status
