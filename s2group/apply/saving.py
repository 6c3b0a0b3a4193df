"""What a page says of what it has saved."""

from functools import reduce
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import Field

from s2group.apply.forms.fields import ParagraphsField
from s2group.apply.forms.questions import QuestionsForm
from s2group.apply.opened_draft import OpenedDraft


def saved_words(opened: OpenedDraft, form: QuestionsForm) -> str:
    """That everything is saved, and what of it is not finished; for a form that was validated and then saved."""
    time = f"{opened.now.astimezone(ZoneInfo(opened.route.call.timezone)):%H:%M}"
    unfinished = [field for field in form.questions if field.name in opened.draft.unfinished]
    if not unfinished:
        return str(gettext("Saved at %(time)s", time=time))
    short = sum(map(_still_missing, unfinished))
    if short and len(unfinished) == 1:
        return str(gettext("Saved at %(time)s; %(count)s characters are still missing", time=time, count=short))
    what = reduce(
        lambda one, other: gettext("%(one)s, %(other)s", one=one, other=other),
        [str(field.label.text) for field in unfinished],
    )
    return str(
        gettext("Saved at %(time)s as you typed it; still to finish before you submit: %(what)s", time=time, what=what)
    )


def _still_missing(field: Field) -> int:
    return field.still_missing if isinstance(field, ParagraphsField) else 0
