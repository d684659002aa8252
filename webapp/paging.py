"""Lists in pages: which part is shown, and the addresses of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

import kg

ROWS_PER_PAGE = 100
Item = TypeVar("Item")


@dataclass(frozen=True)
class Link:
    """One page of a list."""

    number: int
    href: str
    current: bool


@dataclass(frozen=True)
class Pages:
    """Which part of a list is shown."""

    number: int
    total: int
    size: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last_row(self) -> int:
        return min(self.number * self.size, self.total)

    def part(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of this page."""
        return items[(self.number - 1) * self.size : self.number * self.size]

    def addresses(self, address: Callable[[int], str]) -> list[Link]:
        """Links to the first, the last and the nearest pages; none when there is but one page."""
        near = {1, self.last, *range(self.number - 2, self.number + 3)}
        numbers = sorted(number for number in near if 1 <= number <= self.last)
        return [Link(n, address(n), n == self.number) for n in numbers] if self.last > 1 else []


def page_number() -> int:
    """The page of a list that the address asks for, from 1."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) < 1_000_000:
        raise kg.ParameterError(f'page="{text}" is not the number of a page')
    return int(text)


def split(name: str, extensions: Sequence[str]) -> tuple[str, str]:
    """A name and its extension, if it is one of those."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot and extension in extensions else (name, "")
