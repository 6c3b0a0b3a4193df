"""What staff say of applications: a row in each of its tables, without the mail that services write."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewChange, InterviewRound, InterviewSlot
from s2group.admissions.models import Application, Extension
from s2group.admissions.offers.models import Offer, WaitlistPlace
from s2group.admissions.overrides.services import override_outcome
from s2group.admissions.replies.models import Reply, ReplyDocument
from s2group.admissions.replies.words import mend_replies
from s2group.admissions.rules.outcomes import Outcome
from s2group.admissions.template_files.models import TemplateFile
from s2group.audit.models import Event
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.documents.models import Document
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.evaluation.bulk.models import BulkItem, BulkRun
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.evaluation.desk.models import ListLayout
from s2group.evaluation.discussion.models import Comment, Mention
from s2group.evaluation.interviews.models import InterviewNote
from s2group.evaluation.likely_conflicts.models import DismissedHint
from s2group.evaluation.looks.models import ApplicationLook
from s2group.evaluation.messages.models import MessageTemplate
from s2group.evaluation.pipeline.models import Decision
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.evaluation.reminders.models import AnswerReminder
from s2group.evaluation.reviews.models import ApplicationScore, EarlyLook, Review, Rubric
from s2group.evaluation.sittings.models import Sitting, SittingPlace
from s2group.evaluation.tags.models import Tag, Tagging
from s2group.evaluation.tags.rules import Colour
from tests.support.applying import MORNING
from tests.support.changing import upload
from tests.support.pdf import make_pdf

LATER = MORNING + timedelta(days=9)
CRITERION = {"key": "overall", "weight": 1, "title": {"zh": "总评", "en": "Overall"}}


def evaluate(application: Application, actor: User) -> None:
    """One row in each table of what staff say of an application."""
    documents = [upload(make_pdf("grades")) for _ in range(2)]
    with transaction() as session:
        session.add_all(_alone(application, actor, *documents))
        for write in (_discuss, _rate, _interview, _do_many_at_once, _release):
            write(session, application, actor)
    mend_replies()  # as its service would have cut their words
    outcome = Outcome.from_dict(application.outcomes[0])
    override_outcome(
        application=application, requirement=outcome.key, verdict=None, reason="测试", seen=0, computed=outcome.verdict,
        actor=actor, now=MORNING,
    )  # fmt: skip


def _alone(application: Application, actor: User, sent: Document, going_along: Document) -> list[object]:
    """Rows that need none of the others, but two files."""
    both = {"application_id": application.id, "user_id": actor.id}
    return [
        Assignment(**both, assigned_at=MORNING),
        Conflict(**both, reason="测试", declared_at=MORNING),
        EarlyLook(**both, looked_at=MORNING),
        DismissedHint(**both, at=MORNING),
        AnswerReminder(**both, at=MORNING),
        TemplateFile(
            template_key="offer", locale="zh", document_id=going_along.id, added_at=MORNING, actor_id=actor.id
        ),
        Reply(
            key="key-of-a-reply", application_id=application.id, mark="0" * 64, sender="applicant@example.org",
            subject="测试", text="你好", left_out=[], sent_at=MORNING, added_at=MORNING, actor_id=actor.id,
            confirmed=True, files=[ReplyDocument(position=0, document_id=sent.id)],
        ),
        CrossCheck(
            application_id=application.id, version=1, has_text=True, found=[], checked=[], unchecked=0, at=MORNING
        ),
        Decision(application_id=application.id, note="测试", actor_id=actor.id, at=MORNING),
        Offer(application_id=application.id, answer_due_at=LATER, next_due_at=LATER, told_at=MORNING),
        WaitlistPlace(application_id=application.id, route_id=application.route_id, rank=1),
        Extension(
            route_id=application.route_id, email="late@example.org", address="late@example.org", locale="en",
            until=LATER, made_at=MORNING, told_at=LATER, is_told=False, actor_id=actor.id,
        ),
        ListLayout(user_id=actor.id, columns=["route", "score"], is_compact=True),
        MessageTemplate(
            key="offer", subject=LocalizedText("测试", "Test"), text=LocalizedText("你好", "Hello"), version=1,
            changed_at=MORNING, actor_id=actor.id,
        ),
    ]  # fmt: skip


def _discuss(session: Session, application: Application, actor: User) -> None:
    """A comment that mentions its author, a tag, and what they have seen."""
    tag = Tag(name="测试", name_key="测试", colour=Colour.GREEN, created_at=MORNING)
    comment = Comment(application_id=application.id, author_id=actor.id, at=MORNING, text="四级 593？")
    comment.mentions.append(Mention(user_id=actor.id, for_digest=True))
    session.add_all([tag, comment])
    session.flush()
    newest = session.scalars(select(func.max(Event.id))).one()
    session.add_all(
        [
            Tagging(tag_id=tag.id, application_id=application.id, at=MORNING),
            ApplicationLook(
                user_id=actor.id, application_id=application.id, at=MORNING, version=1, event_id=newest
            ),
        ]
    )  # fmt: skip


def _rate(session: Session, application: Application, actor: User) -> None:
    rubric = Rubric(route_id=application.route_id, version=1, criteria=[CRITERION], created_at=MORNING)
    session.add(rubric)
    session.flush()
    session.add_all(
        [
            Review(
                application_id=application.id, user_id=actor.id, saves=1, saved_at=MORNING, submitted_at=MORNING,
                rubric_id=rubric.id, marks={"overall": 4}, overall=4.0,
            ),
            ApplicationScore(
                application_id=application.id, count=1, mean=4.0, median=4.0, spread=0.0, low=4.0, high=4.0
            ),
        ]
    )  # fmt: skip


def _interview(session: Session, application: Application, actor: User) -> None:
    found = InterviewRound(
        key="key-of-a-round", title=LocalizedText("测试", "Test"), text=LocalizedText("", ""), place="Room 1",
        timezone="Asia/Shanghai", minutes=20, choose_until=LATER, changes_allowed=1, created_at=MORNING,
        routes=[application.route],
    )  # fmt: skip
    slot = InterviewSlot(
        round=found,
        starts_at=LATER,
        ends_at=LATER + timedelta(minutes=20),
        place="",
        is_open=True,
        interviewers=[actor],
    )
    interview = Interview(
        key="key-of-an-interview", round=found, application_id=application.id, slot=slot, chosen_at=MORNING,
        invited_at=MORNING,
    )  # fmt: skip
    session.add(interview)
    session.flush()
    session.add(
        InterviewChange(
            interview=interview, what="cancelled", is_invitation=False, replaces_slot=False, settled_at=MORNING,
            told_at=LATER, actor_id=actor.id,
        )
    )  # fmt: skip
    session.add(InterviewNote(interview_id=interview.id, user_id=actor.id, text="测试", saved_at=MORNING))


def _do_many_at_once(session: Session, application: Application, actor: User) -> None:
    """A run over one application, and a sitting with one."""
    item = BulkItem(application_id=application.id, before={"state": "submitted"})
    sitting = Sitting(key="key-of-a-sitting", user_id=actor.id, begun_at=MORNING, search="", size=1)
    run = BulkRun(key="key-of-a-run", action="move", argument={"to": "screening"}, actor_id=actor.id,
                  planned_at=MORNING, items=[item])  # fmt: skip
    session.add_all([run, sitting])
    session.flush()
    session.add(SittingPlace(sitting_id=sitting.id, position=1, application_id=application.id))


def _release(session: Session, application: Application, actor: User) -> None:
    """One that is prepared."""
    item = ReleaseItem(application_id=application.id, subject="测试", text="你好", attachments=[], template_version=0)
    session.add(MessageRelease(key="key-of-a-release", made_at=MORNING, actor_id=actor.id, items=[item]))
