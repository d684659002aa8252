"""How a browser asks for a page, and what a test looks at in it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


VOID = {"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "rect", "source", "stop", "wbr"}


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


class Texts(HTMLParser):
    """The texts of a page, each with the names of the elements around it and the language it is marked as."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[tuple[frozenset[str], str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.around.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            tongues = [held["lang"] for _, held in self.around if held.get("lang")]
            kept = any(held.get("translate") == "no" or held.get("class") == "tongue" for _, held in self.around)
            tags = frozenset(tag for tag, _ in self.around)
            self.found.append((tags, "" if kept or not tongues else str(tongues[-1]), " ".join(data.split())))


def followed(client: FlaskClient, beginnings: list[str], most: int = 250) -> dict[str, int]:
    """What the first addresses answer that a reader comes to from the beginnings, link by link."""
    seen: dict[str, int] = {}
    waiting = list(beginnings)
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        answer = client.get(address, headers=BROWSER)
        answer.close()
        seen[address] = answer.status_code
        for link in Page(answer.text).links() if answer.mimetype == "text/html" else ():
            target = urlsplit(urljoin(f"http://localhost{address}", link))
            local = target._replace(scheme="", netloc="", fragment="").geturl()
            if target.netloc == "localhost" and local not in seen and local not in waiting:
                waiting.append(local)
    return seen
