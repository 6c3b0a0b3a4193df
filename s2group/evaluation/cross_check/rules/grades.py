"""The average and the rank that a text claims. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from s2group.evaluation.cross_check.rules.claims import NEAR, Claim, Difference, as_number, difference, line_at

# How much a text may have rounded a percentage.
ROUNDED = 1.0


AVERAGE = re.compile(r"GPA|平均学分绩点?|学分绩点?|平均绩点|绩点|加权平均分?|平均分|weighted average", re.IGNORECASE)
OF_SCALE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)(?:\s*分)?\s*(?:(?:/|out of|of|,?\s*\(?满分为?|\(\s*out of)\s*(\d{1,3}(?:\.\d+)?))?",
    re.IGNORECASE,
)


def average(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """The mean of the grades that the text claims otherwise than is stated, on a scale that can be compared."""
    value, scale = as_number(stated.get("gpa")), as_number(stated.get("gpa_scale"))
    if value is None or scale is None:
        return
    claims = [claim for claim in _average_claims(said) if _fits(claim, value, scale)]
    if claims and all(claim.value != (value, scale) and claim.value != (value, None) for claim in claims):
        yield difference("gpa", f"{stated['gpa']} / {stated['gpa_scale']}", said, claims[0])


def _average_claims(said: str) -> Iterator[Claim]:
    for name in AVERAGE.finditer(said):
        # A mean without decimals may be any number, so one needs its scale or a point.
        for match in OF_SCALE.finditer(said, name.end(), min(len(said), name.end() + NEAR)):
            if match[2] or "." in match[1]:
                yield Claim((float(match[1]), as_number(match[2])), *match.span())
                break


def _fits(claim: Claim, value: float, scale: float) -> bool:
    """Whether it can be compared: of the same scale, of none that is given, or the same number of another one."""
    found, of = claim.value
    if of is None:
        return bool(scale / 4 < found <= scale)
    return bool(of == scale or found == value)


RANKED = re.compile(r"排名|名次|位列|rank(?:ed|ing)?", re.IGNORECASE)
PLACE = re.compile(
    r"(?:第\s*)?(\d{1,4})(?:st|nd|rd|th)?\s*(?:名|位)?\s*"
    r"(?:/|of|out of|among|in a (?:cohort|class|major) of|,?\s*\(?\s*(?:共|全(?:专业|班|院|年级)共?|专业共))"
    r"\s*(\d{1,4})",
    re.IGNORECASE,
)
TOP = re.compile(r"(?:前|top)\s*(\d{1,3}(?:\.\d+)?)\s*[%％]", re.IGNORECASE)
CONTEST = re.compile(
    r"竞赛|比赛|大赛|挑战赛|队|contest|competition|challenge|teams?\b|olympiad|leaderboard", re.IGNORECASE
)


def rank(stated: Mapping[str, Any], said: str) -> Iterator[Difference]:
    """The rank in the cohort, or the percentage that it cannot have."""
    rank, cohort = as_number(stated.get("rank")), as_number(stated.get("cohort_size"))
    if not rank or not cohort:
        return
    places = [claim for claim in _places(said) if claim.value[1] >= claim.value[0]]
    if places:
        if all(claim.value != (rank, cohort) for claim in places):
            yield difference("rank", f"{rank:g} / {cohort:g}", said, places[0])
        return
    tops = list(_tops(said))
    if tops and all(100 * rank / cohort > claim.value + ROUNDED for claim in tops):
        yield difference("rank", f"{rank:g} / {cohort:g}", said, tops[0])


def _places(said: str) -> Iterator[Claim]:
    for name in RANKED.finditer(said):
        match = PLACE.search(said, name.end(), min(len(said), name.end() + NEAR))
        if match and not CONTEST.search(line_at(said, name.start())):
            yield Claim((float(match[1]), float(match[2])), *match.span())


def _tops(said: str) -> Iterator[Claim]:
    for match in TOP.finditer(said):
        line = line_at(said, match.start())
        if (RANKED.search(line) or AVERAGE.search(line)) and not CONTEST.search(line):
            yield Claim(float(match[1]), *match.span())
