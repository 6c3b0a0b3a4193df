"""What each merge field stands for, in words for the staff."""

from flask_babel import lazy_gettext

FIELD_WORDS = {
    "name": lazy_gettext("the applicant's name"),
    "reference": lazy_gettext("the reference of the application"),
    "route": lazy_gettext("the route"),
    "call": lazy_gettext("the title of the call"),
    "status": lazy_gettext("the address of the status page"),
    "deadline": lazy_gettext("until when an offer is answered"),
    "group": lazy_gettext("the name of the group"),
    "institution": lazy_gettext("the name of the institution"),
    "pi": lazy_gettext("who leads the group"),
}
