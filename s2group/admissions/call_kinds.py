"""Calls and their routes as records: from these declarations their files are read and written."""

import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import lazy_gettext

from s2group.admissions.call_fields import (
    Amount,
    DatesToKnow,
    Form,
    MailAddresses,
    Requirements,
    Rubric,
    dated,
    expect_asked,
)
from s2group.admissions.models import AdmissionRoute, Call
from s2group.admissions.queries import CALL_KEY
from s2group.admissions.rules import read_requirements
from s2group.admissions.rules.route_form import read_form
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    Choice,
    Flag,
    Localized,
    LocalizedTexts,
    Moment,
    Number,
    Tables,
    Text,
)
from s2group.content.records.kinds import Kind, Values
from s2group.core.localized import LOCALES

# Addresses beside those of the calls: /admissions/check/ and /admissions/privacy/.
TAKEN_KEYS = ("check", "guide", "privacy")
NOT_NEGATIVE = {"within": range(sys.maxsize), "remedy": lazy_gettext("Write a whole number, 0 or more")}
POSITIVE = {"within": range(1, sys.maxsize), "remedy": lazy_gettext("Write a whole number above 0")}


def _call_fits(values: Values, place: str) -> None:
    if values["key"] in TAKEN_KEYS:
        raise ContentError(
            place,
            lazy_gettext("key %(key)r is taken by a page of the portal", key=values["key"]),
            lazy_gettext("Write another one: a page of the portal has this address"),
            field="key",
        )
    try:
        ZoneInfo(values["timezone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        problem = lazy_gettext("timezone %(timezone)r is not known", timezone=values["timezone"])
        raise ContentError(place, problem, lazy_gettext("Write one such as Asia/Shanghai"), field="timezone") from error
    if values["closes_at"] and values["closes_at"] <= values["opens_at"]:
        raise ContentError(
            place,
            lazy_gettext("closes_at is not later than opens_at"),
            lazy_gettext("Write a moment after the opening, or correct that one"),
            field="closes_at",
        )


def _route_fits(values: Values, place: str) -> None:
    expect_asked(read_requirements(values["requirements"]), read_form(values["form"]), place)


CALL = Kind(
    "call",
    Call,
    (
        Text(
            "key",
            shape=CALL_KEY,
            remedy=lazy_gettext("It is the call's address: use letters, digits and hyphens, at most 60"),
        ),
        Moment("opens_at"),
        Moment("closes_at", None),
        Text("timezone"),
        MailAddresses("recipients"),
        MailAddresses("copies", []),
        Flag("hide_ratings", True),
        Flag("blind", False),
        Choice("mail_locale", words=LOCALES),
        Amount("answer_days", **POSITIVE),
        *(Amount(name, **NOT_NEGATIVE) for name in ("grace_minutes", "retention_days", "files_retention_days")),
        *(Localized(name) for name in ("title", "summary", "notice", "contact", "purpose")),
        LocalizedTexts("benefits", []),
        DatesToKnow("timeline", []),
        Tables("questions_answers", [], fields=(Localized("question"), Localized("answer"))),
    ),
    key="key",
    check=_call_fits,
)
ROUTE = Kind(
    "route",
    AdmissionRoute,
    (
        Text("key", longest=60),
        Localized("title"),
        Localized("subject_label"),
        Number("places", None, **POSITIVE),
        Flag("filled", False),
        Rubric("rubric", []),
        Form("form"),
        Requirements("requirements"),
    ),
    key="key",
    check=_route_fits,
    complete=dated,
)
