"""Links that lead back: to a draft on another device, or to an application that shall be changed."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from s2group.admissions.models import Application, Draft
from s2group.admissions.services.drafts import LINKS_A_DAY, mail_links
from s2group.admissions.services.links import follow_link, target_of_link
from s2group.apply.access import remember
from s2group.apply.forms.address import AddressForm
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself, private_page
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.permissions import personal
from s2group.core.timing import at_least
from s2group.extensions import limiter

# Mails that strangers can have sent.
ASKS = "10 per hour"
# Longer than it takes to write the mails, which nobody may tell from writing none.
SECONDS = 0.2


@blueprint.route("/apply/continue/", methods=["GET", "POST"])
@personal
@limiter.limit(ASKS, methods=["POST"])
@checks_token_itself
def ask_to_continue() -> ResponseReturnValue:
    """Mail a link to each draft of an address. The answer is the same whether there is any."""
    form = AddressForm()
    if form.validate_on_submit():
        with at_least(SECONDS):
            mail_links(email=str(form.email.answer), now=clock.now())
        return render_template("apply/link_sent.html", email=form.email.answer, limit=LINKS_A_DAY)
    return render_template("apply/ask_to_continue.html", form=form), 422 if form.errors else 200


@blueprint.route("/apply/continue/<token>/", methods=["GET", "POST"], endpoint="use_link")
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def follow(token: str) -> ResponseReturnValue:
    """Follow a link by pressing a button: a program that looks at mail must not use it up."""
    now = clock.now()
    target, form = target_of_link(token, now=now), PortalForm()
    if target and form.validate_on_submit():
        target = follow_link(token=token, now=now)
        if target:
            return redirect(_go_on(target), 303)
    if target is None:
        return _gone()
    page = render_template("apply/use_link.html", form=form, is_change=isinstance(target, Application))
    return private_page(page, 422 if form.errors else 200)


def _gone() -> ResponseReturnValue:
    return private_page(render_template("apply/link_gone.html"), 410)


def _go_on(target: Draft | Application) -> str:
    if isinstance(target, Draft):
        return url_for("apply.draft", key=target.key)
    remember(target)
    return url_for("apply.status", reference=target.reference)
