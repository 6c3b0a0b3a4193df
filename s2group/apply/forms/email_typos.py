"""Whether an e-mail address looks mistyped. A question to ask, never a reason to refuse."""

import re
from collections.abc import Mapping
from typing import Any

# Where most applicants have their mailbox, the commonest first: of two that are equally near, it is meant.
PROVIDERS = (
    "qq.com", "163.com", "gmail.com", "126.com", "outlook.com", "hotmail.com", "foxmail.com", "icloud.com", "sina.com",
    "yahoo.com",
)  # fmt: skip
# What exists and is a slip away from one of those.
NEIGHBOURS = frozenset({"263.com", "email.com", "mail.com", "sina.cn", "yahoo.cn", "ymail.com"})
UNIVERSITY = re.compile(r"\.(edu|ac)(\.[a-z]{2})?$")
# No country or purpose has these endings.
NO_ENDINGS = frozenset({"cim", "clm", "cmo", "cnm", "coom", "comm", "con", "copm", "cpm", "ocm", "vom", "xom"})
# One other letter in a name so short makes the name of somebody else.
SHORT = 2


def likely_address(address: str) -> str | None:
    """The address that was probably meant: zhang@gmail.com for zhang@gmial.com. None where nothing looks mistyped."""
    mailbox, at, typed = address.rpartition("@")
    domain = typed.lower()
    if not at or domain in PROVIDERS or domain in NEIGHBOURS or UNIVERSITY.search(domain):
        return None
    meant = _nearest_provider(_with_an_ending(domain))
    return None if meant == domain else f"{mailbox}@{meant}"


def likely_addresses(answers: Mapping[str, Any], topic: str) -> dict[str, str]:
    """The addresses in the answers to a topic that look mistyped, each with the one that was probably meant.

    The applicant's own is in the topic `about`, others' are in `referees`. An address that stands in the answers
    already is somebody else's.
    """
    own = str(answers.get("email") or "")
    others = [str(row.get("email") or "") for row in answers.get("referees") or []]
    taken = {address.lower() for address in (own, *others)}
    found: dict[str, str] = {}
    for typed in {"about": [own], "referees": others}.get(topic, []):
        meant = likely_address(typed)
        if meant and meant.lower() not in taken:
            found[typed] = meant
            taken.add(meant.lower())
    return found


def with_likely_addresses(answers: Mapping[str, Any], topic: str) -> dict[str, Any]:
    """The answers that hold mistyped addresses, by their names, as they were probably meant."""
    meant = likely_addresses(answers, topic)
    if topic == "about":
        return {"email": meant.get(answers["email"], answers["email"])}
    return {"referees": [row | {"email": meant.get(row["email"], row["email"])} for row in answers["referees"]]}


def _with_an_ending(domain: str) -> str:
    """The domain with an ending that exists: .com, and .cn behind a university's .edu or .ac."""
    name, _, ending = domain.rpartition(".")
    if ending not in NO_ENDINGS:
        return domain
    return f"{name}.cn" if name.endswith((".edu", ".ac")) else f"{name}.com"


def _nearest_provider(domain: str) -> str:
    """The provider that is one slip away, or else the domain itself."""
    if domain in PROVIDERS:
        return domain
    return next((provider for provider in PROVIDERS if _is_slip(domain, provider)), domain)


def _is_slip(typed: str, provider: str) -> bool:
    name = provider.partition(".")[0]
    if len(name) <= SHORT and name not in typed:
        return False
    return typed == f"{name}.cn" or _differ_by_one(typed, provider)


def _differ_by_one(typed: str, meant: str) -> bool:
    """Whether one letter too many, too few or another, or two neighbours that changed places, make the difference."""
    shorter, longer = sorted((typed, meant), key=len)
    if len(longer) - len(shorter) > 1 or typed == meant:
        return False
    first = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(longer) > len(shorter):
        return shorter[first:] == longer[first + 1 :]
    swapped = shorter[:first] + shorter[first : first + 2][::-1] + shorter[first + 2 :]
    return swapped == longer or shorter[first + 1 :] == longer[first + 1 :]
