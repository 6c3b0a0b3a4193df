"""What the page of a call says to search engines."""

from typing import Any
from zoneinfo import ZoneInfo

from s2group.admissions.openings import CallOpening
from s2group.content.group.json_ld import organization
from s2group.content.group.models import GroupProfile
from s2group.core.i18n import current_locale, plain_text, public_url
from s2group.core.markup import markdown_to_html


def job_posting(opening: CallOpening, group: GroupProfile) -> dict[str, Any]:
    """An open call as schema.org's JobPosting; only one with an end says until when."""
    call, locale = opening.call, current_locale()
    description = f"{plain_text(call.summary)}\n\n{plain_text(call.notice)}"
    posting: dict[str, Any] = {
        "@type": "JobPosting",
        "title": plain_text(call.title),
        "description": str(markdown_to_html(description)),
        "datePosted": call.opens_at.astimezone(ZoneInfo(call.timezone)).date().isoformat(),
        "employmentType": "OTHER",
        "directApply": True,
        "url": public_url("apply.call", locale=locale, call_key=call.key),
        "hiringOrganization": organization(group),
        "jobLocation": {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "streetAddress": plain_text(group.address)},
        },
    }
    return posting | ({"validThrough": call.closes_at.isoformat()} if call.closes_at else {})
