"""Where a page lies among the files of an export, and what its links are called there."""

import posixpath
import re
from collections.abc import Callable, Sequence
from hashlib import sha256

# What is chosen on a page, such as a year, lies in a folder below it: news/by/year-2024/.
CHOSEN = "by"
PAGE = "index.html"
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
TAG = re.compile(r"<[a-zA-Z][^>]*>")
LINK = re.compile(r'(?<=\s)(href|src|srcset|action|poster|data-index)="([^"]*)"')
SCHEME = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|#)")
# What ends an address in a text: space, quotation marks, brackets, and what follows it in a sentence.
ADDRESS_END = r"[^\s\"'<>\\^`{}|()\u3000-\u303f\uff00-\uffef]*"


def file_of(path: str, arguments: Sequence[tuple[str, str]] = ()) -> str:
    """The file of a page: /news/ is news/index.html, and /news/?year=2024 is news/by/year-2024/index.html.

    Of a file what is chosen is the name: publications.bib?year=2024 is publications/by/year-2024.bib.
    """
    chosen = [f"{name}-{_plain(value)}" for name, value in arguments]
    whole, ending = posixpath.splitext(path.lstrip("/"))
    if not chosen:
        return whole + ending if ending else posixpath.join(whole, PAGE)
    return posixpath.join(whole, CHOSEN, *chosen) + ending if ending else posixpath.join(whole, CHOSEN, *chosen, PAGE)


def _plain(value: str) -> str:
    """The value as part of a name on every disk; what had to be changed for that is told apart by a hash."""
    if PLAIN.fullmatch(value):
        return value
    begun = NOT_PLAIN.sub("-", value)[:40].strip("-")
    return f"{begun}-{sha256(value.encode()).hexdigest()[:6]}".lstrip("-")


def address_of(file: str) -> str:
    """What a link to the file says, seen from the root: a page is known by its folder."""
    return file.removesuffix(PAGE) if posixpath.basename(file) == PAGE else file


def relative(file: str, start: str) -> str:
    """The address of `file`, seen from the file `start`."""
    address = address_of(file)
    found = posixpath.relpath(address or ".", posixpath.dirname(start) or ".")
    return f"{found}/" if not address or address.endswith("/") else found


def with_links(html: str, changed: Callable[[str, str], str]) -> str:
    """HTML with every link to a place of the same host as `changed` makes it of the link and its attribute."""

    def link(match: re.Match[str]) -> str:
        name, value = match.groups()
        if name != "srcset":
            return f'{name}="{_changed(value, name)}"'
        images = [image.strip().partition(" ") for image in value.split(",")]
        return f'{name}="{", ".join(f"{_changed(address, name)} {width}".strip() for address, _, width in images)}"'

    def _changed(value: str, name: str) -> str:
        return value if SCHEME.match(value) else changed(value.replace("&amp;", "&"), name).replace("&", "&amp;")

    return TAG.sub(lambda tag: LINK.sub(link, tag[0]), html)


def with_addresses(text: str, host: str, changed: Callable[[str], str]) -> str:
    """A text with every absolute address of `host` as `changed` makes it of what stood behind the host."""
    address = re.compile(re.escape(host) + f"(?![A-Za-z0-9.:-])({ADDRESS_END})")
    return address.sub(lambda match: changed(match[1].replace("&amp;", "&")).replace("&", "&amp;"), text)
