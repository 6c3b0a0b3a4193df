"""How pages say what the record keeps as codes."""

from flask_babel import gettext

from s2group.content.news.models import NewsItem
from s2group.content.news.rules import NewsCategory
from s2group.core.i18n import long_date, long_month


def category_name(category: str) -> str:
    """What readers call a category of news; raises ValueError where there is no such one."""
    names: dict[NewsCategory, str] = {
        NewsCategory.PAPER: gettext("Papers"),
        NewsCategory.AWARD: gettext("Awards"),
        NewsCategory.PROJECT: gettext("Projects"),
        NewsCategory.ACTIVITY: gettext("Activities"),
        NewsCategory.VISIT: gettext("Visits"),
        NewsCategory.DATASET: gettext("Open data"),
        NewsCategory.SERVICE: gettext("Academic service"),
        NewsCategory.NOTICE: gettext("Notices"),
    }
    return names[NewsCategory(category)]


def news_day(item: NewsItem) -> str:
    """The day of an item in the reader's language, or its month where no more is known."""
    return long_month(item.day) if item.month_only else long_date(item.day)
