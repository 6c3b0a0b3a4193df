"""What the home page says to search engines."""

from typing import Any

from s2group.content.group.json_ld import organization
from s2group.content.group.models import GroupProfile
from s2group.core.i18n import LANG_TAGS, current_locale, plain_text, public_url


def group_data(group: GroupProfile) -> dict[str, Any]:
    """The group and its site, as schema.org has it."""
    locale = current_locale()
    home = public_url("site.home", locale=locale)
    described = {
        **organization(group),
        "alternateName": [name for name in (group.short_name, group.name.zh, group.name.en) if name],
        "logo": public_url("site.share", locale=locale, kind="section", slug="home", shape="square"),
        "description": plain_text(group.lede),
        "parentOrganization": {"@type": "CollegeOrUniversity", "name": plain_text(group.institution)},
        "address": plain_text(group.address),
        "sameAs": [link["url"] for link in group.links if link["url"]],
    }
    site = {
        "@type": "WebSite",
        "name": group.short_name,
        "url": home,
        "inLanguage": LANG_TAGS[locale],
        "publisher": {"@id": described["@id"]},
        "potentialAction": {
            "@type": "SearchAction",
            "target": public_url("site.search", locale=locale) + "?q={search_term_string}",
            "query-input": "required name=search_term_string",
        },
    }
    return {"@graph": [described, site]}
