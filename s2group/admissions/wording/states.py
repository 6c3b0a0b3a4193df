"""Where an application stands, in words."""

from flask_babel import lazy_gettext

from s2group.admissions.rules.states import State

# For the staff; and within a sentence about an application.
STATES = {
    State.SUBMITTED: lazy_gettext("To screen"),
    State.SCREENING: lazy_gettext("Screening"),
    State.INTERVIEW: lazy_gettext("Interview"),
    State.WAITLIST: lazy_gettext("Waiting list"),
    State.OFFER: lazy_gettext("Offer"),
    State.ACCEPTED: lazy_gettext("Place accepted"),
    State.REFUSED: lazy_gettext("Place refused"),
    State.LAPSED: lazy_gettext("Offer lapsed"),
    State.DECLINED: lazy_gettext("Declined"),
    State.WITHDRAWN: lazy_gettext("Withdrawn"),
}
# For the applicant, as the heading of their page.
HEADINGS = {
    State.SUBMITTED: lazy_gettext("Received, waiting to be read"),
    State.SCREENING: lazy_gettext("The group compares the applications"),
    State.INTERVIEW: lazy_gettext("You are invited to an interview"),
    State.WAITLIST: lazy_gettext("You are on the waiting list"),
    State.OFFER: lazy_gettext("The group offers you a place"),
    State.ACCEPTED: lazy_gettext("You have accepted the place"),
    State.REFUSED: lazy_gettext("You have refused the place"),
    State.LAPSED: lazy_gettext("The offer has lapsed"),
    State.DECLINED: lazy_gettext("The group cannot offer you a place"),
    State.WITHDRAWN: lazy_gettext("You have withdrawn your application"),
}
