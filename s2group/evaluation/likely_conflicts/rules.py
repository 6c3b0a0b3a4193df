"""What hints at a conflict of interest. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

# Below these every institution has a name of its own.
SHARED_ENDINGS = frozenset(
    f"{kind}.{country}"
    for country in ("cn", "hk", "tw", "sg", "au", "uk", "jp", "kr", "in", "nz", "br", "za")
    for kind in ("edu", "ac", "com", "co", "org", "gov", "net", "go", "or", "ne")
)
# Where anybody gets an address; the last three are reserved for examples (RFC 2606), and nobody's.
FOR_EVERYBODY = frozenset({
    "126.com", "139.com", "163.com", "189.cn", "aliyun.com", "foxmail.com", "gmail.com", "gmx.com", "gmx.de",
    "googlemail.com", "hotmail.com", "icloud.com", "live.com", "mail.com", "me.com", "msn.com", "naver.com",
    "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "sina.cn", "sina.com", "sohu.com", "vip.qq.com",
    "web.de", "yahoo.com", "yeah.net", "example.com", "example.net", "example.org",
})  # fmt: skip


class Hint(StrEnum):
    """Why somebody may have a conflict with an application."""

    INSTITUTION = "institution"  # the applicant's address is of the same institution
    REFEREE = "referee"  # a referee's address is
    COAUTHOR = "coauthor"  # they wrote a paper that the applicant lists


def institution(email: str) -> str:
    """The domain of whoever gives this address out; empty where anybody gets one."""
    labels = email.rpartition("@")[2].lower().split(".")
    size = 3 if ".".join(labels[-2:]) in SHARED_ENDINGS else 2
    name = ".".join(labels[-size:])
    return "" if name in FOR_EVERYBODY or len(labels) < size else name


def hints(own: Iterable[str], applicant: str, referees: Iterable[str], *, is_coauthor: bool) -> tuple[Hint, ...]:
    """What speaks for a conflict of somebody with the addresses `own`; the referees' are addresses too."""
    homes = {institution(address) for address in own} - {""}
    found: Mapping[Hint, bool] = {
        Hint.INSTITUTION: institution(applicant) in homes,
        Hint.REFEREE: any(institution(address) in homes for address in referees),
        Hint.COAUTHOR: is_coauthor,
    }
    return tuple(hint for hint, holds in found.items() if holds)


def listed_titles(papers: object) -> Sequence[str]:
    """The titles of the papers that an applicant lists."""
    rows = papers if isinstance(papers, list) else []
    return [str(row["title"]) for row in rows if isinstance(row, Mapping) and row.get("title")]
