"""What happens to the fictional applications over a season. All of it is done by the services that people use."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from s2group.admissions.models import Application
from s2group.admissions.queries import application_by_form_key
from s2group.admissions.rules.states import State
from s2group.admissions.services import changes
from s2group.admissions.services.document_requests import ask_for_document, send_document
from s2group.admissions.services.drafts import attach, save_topic
from s2group.admissions.services.letters import receive_letter, takes_letter
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.demo import resumes
from s2group.demo.deeds import Deed, Step, staff
from s2group.demo.offers import AFTERWARDS, told
from s2group.demo.people import UNSEEN, Applicant, form_key
from s2group.demo.ratings import ratings_of
from s2group.documents.models import Document
from s2group.documents.services import take_upload
from s2group.evaluation.correspondence import send_elsewhere, take_bounce
from s2group.evaluation.pipeline.services import Choice, decide
from s2group.evaluation.services import open_application
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from s2group.mail.rules import Verb
from s2group.mail.states import move

CONSENT = "demo"
ELSEWHERE = "demo-elsewhere@example.org"
# As a mail system writes it to the sender of a mail that nobody has taken.
BOUNCE = """From: MAILER-DAEMON@example.org
Subject: Undelivered Mail Returned to Sender

<{recipient}>: host mail.example.org said: 550 5.1.1 User unknown (a fictional notice)

Message-ID: {message_id}
"""
# Who sends a file that no parser opens: a PDF without any page.
UNREADABLE = 21
UNREADABLE_PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R /Size 2 >>\nstartxref\n0\n%%EOF\n"
)
TAKEN = 250, "2.0.0 Ok (a fictional reply)"
REFUSED = 550, "5.1.1 User unknown (a fictional reply)"
BUSY = 451, "4.7.1 Try again later (a fictional reply)"
QUESTION = "请补交一份演示材料。Please send one more document, for demonstration."


def looked_at(role: Role = Role.PI) -> Deed:
    """Somebody of the staff opens it."""
    return lambda _who, application, now: _ignore(
        open_application(reference=application.reference, actor=staff(role), now=now)
    )


def decided(to: State, *, shown: bool) -> Deed:
    """The PI moves it to another state, and shows the applicant or not."""

    def deed(_who: Applicant, application: Application, now: datetime) -> None:
        actor = staff(Role.PI)
        decide(application=application, choice=Choice(to), actor=actor, now=now)
        if shown:
            told(application, now)

    return deed


def _ignore(_result: object) -> None:
    """For deeds whose result nobody needs."""


def _withdrawn(_who: Applicant, application: Application, now: datetime) -> None:
    changes.withdraw(application=application, now=now)


def _taken_back(_who: Applicant, application: Application, now: datetime) -> None:
    changes.take_back_withdrawal(application=application, now=now)


def _changed(who: Applicant, application: Application, now: datetime) -> None:
    """The applicant names another major, and the second time sends another résumé as well."""
    key = f"demo-change-{who.number:02}-{application.version}"
    draft = changes.begin_change(application=application, key=key, now=now)
    major = f"{who.facts['major']} {application.version + 1}"
    draft = save_topic(draft=draft, topic="studies", answers={"major": major}, seen=0, now=now)
    if application.version > 1:
        attach(draft=draft, kind="resume", document=upload(resumes.resume_pdf(who), "resume-2.pdf", now), now=now)
    changes.amend(draft=draft, consent_version=CONSENT, now=now)


def _change_begun(who: Applicant, application: Application, now: datetime) -> None:
    changes.begin_change(application=application, key=f"demo-change-{who.number:02}", now=now)


def asked_for_more(_who: Applicant, application: Application, now: datetime) -> None:
    """The PI asks for a further document."""
    due_at = now + timedelta(days=10)
    ask_for_document(application=application, text=QUESTION, due_at=due_at, told_at=now, actor=staff(Role.PI), now=now)


def _sent(who: Applicant, application: Application, now: datetime) -> None:
    data = UNREADABLE_PDF if who.number == UNREADABLE else resumes.transcript_pdf(who)
    document = upload(data, "further.pdf", now)
    send_document(asked=application.document_requests[-1], document=document, now=now)


def letter(place: int) -> Deed:
    """A referee sends a letter, where it is still taken."""

    def arrived(who: Applicant, application: Application, now: datetime) -> None:
        referee = application.referees[place]
        if takes_letter(referee, now=now):
            document = upload(resumes.letter_pdf(who, referee.name), "letter.pdf", now)
            receive_letter(referee_id=referee.id, document=document, now=now)

    return arrived


def server_answers(message: str, answer: tuple[int, str], verb: Verb, wait: timedelta = timedelta()) -> Deed:
    """A fictional mail server answers so to the first mail of this kind, before it is written to a file."""

    def answered(_who: Applicant, application: Application, now: datetime) -> None:
        this = OutboxMail.id == _first(application, message).id
        facts = {"reply_code": answer[0], "reply_text": answer[1], "next_attempt_at": now + wait}
        with transaction() as session:
            move(session, "claim", this, claimed_at=now, attempts=1)
            move(session, verb, this, **facts, accepted_at=now if verb == "accept" else None)

    return answered


def _came_back(_who: Applicant, application: Application, now: datetime) -> None:
    mail = _first(application, "application_confirmation")
    raw = BOUNCE.format(recipient=mail.recipient, message_id=mail.message_id)
    take_bounce(raw=raw.encode(), actor=staff(Role.ADMIN), now=now)


def _sent_elsewhere(_who: Applicant, application: Application, now: datetime) -> None:
    mail = _first(application, "application_received")
    send_elsewhere(mail=mail, recipient=ELSEWHERE, actor=staff(Role.ADMIN), now=now)


def _first(application: Application, message: str) -> OutboxMail:
    return next(mail for mail in mails_of(application.reference) if mail.message == message)


def upload(data: bytes, name: str, now: datetime) -> Document:
    """Take in a file as the portal takes every upload."""
    return take_upload(stream=io.BytesIO(data), original_name=name, now=now)


PI_LOOKS, OTHERS_LOOK = Step(1, looked_at()), (Step(2, looked_at(Role.REVIEWER)), Step(2.5, looked_at(Role.ADMIN)))
SCREENING = Step(3, decided(State.SCREENING, shown=True))
# What becomes of the applications, one story after the other.
STORIES: tuple[tuple[Step, ...], ...] = (
    (),
    (PI_LOOKS, *OTHERS_LOOK),
    (PI_LOOKS, Step(3, decided(State.SCREENING, shown=False))),
    (PI_LOOKS, *OTHERS_LOOK, SCREENING, Step(5, asked_for_more)),
    (PI_LOOKS, SCREENING, Step(6, asked_for_more), Step(9, _sent), Step(14, decided(State.INTERVIEW, shown=True))),
    (PI_LOOKS, *OTHERS_LOOK, SCREENING, Step(12, decided(State.INTERVIEW, shown=False))),
    (PI_LOOKS, *OTHERS_LOOK, SCREENING, Step(12, decided(State.INTERVIEW, shown=True)),
     Step(26, decided(State.OFFER, shown=True))),
    (PI_LOOKS, SCREENING, Step(12, decided(State.INTERVIEW, shown=True)), Step(25, decided(State.OFFER, shown=False))),
    (PI_LOOKS, SCREENING, Step(20, decided(State.WAITLIST, shown=True))),
    (PI_LOOKS, Step(8, decided(State.WAITLIST, shown=False))),
    (PI_LOOKS, SCREENING, Step(9, decided(State.DECLINED, shown=True))),
    (PI_LOOKS, *OTHERS_LOOK, Step(8, decided(State.DECLINED, shown=False))),
    (PI_LOOKS, SCREENING, Step(10, _withdrawn)),
    (PI_LOOKS, Step(4, _withdrawn), Step(6, _taken_back)),
    (PI_LOOKS, Step(2, _changed), Step(3, looked_at()), SCREENING),
    (Step(1, _changed), PI_LOOKS, Step(2, _changed), Step(9, looked_at(Role.REVIEWER))),
)  # fmt: skip
# What happens besides to single ones.
TO_THE_GROUP, TO_THE_APPLICANT = "application_received", "application_confirmation"
BESIDES: dict[int, tuple[Step, ...]] = {
    2: (Step(1, _change_begun),),
    5: (Step(0, server_answers(TO_THE_APPLICANT, TAKEN, "accept")), Step(0.1, _came_back)),
    6: (Step(0, server_answers(TO_THE_GROUP, REFUSED, "give up")),),
    7: (
        Step(0, server_answers(TO_THE_GROUP, TAKEN, "accept")),
        Step(0, server_answers(TO_THE_APPLICANT, TAKEN, "accept")),
    ),
    8: (Step(0, server_answers(TO_THE_GROUP, REFUSED, "give up")), Step(0.5, _sent_elsewhere)),
}
# Whose mail waits for a mail server when the season ends.
WAITING = 58
AT_THE_END = (asked_for_more, server_answers("documents_asked", BUSY, "put off", timedelta(hours=8)))


def story_of(who: Applicant, referees: int) -> Iterator[Step]:
    """Everything that happens to the applicant's application, which names so many referees."""
    if who.number not in UNSEEN:
        yield from STORIES[(who.number - 1) % len(STORIES)]
    yield from BESIDES.get(who.number, ())
    yield from AFTERWARDS.get(who.number, ())
    yield from ratings_of(who)
    if referees and who.number % 5:
        yield Step(5, letter(0))
    # The second one comes in time, late, or never.
    if referees and who.number % 3 < 2:
        yield Step((9, 20)[who.number % 3], letter(1))


def application_of(who: Applicant) -> Application:
    """The application that the applicant sent."""
    found = application_by_form_key(form_key(who))
    if found is None:
        raise RuntimeError(f"fictional applicant {who.number} has not applied")
    return found
