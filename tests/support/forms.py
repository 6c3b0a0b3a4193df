"""What a browser would send of a form as it stands on a page."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# Inputs that send nothing by themselves.
SILENT = ("submit", "button", "file")


class Controls(HTMLParser):
    """The inputs, selections and boxes of text of a page, and what stands in each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.selection = self.box = ""
        self.written: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "input" and "name" in found:
            self._take_input(found)
        elif tag == "select":
            self.selection = found["name"]
            self.values[self.selection] = []
        elif tag == "option" and ("selected" in found or not self.values[self.selection]):
            self.values[self.selection] = [found["value"]]
        elif tag == "textarea":
            self.box, self.written = found["name"], []

    def _take_input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        chosen = kind not in ("checkbox", "radio") or "checked" in found
        if kind not in SILENT and chosen:
            self.values.setdefault(found["name"], []).append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.box:
            self.written.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser leaves out the line break that a box begins with.
            text = "".join(self.written).replace("\r\n", "\n").removeprefix("\n")
            self.values[self.box], self.box = [text], ""


def as_shown(page: str) -> dict[str, list[str]]:
    """The values of every input that is filled in, chosen or empty, by its name; radios without a choice are not."""
    return Controls(page).values


def send(client: FlaskClient, path: str, page: str = "", **typed: str | list[str]) -> TestResponse:
    """Send the form as it stands on its page, but for what is typed."""
    return client.post(path, data={**as_shown(page or client.get(path).text), **typed})
