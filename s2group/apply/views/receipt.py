"""The receipt of an application."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from s2group.admissions import queries, wording
from s2group.admissions.services import submissions
from s2group.admissions.services.changes import may_be_changed
from s2group.apply.access import may_change, may_look
from s2group.apply.views.blueprint import blueprint, link_offered, private_page
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.permissions import personal
from s2group.mail.queries import mails_of

CONFIRMATION = "application_confirmation"


@blueprint.get("/apply/received/<reference>/")
@personal
def receipt(reference: str) -> ResponseReturnValue:
    """What was received, and what happens next. The reference is the key, as long as it is the status page's."""
    application = queries.application_by_reference(reference) or abort(404)
    if not may_look(application):
        return link_offered(application)
    outcomes = wording.explained(submissions.outcomes_of(application), current_locale())
    is_own = may_change(application)
    # Only to whom may see them anyway: anybody can type somebody's address.
    earlier = [other for other in queries.earlier_applications(application) if may_change(other)]
    page = render_template(
        "apply/receipt.html",
        application=application,
        outcomes=outcomes,
        is_own=is_own,
        earlier=earlier if is_own else [],
        confirmed_at=next((mail.retry_since for mail in mails_of(reference) if mail.message == CONFIRMATION), None),
        now=clock.now(),
        may_edit=may_be_changed(application, now=clock.now()),
    )
    return private_page(page)
