"""Walking through the public pages as a visitor does: by their links."""

import re
from html import unescape

from flask.testing import FlaskClient

# Filters and searches without end, and what is no page to read.
NOT_FOLLOWED = re.compile(r"[?]|\.(?:bib|atom|pdf|png|svg|xml|txt|ics|vcf)$|^/(?:en/)?(?:static|account|pictures)/")
LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')


def public_pages(client: FlaskClient, start: str) -> dict[str, str]:
    """Every page that links lead to from `start`, in its language, by address. Each answers 200."""
    english = start.startswith("/en/")
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        found[address] = response.text
        links = {unescape(link) for link in LINK.findall(response.text)}
        waiting += [link for link in links if link.startswith("/en/") == english and not NOT_FOLLOWED.search(link)]
    return found
