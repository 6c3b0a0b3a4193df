"""A season of fictional applications: everything that happens is done in the order of time."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from string import Template
from typing import Any

from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.admissions.openings import admissions_at
from s2group.admissions.queries import call_by_key, current_requirements, open_calls
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.services import drafts
from s2group.admissions.services.call_files import add_calls
from s2group.admissions.services.referees import remind_referees
from s2group.admissions.services.submissions import submit_application
from s2group.content.group.queries import research_areas
from s2group.content.news.rules import NewsCategory
from s2group.content.news.services import NewsDraft, Show, save_news_item
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.custody.services import inspect_waiting
from s2group.demo import resumes
from s2group.demo.deeds import Deed
from s2group.demo.last_days import catch_up, last_days
from s2group.demo.people import DAYS, Applicant, account, applicants, form_key
from s2group.demo.stories import AT_THE_END, CONSENT, STORIES, WAITING, application_of, story_of, upload
from s2group.documents.models import Document
from s2group.documents.store import read_bytes, store
from s2group.documents.verification import verify_stored
from s2group.mail.delivery import deliver_due

CALL_KEY = "demo-summer-school"
# What the second version of its requirements asks for: it waits to be applied to those who were judged by the first.
MONTHS = (3, 6)
# Whose stored résumé is damaged.
DAMAGED = 10
LETTERS_AWAITED = (timedelta(days=8), timedelta(days=12))


VERIFIED_AT_ONCE = 1000
BODY = LocalizedText("演示数据。", "Demonstration data.")
NEWS = (
    (LocalizedText("（演示）还没写完的动态", "(Demo) News that is not finished"), Show.AS_IT_WAS, timedelta()),
    (LocalizedText("（演示）三十天后发布的动态", "(Demo) News planned for later"), Show.PUBLISHED, timedelta(days=30)),
)


def play_season(people: list[Applicant], *, now: datetime) -> None:
    """Let these people apply and everything happen that follows until `now`, and leave drafts and news to look at."""
    if people:
        _load_call(now)
    with _mail_to_nobody(open_calls(now)):
        if people:
            _play(people, now)
        _begin_drafts(now)
        _leave_traces({who.number: who for who in people}, now)
    _write_news(now)


@contextmanager
def _mail_to_nobody(calls: Iterable[Call]) -> Iterator[None]:
    """While the fictional people apply, the group's mail goes to the demo's PI: no outbox names the real one."""
    real = {call.id: (call.recipients, call.copies) for call in calls}
    _address_mail(dict.fromkeys(real, ([account(Role.PI)], [])))
    try:
        yield
    finally:
        _address_mail(real)


def _address_mail(to: Mapping[int, tuple[list[str], list[str]]]) -> None:
    with transaction() as session:
        for call_id, (recipients, copies) in to.items():
            call = session.get_one(Call, call_id)
            call.recipients, call.copies = recipients, copies


def _load_call(now: datetime) -> None:
    """Load the fictional call; once it is there, it stays as it is."""
    if call_by_key(CALL_KEY) is None:
        _load_version(now, months=MONTHS[0])


def _change_requirements(now: datetime) -> None:
    call = call_by_key(CALL_KEY)
    if call and current_requirements(call.routes[0]).version == 1:
        _load_version(now, months=MONTHS[1])


def _load_version(now: datetime, *, months: int) -> None:
    text = Template((Path(__file__).parent / "call.toml").read_text())
    days = {"opens_at": now - timedelta(days=DAYS + 1), "closes_at": now + timedelta(days=45)}
    moments = {name: day.isoformat(timespec="seconds") for name, day in days.items()}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "call.toml").write_text(text.substitute(moments, months=months))
        add_calls(Path(folder), now=now)


def _routes(now: datetime) -> list[AdmissionRoute]:
    """Every route that takes applications."""
    return [each.route for each in admissions_at(now).open_routes]


def _play(people: list[Applicant], now: datetime) -> None:
    """Let everything happen in the order of time that has happened to these people until `now`."""
    routes = _routes(now)
    events: list[tuple[datetime, Callable[[datetime], None]]] = []
    for who in people:
        route = routes[(who.number - 1 + (who.number - 1) // len(STORIES)) % len(routes)]
        events += _events(who, route, now)
    events += last_days(now)
    for at, together in groupby(sorted(events, key=itemgetter(0)), key=itemgetter(0)):
        for _at, happens in together:
            happens(at)
        deliver_due(now=at, read_attachment=read_bytes)
    catch_up(now=now)


def _events(
    who: Applicant, route: AdmissionRoute, now: datetime
) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
    came_at, form = now - who.before, read_form(route.form)
    yield came_at, partial(_apply, who, route)
    yield from ((came_at + wait, _remind) for wait in LETTERS_AWAITED if form.referees and came_at + wait < now)
    for step in story_of(who, form.referees):
        if (at := came_at + timedelta(days=step.days)) < now:
            yield at, partial(_do, step.do, who)


def _do(deed: Deed, who: Applicant, at: datetime) -> None:
    deed(who, application_of(who), at)


def _remind(at: datetime) -> None:
    remind_referees(now=at)


def _apply(who: Applicant, route: AdmissionRoute, at: datetime) -> None:
    form = read_form(route.form)
    submit_application(
        route=route,
        name=who.name,
        email=who.email,
        answers=_answers(who, route),
        documents={kind: _document(who, kind, at) for kind in _kinds(who, form)},
        locale=who.locale,
        form_key=form_key(who),
        consent_version=CONSENT,
        now=at,
    )


def _answers(who: Applicant, route: AdmissionRoute) -> dict[str, Any]:
    requirements = current_requirements(route).requirements
    declarations = [each["key"] for each in requirements if each["kind"] == "declared"]
    areas = [area.key for area in research_areas()]
    return who.answers(read_form(route.form), declarations=declarations, areas=areas)


def _kinds(who: Applicant, form: RouteForm) -> list[str]:
    """The documents that they send: what is needed, and every third one a transcript where they may."""
    wanted = [kind for kind, needed in form.documents.items() if needed]
    if "transcript" in form.documents and who.number % 3 == 0:
        wanted.append("transcript")
    return sorted(set(wanted))


def _document(who: Applicant, kind: str, at: datetime) -> Document:
    if kind == "transcript":
        return upload(resumes.transcript_pdf(who), "transcript.pdf", at)
    return upload(resumes.resume_pdf(who), f"{who.name}.pdf", at)


def _leave_traces(people: Mapping[int, Applicant], now: datetime) -> None:
    """What a season leaves behind: mail that waits, requirements that have changed, a file that has become another."""
    if who := people.get(WAITING):
        for deed in AT_THE_END:
            deed(who, application_of(who), now)
    deliver_due(now=now, read_attachment=read_bytes)
    _change_requirements(now)
    if who := people.get(DAMAGED):
        _damage(application_of(who))
    while inspect_waiting(now=now):
        pass  # what was not looked into at once, because the machine was busy
    verify_stored(limit=VERIFIED_AT_ONCE, now=now)


def _damage(application: Application) -> None:
    """Turn every bit of a stored résumé, as a dying disk might; a store that is no folder keeps it whole."""
    resume = next(entry.document for entry in application.documents if entry.kind == "resume")
    with store.local(resume.sha256) as place:
        place.write_bytes(bytes(byte ^ 0xFF for byte in place.read_bytes()))


def _begin_drafts(now: datetime) -> None:
    """An application that was just begun, and one that lacks only its résumé."""
    just_begun, nearly_done = applicants()[-2:]
    first, *others = _routes(now)
    _begin_draft(just_begun, first, 1, now)
    for route in others[:1]:
        _begin_draft(nearly_done, route, None, now)


def _begin_draft(who: Applicant, route: AdmissionRoute, topics: int | None, now: datetime) -> None:
    """A draft with so many topics answered, or all."""
    key, form, began_at = f"demo-draft-{who.number}", read_form(route.form), now - timedelta(days=3)
    if drafts.draft_by_key(key):
        return
    draft = drafts.start_draft(route=route, key=key, answers={}, locale=who.locale, now=began_at)
    answers = _answers(who, route) | {"name": who.name, "email": f"draft{who.number}@example.org"}
    for place, topic in enumerate(form.topics[:topics], 1):
        at, given = began_at + timedelta(minutes=7 * place), _of(topic, answers, form)
        draft = drafts.save_topic(draft=draft, topic=topic, answers=given, seen=0, now=at)
    if "transcript" in form.documents:
        document = _document(who, "transcript", now)
        drafts.attach(draft=draft, kind="transcript", document=document, now=now - timedelta(days=2))


def _of(topic: str, answers: Mapping[str, Any], form: RouteForm) -> dict[str, Any]:
    """The answers that a topic asks for."""
    own = [question.name for question in form.questions] if topic == "questions" else []
    names = [*form.fields_of(topic), *own, *(["referees"] if topic == "referees" else [])]
    return {name: answers[name] for name in names if name in answers}


def _write_news(now: datetime) -> None:
    """A draft and a plan; nothing that visitors see."""
    for number, (title, show, wait) in enumerate(NEWS, 1):
        draft = NewsDraft(
            f"demo-{number}", now.date(), title, BODY, NewsCategory.NOTICE, form_key=f"demo-news-{number}"
        )
        save_news_item(item_id=None, draft=draft, seen="", actor=None, show=show, publish_at=now + wait, now=now)
