"""Answers as DataFrames of pandas and polars: a row per solution, a column per variable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from kg.errors import FormatError, MissingLibraryError
from kg.store import Answer
from kg.terms import Term, Value, value

if TYPE_CHECKING:
    import pandas
    import polars

_PANDAS = {
    "text": "string",
    "whole": "Int64",
    "number": "float64",
    "truth": "boolean",
    "day": "datetime64[s]",
    "moment": "datetime64[us, UTC]",
}
_WHOLE = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Column:
    """The values of one variable, None where unbound, and the kind they share: a key of the tables of types."""

    kind: str
    values: list[Value | None]


def to_pandas(answer: Answer) -> "pandas.DataFrame":
    """The rows of a SELECT; a column has a type when all its values share one, and is text as written otherwise.

    Integers become Int64, other numbers float64, booleans boolean, complete dates datetime64, dates with a time and a
    zone UTC. IRIs are full texts. Years and months stay text ("2018", "2018-05"), and so does a column that mixes them
    with days: texts of that form sort by time. Language tags are left out; unbound is NA.
    Raises MissingLibraryError without pandas, FormatError for a query that gives no rows.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise MissingLibraryError("pandas") from error
    columns = _columns(answer)
    return pandas.DataFrame({name: pandas.Series(c.values, dtype=_PANDAS[c.kind]) for name, c in columns.items()})


def to_polars(answer: Answer) -> "polars.DataFrame":
    """The same as a polars DataFrame: String, Int64, Float64, Boolean, Date, Datetime in UTC; unbound is null."""
    return _polars_frame(_columns(answer))


def write_parquet(columns: Sequence[str], rows: Iterable[Sequence[Value | None]]) -> bytes:
    """A table as an Apache Parquet file; a column has a type when all its values share one, and is text otherwise.

    Raises MissingLibraryError without polars.
    """
    values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    out = BytesIO()
    _polars_frame({n: _typed(v) for n, v in zip(columns, values, strict=True)}).write_parquet(out)
    return out.getvalue()


def _polars_frame(columns: Mapping[str, Column]) -> "polars.DataFrame":
    try:
        import polars
    except ModuleNotFoundError as error:
        raise MissingLibraryError("polars") from error
    types = {
        "text": polars.String(),
        "whole": polars.Int64(),
        "number": polars.Float64(),
        "truth": polars.Boolean(),
        "day": polars.Date(),
        "moment": polars.Datetime("us", "UTC"),
    }
    return polars.DataFrame([polars.Series(name, c.values, types[c.kind]) for name, c in columns.items()])


def _columns(answer: Answer) -> Mapping[str, Column]:
    if answer.kind != "select":
        raise FormatError("a DataFrame is made of the rows of a SELECT; this query gives none")
    return {name: _column([row[name] for row in answer.rows]) for name in answer.columns}


def _column(terms: list[Term | None]) -> Column:
    column = _typed([None if term is None else value(term) for term in terms])
    if column.kind != "text":
        return column
    return Column("text", [None if term is None else getattr(term, "value", str(term)) for term in terms])


def _typed(values: list[Value | None]) -> Column:
    kinds = {_kind(v) for v in values if v is not None}
    if kinds == {"whole", "number"}:
        return Column("number", [float(v) if isinstance(v, int | float) else None for v in values])
    if len(kinds) == 1 and kinds != {"text"}:
        return Column(kinds.pop(), values)
    return Column("text", [None if v is None else str(v) for v in values])


def _kind(found: Value) -> str:
    if isinstance(found, bool):
        return "truth"
    if isinstance(found, int):
        return "whole" if found in _WHOLE else "text"
    if isinstance(found, float):
        return "number"
    if isinstance(found, datetime):
        return "moment" if found.tzinfo else "text"
    return "day" if isinstance(found, date) else "text"
