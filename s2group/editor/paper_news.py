"""The news that a paper is accepted, written from its facts in both languages."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext

from s2group.content.news.rules import NewsCategory
from s2group.content.news.services import NewsDraft
from s2group.content.publications.models import Authorship, Publication
from s2group.core.i18n import in_language
from s2group.core.localized import LOCALES, Locale, LocalizedText
from s2group.editor.forms.news import LONGEST_TITLE

# What Markdown would take for signs of its own.
SIGNS = "\\`*_[]<>"


def news_of(paper: Publication, day: date) -> NewsDraft:
    """The draft; there is one of each paper, however often it is asked for."""
    return NewsDraft(
        slug="",
        day=day,
        title=_in_both(lambda _locale: _title(paper)),
        body=_in_both(lambda locale: _body(paper, locale)),
        category=NewsCategory.PAPER,
        form_key=f"paper-{paper.id}",
        more={
            "papers": (paper.key,),
            "members": tuple(sorted({line.member.slug for line in paper.authors if line.member})),
        },
    )


def _in_both(words: Callable[[Locale], str]) -> LocalizedText:
    said: dict[str, str] = {}
    for locale in LOCALES:
        with in_language(locale):
            said[locale] = words(locale)
    return LocalizedText.of(said)


def _title(paper: Publication) -> str:
    venue = _venue(paper)
    if not venue:
        return str(gettext("Paper accepted: %(title)s", title=paper.title))[:LONGEST_TITLE]
    words = str(gettext("Paper accepted by %(venue)s: %(title)s", venue=venue, title=paper.title))
    return (
        words
        if len(words) <= LONGEST_TITLE
        else str(gettext("Paper accepted by %(venue)s", venue=venue))[:LONGEST_TITLE]
    )


def _body(paper: Publication, locale: Locale) -> str:
    names = gettext(", ").join(_name(line, locale) for line in paper.authors)
    if paper.and_others:
        names = gettext("%(names)s and others", names=names)
    title = "".join(f"\\{sign}" if sign in SIGNS else sign for sign in paper.title)
    where = " ".join(filter(None, (paper.venue, str(paper.year or ""))))
    if not where:
        return str(gettext("“%(title)s” by %(names)s is accepted.", title=title, names=names))
    return str(gettext("“%(title)s” by %(names)s is accepted by %(where)s.", title=title, names=names, where=where))


def _venue(paper: Publication) -> str:
    """As short as it is known."""
    return paper.venue_row.short_name if paper.venue_row else paper.venue


def _name(line: Authorship, locale: Locale) -> str:
    return str(line.member.name.in_locale(locale)[0]) if line.member else line.name
