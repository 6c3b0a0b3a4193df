"""What is counted elsewhere, by which name the counts are kept, and which numbers are believed."""

import re

# What no paper or repository has reached; more is a mistake of whoever counted.
MOST = 10_000_000
GITHUB_ADDRESS = re.compile(r"https?://(?:www\.)?github\.com/([A-Za-z0-9-]{1,39})/([A-Za-z0-9._-]{1,100})(?:[/?#]|$)")


def citation_subjects(*, doi: str | None, arxiv: str | None) -> tuple[str, ...]:
    """The names under which a paper's citations are kept, the one that readers are shown first."""
    named = (("doi", doi), ("arxiv", arxiv))
    return tuple(f"{scheme}:{number.lower()}" for scheme, number in named if number)


def star_subject(repository: str) -> str:
    """The name under which the stars of 'owner/name' on GitHub are kept; case does not tell repositories apart."""
    return f"github:{repository.lower()}"


def repository_at(address: str) -> str:
    """The repository 'owner/name' that a web address leads to, or an empty text."""
    found = GITHUB_ADDRESS.match(address)
    return f"{found[1]}/{found[2].removesuffix('.git')}" if found else ""


def believable(value: object) -> int | None:
    """A number as a service tells it, or None where it cannot be a count."""
    return value if type(value) is int and 0 <= value <= MOST else None
