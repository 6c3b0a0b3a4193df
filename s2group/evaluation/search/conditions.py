"""What a test of a search asks of a statement over facts_with_ratings. Each is true or false, and never NULL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, and_, between, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from s2group.accounts.models import User
from s2group.admissions.fulltext.queries import holds
from s2group.admissions.fulltext.rules import Token, terms
from s2group.admissions.models import (
    Application,
    ApplicationDocument,
    ApplicationFacts,
    ApplicationOutcome,
    Referee,
)  # fmt: skip
from s2group.core.days import end_of_day
from s2group.documents.models import Document
from s2group.evaluation.access import has_row, is_among, mails_visible_to, visible_to
from s2group.evaluation.assignments.models import Assignment
from s2group.evaluation.assignments.queries import has_conflict
from s2group.evaluation.blind import knows_person
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.evaluation.looks.queries import is_among_unseen_by
from s2group.evaluation.replies.queries import replies_that_say
from s2group.evaluation.reviews.models import ApplicationScore, Review
from s2group.evaluation.reviews.queries import has_shown_score, waiting_for
from s2group.evaluation.reviews.rules import LOW
from s2group.evaluation.search.rules.expressions import Node, Operator, Period, Span, Test
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.queries import visible_tags
from s2group.mail.models import OutboxMail

COMPARE: dict[Operator, Callable[[Any, Any], Any]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
# Of ages, where more is earlier.
TURNED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
# A percentage is equal to what it is called on pages, to two decimals.
EQUAL_WITHIN = 0.005


@dataclass(frozen=True)
class Asker:
    """Who asks, and when and where."""

    user: User
    now: datetime
    zone: tzinfo
    # What was asked already, by its node: some conditions ask the database first.
    made: dict[Node, ColumnElement[bool]] = field(default_factory=dict, compare=False)


Condition = Callable[[Test, Asker], ColumnElement[bool]]
Column = InstrumentedAttribute[Any]


def number(column: Column, *, is_percentage: bool = False) -> Condition:
    """That a number is there and compares so."""

    def condition(test: Test, _asker: Asker) -> ColumnElement[bool]:
        value = float(str(test.value))
        if is_percentage and test.operator == "=":
            return and_(column.is_not(None), between(column, value - EQUAL_WITHIN, value + EQUAL_WITHIN))
        return and_(column.is_not(None), COMPARE[test.operator](column, value))

    return condition


def moment(column: Column, *, is_ahead: bool = False) -> Condition:
    """That a moment is there and lies so: a span is how long ago it was or, where it `is_ahead`, how far off it is."""

    def condition(test: Test, asker: Asker) -> ColumnElement[bool]:
        if isinstance(test.value, Period):
            return and_(column.is_not(None), _in_period(column, test.operator, test.value, asker.zone))
        length = test.value.length if isinstance(test.value, Span) else timedelta()
        operator = test.operator if is_ahead else TURNED[test.operator]
        return and_(column.is_not(None), COMPARE[operator](column, asker.now + (length if is_ahead else -length)))

    return condition


def _in_period(column: Column, operator: Operator, period: Period, zone: tzinfo) -> ColumnElement[bool]:
    """Days begin at midnight in `zone`."""
    begin = datetime.combine(period.first, time(), zone)
    end = end_of_day(period.last, zone)
    if operator == "=":
        return and_(column >= begin, column < end)
    return {"<": column < begin, "<=": column < end, ">": column >= end, ">=": column >= begin}[operator]


def one_of(column: Column) -> Condition:
    """That the column holds the key."""
    return lambda test, _asker: column == str(test.value)


def route_ids(ids: Callable[[str], list[int]]) -> Condition:
    """That it came by one of the routes that a key stands for."""
    return lambda test, _asker: ApplicationFacts.route_id.in_(ids(str(test.value)))


def words_in(part: str) -> Condition:
    """That a part of the index holds the words."""
    return lambda test, asker: words(terms(str(test.value), exact=True), asker, part)


def words(wanted: Sequence[Token], asker: Asker, part: str | None = None) -> ColumnElement[bool]:
    """That the index holds the words; nothing does of which the asker must not know whose it is.

    Names stand anywhere in what people write, so that any word may be one. Asked of no part, the replies hold words too
    for whoever deals with mail.
    """
    also = replies_that_say(asker.user, wanted) if part is None and wanted else None
    return and_(
        holds(ApplicationFacts.application_id.expression, wanted, part, also),
        knows_person(asker.user, ApplicationFacts.route_id),
    )


def verdict(name: str) -> Condition:
    """That a requirement came out so; of 'required' and 'preferred' ones any, or for 'met' all."""
    facts = ApplicationFacts
    by_level = {
        ("not_met", "required"): facts.required_not_met > 0,
        ("not_met", "preferred"): facts.preferred_not_met > 0,
        ("unknown", "required"): facts.required_unknown > 0,
        ("unknown", "preferred"): facts.preferred_unknown > 0,
        ("met", "required"): and_(facts.required_not_met == 0, facts.required_unknown == 0),
        ("met", "preferred"): and_(facts.preferred_not_met == 0, facts.preferred_unknown == 0),
    }

    def condition(test: Test, _asker: Asker) -> ColumnElement[bool]:
        known = by_level.get((name, str(test.value)))
        if known is not None:
            return known
        outcome = ApplicationOutcome
        return is_among(outcome.application_id, outcome.requirement == str(test.value), outcome.verdict == name)

    return condition


def has(test: Test, _asker: Asker) -> ColumnElement[bool]:
    """That a paper, a letter, works to look at, or a document of a kind is there."""
    facts, what = ApplicationFacts, str(test.value)
    if what == "paper":
        return and_(facts.papers.is_not(None), facts.papers > 0)
    if what == "portfolio":
        return and_(facts.repositories.is_not(None), facts.repositories > 0)
    if what == "letter":
        return is_among(Referee.application_id, Referee.received_at.is_not(None))
    if what == "awaited-letter":
        return is_among(Referee.application_id, Referee.received_at.is_(None))
    if what == "scan":
        return _has_document(ApplicationDocument.document_id == Document.id, Document.has_text.is_(False))
    if what == "difference":
        return is_among(CrossCheck.application_id, CrossCheck.unchecked > 0)
    if what == "requested":
        return _has_document(ApplicationDocument.kind.startswith("requested_", autoescape=True))
    return _has_document(ApplicationDocument.kind == what)


def _has_document(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a document of the newest version is so."""
    return is_among(ApplicationDocument.application_id, ApplicationDocument.until.is_(None), *conditions)


def tag(test: Test, asker: Asker) -> ColumnElement[bool]:
    """That it has the tag with this key, of those that the asker sees."""
    meant = visible_tags(asker.user).where(Tag.key == str(test.value)).with_only_columns(Tag.id)
    return is_among(Tagging.application_id, Tagging.tag_id.in_(meant))


def mail(test: Test, asker: Asker) -> ColumnElement[bool]:
    """That a mail about it, with which the asker may deal, is in this state."""
    topics = mails_visible_to(asker.user).with_only_columns(OutboxMail.topic).where(OutboxMail.state == str(test.value))
    about = visible_to(asker.user).where(Application.reference.in_(topics))
    return ApplicationFacts.application_id.in_(about.with_only_columns(Application.id))


def new(_test: Test, asker: Asker) -> ColumnElement[bool]:
    """That something of it is new to the asker."""
    return is_among_unseen_by(asker.user)


def waiting(_test: Test, asker: Asker) -> ColumnElement[bool]:
    """That it waits for the asker to rate it."""
    waits = waiting_for(asker.user).whereclause
    return true() if waits is None else waits


def reviewed(test: Test, _asker: Asker) -> ColumnElement[bool]:
    """That the asker has rated it, or has abstained; or that nobody has given a mark, which every reader may know."""
    if test.value == "nobody":
        return ~has_row(ApplicationScore.application_id)
    return Review.submitted_at.is_not(None)


def score(test: Test, asker: Asker) -> ColumnElement[bool]:
    """That the mean of its ratings compares so; of those that are hidden from the asker there is none."""
    return _compares(ApplicationScore.mean, test, asker)


def spread(test: Test, asker: Asker) -> ColumnElement[bool]:
    """That its ratings lie so far apart; of those that are hidden from the asker there is none."""
    return _compares(ApplicationScore.high - ApplicationScore.low, test, asker)


def _compares(figure: ColumnElement[float] | Column, test: Test, asker: Asker) -> ColumnElement[bool]:
    compares = COMPARE[test.operator](figure, float(str(test.value)))
    # Before it is looked up who may see it. By a bound that every mean meets SQLite begins with those that have one.
    return and_(ApplicationScore.mean.is_not(None), ApplicationScore.mean >= LOW, compares, has_shown_score(asker.user))


def assigned(test: Test, asker: Asker) -> ColumnElement[bool]:
    """That the asker shall rate it, or that nobody was told to."""
    if test.value == "nobody":
        return ~has_row(Assignment.application_id)
    return is_among(Assignment.application_id, Assignment.user_id == asker.user.id)


def conflict(_test: Test, asker: Asker) -> ColumnElement[bool]:
    """That the asker must not rate it."""
    return has_conflict(asker.user)


def every(parts: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """That all hold; without parts, true."""
    return and_(true(), *parts)


def some(parts: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """That any holds."""
    return or_(false(), *parts)
