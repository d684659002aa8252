"""One page of each type; `make tour` takes their pictures and what axe finds on them into docs/.

The pictures are for README, and to be looked at: nothing compares them.
"""

import socket
import subprocess
import sys
import time
from pathlib import Path

from barriers import barriers
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "home": "/",
    "search": "/search?q=tunis",
    "browse": "/browse/",
    "list": "/browse/City",
    "city": "/page/city/tunis",
    "event": "/page/event/ev-2021-11-paris-lab",
    "funder": "/page/actor/european-union",
    "exhibition": "/page/exhibition/les-musiciens-africains-racontent-leur-93",
    "why": "/why?s=city:tunis&p=mg:country",
    "network": "/network?name=co-participation",
    "time": "/network?name=co-participation&since=2016&until=2020",
    "path": "/path?from=Vienna&to=Afrisson",
    "compare": "/compare?a=Tunis&b=Lyon",
    "map": "/map",
    "timeline": "/timeline",
    "sources": "/sources/",
    "source": "/sources/ssd-ressources",
    "names": "/names/actor/icmpd",
    "disagreements": "/disagreements",
    "gaps": "/gaps",
    "contribute": "/contribute",
    "downloads": "/downloads",
    "question": "/query/funding/flow",
    "query": "/query/?query=SELECT+*+{+%3Fs+a+mg:City+}",
    "pack": "/query/cities/",
    "ontology": "/ontology",
    "lens": "/browse/Event?evidence=official",
    "error": "/page/city/atlantis",
}
"""Type of page -> the address of one."""


def main() -> None:
    """Pictures (wide, narrow, dark, French) and the table of what axe finds."""
    folder = DOCS / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    with _Server() as address, sync_playwright() as playwright:
        path = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, where in PAGES.items():
            counts = [_found(browser, address, where, language) for language in ("en", "fr")]
            rows.append(f"| {name} | `{where}` | {counts[0]} | {counts[1]} |\n")
            _take(browser, address + where, folder / f"{name}.png")
            sys.stdout.write(f"{name}: {counts}\n")
        for name in ("home", "city", "network"):
            _take(browser, address + PAGES[name], folder / f"{name}-narrow.png", width=390)
            _take(browser, address + PAGES[name], folder / f"{name}-dark.png", scheme="dark")
        browser.close()
    (DOCS / "accessibility.md").write_text(_report(rows), encoding="utf-8")


def _report(rows: list[str]) -> str:
    return (
        "# What axe finds\n\n"
        "One page of each type in both languages, checked by axe-core with the rules of WCAG 2.0, 2.1 and 2.2,\n"
        "levels A and AA, and its best practices; written by `make tour`. The tests refuse a page on which axe finds\n"
        "anything.\n\n"
        "| page | address | violations, English | violations, French |\n| --- | --- | ---: | ---: |\n" + "".join(rows)
    )


def _found(browser: Browser, address: str, where: str, language: str) -> int:
    page = browser.new_page()
    page.goto(f"{address}{where}{'&' if '?' in where else '?'}lang={language}")
    number = len(barriers(page))
    page.close()
    return number


def _take(browser: Browser, address: str, file: Path, width: int = 1280, scheme: str = "light") -> None:
    page: Page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.querySelector('[data-network]')?.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(500)
    page.screenshot(path=file)
    page.close()


class _Server:
    """The explorer over the current snapshot, on a free port."""

    def __enter__(self) -> str:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)


if __name__ == "__main__":
    main()
