"""What is counted elsewhere, by which name the counts are kept, and which numbers are believed."""

# What no paper or repository has reached; more is a mistake of whoever counted.
MOST = 10_000_000


def citation_subjects(*, doi: str | None, arxiv: str | None) -> tuple[str, ...]:
    """The names under which a paper's citations are kept, the one that readers are shown first."""
    named = (("doi", doi), ("arxiv", arxiv))
    return tuple(f"{scheme}:{number.lower()}" for scheme, number in named if number)


def star_subject(repository: str) -> str:
    """The name under which the stars of 'owner/name' on GitHub are kept; case does not tell repositories apart."""
    return f"github:{repository.lower()}"


def believable(value: object) -> int | None:
    """A number as a service tells it, or None where it cannot be a count."""
    return value if type(value) is int and 0 <= value <= MOST else None
