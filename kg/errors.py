"""Everything that can go wrong and that the reader can put right: one base class, one sentence each."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


class KGError(Exception):
    """Something the reader can understand and put right; its text is one sentence."""

    def __reduce__(self) -> tuple[Any, ...]:
        """An error keeps its sentence and its values on the way from one process to another."""
        return _revive, (type(self), self.args, self.__dict__)


class FileError(KGError):
    """A file or folder cannot be used; `path` says which."""

    def __init__(self, path: Path | str, problem: str) -> None:
        self.path = Path(path)
        super().__init__(f"{path}: {problem}")


class RDFSyntaxError(FileError):
    """A file is not legal RDF at `line`, `column` (both counted from 1, 0 when the parser does not say)."""

    def __init__(self, path: Path | str, line: int, column: int, problem: str) -> None:
        self.line, self.column = line, column
        super().__init__(f"{path}:{line}:{column}" if line else path, problem)
        self.path = Path(path)


class QuerySyntaxError(KGError):
    """A query is not legal SPARQL at `line`, `column`; `text` is that line of the query."""

    def __init__(self, problem: str, line: int = 0, column: int = 0, text: str = "", name: str = "query") -> None:
        self.problem, self.line, self.column, self.text, self.name = problem, line, column, text, name
        where = f" at line {line}, column {column}" if line else ""
        shown = f"\n  {text}\n  {' ' * (column - 1)}^" if text else ""
        super().__init__(f"{name} is not valid SPARQL{where}: {problem}{shown}")


class QueryRefusedError(KGError):
    """A legal request that this service does not carry out (an update, a SERVICE, a remote context)."""


class QueryFailedError(KGError):
    """A legal query that could not be evaluated to its end."""


class HeaderError(FileError):
    """The `#+` header of a query file is not what it should be."""


class UnknownQueryError(KGError):
    """There is no query of that name; the sentence gives the nearest one."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f'no question "{name}" in the packs' + _nearest(name, known, "see `kg packs`"))


class UnknownNetworkError(UnknownQueryError):
    """There is no network of that name; the sentence gives the nearest one."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        near = _nearest(name, known, f"there are {', '.join(sorted(known))}")
        KGError.__init__(self, f'no network "{name}"{near}')


class NetworkTooLargeError(KGError):
    """A network has more ties than can be looked at; the sentence says how to narrow it."""

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        super().__init__(f"{name} has more than {most:,} ties here: choose a thing to look around, a role or a theme")


class ParameterError(KGError):
    """A parameter of a question is missing, unknown or of the wrong type."""


class UnknownNameError(KGError):
    """Nothing in the graph has that name; `near` holds the nearest names."""

    def __init__(self, name: str, near: Iterable[str] = ()) -> None:
        self.name, self.near = name, list(near)
        hint = "; nearest: " + ", ".join(self.near) if self.near else ""
        super().__init__(f'nothing in the graph is called "{name}"{hint}')


class AmbiguousNameError(KGError):
    """Several things have that name; `candidates` holds their short names."""

    def __init__(self, name: str, candidates: Iterable[str]) -> None:
        self.name, self.candidates = name, list(candidates)
        super().__init__(f'"{name}" may mean several things; say which: ' + ", ".join(self.candidates))


class SnapshotError(KGError):
    """A snapshot is missing, damaged, or cannot be written."""


class FormatError(KGError):
    """A format that does not exist or does not fit the answer."""


class MissingLibraryError(KGError):
    """A library that is not installed is needed for what was asked; `library` is its name, also for pip."""

    def __init__(self, library: str) -> None:
        self.library = library
        super().__init__(f"{library} is not installed: run `pip install {library}`")


class RemoteError(KGError):
    """A remote SPARQL endpoint did not answer as it should."""


def _nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f': did you mean "{near[0]}"?' if near else f"; {otherwise}"


def _revive(kind: type[KGError], arguments: tuple[Any, ...], values: dict[str, Any]) -> KGError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(values)
    return error
