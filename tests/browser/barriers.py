"""What on a page shuts somebody out, as axe-core finds it."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that a dark page can break and a light one need not."""


def barriers(page: Page, rules: Mapping[str, object] = RULES) -> list[str]:
    """Each rule that the page breaks, with the places where it does."""
    broken = Axe().run(page, options=dict(rules)).response["violations"]
    return [f"{one['help']}: {'; '.join(node['html'] for node in one['nodes'])}" for one in broken]
