import pytest

from s2group.content.metrics.rules import believable, citation_subjects, star_subject
from s2group.content.records.rules import repository_at


def test_the_names_of_a_paper() -> None:
    assert citation_subjects(doi="10.5555/ABC", arxiv="2105.02446") == ("doi:10.5555/abc", "arxiv:2105.02446")
    assert citation_subjects(doi=None, arxiv="2105.02446") == ("arxiv:2105.02446",)
    assert citation_subjects(doi=None, arxiv=None) == ()


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/Test-Owner/test.name", "Test-Owner/test.name"),
        ("https://github.com/owner/name.git", "owner/name"),
        ("https://www.github.com/owner/name/tree/main?tab=readme#top", "owner/name"),
        ("https://github.com/owner", ""),
        ("https://github.com.example.org/owner/name", ""),
        ("https://owner.github.io/name/", ""),
        ("", ""),
    ],
)
def test_the_repository_at_an_address(address: str, repository: str) -> None:
    assert repository_at(address) == repository


def test_case_does_not_tell_repositories_apart() -> None:
    assert star_subject("Owner/Name") == star_subject("owner/name") == "github:owner/name"


@pytest.mark.parametrize("value", [-1, 1.5, "7", True, None, [], 10_000_001, float("nan")])
def test_what_cannot_be_a_count(value: object) -> None:
    assert believable(value) is None


@pytest.mark.parametrize("value", [0, 7, 10_000_000])
def test_what_can(value: int) -> None:
    assert believable(value) == value
