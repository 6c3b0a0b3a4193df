"""Which hints are open: neither confirmed as a conflict nor put aside."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Select, select, union_all

from s2group.accounts.models import User
from s2group.admissions.models import Application, Referee
from s2group.content.publications.models import Authorship, Publication
from s2group.content.records.rules import title_key
from s2group.core.text import comparable
from s2group.evaluation.access import visible_to
from s2group.evaluation.assignments.models import Conflict
from s2group.evaluation.blind import is_blind_for
from s2group.evaluation.likely_conflicts.models import DismissedHint
from s2group.evaluation.likely_conflicts.rules import Hint, hints, listed_titles
from s2group.extensions import db

# An application and a member of the staff, by id.
Pair = tuple[int, int]


def own_hints(user: User, application: Application) -> tuple[Hint, ...]:
    """The hints that are open for `user` themselves; none where they must not know who applies."""
    if is_blind_for(user, application):
        return ()
    titles = {title_key(each) for each in listed_titles(application.answers.get("papers"))}
    wrote = bool(user.name) and any(comparable(user.name) in names for names in _authors(titles).values())
    referees = [referee.email for referee in application.referees]
    found = hints({user.email, user.notify_address}, application.email, referees, is_coauthor=wrote)
    is_open = found and (application.id, user.id) not in _settled(
        visible_to(user).where(Application.id == application.id)
    )
    return found if is_open else ()


def hints_among(actor: User, reviewers: Sequence[User], ids: Collection[int]) -> dict[Pair, tuple[Hint, ...]]:
    """The open hints for each of these reviewers at each of these applications, as far as `actor` sees them.

    A fixed number of statements.
    """
    some = visible_to(actor).where(Application.id.in_(ids))
    facts = db.session.execute(some.with_only_columns(Application.id, Application.email, Application.answers)).all()
    titles = {row.id: {title_key(each) for each in listed_titles(row.answers.get("papers"))} for row in facts}
    referees, authors, settled = _referees(some), _authors(set().union(*titles.values())), _settled(some)
    found = {
        (row.id, user.id): hints(
            {user.email, user.notify_address},
            row.email,
            referees.get(row.id, ()),
            is_coauthor=any(comparable(user.name) in authors.get(title, ()) for title in titles[row.id]),
        )
        for row in facts
        for user in reviewers
        if (row.id, user.id) not in settled
    }
    return {pair: each for pair, each in found.items() if each}


def _referees(some: Select[Application]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for application_id, email in db.session.execute(
        some.join(Application.referees).with_only_columns(Application.id, Referee.email)
    ):
        found[application_id].append(email)
    return found


def _authors(titles: Iterable[str]) -> Mapping[str, set[str]]:
    """Who wrote the papers of the record with these titles, as comparable names; two namesakes are a hint too."""
    found: dict[str, set[str]] = defaultdict(set)
    statement = select(Publication.title_key, Authorship.name).join(Publication.authors)
    if wanted := sorted(filter(None, titles)):
        for title, name in db.session.execute(statement.where(Publication.title_key.in_(wanted))):
            found[title].add(comparable(name))
    return found


def _settled(some: Select[Application]) -> set[Pair]:
    rows = union_all(
        *(
            some.join(table, table.application_id == Application.id).with_only_columns(Application.id, table.user_id)
            for table in (Conflict, DismissedHint)
        )
    )
    return {(row[0], row[1]) for row in db.session.execute(rows)}
