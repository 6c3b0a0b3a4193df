"""Asking members to keep their profiles, and deciding on what they propose."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from s2group.content.editing import EDITABLE, record_at, save_record
from s2group.content.news.services import NewsDraft, save_news_item
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.proposals.models import Contributor, Proposal
from s2group.content.proposals.queries import contributor_of, proposal_by_id, waiting
from s2group.content.proposals.rules import ProposalKind, overtaken
from s2group.content.proposals.services import DecidedError, ask_for_profile, end_proposal
from s2group.content.publications.bibtex_import import best_fate, import_bibtex
from s2group.content.records.errors import ContentError
from s2group.content.records.services import ConflictError
from s2group.core.clock import now
from s2group.core.i18n import public_url
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Action, allow
from s2group.editor.forms.accounts import AddressForm
from s2group.editor.forms.proposals import DecideForm
from s2group.editor.revisions import differences
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.paging import number_after
from s2group.editor.views.saving import newest
from s2group.editor.wording import label_of
from s2group.mail.services import enqueue

PAGE_SIZE = 50


@blueprint.route("/editor/member/<path:key>/ask/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def ask_member(key: str) -> ResponseReturnValue:
    """Mail a member a link to keep their own profile."""
    member = record_at(MEMBER, key) or abort(404)
    asked = contributor_of(member)
    form = AddressForm(obj=asked or member)
    if form.validate_on_submit():
        ask_for_profile(
            member=member, email=form.email.data, locale=form.locale.data,
            mailer=_mail_link, actor=current_user, now=now(),
        )  # fmt: skip
        flash("asked")
        return redirect(url_for("editor.ask_member", key=member.slug), 303)
    page = render_template("editor/ask_member.html", form=form, member=member, asked=asked)
    return page, 422 if form.errors else 200


@blueprint.get("/editor/proposals/")
@allow(Action.EDIT_CONTENT)
def proposals() -> str:
    """What members have proposed, the oldest first."""
    page = waiting(size=PAGE_SIZE, after=number_after())
    return render_template("editor/proposals.html", page=page, moment=now())


@blueprint.route("/editor/proposals/<int(max=2147483647):proposal_id>/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal beside what the portal says, and take it over or not."""
    found, form = proposal_by_id(proposal_id), DecideForm()
    if found is None:
        return render_template("editor/proposal_gone.html"), 410
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    accepted = {"accept": True, "decline": False}.get(request.form.get("action", ""))
    if accepted is None:
        abort(400)
    return _accept(found, form) if accepted else _end(found, form, accepted=False)


def _accept(found: Proposal, form: DecideForm) -> ResponseReturnValue:
    where = None
    try:
        if found.kind == ProposalKind.PROFILE:
            _save_profile(found, form.seen_number)
        elif found.kind == ProposalKind.NEWS:
            where = url_for("editor.edit_news_item", slug=_save_news(found))
        else:
            import_bibtex(found.said["bibtex"], merge_known=False, dry_run=False)
    except ConflictError:
        return _page(found, form, problem="conflict"), 409
    except ContentError as error:
        return _page(found, form, problem=error.sentences), 422
    return _end(found, form, accepted=True, where=where)


def _save_profile(found: Proposal, seen: int) -> None:
    values = MEMBER.read(_wanted(found), "")
    save_record(EDITABLE[MEMBER.name], found.contributor.member_id, values, seen=seen, actor=current_user.id, now=now())


def _wanted(found: Proposal) -> dict[str, Any]:
    """The whole profile with what is proposed."""
    return {**MEMBER.as_json(MEMBER.of(found.contributor.member)), **found.said}


def _save_news(found: Proposal) -> str:
    """A draft; the same one where this is pressed twice. Its slug."""
    said = found.said
    draft = NewsDraft(
        slug="", day=date.fromisoformat(said["day"]), title=LocalizedText(**said["title"]),
        body=LocalizedText(**said["body"]), form_key=f"proposal-{found.id}-{found.made_at.timestamp()}"[:40],
    )  # fmt: skip
    return save_news_item(item_id=None, draft=draft, seen="", actor=current_user.id, now=now()).slug


def _end(found: Proposal, form: DecideForm, *, accepted: bool, where: str | None = None) -> ResponseReturnValue:
    def tell(session: Session, ended: Proposal) -> None:
        _mail_decision(session, ended, accepted=accepted, note=form.note.data)

    try:
        end_proposal(proposal_id=found.id, accepted=accepted, mailer=tell, actor=current_user, now=now())
    except DecidedError:
        return render_template("editor/proposal_gone.html"), 410
    flash("accepted" if accepted else "declined")
    return redirect(where or url_for("editor.proposals"), 303)


def _page(found: Proposal, form: DecideForm, *, problem: str = "") -> str:
    shown = _paper(found) if found.kind == ProposalKind.PAPER else {}
    if found.kind == ProposalKind.PROFILE:
        shown = _profile(found)
        form.seen.data = str(newest(MEMBER, found.contributor.member))
    return render_template(
        "editor/proposal.html",
        form=form, proposal=found, member=found.contributor.member, problem=problem, moment=now(), **shown,
    )  # fmt: skip


def _profile(found: Proposal) -> dict[str, Any]:
    """What differs, and what somebody has changed since."""
    stored = MEMBER.as_json(MEMBER.of(found.contributor.member))
    late = [label_of(MEMBER.name, MEMBER.by_name[name]) for name in overtaken(stored, found.before)]
    return {"differing_fields": differences(MEMBER, stored, _wanted(found)), "late": late}


def _paper(found: Proposal) -> dict[str, Any]:
    return {"fate": best_fate(found.said["bibtex"])}


def _mail_link(session: Session, asked: Contributor, token: str) -> None:
    member = session.get_one(Member, asked.member_id)
    link = public_url("editor.contribute", locale=asked.locale, token=token)
    _mail(session, asked, "profile_asked", {"name": member.name, "link": link, "editor": current_user.shown_name})


def _mail_decision(session: Session, ended: Proposal, *, accepted: bool, note: str) -> None:
    message = "proposal_accepted" if accepted else "proposal_declined"
    context = {"kind": ended.kind, "note": note, "name": ended.contributor.member.name}
    _mail(session, ended.contributor, message, context)


def _mail(session: Session, to: Contributor, message: str, context: dict[str, Any]) -> None:
    enqueue(
        session, message=message, topic=f"member-{to.member_id}", to=[to.email], reply_to=current_user.email,
        locale=to.locale, context=context, now=now(),
    )  # fmt: skip
