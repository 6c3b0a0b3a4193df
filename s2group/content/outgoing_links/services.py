"""Asking all links, and keeping which of them failed since when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.outgoing_links.asking import Asker
from s2group.content.outgoing_links.models import FailingLink
from s2group.content.outgoing_links.queries import published_links
from s2group.content.outgoing_links.rules import Failure
from s2group.core.database import transaction
from s2group.extensions import db

# So many hosts are asked at a time, and so many links of one host, in a row, before it is left alone for today.
HOSTS_AT_ONCE, MOST_FAILURES = 8, 3
Answers = dict[str, Failure | None]


def check_links(asker: Asker, *, now: datetime) -> Answers:
    """Ask every link of the published content; gives what became of each, None where something answered.

    What fails is kept with the moment since when; what answers, or is no longer named, is forgotten.
    """
    links = list(published_links(db.session(), now))
    db.session.rollback()  # asking may take an hour: hold no view of the database meanwhile
    answers = ask_all(asker, links)
    with transaction() as session:
        _keep(session, answers, now)
    return answers


def ask_all(asker: Asker, links: Iterable[str]) -> Answers:
    """What became of each link; the links of one host follow each other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for link in links:
        by_host[_host(link)].append(link)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as threads:
        found = threads.map(lambda of_host: _ask_host(asker, of_host), by_host.values())
        return {link: failure for answers in found for link, failure in answers.items()}


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def _ask_host(asker: Asker, links: list[str]) -> Answers:
    answers: Answers = {}
    failures = 0
    for link in links:
        failure = asker.ask(link)
        answers[link] = failure
        failures = failures + 1 if failure and failure.is_of_host else 0
        if failure and failures == MOST_FAILURES:
            return answers | dict.fromkeys(links[len(answers) :], failure)
    return answers


def _keep(session: Session, answers: Mapping[str, Failure | None], now: datetime) -> None:
    known = {each.url: each for each in session.scalars(select(FailingLink))}
    for url, each in known.items():
        if answers.get(url) is None:
            session.delete(each)
    for url, failure in answers.items():
        if failure:
            kept = known.get(url) or FailingLink(url=url, failed_first=now)
            kept.fault, kept.status, kept.failed_last = failure.fault, failure.status, now
            session.add(kept)
