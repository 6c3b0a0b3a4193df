"""'AAAI 2022, CCF-A' and the like: where and when a paper appeared."""

import re
from dataclasses import dataclass

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
RANK = re.compile(r"\b(CCF[- ]?[ABC]|CAAI[- ]?[ABC]|JCR[- ]?Q[1-4])\b[)）\s]*", re.IGNORECASE)
IN = re.compile(r"^in:?\s+", re.IGNORECASE)
# What, among the authors of a paper, is the place where it appeared.
VENUE = re.compile(
    r"^in:?\s|^(?:IEEE|ACM)\b|^(?-i:[A-Z][A-Z&-]{2,})$|\bproc\b|proceedings|conference|journal|transactions|letters|symposium"
    r"|workshop|学报|会议|期刊",
    re.IGNORECASE,
)
PRIZE = r"(?:best|outstanding)(?: [a-z]{1,12}){0,3} (?:paper|award|demo)(?: [a-z]{1,12}){0,2}"
AWARD = re.compile(rf"[(（\[]?\b(spotlight|oral|highlight|{PRIZE})\b[)）\]]?", re.IGNORECASE)
AROUND = " \t,，.。:;*_()（）[]【】'’`\\"
JOURNAL = re.compile(
    r"\b(trans|transactions|journal|letters|magazine|taslp|tmm|tpami|taffc|review)\b|学报|期刊|杂志", re.I
)
PREPRINT = re.compile(r"\barxiv\b|\bpreprint\b|\bcorr\b", re.IGNORECASE)


@dataclass(frozen=True)
class Appeared:
    """Where a paper appeared; `year` is None where it is not said. `rank` is a mark such as CCF-A."""

    venue: str
    year: int | None
    award: str
    rank: str


def appeared(words: str) -> Appeared:
    """What a badge or the end of a line tells of venue, year, award and rank."""
    rank, award = RANK.search(words), AWARD.search(words)
    rest = AWARD.sub(" ", RANK.sub(" ", words))
    years = list(YEAR.finditer(rest))
    if years:
        last = years[-1]
        rest = f"{rest[: last.start()]} {rest[last.end() :]}"
    venue = IN.sub("", " ".join(rest.split()).strip(AROUND), count=1)
    return Appeared(
        venue, int(years[-1][0]) if years else None, award[1].capitalize() if award else "", rank[1] if rank else ""
    )


def kind_of_paper(venue: str) -> str:
    """The entry type that a venue's name speaks for; a conference where it says nothing else."""
    if PREPRINT.search(venue):
        return "preprint"
    return "article" if JOURNAL.search(venue) else "inproceedings"
