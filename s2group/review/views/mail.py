"""The mail desk: what became of every mail, and what to do with those that did not arrive."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from s2group.core import clock
from s2group.core.paging import count_in_words
from s2group.core.permissions import Action, allow
from s2group.documents.store import store
from s2group.evaluation import correspondence
from s2group.evaluation.access import mails_visible_to
from s2group.evaluation.mail_kinds import mail_kind
from s2group.evaluation.replies.queries import replies_to_confirm
from s2group.extensions import db
from s2group.links.rules import without_tokens
from s2group.mail import queries
from s2group.mail.bounces import read_record
from s2group.mail.models import OutboxMail
from s2group.mail.rules import FOR_A_PERSON
from s2group.mail.server_state import is_held, mail_server, refuses_everything
from s2group.review.forms.mail import BounceForm, ElsewhereForm
from s2group.review.views.blueprint import blueprint

# More than anybody deals with at a time; the rest follows when these are done.
MOST_SHOWN = 50


@blueprint.route("/mail/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def desk() -> Any:
    """The reader's mail by its state: what needs a person first. Older accepted ones on their own.

    A POST has all of it sent again that was given up, and the mail server tried at once.
    """
    if request.method == "POST":
        correspondence.send_all_again(actor=current_user, now=clock.now())
        flash("all_again")
        return redirect(url_for("review.desk"), 303)
    after, mails = request.args.get("after"), mails_visible_to(current_user)
    stopped = [] if after else queries.mails_for_a_person(mails, MOST_SHOWN)
    under_way = [] if after else queries.mails_under_way(mails, MOST_SHOWN)
    finished = queries.finished_mails(mails, after)
    return render_template(
        "review/mail_desk.html",
        stopped=stopped,
        under_way=under_way,
        finished=finished,
        unseen={} if after else correspondence.stopped_unseen(current_user),
        counts=queries.mails_by_state(mails),
        server=mail_server(db.session()),
        applicants=correspondence.applicants(current_user, [*stopped, *under_way, *finished.rows]),
        replies=[] if after else replies_to_confirm(current_user),
        now=clock.now(),
    )


blueprint.add_app_template_filter(without_tokens)
blueprint.add_app_template_filter(mail_kind)
blueprint.add_app_template_filter(correspondence.by_application)
blueprint.add_app_template_filter(count_in_words)
blueprint.add_app_template_filter(read_record, "bounce_record")


@blueprint.app_context_processor
def alarm() -> dict[str, Callable[[], bool]]:
    """What every page of the staff asks, to say it where it is true."""
    return {"mail_is_refused": lambda: refuses_everything(db.session())}


@blueprint.route("/mail/<mail_key>/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def mail(mail_key: str) -> Any:
    """One mail: what became of it, what it says, and where it did not arrive what can be done."""
    found = queries.mail_by_key(mails_visible_to(current_user), mail_key) or abort(404)
    if request.form.get("action") == "again":
        return _send_again(found)
    form = ElsewhereForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    return _send_elsewhere(found, form.recipient.data)


def _send_again(found: OutboxMail) -> Any:
    done = correspondence.send_again(mail=found, actor=current_user, now=clock.now())
    return _told("again" if done else "too_late", found)


def _send_elsewhere(found: OutboxMail, recipient: str) -> Any:
    successor = correspondence.send_elsewhere(mail=found, recipient=recipient, actor=current_user, now=clock.now())
    return _told("elsewhere" if successor else "too_late", successor or found)


def _told(what: str, found: OutboxMail) -> Any:
    """The page of a mail, with a word on what was done."""
    flash(what)
    return redirect(url_for("review.mail", mail_key=found.key))


def _page(found: OutboxMail, form: ElsewhereForm) -> str:
    return render_template(
        "review/mail.html",
        mail=found,
        form=form,
        files=list(_files(found)),
        applicants=correspondence.applicants(current_user, [found]),
        for_a_person=found.state in FOR_A_PERSON,
        is_held=is_held(db.session()),
        is_for_its_recipient_alone=correspondence.is_for_its_recipient_alone(found),
        now=clock.now(),
    )


def _files(found: OutboxMail) -> Iterator[tuple[str, int | None]]:
    """The names of the attachments and their sizes; None for a file that is gone."""
    for attachment in found.attachments:
        sha256 = attachment["sha256"]
        yield attachment.get("title") or attachment["name"], store.size(sha256) if store.has(sha256) else None


@blueprint.route("/mail/bounce/", methods=["GET", "POST"])
@allow(Action.MANAGE_MAIL)
def bounce() -> Any:
    """Take in a notice that came back by mail, and go to the mail it names."""
    form = BounceForm()
    if not form.validate_on_submit():
        return _bounce_page(form)
    notice = correspondence.take_bounce(raw=form.raw, actor=current_user, now=clock.now())
    if notice is None:
        form.refuse(gettext("No mail of this portal is named in it. Paste the whole source, with the returned mail"))
        return _bounce_page(form)
    return _told(notice.result, notice.mail)


def _bounce_page(form: BounceForm) -> tuple[str, int]:
    return render_template("review/mail_bounce.html", form=form), 422 if form.errors else 200
