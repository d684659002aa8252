"""How a browser asks for a page, and what a test looks at in it."""

from collections.abc import Iterator
from html.parser import HTMLParser

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Page(HTMLParser):
    """What a test looks at in a page: its elements with their attributes, and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def links(self) -> Iterator[str]:
        for attributes in self.all("a", "link"):
            if attributes.get("href"):
                yield str(attributes["href"])
