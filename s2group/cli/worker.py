"""What the worker does beside delivering mail, and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from flask import current_app

from s2group.accounts.queries import administrators_emails
from s2group.accounts.rules import Notify
from s2group.accounts.sessions import forget_ended_sessions
from s2group.accounts.throttle import forget_old_tries
from s2group.admissions.fulltext.services import read_documents
from s2group.admissions.interviews import telling
from s2group.admissions.interviews.services import by_the_clock
from s2group.admissions.offers import services as offers
from s2group.admissions.replies.words import read_files
from s2group.admissions.services import drafts, extensions
from s2group.admissions.services.referees import remind_referees
from s2group.content.group.queries import group_profile
from s2group.content.pictures.services import draw_missing
from s2group.content.presence.services import forget_presences
from s2group.custody import queries, services
from s2group.custody.reconciliation import check, report_of
from s2group.documents.inspection import missing_protections
from s2group.documents.pages import draw_wanted, forget_pages_of_removed
from s2group.documents.verification import verify_stored
from s2group.evaluation.bulk.services import forget_runs
from s2group.evaluation.cross_check.jobs import check_resumes
from s2group.evaluation.discussion.services import send_digests
from s2group.evaluation.messages.jobs import files_kept_for_nothing, let_go_of_files
from s2group.evaluation.page_images.jobs import draw_ahead
from s2group.evaluation.releases.services import take_effect
from s2group.evaluation.reminders.jobs import remind_of_answers
from s2group.evaluation.tags.services import forget_removed
from s2group.jobs.queries import last_run
from s2group.jobs.services import Job, Loop, Report, daily, every, run_due
from s2group.links.services import forget_expired
from s2group.mail.digest import send_digest

FILES_AT_ONCE = 100
DRAW_PAGES = "draw pages"
# How long before its end somebody is reminded of a draft.
REMINDED_BEFORE = timedelta(days=3)


def group_clock() -> tzinfo:
    """The group's time zone."""
    group = group_profile()
    return ZoneInfo(group.timezone) if group else UTC


def _check(now: datetime) -> Report:
    report = report_of([*check(now=now, reread=False), *files_kept_for_nothing(now)])
    if report["differences"]:
        words = "the check found differences: %s; `flask --app app check` tells which"
        current_app.logger.error(words, report["kinds"], extra={"fields": report})
    return report


def _verify(now: datetime) -> Report:
    report = verify_stored(limit=FILES_AT_ONCE, now=now)
    return {"verified": report.verified, "damaged": len(report.damaged)}


def _discard_abandoned(now: datetime) -> Report:
    return {"discarded": services.discard_abandoned(now=now)}


def _inspect_again(now: datetime) -> Report:
    return {"inspected": services.inspect_again(now=now)}


def _index_words(_now: datetime) -> Report:
    return {"read": read_documents(), "replies": read_files()}


def _draw_pictures(_now: datetime) -> Report:
    return {"drawn": draw_missing()}


def _draw_pages(_now: datetime) -> Report:
    last = last_run(DRAW_PAGES)
    wanted, following = draw_ahead(before=last.report.get("following") if last else None)
    return {"wanted": wanted, "following": following}


def _check_resumes(now: datetime) -> Report:
    return {"checked": check_resumes(now=now)}


def _forget_drafts(now: datetime) -> Report:
    forgotten = {"drafts": drafts.forget_ended(now=now), "extensions": extensions.forget_extensions(now=now)}
    return {**forgotten, "links": forget_expired(now=now)}


def _forget_sessions(now: datetime) -> Report:
    gone = {"sessions": forget_ended_sessions(now=now), "tries": forget_old_tries(now=now)}
    return {**gone, "presences": forget_presences(now=now)}


def _forget_tags(now: datetime) -> Report:
    return {"tags": forget_removed(now=now)}


def _tell_of_mentions(now: datetime) -> Report:
    return {"mentioned": send_digests(now=now)}


def _let_go_of_files(now: datetime) -> Report:
    return {"files": let_go_of_files(now=now)}


def _remind_of_answers(notify: Notify) -> Callable[[datetime], Report]:
    return lambda now: {"reminded": remind_of_answers(notify=notify, now=now)}


def _remind_of_drafts(now: datetime) -> Report:
    return {"reminded": drafts.remind(now=now, before=REMINDED_BEFORE)}


def _remind_of_letters(now: datetime) -> Report:
    return {"reminded": remind_referees(now=now)}


def _forget_runs(now: datetime) -> Report:
    return {"runs": forget_runs(now=now)}


def _lapse_offers(now: datetime) -> Report:
    return {"lapsed": offers.lapse_overdue(now=now)}


def _remind_of_offers(now: datetime) -> Report:
    return {"reminded": offers.remind(now=now)}


def _interviews(now: datetime) -> Report:
    return dict(by_the_clock(now=now))


def _tell_of_stuck_mail(now: datetime) -> Report:
    lost_files = queries.lost_files()
    to, locale = administrators_emails(), queries.mail_locale()
    return {"stuck": send_digest(to=to, locale=locale, lost_files=lost_files, now=now), "lost": lost_files}


def _tell_what_is_held(now: datetime) -> None:
    telling.take_effect(now=now)
    extensions.tell_due(now=now)
    offers.tell_held(now=now)


JOBS = (
    # Often, so that an applicant soon reads that their file was read again.
    Job("verify", every(timedelta(minutes=1)), _verify),
    Job("index words", every(timedelta(minutes=1)), _index_words),
    Job("draw pictures", every(timedelta(minutes=1)), _draw_pictures),
    Job(DRAW_PAGES, every(timedelta(minutes=1)), _draw_pages),
    Job("compare résumés", every(timedelta(minutes=1)), _check_resumes),
    Job("let offers lapse", every(timedelta(minutes=1)), _lapse_offers),
    Job("interviews", every(timedelta(minutes=10)), _interviews),
    Job("inspect again", every(timedelta(minutes=10)), _inspect_again),
    Job("discard abandoned", every(timedelta(hours=1)), _discard_abandoned),
    Job("forget sessions", every(timedelta(hours=1)), _forget_sessions),
    Job("forget bulk runs", every(timedelta(hours=1)), _forget_runs),
    Job("forget drafts", daily(4, group_clock), _forget_drafts),
    Job("let go of template files", daily(4, group_clock), _let_go_of_files),
    Job("forget tags", daily(4, group_clock), _forget_tags),
    Job("remind of answers", every(timedelta(hours=1)), _remind_of_answers(Notify.AT_ONCE)),
    Job("remind of answers daily", daily(8, group_clock), _remind_of_answers(Notify.DAILY)),
    Job("remind of drafts", daily(9, group_clock), _remind_of_drafts),
    Job("remind of letters", daily(9, group_clock), _remind_of_letters),
    Job("remind of offers", daily(9, group_clock), _remind_of_offers),
    Job("tell of mentions", daily(8, group_clock), _tell_of_mentions),
    Job("tell of stuck mail", daily(8, group_clock), _tell_of_stuck_mail),
    # Last, for it may take minutes.
    Job("check", every(timedelta(hours=1)), _check),
)


LOOPS = (
    Loop("jobs", lambda now: run_due(JOBS, now=now), 10),
    # What is held shall go when its page says so.
    Loop("releases", lambda now: take_effect(now=now), 2),
    Loop("what is held", _tell_what_is_held, 2),
    # Somebody may be waiting for these two.
    Loop("looks into files", lambda now: services.inspect_waiting(now=now), 0.5),
    Loop("drawings of pages", lambda _now: draw_wanted(), 0.25),
    # No job, for each machine has drawings of its own, and must let go of those of whom another one has deleted.
    Loop("drawings of what is gone", lambda _now: forget_pages_of_removed(), 600),
)


def warn_of_missing_protections() -> None:
    """Log what the kernel lacks to confine the process that looks into uploads."""
    for name in missing_protections():
        words = "the kernel offers no %s: the process that looks into uploads is confined less"
        current_app.logger.warning(words, name)
