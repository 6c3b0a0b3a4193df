"""Many fictional applications with their mails, drafts and history, written in bulk: seconds, not hours."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, product
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, insert, select

from s2group.admissions.facts.queries import facts_of, outcome_rows
from s2group.admissions.fulltext.models import ApplicationText
from s2group.admissions.fulltext.queries import made_of
from s2group.admissions.fulltext.rules import END as END_OF_TEXT
from s2group.admissions.fulltext.rules import indexed, tokens
from s2group.admissions.models import (
    AdmissionRoute,
    Application,
    ApplicationDocument,
    ApplicationFacts,
    ApplicationOutcome,
    Draft,
    RequirementSet,
)
from s2group.admissions.rules import evaluate, read_requirements
from s2group.audit.models import Event
from s2group.audit.rules import Shown, Submitted
from s2group.core.database import transaction
from s2group.core.identifiers import ALPHABET
from s2group.documents.models import Document
from s2group.documents.store import store
from s2group.extensions import db
from s2group.mail.models import OutboxMail

AT_ONCE = 2000
FILES = 16
# So many applicants are judged; the others say the same under names, addresses and numbers of their own.
JUDGED = 200
# A résumé has so many sentences of so many characters, out of a stock: 2 kB.
SENTENCES, SIGNS, STOCK = 20, 34, 2000
COMMON_WORD, RARE_WORD, RARE = "语音", "鲸鳞", 0.0005
STATES = ("submitted",) * 12 + ("screening",) * 4 + ("interview", "waitlist", "offer", "declined", "declined")
END = datetime(2026, 9, 1, tzinfo=UTC)
MESSAGES = ("application_received", "application_confirmation", "decision_told")
Row = dict[str, Any]
# The ids of a route and of its requirements, and these as JSON.
Route = tuple[int, int, str]


def write_season(count: int, *, seed: int = 1) -> None:
    """Write so many applications to the routes that are there, a quarter as many drafts, and some mails for each."""
    newest = select(AdmissionRoute.id, RequirementSet.id, RequirementSet.requirements).join(RequirementSet)
    routes = [(*ids, json.dumps(rules)) for *ids, rules in db.session.execute(newest)]
    judged = list(product(routes, range(JUDGED)))
    files = [_stored(number) for number in range(FILES)]
    for begin in range(1, count + 1, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, count + 1))
        with transaction() as session:
            chance = Random(f"{seed} {begin}")  # noqa: S311 - the same applicants every time
            applications = [_application(number, count, judged, chance) for number in numbers]
            for model, rows in (
                (Application, applications),
                (ApplicationFacts, [_facts(each) for each in applications]),
                (ApplicationOutcome, [row for each in applications for row in outcome_rows(_known(each)).values()]),
                (ApplicationText, [_words(each) for each in applications]),
                (Document, [_document(number, files) for number in numbers]),
                (ApplicationDocument, [_resume(number) for number in numbers]),
                (Event, [row for each in applications for row in _history(each)]),
                (OutboxMail, [row for each in applications for row in _mails(each)]),
                (Draft, [_draft(each) for each in islice(applications, 0, None, 4)]),
            ):
                session.execute(insert(cast("Table", model.__table__)), rows)


def _stored(number: int) -> tuple[str, int]:
    content = b"%%PDF-1.5 fictional %d" % number
    with store.receive([content], limit=len(content)) as received:
        return store.put(received), len(content)


def reference_of(number: int) -> str:
    """A reference as the portal makes them, but in order."""
    signs = "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(16))
    return "-".join(signs[begin : begin + 4] for begin in range(0, 16, 4))


def _judged(route: Route, number: int) -> Row:
    """What all applications to a route with the same answers have in common."""
    route_id, requirement_set_id, rules = route
    answers, outcomes = _answered(rules, number)
    return {
        "route_id": route_id, "requirement_set_id": requirement_set_id, "locale": "zh", "answers": answers,
        "consent_version": "1", "outcomes": outcomes,
    }  # fmt: skip


@cache
def _answered(rules: str, number: int) -> tuple[Row, list[Row]]:
    """What the applicant of that number answers, and the outcomes by these rules; judged when first asked for."""
    chance = Random(f"answers of {number}")  # noqa: S311 - the same applicants every time
    answers = {
        "university": f"示例大学 {number}", "college": "计算机学院", "major": "人工智能", "cet4": 400 + number,
        "rank": number + 1, "cohort_size": 240, "statement": "虚构的陈述。" * 60, **_left_open_by_some(chance),
    }  # fmt: skip
    outcomes = evaluate(read_requirements(json.loads(rules)), {**answers, "documents": ["resume"]})
    return answers, [outcome.to_dict() for outcome in outcomes]


def _left_open_by_some(chance: Random) -> Row:
    """What one of three leaves open, each question by itself."""
    papers = [{"title": f"虚构的论文 {place}", "venue": "虚构会议"} for place in range(chance.randint(0, 3))]
    every = (
        {"cet6": chance.randint(380, 650)}, {"ielts": chance.randint(10, 18) / 2}, {"toefl": chance.randint(60, 119)},
        {"gpa": chance.randint(250, 400) / 100, "gpa_scale": "4.0"}, {"papers": papers},
    )  # fmt: skip
    return {name: value for each in every if chance.random() < 2 / 3 for name, value in each.items()}


def _application(number: int, count: int, judged: list[tuple[Route, int]], chance: Random) -> Row:
    common = _judged(*chance.choice(judged))
    state, at = chance.choice(STATES), END - timedelta(days=700) * (count - number) / count
    return {
        **common, "id": number, "reference": reference_of(number), "form_key": f"bench-{number}",
        "name": f"测试 {number}", "email": f"applicant{number}@example.org",
        "answers": {**common["answers"], "phone": f"+86139{number:08}"},
        "submitted_at": at, "state": state, "state_at": at, "shown_state": state,
    }  # fmt: skip


def _facts(application: Row) -> Row:
    return {"application_id": application["id"], **facts_of(_known(application))}


def _known(application: Row) -> Application:
    """As far as its facts go."""
    route = SimpleNamespace(call=SimpleNamespace(answer_days=14))
    known = SimpleNamespace(**application, version=1, changed_at=None, overrides=(), route=route)
    return cast("Application", known)


def _words(application: Row) -> Row:
    """The words of a résumé of 2 kB: sentences of a stock, other ones for each applicant, and seldom the rare word."""
    chance = Random(f"words of {application['id']}")  # noqa: S311 - the same words every time
    said = chance.choices(_sentences(), k=SENTENCES) + [tokens(RARE_WORD)] * (chance.random() < RARE)
    return {
        "application_id": application["id"], "name": indexed([application["name"]]),
        "university": indexed([application["answers"]["university"]]), "answers": indexed([application["email"]]),
        "documents": " ".join(token for sentence in said for token in (*sentence, END_OF_TEXT)),
        "made_of": made_of(_known(application)), "documents_read": str(application["id"]),
    }  # fmt: skip


@cache
def _sentences() -> list[list[str]]:
    """So many sentences, already cut: one of twenty holds the common word, so that two of three résumés do."""
    chance = Random("sentences")  # noqa: S311 - the same ones every time
    signs = [chr(0x4E00 + number) for number in range(0, 3000)]
    weights = [1 / (place + 10) for place in range(len(signs))]
    texts = ["".join(chance.choices(signs, weights, k=SIGNS)) for _ in range(STOCK)]
    return [tokens(text + (COMMON_WORD if number % 20 == 0 else "")) for number, text in enumerate(texts)]


def _document(number: int, files: list[tuple[str, int]]) -> Row:
    sha256, size = files[number % FILES]
    return {
        "id": number, "token": f"bench-{number}", "sha256": sha256, "size": size, "original_name": "cv.pdf",
        "inspection": "checked", "findings": [], "stored_at": END, "verified_at": END,
    }  # fmt: skip


def _resume(number: int) -> Row:
    return {"application_id": number, "kind": "resume", "since": 1, "document_id": number}


def _history(application: Row) -> Iterator[Row]:
    for details in (Submitted(), Shown(application["state"])):
        yield {
            "at": application["submitted_at"], "kind": details.kind.value, "subject_kind": "application",
            "subject_key": application["reference"], "application_id": application["id"],
            "details": vars(details),
        }  # fmt: skip


def _mails(application: Row) -> Iterator[Row]:
    at = application["submitted_at"]
    for place, message in enumerate(MESSAGES):
        recipient = application["email"] if place else "group@example.org"
        yield {
            "message_id": f"<bench-{application['id']}-{place}@example.org>", "message": message,
            "topic": application["reference"], "recipient": recipient, "to": [recipient], "copies": [],
            "subject": "虚构", "text": "虚构的邮件。" * 20, "html": "<p>虚构的邮件。</p>" * 20, "attachments": [],
            "state": "accepted", "created_at": at, "retry_since": at, "next_attempt_at": at, "accepted_at": at,
        }  # fmt: skip


def _draft(application: Row) -> Row:
    at = application["submitted_at"]
    return {
        "key": f"draft-{application['id']}", "route_id": application["route_id"], "locale": "zh",
        "email": f"draft{application['id']}@example.org", "answers": application["answers"], "saves": {},
        "started_at": at, "saved_at": at,
    }  # fmt: skip
