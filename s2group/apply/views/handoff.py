"""Going on with a draft in another browser or on another device, where files can be chosen."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from s2group.admissions.models import Draft
from s2group.admissions.services.drafts import DraftGoneError, hand_over
from s2group.apply.opened_draft import draft_at
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself, private_page
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.i18n import current_locale, public_url
from s2group.core.permissions import personal
from s2group.extensions import limiter
from s2group.graphics.qr import qr_code


@blueprint.route("/apply/draft/<key>/elsewhere/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def elsewhere(key: str) -> ResponseReturnValue:
    """Explain, and on demand make a link that works once. Nothing but the answer to that request shows it."""
    now = clock.now()
    draft, form = draft_at(key, now=now), PortalForm()
    try:
        token = hand_over(draft=draft, now=now) if form.validate_on_submit() else None
    except DraftGoneError:
        return redirect(url_for("apply.elsewhere", key=key), 303)
    return _page(draft, form, token)


def _page(draft: Draft, form: PortalForm, token: str | None) -> ResponseReturnValue:
    link = public_url("apply.use_link", locale=current_locale(), token=token) if token else None
    code = qr_code(link, label=gettext("QR code of the link")) if link else ""
    page = render_template(
        "apply/elsewhere.html",
        draft=draft,
        form=form,
        link=link,
        code=Markup(code),  # noqa: S704 - drawn here
    )
    return private_page(page, 422 if form.errors else 200)
