"""Asking the portal for all that can be reached, as a visitor without a session does."""

from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import Client

from s2group.site.static_site.places import Place, Places
from s2group.site.static_site.rules import with_addresses, with_links

# A picture that is not drawn in time is asked for again.
TRIES = 5
HTML = "text/html"
# What holds absolute addresses of pages.
WITH_ADDRESSES = {HTML, "application/xml", "application/atom+xml", "application/x-bibtex"}


class NotForEverybodyError(Exception):
    """A page that was asked for knows its reader, and is nothing to publish."""


class NotDrawnError(Exception):
    """A picture could not be drawn, however often it was asked for."""


@dataclass(frozen=True)
class Answer:
    """What the portal answered."""

    status: int
    media: str
    body: bytes
    leads_to: str = ""


@dataclass
class Found:
    """What was found: the answers by their places, addresses that lead on, and links that lead nowhere."""

    pages: dict[Place, Answer] = field(default_factory=dict)
    leading_on: dict[Place, Place] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


class Visitor:
    """Asks the app in its own process; `own` are pages that are made otherwise, by the name of their endpoint."""

    def __init__(self, app: Flask, own: dict[str, Callable[[Place], Answer]]) -> None:
        self.app, self.own, self.places = app, own, Places(app)
        self.client = Client(app, use_cookies=False)

    def walk(self, starts: Iterable[str]) -> Found:
        """Everything that can be reached from the `starts`, which may be gone themselves."""
        found, seen = Found(), set()
        waiting = deque((start, "") for start in starts)
        while waiting:
            link, page = waiting.popleft()
            place = self.places.find(link, page or "/")
            if place is None or place in seen:
                continue
            seen.add(place)
            waiting.extend((each, place.address) for each in self._visit(place, page, found))
        return found

    def ask(self, address: str) -> Answer:
        """The portal's answer. Raises NotForEverybodyError, NotDrawnError."""
        for _ in range(TRIES):
            # In a context of its own, for each request is in its own language, and reads the record for itself.
            answer = Context().run(self.client.get, address, base_url=self.app.config["PUBLIC_URL"], buffered=True)
            if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                continue
            if "Set-Cookie" in answer.headers or answer.headers.get("Cache-Control") == "no-store":
                raise NotForEverybodyError(address)
            return Answer(answer.status_code, answer.mimetype or "", answer.data, answer.headers.get("Location", ""))
        raise NotDrawnError(address)

    def links_of(self, answer: Answer) -> list[str]:
        """Where the answer leads, within the portal."""
        found: list[str] = []
        if answer.media in WITH_ADDRESSES:
            text = with_addresses(answer.body.decode(), self.app.config["PUBLIC_URL"], lambda link: _kept(link, found))
            with_links(text, lambda link, _name: _kept(link, found))
        return found

    def _visit(self, place: Place, page: str, found: Found) -> list[str]:
        made = self.own.get(place.endpoint)
        answer = made(place) if made else self.ask(place.address)
        if answer.leads_to:
            parts = urlsplit(answer.leads_to)
            link = parts._replace(scheme="", netloc="").geturl()
            if target := self.places.find(link):
                found.leading_on[place] = target
            return [link]
        if answer.status != HTTPStatus.OK:
            if page:
                found.broken[place.address] = page
            return []
        found.pages[place] = answer
        return self.links_of(answer)


def _kept(link: str, found: list[str]) -> str:
    found.append(link or "/")
    return link
