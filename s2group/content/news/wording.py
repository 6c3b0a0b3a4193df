"""How pages say what the record keeps as codes."""

from flask_babel import gettext

from s2group.content.news.rules import NewsCategory


def category_name(category: str) -> str:
    """What readers call a category of news; raises ValueError where there is no such one."""
    names: dict[NewsCategory, str] = {
        NewsCategory.PAPER: gettext("Papers"),
        NewsCategory.AWARD: gettext("Awards"),
        NewsCategory.PROJECT: gettext("Projects"),
        NewsCategory.ACTIVITY: gettext("Activities"),
        NewsCategory.VISIT: gettext("Visits"),
        NewsCategory.NOTICE: gettext("Notices"),
    }
    return names[NewsCategory(category)]
