"""How the group is named to search engines."""

from typing import Any

from s2group.content.group.models import GroupProfile
from s2group.core.i18n import current_locale, plain_text, public_url


def organization(group: GroupProfile | None) -> dict[str, Any]:
    """The group as a ResearchOrganization of schema.org, in the language of the page; nothing while it has no profile.

    The home page says more of it, under the same `@id`.
    """
    if group is None:
        return {}
    home = public_url("site.home", locale=current_locale())
    return {"@type": "ResearchOrganization", "@id": f"{home}#group", "name": plain_text(group.name), "url": home}
