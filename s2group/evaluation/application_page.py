"""What the page of one application shows to a reader, read once."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.accounts.queries import names_of
from s2group.admissions import wording
from s2group.admissions.comparison import Step, changes_since
from s2group.admissions.models import Application
from s2group.admissions.queries import area_titles_for
from s2group.admissions.replies.models import Reply
from s2group.admissions.rules import Outcome
from s2group.admissions.rules.route_form import read_form
from s2group.admissions.wording.figures import Figure, key_figures
from s2group.core.localized import Locale
from s2group.custody.delivery_status import delivery_status
from s2group.custody.rules import DeliveryStep
from s2group.documents.pages import Words
from s2group.evaluation import queries
from s2group.evaluation.blind import IDENTIFYING, for_reader, is_blind_for
from s2group.evaluation.history import HistoryLine, history_in_words
from s2group.evaluation.judged import JudgedOutcome, judged
from s2group.evaluation.looks.rules import NEWS, Look, Seen
from s2group.evaluation.page_images.queries import hidden_from
from s2group.evaluation.replies.queries import replies_of
from s2group.extensions import db
from s2group.mail.models import MailServer, OutboxMail
from s2group.mail.queries import staff_mails_of
from s2group.mail.server_state import mail_server

STATEMENT = "statement"


@dataclass(frozen=True)
class News:
    """What happened since a reader's last look, oldest first, and how the application differs from what they saw."""

    since: datetime
    events: list[HistoryLine]
    changes: Step | None


@dataclass(frozen=True)
class ApplicationPage:
    """All that the page tells beside the application itself."""

    figures: list[Figure]
    outcomes: list[JudgedOutcome]
    statement: str
    # The name of each question, the question and the answer.
    rows: list[tuple[str, str, str]]
    steps: tuple[DeliveryStep, ...]
    mails: Sequence[OutboxMail]
    replies: Sequence[Reply]
    history: list[HistoryLine]
    news: News | None
    duplicates: Sequence[Application]
    server: MailServer | None
    # Whether the reader must not know who applies: then it tells neither mail nor history, nor what is new.
    is_blind: bool
    # What is blacked out on the pages that they see.
    hidden: Words | None

    @property
    def thread(self) -> list[Reply | OutboxMail]:
        """Mail and replies, the newest last."""
        at = {reply: reply.sent_at for reply in self.replies} | {mail: mail.created_at for mail in self.mails}
        return sorted(at, key=lambda each: at[each])


def application_page(application: Application, look: Look, reader: User, locale: Locale) -> ApplicationPage:
    """What the page tells `reader`, for whom `look` says what they had seen. A fixed number of statements."""
    actors = [event.actor_id for event in application.events] + [each.actor_id for each in application.overrides]
    names = names_of(actors)
    mails, server = staff_mails_of(application.reference), mail_server(db.session())
    is_blind = is_blind_for(reader, application)
    labels = wording.requirement_names(map(Outcome.from_dict, application.outcomes), locale)
    history = history_in_words(application, labels, names)
    hidden = (STATEMENT, *IDENTIFYING) if is_blind else (STATEMENT,)

    def said(text: str) -> str:
        return for_reader(text, application, reader)

    return ApplicationPage(
        figures=key_figures(application.answers, read_form(application.route.form).fields),
        outcomes=judged(application, names, locale),
        statement=said(str(application.answers.get(STATEMENT) or "")),
        rows=[(name, question, said(answer)) for name, question, answer in _rows(application, locale, hidden)],
        steps=delivery_status(application, mails, names, held=server is not None and server.state != "open"),
        mails=[] if is_blind else mails,
        replies=[] if is_blind else replies_of(application),
        history=[] if is_blind else history,
        news=None if is_blind else _news(application, history, look.before, reader, locale),
        duplicates=queries.likely_duplicates(reader, application),
        server=server,
        is_blind=is_blind,
        hidden=hidden_from(reader, application),
    )


def _rows(application: Application, locale: Locale, hidden: Container[str]) -> list[tuple[str, str, str]]:
    answers = {name: answer for name, answer in application.answers.items() if name not in hidden}
    return wording.named_rows(answers, locale, area_titles_for(answers), read_form(application.route.form).questions)


def _news(
    application: Application, history: list[HistoryLine], before: Seen | None, reader: User, locale: Locale
) -> News | None:
    """None on a first look, and where nothing is new."""
    if before is None:
        return None
    ids = {
        event.id
        for event in application.events
        if event.id > before.event_id and event.kind in NEWS and event.actor_id != reader.id
    }
    changes = changes_since(application, before.version, locale) if application.version > before.version else None
    events = [line for line in history if line.event_id in ids]
    return News(before.at, events, changes) if events or changes else None
