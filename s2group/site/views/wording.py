"""How the public pages say what the record keeps as codes."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup

from s2group.admissions.models import Call
from s2group.admissions.openings import Admissions
from s2group.content.news.wording import category_name, news_day
from s2group.content.people.models import Member
from s2group.content.people.wording import ROLES
from s2group.content.publications.listing import ListedAuthor
from s2group.content.publications.models import Authorship
from s2group.core.i18n import LANG_TAGS, current_locale, long_date, long_month
from s2group.core.localized import Locale

# Of more authors than so many a list shows the first few.
LONGEST_AUTHOR_LIST, FIRST_AUTHORS = 10, 6
AnyAuthor = Authorship | ListedAuthor


def month_in_words(month: str) -> str:
    """`2025-01` as 2025 年 1 月, or January 2025."""
    return long_month(date.fromisoformat(f"{month}-01"))


def admissions_in_short(admissions: Admissions, now: datetime) -> str:
    """For how long the group takes applications, or why not, in a few words; none where all year long.

    The list of open calls, above these words, says that already.
    """
    if admissions.open:
        return _time_left(admissions.open[0].call, now)
    if admissions.filled:
        return str(gettext("All places taken"))
    if admissions.coming:
        call = admissions.coming[0].call
        return str(gettext("From %(day)s", day=long_date(call.opens_at.astimezone(ZoneInfo(call.timezone)).date())))
    return str(gettext("Closed for now"))


def _time_left(call: Call, now: datetime) -> str:
    """A call takes applications until just before `closes_at`, so midnight belongs to the day that it ends."""
    if call.closes_at is None:
        return ""
    zone = ZoneInfo(call.timezone)
    last = (call.closes_at - timedelta(microseconds=1)).astimezone(zone).date()
    days = (last - now.astimezone(zone).date()).days
    return str(ngettext("%(num)s day left", "%(num)s days left", days) if days else gettext("Last day"))


def role_of(member: Member) -> str:
    """What a person is, or was, in the group."""
    roles = {
        **ROLES,
        "master academic": lazy_gettext("Master's student, academic degree"),
        "master professional": lazy_gettext("Master's student, professional degree"),
    }
    return str(roles[f"{member.role} {member.degree}".strip()])


def link_label(label: str) -> str:
    """What a link of a paper is called; names such as DOI and arXiv stand as they are, a 'demo 2' keeps its number."""
    labels: dict[str, str] = {
        "paper": gettext("Paper"),
        "preprint": gettext("Preprint"),
        "code": gettext("Code"),
        "demo": gettext("Demo"),
        "project": gettext("Project page"),
        "video": gettext("Video"),
        "poster": gettext("Poster"),
        "slides": gettext("Slides"),
        "dataset": gettext("Data set"),
    }
    kind, _, number = label.partition(" ")
    name = labels.get(kind, kind)
    return f"{name} {number}" if number else name


def paper_kind(kind: str) -> str:
    """What readers call a kind of publication."""
    kinds: dict[str, str] = {
        "article": gettext("Journal paper"),
        "inproceedings": gettext("Conference paper"),
        "preprint": gettext("Preprint"),
        "thesis": gettext("Thesis"),
        "book": gettext("Book"),
        "patent": gettext("Patent"),
        "dataset": gettext("Data set"),
        "software": gettext("Software"),
        "misc": gettext("Other"),
    }
    return kinds.get(kind, kind)


def first_names(authors: Sequence[AnyAuthor]) -> list[AnyAuthor | None] | None:
    """Of a long list of authors those who stand for it, with None for each stretch left out; None if it is not long.

    They are the first, and the members of the group wherever they stand.
    """
    if len(authors) <= LONGEST_AUTHOR_LIST:
        return None
    shown = [author if place < FIRST_AUTHORS or author.member else None for place, author in enumerate(authors)]
    return [author for author, before in zip(shown, [True, *shown], strict=False) if author or before]


def clauses(words: str) -> Markup:
    """A heading that breaks after its punctuation only, where there is room for that."""
    parts = [part for part in re.split(r"(?<=[，。；：、！？,;:!?])\s*", words) if part]
    between = Markup(" ") if " " in words else Markup("")
    return between.join(Markup('<span class="nb">{}</span>').format(part) for part in parts)


def lang(language: Locale, around: Locale | None = None) -> Markup:
    """The attribute that announces a language, or nothing inside the same one (WCAG 3.1.2).

    `around` is the language of the element around it; by default that of the page.
    """
    same = language == (around or current_locale())
    return Markup("") if same else Markup(' lang="{}"').format(LANG_TAGS[language])


def words_for_templates() -> dict[str, Callable[..., Any]]:
    """The functions above, for the context of the public pages."""
    return {
        "category_name": category_name,
        "clauses": clauses,
        "first_names": first_names,
        "lang": lang,
        "link_label": link_label,
        "month_in_words": month_in_words,
        "news_day": news_day,
        "paper_kind": paper_kind,
        "role_of": role_of,
    }
