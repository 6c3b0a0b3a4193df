"""What is wrong with a page for those who see, hear or move otherwise."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of what is in order, axe need not tell where it stands.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def problems(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in violations for node in v["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {width} px"] if width > 0 else [])
