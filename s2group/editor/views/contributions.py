"""What a member does by the link that an editor has mailed: their own profile, news and papers, all as proposals."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.content.editing import Editable
from s2group.content.group.queries import group_day
from s2group.content.people.files import MEMBER
from s2group.content.pictures.queries import picture_by_path
from s2group.content.proposals.models import Contributor, Proposal
from s2group.content.proposals.queries import contributor_behind, of_contributor, waiting_profile
from s2group.content.proposals.rules import OF_ITS_OWNER, ProposalKind, changes
from s2group.content.proposals.services import TooManyError, asker_of, propose
from s2group.content.records.kinds import Values
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.i18n import public_url
from s2group.core.permissions import personal
from s2group.editor.forms.proposals import NewsProposalForm, PaperProposalForm
from s2group.editor.forms.records import RecordForm, record_form
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import names_for, take_pictures
from s2group.extensions import csrf, limiter
from s2group.mail.services import enqueue

POSTS = "60 per hour"
OWN_PROFILE = Editable(MEMBER, fixed=tuple(name for name in MEMBER.by_name if name not in OF_ITS_OWNER))


@blueprint.route("/contribute/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def contribute(token: str) -> ResponseReturnValue:
    """Show a member their profile with what they have proposed for it, and keep what they propose now."""
    contributor = contributor_behind(token, now=now())
    if contributor is None:
        return _gone()
    stored = MEMBER.as_json(MEMBER.of(contributor.member))
    waits = waiting_profile(contributor)
    shown = MEMBER.read({**stored, **(waits.said if waits else {})}, "")
    form = record_form(OWN_PROFILE, shown, seen=0, names=names_for(OWN_PROFILE.fields))
    values = _typed(form, shown)
    if values is None:
        return _profile_page(token, contributor, form, waits)
    said = changes(stored, MEMBER.as_json(values))
    before = {name: stored[name] for name in said}
    propose(
        contributor=contributor, kind=ProposalKind.PROFILE, said=said, before=before, mailer=_tell_editor, now=now()
    )
    flash("proposed" if said else "nothing")
    return redirect(url_for("editor.contribute", token=token), 303)


@blueprint.route("/contribute/<token>/news/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def contribute_news(token: str) -> ResponseReturnValue:
    """Take a news item from a member."""
    return _take(token, NewsProposalForm(data={"day": group_day(now())}), ProposalKind.NEWS)


@blueprint.route("/contribute/<token>/paper/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def contribute_paper(token: str) -> ResponseReturnValue:
    """Take a paper from a member."""
    return _take(token, PaperProposalForm(), ProposalKind.PAPER)


def _typed(form: RecordForm, shown: Values) -> Values | None:
    """The whole profile as it was typed; None where nothing was sent, or something is to correct."""
    is_right = form.validate_on_submit()
    if form.is_submitted() and not form.csrf_token.errors:
        take_pictures(form)
    values = form.values(OWN_PROFILE, shown) if is_right and not form.errors else None
    if values and values["photo"] and not picture_by_path(values["photo"]):
        form.complain("photo", gettext("There is no picture of this name"))
        return None
    return values


def _take(token: str, form: NewsProposalForm | PaperProposalForm, kind: ProposalKind) -> ResponseReturnValue:
    contributor = contributor_behind(token, now=now())
    if contributor is None:
        return _gone()
    full = False
    if form.validate_on_submit():
        try:
            propose(contributor=contributor, kind=kind, said=form.said(), mailer=_tell_editor, now=now())
        except TooManyError:
            full = True
        else:
            flash("proposed")
            return redirect(url_for("editor.contribute", token=token), 303)
    page = render_template("editor/contribute_more.html", form=form, kind=kind, token=token, full=full)
    return unstored(page, 422 if form.errors or full else 200)


def _profile_page(
    token: str, contributor: Contributor, form: RecordForm, waits: Proposal | None
) -> ResponseReturnValue:
    page = render_template(
        "editor/contribute.html",
        form=form, member=contributor.member, waits=waits, proposals=of_contributor(contributor), token=token,
    )  # fmt: skip
    return unstored(page, 422 if form.errors else 200)


def _tell_editor(session: Session, proposal: Proposal) -> None:
    """Tell whoever asked the member, in whose language the mail is."""
    editor = asker_of(proposal.contributor)
    enqueue(
        session,
        message="proposal_made",
        topic=f"account-{editor.id}",
        to=[editor.email],
        locale=editor.locale,
        context={
            "member": proposal.contributor.member.name,
            "kind": proposal.kind,
            "link": public_url("editor.proposal", locale=editor.locale, proposal_id=proposal.id),
        },
        now=now(),
    )


def _gone() -> ResponseReturnValue:
    return render_template("security/password_link_gone.html"), 410


# Their forms check the token of the form themselves, as those behind other mailed links do.
each: Callable[..., Any]
for each in (contribute, contribute_news, contribute_paper):
    csrf.exempt(each)
