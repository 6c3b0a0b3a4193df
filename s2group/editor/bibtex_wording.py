"""What the editor says of what became of the papers of a BibTeX file."""

from flask_babel import gettext, lazy_gettext, ngettext

from s2group.content.publications.bibtex_import import Fate, Report
from s2group.core.i18n import current_locale
from s2group.editor.wording import LABELS

MARKS = {
    "DOI": lazy_gettext("same DOI"),
    "arXiv": lazy_gettext("same arXiv number"),
    "title": lazy_gettext("same title"),
}
WHAT_BECOMES = {
    "added": lazy_gettext("New paper"),
    "completed": lazy_gettext("Completed"),
    "offered": lazy_gettext("Known, could be completed"),
    "known": lazy_gettext("Known"),
}


def becomes(fate: Fate) -> str:
    """What a paper becomes, in a word."""
    return str(WHAT_BECOMES[fate.counted])


def notes(fate: Fate) -> list[str]:
    """What is to be known of a paper besides."""
    return list(filter(None, (_same(fate), _gained(fate), _key(fate), _alike(fate), _areas(fate), _members(fate))))


def sums(report: Report) -> str:
    """How many papers go which way."""
    counts = report.counts
    said = [
        ngettext("%(num)s new", "%(num)s new", counts["added"]),
        ngettext("%(num)s known", "%(num)s known", counts["known"] + counts["offered"]),
        ngettext("%(num)s completed", "%(num)s completed", counts["completed"]),
        ngettext("%(num)s broken", "%(num)s broken", counts["refused"]),
    ]
    return " · ".join(said)


def _same(fate: Fate) -> str:
    return str(MARKS[fate.mark]) if fate.mark else ""


def _gained(fate: Fate) -> str:
    gained = ", ".join(str(LABELS.get(name, name)) for name in fate.gained)
    if not gained:
        return ""
    words = gettext("could get: %(what)s", what=gained) if fate.counted == "offered" else None
    return str(words or gettext("gets: %(what)s", what=gained))


def _key(fate: Fate) -> str:
    if fate.counted != "added" or fate.key == fate.paper.key:
        return ""
    return str(gettext("%(key)s is another paper; this one becomes %(new)s", key=fate.paper.key, new=fate.key))


def _alike(fate: Fate) -> str:
    return (
        str(gettext("%(other)s has the same title and is taken for another work", other=fate.alike))
        if fate.alike
        else ""
    )


def _areas(fate: Fate) -> str:
    keys = ", ".join(fate.unknown_areas)
    return str(gettext("no research area is called %(keys)s", keys=keys)) if keys else ""


def _members(fate: Fate) -> str:
    names = ", ".join(name.in_locale(current_locale())[0] for name in fate.members)
    return str(gettext("members: %(names)s", names=names)) if names else ""
