"""A home page becomes part of a member's record."""

from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.content.importer.outcome import Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.paper_records import store_papers
from s2group.content.importer.profile_entries import store_entries
from s2group.content.importer.words import CONTACTS, on_line
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.records.imports import Editor, add_version, keep_for


def store_page(session: Session, page: Page, member: Member, editor: Editor | None = None) -> Outcome:
    """Make the record of `member` say what the page says; a second time changes nothing.

    Lines of the profile that an earlier page brought give way to these. Papers are added, or completed where they are
    known; none is removed. What an `editor` takes over are versions and events of theirs.
    """
    outcome = Outcome()
    keep_for(session, MEMBER, member, editor)
    store_papers(session, page, member, outcome, editor)
    if _store_profile(page, member, outcome):
        add_version(session, MEMBER, member, editor)
    session.flush()
    return outcome


def _store_profile(page: Page, member: Member, outcome: Outcome) -> bool:
    """The lines and addresses of the member; gives whether any of them changed."""
    of_profile = Outcome(outcome.fates, outcome.remarks)
    store_entries(page, member, of_profile)
    _store_contacts(page, member, of_profile)
    outcome.changed |= of_profile.changed
    return of_profile.changed


def _store_contacts(page: Page, member: Member, outcome: Outcome) -> None:
    """Fill in the mail address and links of other profiles where the record has none."""
    for finding in page.findings:
        for kind, address in finding.contacts:
            _store_contact(member, kind, address, finding.lines[0], outcome)


def _store_contact(member: Member, kind: str, address: str, line: int, outcome: Outcome) -> None:
    known = [member.email] if kind == "email" else [link["url"] for link in member.links if link["kind"] == kind]
    said = f"{CONTACTS[kind]} {address}"
    if any(known):
        outcome.remarks.append(on_line(line, _left(said, address, known)))
        return
    if kind == "email":
        member.email = address
        member.additions = {**member.additions, "email": address}
    else:
        link = {"kind": kind, "url": address}
        member.links = [*member.links, link]
        member.additions = {**member.additions, "links": [*member.additions.get("links", ()), link]}
    outcome.remarks.append(on_line(line, gettext("%(what)s, added", what=said)))
    outcome.changed = True


def _left(said: str, address: str, known: list[str]) -> str:
    if address in known:
        return str(gettext("%(what)s, known already", what=said))
    return str(gettext("%(what)s, left out, for the record has %(known)s", what=said, known=known[0]))
