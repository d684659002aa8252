"""A real server over what the project ships, and the system's Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import kg

SERVE = "import sys, webapp; webapp.serve(sys.argv[1], port=int(sys.argv[2]))"
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def site(shipped: kg.Snapshot, shipped_home: Path) -> Iterator[str]:
    """The address of a running server, with its report and its lenses made; it is stopped after the tests."""
    kg.report_of(shipped)
    for lens in kg.known_lenses():
        kg.through(shipped, lens)
    yield from _served(shipped_home)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one over a graph that means harm."""
    yield from _served(hostile.build(tmp_path_factory.mktemp("hostile")).path.parent.parent)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test fails and says how to get one."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "Chromium is missing: install it (Debian, Ubuntu: apt install chromium), or set CHROMIUM to its path"
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A new tab at 1280 by 900; a message on its console is a failure, and so is a request to another host."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(site) else said.append(request.url))
    yield tab
    context.close()
    assert said == []


@pytest.fixture
def unscripted(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a tab without script: unscripted(locale="fr-FR", viewport=…)."""
    contexts: list[BrowserContext] = []

    def make(**wanted: object) -> Page:
        settings = {"base_url": site, "java_script_enabled": False, "locale": "en-GB"} | wanted
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def plain(unscripted: Callable[..., Page]) -> Page:
    """A tab without script, in English, as wide as a desk."""
    return unscripted()


def _served(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", SERVE, str(home), str(port)]) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert server.poll() is None, "the server ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start within 20 s")
