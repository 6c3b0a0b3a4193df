"""Somebody at a browser who has no pointer: everything is typed, and the way to a control is Tab."""

from dataclasses import dataclass

from playwright.sync_api import Page

# More than any page has controls before the one that is looked for.
MOST_TABS = 250


@dataclass
class Keyboard:
    """The keyboard of one page; a letter is a key of the desk where no field has the focus."""

    page: Page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, on the page that is there now."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, *keys: str) -> None:
        """The same, where the last of them leads to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        self.page.wait_for_load_state()

    def reach(self, selector: str) -> None:
        """Press Tab until the first element that is selected has the focus; fails where Tab leads nowhere."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {selector} on {self.page.url}")

    def activate(self, selector: str) -> None:
        """Reach a link or button and press Enter, which leads to another page."""
        self.reach(selector)
        self.go("Enter")

    def write(self, selector: str, text: str) -> None:
        """Reach a field and write in it, in the place of what stands there."""
        self.reach(selector)
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, selector: str, value: str) -> None:
        """Reach a closed list and walk down to one of its values."""
        self.reach(selector)
        self.press("Home")
        for _ in range(self.page.locator(selector).first.locator("option").count()):
            if self.page.locator(selector).first.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{selector} has no {value}")
