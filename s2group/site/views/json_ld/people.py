"""What the page of a person says to search engines."""

from typing import Any
from urllib.parse import urljoin

from flask import current_app

from s2group.content.group.json_ld import organization
from s2group.content.group.queries import group_profile
from s2group.content.people.models import Member
from s2group.content.pictures.services import picture_sources
from s2group.content.records.rules import is_web_address
from s2group.core.i18n import current_locale, plain_text, public_url
from s2group.site.views.wording import role_of


def profile_data(member: Member, *, left: bool) -> dict[str, Any]:
    """The page as a ProfilePage of schema.org about a Person, in the language of the page; no e-mail address."""
    return {"@type": "ProfilePage", "mainEntity": person(member, left=left)}


def person(member: Member, *, left: bool) -> dict[str, Any]:
    """Somebody as a Person of schema.org; one who has left is no longer said to belong to the group."""
    locale = current_locale()
    name, language = member.name.in_locale(locale)
    other = member.name["zh" if language == "en" else "en"]
    data = {
        "@type": "Person",
        "name": name,
        "alternateName": [spelling for spelling in (other, *member.aliases) if spelling and spelling != name],
        "url": public_url("site.member", locale=locale, slug=member.slug),
        "image": _image(member),
        "jobTitle": "" if left else role_of(member),
        "affiliation": None if left else organization(group_profile()),
        "knowsAbout": [area.title.in_locale(locale)[0] for area in member.areas] or plain_text(member.focus),
        "sameAs": [link["url"] for link in member.links if is_web_address(link["url"])],
    }
    return {key: value for key, value in data.items() if value}


def _image(member: Member) -> str:
    if member.picture is None:
        return ""
    address, _width, _height = picture_sources(member.picture)[-1]
    public_url: str = current_app.config["PUBLIC_URL"]
    return urljoin(public_url, address)
