"""Where the links of a home page lead: papers, repositories, and the page owner's other profiles."""

import re
from collections.abc import Container, Mapping
from itertools import count
from urllib.parse import parse_qs, urlsplit

from s2group.content.importer.inline import Image, Link
from s2group.content.records.rules import is_web_address, repository_at

DOI = re.compile(r"https?://(?:(?:dx\.)?doi\.org|dl\.acm\.org/doi(?:/abs|/pdf|/full)?)/(10\.\d{4,9}/[^\s?#]+)")
ARXIV = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?/?(?:[?#].*)?")
STARS = re.compile(r"https?://img\.shields\.io/github/stars/([\w.-]{1,39}/[\w.-]{1,100}?)(?:\.svg)?(?:[/?#].*)?")
# Words in a link's label, and what it is then.
LABELS = (
    ("code", r"\bcodes?\b|github|源码|源代码|代码"),
    ("demo", r"demo|\bsamples\b|\baudio\b|试听|演示|hugging ?face"),
    ("video", r"video|youtube|bilibili|视频"),
    ("slides", r"slide|幻灯"),
    ("poster", r"poster|海报"),
    ("dataset", r"\bdata(set)?s?\b|corpus|数据"),
    ("arXiv", r"arxiv"),
    ("DOI", r"\bdoi\b"),
    ("PDF", r"\bpdf\b"),
    ("paper", r"\bpaper\b|论文"),
    ("project", r"project|home ?page|website|\bpage\b|主页|项目"),
)
PROFILES = (
    (
        "scholar",
        re.compile(r"https?://scholar\.google\.[a-z.]{2,6}/citations\?[^#\s]*\buser=[\w-]+[^\s]*"),
        "scholar|学术",
    ),
    ("orcid", re.compile(r"https?://orcid\.org/[\dX-]{19}"), "orcid"),
    ("dblp", re.compile(r"https?://dblp\.(?:org|uni-trier\.de)/pid/\S+"), "dblp"),
    ("github", re.compile(r"https?://github\.com/[\w-]{1,39}/?"), "github"),
    ("semantic_scholar", re.compile(r"https?://www\.semanticscholar\.org/author/\S+"), "semantic"),
)


def doi_of(address: str) -> str | None:
    """The DOI in the address of a publisher's page."""
    found = DOI.fullmatch(address.split("?")[0])
    return found[1].lower() if found else None


def arxiv_of(address: str) -> str | None:
    """The number of a paper on arXiv, without version."""
    found = ARXIV.fullmatch(address)
    return found[1] if found else None


def stars_of(image: Image) -> str:
    """The repository whose stars a badge shows, or empty."""
    found = STARS.fullmatch(image.url)
    return found[1] if found else ""


def label_of(link: Link) -> str:
    """What a link in a paper's row of links is, as the record calls it; empty where its label does not say."""
    words = " ".join([link.label, *(f"{image.alt} {_badge_label(image)}" for image in link.images)]).casefold()
    if repository_at(link.url) and (any(map(stars_of, link.images)) or re.search(r"project|code|github|项目", words)):
        return "code"
    return next((label for label, pattern in LABELS if re.search(pattern, words)), "")


def _badge_label(image: Image) -> str:
    """Badges of shields.io bear their label in their address."""
    try:
        return " ".join(parse_qs(urlsplit(image.url).query).get("label", []))
    except ValueError:
        return ""


def profile_of(link: Link) -> tuple[str, str] | None:
    """Kind and address, where a link leads to a profile and its label says no more than that."""
    if not is_web_address(link.url):
        return None
    for kind, address, label in PROFILES:
        if address.fullmatch(link.url) and (not link.label or re.search(label, link.label, re.IGNORECASE)):
            return kind, link.url
    return None


def numbered(links: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The links that are not known, those whose label is taken by another address under the next that is free."""
    all_of_them = dict(known)
    for label, address in links.items():
        if address not in all_of_them.values() and not _are_versions(address, all_of_them.get(label, "")):
            all_of_them[_free_label(label, all_of_them)] = address
    return {label: address for label, address in all_of_them.items() if label not in known}


def _are_versions(one: str, other: str) -> bool:
    """Whether both lead to one paper on arXiv, be it to two versions of it."""
    return arxiv_of(one) is not None and arxiv_of(one) == arxiv_of(other)


def _free_label(label: str, taken: Container[str]) -> str:
    """`label`, or with the first number after it that no other link has."""
    names = (label if number == 1 else f"{label} {number}" for number in count(1))
    return next(name for name in names if name not in taken)
