"""Applications that are being filled in: started, saved topic by topic, found again, sent or forgotten."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, delete, exists, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts, Draft, DraftDocument, Extension
from s2group.admissions.rules.openings import accepts_until
from s2group.admissions.rules.route_form import read_form
from s2group.core.database import transaction
from s2group.core.i18n import public_url
from s2group.core.identifiers import new_token
from s2group.core.localized import Locale
from s2group.core.text import comparable
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.rules import TO_A_DRAFT, Purpose
from s2group.links.services import issue, remove
from s2group.mail.models import OutboxMail
from s2group.mail.queries import room_at
from s2group.mail.services import enqueue, take_back

# A draft that nobody has saved for so long is forgotten; its link says so.
LIFETIME = timedelta(days=60)
# How many links to continue one address gets in a day: enough for the forgetful, too few to annoy a stranger.
LINKS_A_DAY = 5
# The mail with the link, and the one that reminds of it.
CONTINUE = "draft_continue"
REMINDER = "draft_reminder"
# How many are read at a time.
AT_ONCE = 500
WITH_CALL = select(Draft).options(joinedload(Draft.route).joinedload(AdmissionRoute.call))
_AWAITS_REMINDER = and_(Draft.email != "", Draft.reminded_at.is_(None), Draft.application_id.is_(None))


# What the inputs of a question hold, by their names.
Typed = dict[str, list[str]]
NOTHING: Mapping[str, Typed] = MappingProxyType({})


class OlderTabError(Exception):
    """The topic was saved elsewhere since this page was opened, and says something else; `saves` counts how often."""

    def __init__(self, saves: int) -> None:
        super().__init__(saves)
        self.saves = saves


class DraftGoneError(LookupError):
    """The draft was sent or forgotten while the page was open."""


def topic_of(draft_id: int) -> str:
    """What mail about the draft is filed under."""
    return f"draft-{draft_id}"


def draft_by_key(key: str) -> Draft | None:
    """The draft with this address, with its route, call and files."""
    files = selectinload(Draft.documents).joinedload(DraftDocument.document)
    return db.session.scalar(WITH_CALL.where(Draft.key == key).options(files))


def start_draft(*, route: AdmissionRoute, key: str, answers: Mapping[str, Any], locale: Locale, now: datetime) -> Draft:
    """Begin a draft with the answers that are known already; the same `key` a second time gives the same draft."""
    draft = Draft(
        key=key, route=route, locale=locale, answers=dict(answers), saves={}, removed=[], started_at=now, saved_at=now
    )
    try:
        with transaction() as session:
            session.add(draft)
    except IntegrityError:
        found = draft_by_key(key)
        if found is None:
            raise
        return found
    return draft


def start_change(session: Session, *, application: Application, key: str, now: datetime) -> Draft:
    """Begin to change an application that was sent, within the caller's transaction: a draft that says what it says."""
    answers = {**application.answers, "name": application.name, "email": application.email}
    draft = Draft(
        key=key, route_id=application.route_id, application_id=application.id, locale=application.locale,
        email=application.email.lower(), answers=answers, saves={}, removed=[], started_at=now, saved_at=now,
    )  # fmt: skip
    session.add(draft)
    return draft


def save_topic(
    *,
    draft: Draft,
    topic: str,
    answers: Mapping[str, Any],
    unfinished: Mapping[str, Typed] = NOTHING,
    seen: int,
    now: datetime,
) -> Draft:
    """Keep the answers to one topic. `seen` is how often it had been saved when the page was opened.

    `unfinished` are the texts that are no answers yet: they are kept beside the answers that they shall replace, and
    nothing is sent before they are finished. Raises OlderTabError where another tab has saved something else since,
    DraftGoneError where the draft was sent. Where links were mailed to another address than the one that is given now,
    they lead nowhere any more, and the draft gets another key: whoever followed one knows the former.
    """
    with transaction() as session:
        locked = hold(session, draft)
        saves = locked.saves.get(topic, 0)
        typed = {name: texts for name, texts in unfinished.items() if _counts(texts, locked.answers.get(name))}
        others = {name: texts for name, texts in locked.unfinished.items() if name not in {*answers, *unfinished}}
        says_the_same = locked.unfinished == others | typed and all(
            locked.answers.get(name) == answer for name, answer in answers.items()
        )
        if saves != seen and not says_the_same:
            raise OlderTabError(saves)
        locked.answers, locked.unfinished = {**locked.answers, **answers}, others | typed
        locked.saves = {**locked.saves, topic: saves + 1}
        locked.saved_at, locked.reminded_at = now, None
        if "email" in answers:
            _take_address(session, locked, str(answers["email"] or ""))
    return locked


def _counts(texts: Typed, answer: Any) -> bool:
    """Whether anything was typed, or an answer that was given was emptied."""
    return answer not in (None, "", []) or any(text.strip() for values in texts.values() for text in values)


def _take_address(session: Session, draft: Draft, email: str) -> None:
    """Note where links go from now on. Who reads the mail of the former address has no way to the draft any more."""
    if email.lower() == draft.email:
        return
    take_back_mails(session, draft.id)
    if _was_mailed(session, draft):
        remove(session, TO_A_DRAFT, [draft.key])
        draft.key = new_token()
    draft.email = email.lower()


def _was_mailed(session: Session, draft: Draft) -> bool:
    """Whether a mail with a link to the draft may have reached its address; an expired link was there once, too."""
    mailed = select(OutboxMail.id).where(
        OutboxMail.topic == topic_of(draft.id), OutboxMail.recipient_key == draft.email
    )
    return is_invited(draft) or session.scalar(mailed.limit(1)) is not None


def take_back_mails(session: Session, draft_id: int) -> None:
    """Remove the mails about the draft that were not sent yet, within the caller's transaction."""
    take_back(session, topic=topic_of(draft_id), messages=(CONTINUE, REMINDER))


def is_invited(draft: Draft) -> bool:
    """Whether a link to continue was mailed to the draft's address."""
    invited = select(Link.id).where(Link.subject == draft.key, Link.purpose == Purpose.CONTINUE)
    return db.session.scalar(invited.limit(1)) is not None


def invite(*, draft: Draft, now: datetime) -> None:
    """Mail a link to continue to the draft's address, unless it has one. Raises DraftGoneError."""
    if not draft.email or draft.application_id or is_invited(draft):
        return
    with transaction() as session:
        held = hold(session, draft)
        # Another tab may have come first.
        if not is_invited(held):
            mail_link(session, held, now=now)


def attach(*, draft: Draft, kind: str, document: Document, now: datetime) -> None:
    """Tie an uploaded file to the draft, in place of one of its kind. Raises DraftGoneError."""
    with transaction() as session:
        locked = hold(session, draft)
        _detach(session, locked, kind)
        session.add(DraftDocument(draft_id=locked.id, kind=kind, document_id=document.id))
        locked.removed = [each for each in locked.removed if each != kind]
        locked.saved_at = now


def detach(*, draft: Draft, kind: str, now: datetime) -> None:
    """Take a file out of the draft; of a change, out of the application once it is sent. Raises DraftGoneError.

    The bytes stay until the jobs find that nobody needs them.
    """
    with transaction() as session:
        locked = hold(session, draft)
        _detach(session, locked, kind)
        if locked.application_id and kind not in locked.removed:
            locked.removed = [*locked.removed, kind]
        locked.saved_at = now


def _detach(session: Session, draft: Draft, kind: str) -> None:
    session.execute(
        delete(DraftDocument).where(DraftDocument.draft_id == draft.id, DraftDocument.kind == kind),
        execution_options={"synchronize_session": False},
    )
    session.expire(draft, ["documents"])


def missing_from(draft: Draft, *, now: datetime) -> list[str]:
    """What keeps the draft from being sent: answers that are missing or unfinished, and missing documents."""
    form = read_form(draft.route.form)
    unfinished = form.unfinished_answers(draft.unfinished, draft.answers, now)
    return [*form.missing_answers(draft.answers, now), *unfinished, *form.missing_documents(documents_of(draft))]


def documents_of(draft: Draft) -> dict[str, Document]:
    """The files that will be sent, by kind: what was uploaded, and of a change also what stays from before."""
    kept = draft.application.documents if draft.application else []
    before = {entry.kind: entry.document for entry in kept if entry.kind not in draft.removed}
    return before | {entry.kind: entry.document for entry in draft.documents}


def hand_over(*, draft: Draft, now: datetime) -> str:
    """Make a link that continues the draft elsewhere, once and within the hour; its token. Raises DraftGoneError."""
    with transaction() as session:
        return issue(session, purpose=Purpose.HANDOFF, subject=hold(session, draft).key, now=now)


def mail_links(*, email: str, now: datetime) -> None:
    """Mail a link to each draft of this address, if there are any; the caller cannot tell, and must not."""
    with transaction() as session:
        found = select(Draft).where(Draft.email == email.lower()).order_by(Draft.saved_at.desc()).limit(LINKS_A_DAY)
        # One that is being sent is waited for, and is none then.
        for draft in session.scalars(found.with_for_update()):
            mail_link(session, draft, now=now)


def mail_link(session: Session, draft: Draft, *, now: datetime) -> None:
    """Put a mail with a link to the draft into the outbox, within the caller's transaction.

    Nothing is written where the address has had LINKS_A_DAY of them within a day.
    """
    if room_at(CONTINUE, draft.email, a_day=LINKS_A_DAY, now=now) <= now:
        _mail(session, CONTINUE, [draft], now)


def mail_about(session: Session, message: str, draft: Draft, *, now: datetime) -> None:
    """Put a mail about the draft, with a link to it, into the outbox, within the caller's transaction."""
    _mail(session, message, [draft], now)


def _mail(session: Session, message: str, drafts: list[Draft], now: datetime) -> None:
    """Put a mail about drafts of one address into the outbox, in the language of the first, with a link to each."""
    locale: Locale = "en" if drafts[0].locale == "en" else "zh"
    enqueue(
        session,
        message=message,
        topic=topic_of(drafts[0].id),
        to=[drafts[0].email],
        reply_to=drafts[0].route.call.recipients[0],
        locale=locale,
        context={"drafts": [_told(session, draft, locale, now) for draft in drafts]},
        now=now,
    )


def _told(session: Session, draft: Draft, locale: Locale, now: datetime) -> dict[str, Any]:
    """What a mail may say of a draft."""
    token = issue(session, purpose=Purpose.CONTINUE, subject=draft.key, now=now)
    return {
        "route": draft.route,
        "call": draft.route.call,
        "saved_at": draft.saved_at,
        "ends_at": ends_at(draft),
        "link": public_url("apply.use_link", locale=locale, token=token),
    }


def ends_at(draft: Draft) -> datetime:
    """Until when the draft can be continued: the end of its call, or LIFETIME after it was last saved.

    The grace after the close, and an extension, are for what was not sent yet; a change can be sent until the close.
    """
    forgotten_at, call = draft.saved_at + LIFETIME, draft.route.call
    call_ends_at = call.closes_at if draft.application_id else accepts_until(call)
    if draft.extended_until and call_ends_at:
        call_ends_at = max(call_ends_at, draft.extended_until)
    return min(forgotten_at, call_ends_at or forgotten_at)


def forget(session: Session, draft_id: int) -> None:
    """Remove a draft with its links, within the caller's transaction; its uploads are nobody's from then on."""
    remove(session, TO_A_DRAFT, select(Draft.key).where(Draft.id == draft_id))
    for statement in (
        delete(DraftDocument).where(DraftDocument.draft_id == draft_id),
        delete(Draft).where(Draft.id == draft_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def forget_ended(*, now: datetime) -> int:
    """Remove the drafts that can no longer be continued; how many there were."""
    return sum(_forget_if_ended(draft_id, now) for draft_id in ended_drafts(now=now))


def _forget_if_ended(draft_id: int, now: datetime) -> bool:
    """In a transaction of its own; somebody may have gone on with it."""
    with transaction() as session:
        draft = session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
        if draft is None or ends_at(draft) >= now or _is_about_to_be_extended(session, draft):
            return False
        forget(session, draft_id)
        session.expunge(draft)
    return True


def _is_about_to_be_extended(session: Session, draft: Draft) -> bool:
    given = exists().where(
        Extension.route_id == draft.route_id, Extension.email == draft.email, Extension.is_told.is_(False)
    )
    return bool(session.scalar(select(given)))


def ended_drafts(*, now: datetime) -> Iterator[int]:
    """The ids of the drafts that can no longer be continued, in their order; no more than AT_ONCE are held."""
    return (draft_id for draft_id, ends in _ends(Draft.id > 0) if ends < now)


def lasting(ids: Collection[int], *, now: datetime) -> list[int]:
    """Which of these drafts are there and can be continued."""
    return [draft_id for draft_id, ends in _ends(Draft.id.in_(ids)) if ends >= now]


def _ends(which: ColumnElement[bool]) -> Iterator[tuple[int, datetime]]:
    """The ids of these drafts, in their order, and until when each can be continued; AT_ONCE are read at a time.

    Whoever takes them may change and remove drafts meanwhile.
    """
    listed = WITH_CALL.options(load_only(Draft.saved_at, Draft.application_id, Draft.route_id, Draft.extended_until))
    following, last = listed.where(which).order_by(Draft.id).limit(AT_ONCE), 0
    while some := [(draft.id, ends_at(draft)) for draft in db.session.scalars(following.where(Draft.id > last))]:
        last = some[-1][0]
        yield from some


def remind(*, now: datetime, before: timedelta) -> int:
    """Mail whoever has drafts that end within `before` and were not reminded yet; how many mails there were.

    All drafts of one address are one mail, in a transaction of its own. Who has applied to a call is reminded of no
    draft for it.
    """
    ending = (draft_id for draft_id, ends in _ends(_AWAITS_REMINDER) if now < ends <= now + before)
    return sum(_remind_of(draft_id, now, before) for draft_id in ending)


def _remind_of(draft_id: int, now: datetime, before: timedelta) -> bool:
    """Of this draft and what else its address has; False where they know, were sent, or somebody went on with it."""
    with transaction() as session:
        email = session.scalar(select(Draft.email).where(Draft.id == draft_id))
        of_address = WITH_CALL.where(_AWAITS_REMINDER, Draft.email == email).with_for_update(of=Draft)
        newest_first = session.scalars(of_address.order_by(Draft.saved_at.desc(), Draft.id.desc()))
        ending = _unsent(session, [draft for draft in newest_first if now < ends_at(draft) <= now + before])
        if ending:
            _mail(session, REMINDER, ending, now)
        for draft in ending:
            draft.reminded_at = now
    return bool(ending)


def _unsent(session: Session, drafts: Sequence[Draft]) -> list[Draft]:
    """Those for a call to which their address has not applied."""
    applied = (
        select(ApplicationFacts.email_key, AdmissionRoute.call_id)
        .join(AdmissionRoute, AdmissionRoute.id == ApplicationFacts.route_id)
        .where(ApplicationFacts.email_key.in_({comparable(draft.email) for draft in drafts}))
    )
    sent = {tuple(row) for row in session.execute(applied)}
    return [draft for draft in drafts if (comparable(draft.email), draft.route.call_id) not in sent]


def hold(session: Session, draft: Draft) -> Draft:
    """The draft as it is now, held until the end of the caller's transaction. Raises DraftGoneError."""
    # Not draft.id: where the row is gone, no attribute can be read any more.
    identity = cast("tuple[int]", inspect(draft).identity)
    found = session.get(Draft, identity, with_for_update=True, populate_existing=True)
    if found is None:
        raise DraftGoneError(*identity)
    return found
