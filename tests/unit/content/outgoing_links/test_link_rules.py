"""Which links a record has, whom the portal may ask, and what an answer means."""

import pytest

from s2group.content.outgoing_links.rules import LinkFault, failure_of, is_public, links_in


def test_links_are_found_in_fields_tables_and_markdown_once() -> None:
    values = {
        "url": "https://example.org/a(b)?x=1&y=2#z",
        "links": [{"kind": "homepage", "url": "http://example.org"}, {"url": ""}],
        "table": {"PDF": "https://example.org/paper.pdf"},
        "body": {
            "zh": "见 [主页](https://example.org/zh)，或 https://example.org/文。再见 http://example.org",
            "en": "[a](https://example.org/w_(x)) <https://example.org/auto>. **https://example.org/b**",
        },
        "number": 1,
        "bibtex": "url = {https://example.org/unseen}",
        "long": "https://example.org/" + "a" * 800,
        "mail": "mailto:a@example.org ftp://example.org",
    }
    assert links_in(values) == [
        "https://example.org/a(b)?x=1&y=2#z",
        "http://example.org",
        "https://example.org/paper.pdf",
        "https://example.org/zh",
        "https://example.org/文",
        "https://example.org/w_(x)",
        "https://example.org/auto",
        "https://example.org/b",
    ]


@pytest.mark.parametrize(
    ("address", "may_be_asked"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *((inside, False) for inside in (
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
            "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1",
            "ff02::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1",
        )),
    ],
)  # fmt: skip
def test_nobody_inside_is_asked(address: str, may_be_asked: bool) -> None:
    assert is_public(address) == may_be_asked


def test_what_asks_to_sign_in_is_there() -> None:
    failures = {status: failure_of(status) for status in (200, 206, 304, 401, 403, 429, 999, 404, 410, 500, 503)}
    broken = {status for status, failure in failures.items() if failure and failure.fault is LinkFault.STATUS}
    assert broken == {404, 410, 500, 503}
