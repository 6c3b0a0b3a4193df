"""What a news page says to search engines."""

from typing import Any

from s2group.content.group.json_ld import organization
from s2group.content.group.queries import group_profile
from s2group.content.news.models import NewsItem
from s2group.core.i18n import LANG_TAGS, current_locale, public_url
from s2group.site.views import feeds


def news_article(item: NewsItem) -> dict[str, Any]:
    """A published item as a NewsArticle of schema.org, in the language of the page."""
    locale = current_locale()
    title, _language = item.title.in_locale(locale)
    _body, language = item.body.in_locale(locale)
    publisher = organization(group_profile())
    data = {
        "@type": "NewsArticle",
        "headline": title,
        "url": public_url("site.news_item", locale=locale, slug=item.slug),
        "inLanguage": LANG_TAGS[language],
        "datePublished": item.iso_day,
        "dateModified": feeds.changed_at(item).isoformat(),
        "author": publisher,
        "publisher": publisher,
    }
    return {name: value for name, value in data.items() if value}
