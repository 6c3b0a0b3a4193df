"""How pages say what the record keeps of people as codes."""

from flask_babel import lazy_gettext

ROLES = {
    "pi": lazy_gettext("Principal investigator"),
    "faculty": lazy_gettext("Faculty member"),
    "postdoc": lazy_gettext("Postdoctoral researcher"),
    "phd": lazy_gettext("Doctoral student"),
    "master": lazy_gettext("Master's student"),
    "assistant": lazy_gettext("Research assistant"),
    "undergraduate": lazy_gettext("Undergraduate student"),
    "visitor": lazy_gettext("Visitor"),
}
