"""What the topics of an application are called, and which question belongs to which."""

from flask_babel import lazy_gettext

TITLES = {
    "about": lazy_gettext("About you"),
    "studies": lazy_gettext("Your studies"),
    "exam": lazy_gettext("Your entrance exam"),
    "english": lazy_gettext("Your English"),
    "research": lazy_gettext("Your research"),
    "works": lazy_gettext("Papers, awards and projects"),
    "statement": lazy_gettext("In your own words"),
    "questions": lazy_gettext("More questions"),
    "referees": lazy_gettext("Your referees"),
    "files": lazy_gettext("Your files"),
}
