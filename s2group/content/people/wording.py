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
# The pages of a person elsewhere, in the order in which a form asks for them; names of services stand as they are.
LINKS = {
    "homepage": lazy_gettext("Personal home page"),
    "scholar": "Google Scholar",
    "orcid": "ORCID",
    "dblp": "DBLP",
    "github": "GitHub",
    "semantic_scholar": "Semantic Scholar",
    "bilibili": "Bilibili",
    "wechat": lazy_gettext("WeChat public account"),
}
