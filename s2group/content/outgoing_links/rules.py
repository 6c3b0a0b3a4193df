"""Which links a record has, whom the portal may ask, and what an answer means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

# Within Markdown and plain words; a bracket that opens within an address is closed in it.
LINK = re.compile(r"https?://(?:[^\s<>\"'()\[\]，。；：！？、）】》”’|]|\([^\s<>\"'()]*\))+", re.IGNORECASE)
AFTERWARDS = ".,;:!?*_`"
# Longer ones are not asked: an index keeps them.
LONGEST = 800
# What readers copy says the links of a paper again.
UNSEEN = ("bibtex",)
# Refused to machines, or without signing in: there is something.
GUARDED = frozenset({401, 402, 403, 405, 406, 407, 408, 412, 418, 421, 425, 426, 428, 429, 451, 999})
# Addresses of IPv6 behind which one of IPv4 is reached.
TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))


class LinkFault(StrEnum):
    """Why a link leads nowhere."""

    STATUS = "status"
    NO_SUCH_HOST = "no such host"
    NOT_PUBLIC = "not public"
    NO_CONNECTION = "no connection"
    SLOW = "slow"
    CERTIFICATE = "certificate"
    REDIRECTS = "redirects"
    NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Failure:
    """Why a link leads nowhere; `status` is that of the answer, 0 without one."""

    fault: LinkFault
    status: int = 0

    @property
    def is_of_host(self) -> bool:
        """Whether every other link to the host fails alike."""
        return self.fault in (LinkFault.NO_SUCH_HOST, LinkFault.NOT_PUBLIC, LinkFault.NO_CONNECTION, LinkFault.SLOW)


def links_in(values: Mapping[str, Any]) -> list[str]:
    """The web addresses in a record, as JSON keeps it, each once."""
    said = {name: value for name, value in values.items() if name not in UNSEEN}
    return list(dict.fromkeys(link for text in _texts(said) for link in _links(text) if len(link) <= LONGEST))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _links(text: str) -> Iterator[str]:
    yield from (found.rstrip(AFTERWARDS) for found in LINK.findall(text))


def is_public(address: str) -> bool:
    """Whether an IP address is reached by everybody: none of a network of the portal's own, or of its machine."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address):
        return found.is_global and not found.is_multicast
    return found.is_global and not found.is_multicast and not _holds_another(found)


def _holds_another(address: IPv6Address) -> bool:
    holds = address.ipv4_mapped or address.sixtofour or address.teredo
    return holds is not None or any(address in network for network in TRANSLATED)


def failure_of(status: int) -> Failure | None:
    """What a last answer means; None where something is there."""
    return Failure(LinkFault.STATUS, status) if status >= 400 and status not in GUARDED else None


def is_broken(first: date, last: date) -> bool:
    """Whether a link that failed on these days is broken: one day alone may be the server's bad one."""
    return last > first
