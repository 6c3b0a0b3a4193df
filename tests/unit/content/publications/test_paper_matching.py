"""When names mean a member, when records are one paper, and which venue a paper names."""

from typing import Any

import pytest

from s2group.content.people.models import Member
from s2group.content.publications.importing import member_finder, venue_finder
from s2group.content.publications.models import Venue
from s2group.content.publications.rules.papers import Identity, identity_shared
from s2group.content.publications.rules.venues import venue_keys
from s2group.core.localized import LocalizedText


def member(slug: str, zh: str, en: str, *aliases: str) -> Member:
    return Member(slug=slug, name=LocalizedText(zh, en), aliases=list(aliases))


MEMBERS = [
    member("jia", "测试甲", "Test Jia", "T. Jia"),
    member("yifan", "测试乙", "Yi-Fan Test"),
    member("zoe", "", "Zoë Sample"),
    member("one", "同名", "Same Name"),
    member("two", "同名", "Same Name"),
]


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Test Jia", "jia"),
        ("Jia, Test", "jia"),
        ("Jia Test", "jia"),
        ("TEST JIA", "jia"),
        ("测试甲", "jia"),
        ("测 试 甲", "jia"),
        ("T. Jia", "jia"),
        ("Jia, T.", "jia"),
        ("Yifan Test", "yifan"),
        ("Zoe Sample", "zoe"),
        ("Y. Test", None),
        ("Y.-F. Test", None),
        ("T. Yi", None),
        ("Z. Sample", None),
        ("Test", None),
        ("Same Name", None),
        ("", None),
    ],
)
def test_a_name_means_a_member_or_nobody(written: str, slug: str | None) -> None:
    found = member_finder(MEMBERS)(written)
    assert (found.slug if found else None) == slug


def identity(
    kind: str = "article", title: str = "t", doi: str | None = None, arxiv: str | None = None, **more: Any
) -> Identity:
    return Identity(kind, title, doi, arxiv, **more)


@pytest.mark.parametrize(
    ("one", "other", "mark"),
    [
        (identity(doi="10.5/x", title="a"), identity(doi="10.5/x", title="b"), "DOI"),
        (identity(arxiv="1", title="a"), identity(arxiv="1", title="b"), "arXiv"),
        (identity(), identity(), "title"),
        (identity(), identity("inproceedings"), None),
        (identity(year=2019), identity("inproceedings", year=2019, venue="ROOMS"), None),
        (
            identity(year=2019, venue="Proc. of ROOMS"),
            identity("inproceedings", year=2019, venue="ROOMS 2019"),
            "title",
        ),
        (identity(year=2022, venue="ROOMS"), identity("inproceedings", year=2019, venue="ROOMS"), None),
        (identity("misc"), identity("inproceedings"), "title"),
        (identity(year=2019), identity(year=2020), "title"),
        (identity(year=2019), identity(year=2022), None),
        (identity(year=2019), identity(year=0), "title"),
        (identity("preprint", year=2019), identity("inproceedings", year=2022), "title"),
        (identity("preprint", arxiv="1"), identity("preprint", arxiv="2"), None),
        (identity("preprint", arxiv="1"), identity(arxiv="2"), None),
        (identity(doi="10.5/x"), identity("preprint", doi="10.5/y"), "title"),
        (identity(doi="10.5/x"), identity("inproceedings", doi="10.5/y"), None),
        (identity(), identity("thesis"), None),
        (identity("dataset"), identity("dataset"), "title"),
        (identity(title=""), identity(title=""), None),
        (identity(title="a"), identity(title="b"), None),
    ],
)
def test_what_makes_two_records_one_paper(one: Identity, other: Identity, mark: str | None) -> None:
    assert identity_shared(one, other) == identity_shared(other, one) == mark


VENUES = [
    Venue(short_name="SAMPLE", name="Conference on Samples & Tests", aliases=["Samples Conf"]),
    Venue(short_name="JoS", name="Journal of Samples", aliases=[]),
]


@pytest.mark.parametrize(
    ("written", "short_name"),
    [
        ("SAMPLE", "SAMPLE"),
        ("sample 2025", "SAMPLE"),
        ("Proc. of SAMPLE '25", "SAMPLE"),
        ("Proceedings of the 3rd Conference on Samples and Tests", "SAMPLE"),
        ("Some Long Name (SAMPLE 2025)", "SAMPLE"),
        ("Journal of Samples (J-o-S)", "JoS"),
        ("samples conf", "SAMPLE"),
        ("Workshop at SAMPLE", None),
        ("", None),
        ("2025", None),
    ],
)
def test_a_venue_is_known_by_any_of_its_names(written: str, short_name: str | None) -> None:
    found = venue_finder(VENUES)(written)
    assert (found.short_name if found else None) == short_name


def test_the_surest_spelling_comes_first() -> None:
    assert venue_keys("Journal of X (JX)") == ["journal of x jx", "journal of x", "jx"]
