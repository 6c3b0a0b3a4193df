"""A home page becomes part of a member's record."""

from sqlalchemy.orm import Session

from s2group.content.importer.outcome import Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.paper_records import store_papers
from s2group.content.importer.profile_entries import store_entries
from s2group.content.people.models import Member
from s2group.content.search.services import index_everything


def store_page(session: Session, page: Page, member: Member) -> Outcome:
    """Make the record of `member` say what the page says; a second time changes nothing.

    Lines of the profile that an earlier page brought give way to these. Papers are added, or completed where they are
    known; none is removed.
    """
    outcome = Outcome()
    store_papers(session, page, member, outcome)
    store_entries(page, member, outcome)
    _store_contacts(page, member, outcome)
    session.flush()
    if outcome.changed:
        index_everything(session)
    return outcome


def _store_contacts(page: Page, member: Member, outcome: Outcome) -> None:
    """Fill in the mail address and links of other profiles where the record has none."""
    for finding in page.findings:
        for kind, address in finding.contacts:
            _store_contact(member, kind, address, finding.lines[0], outcome)


def _store_contact(member: Member, kind: str, address: str, line: int, outcome: Outcome) -> None:
    known = [member.email] if kind == "email" else [link["url"] for link in member.links if link["kind"] == kind]
    if any(known):
        fate = "known already" if address in known else f"left out, for the record has {known[0]}"
        outcome.remarks.append(f"line {line}: {kind} {address}, {fate}")
        return
    if kind == "email":
        member.email = address
        member.additions = {**member.additions, "email": address}
    else:
        link = {"kind": kind, "url": address}
        member.links = [*member.links, link]
        member.additions = {**member.additions, "links": [*member.additions.get("links", ()), link]}
    outcome.remarks.append(f"line {line}: {kind} {address}, added")
    outcome.changed = True
