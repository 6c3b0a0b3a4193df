"""A mailed link that signs in, offered where wrong passwords hold an account up."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.services import LinkError
from s2group.accounts.sign_in import enter
from s2group.accounts.sign_in_links import mail_sign_in_link, sign_in_link_works, use_sign_in_link
from s2group.content.group.queries import group_zone
from s2group.core.clock import now
from s2group.core.forms import PortalForm
from s2group.core.headers import unstored
from s2group.core.i18n import current_locale, public_url
from s2group.core.permissions import personal
from s2group.core.timing import at_least
from s2group.editor.forms.sign_in_links import AddressForm
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import csrf, limiter
from s2group.mail.queries import free_at
from s2group.mail.rules import MAILS_A_DAY
from s2group.mail.services import enqueue

# Mails that strangers can have sent.
ASKS = "10 per hour"
POSTS = "60 per minute"
# Longer than it takes to write the mail, which nobody may tell from writing none.
SECONDS = 0.2


@blueprint.route("/account/sign-in-link/", methods=["GET", "POST"])
@personal
@limiter.limit(ASKS, methods=["POST"])
def ask_for_sign_in_link() -> ResponseReturnValue:
    """Mail a link to the account of an address. The answer is the same whether there is one."""
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("security/ask_for_link.html", form=form), 422 if form.errors else 200
    with at_least(SECONDS):
        mail_sign_in_link(email=form.email.data, mailer=_mail, now=now())
    return render_template("security/link_sent.html", email=form.email.data, limit=MAILS_A_DAY)


@blueprint.route("/account/sign-in-link/<token>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
def sign_in_by_link(token: str) -> ResponseReturnValue:
    """Sign in by pressing a button: a program that looks at mail must not use the link up."""
    form = PortalForm()
    if not sign_in_link_works(token, now=now()):
        return _gone()
    if not form.validate_on_submit():
        return unstored(render_template("security/use_link.html", form=form), 422 if form.errors else 200)
    try:
        user = use_sign_in_link(token=token, now=now())
    except LinkError:
        return _gone()
    return enter(user, via="mailed_link")


def _gone() -> ResponseReturnValue:
    return render_template("security/link_gone.html"), 410


def _mail(session: Session, user: User, token: str, ends_at: datetime) -> None:
    """Nothing is written where it would go out only when the link has ended."""
    if free_at(user.email, now=now()) > now():
        return
    locale = current_locale()
    link = public_url("editor.sign_in_by_link", locale=locale, token=token)
    enqueue(
        session,
        message="sign_in_link",
        topic=f"account-{user.id}",
        to=[user.email],
        locale=locale,
        context={"link": link, "ends_at": ends_at, "zone": str(group_zone())},
        now=now(),
    )


# Their forms check the token themselves and keep what was typed; the app-wide check would answer with a bare page.
for _view in (ask_for_sign_in_link, sign_in_by_link):
    csrf.exempt(_view)
