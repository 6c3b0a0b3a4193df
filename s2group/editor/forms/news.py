"""What editors and the first administrator type, and its shape."""

from datetime import datetime, tzinfo
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, NoneOf, Optional, Regexp, ValidationError

from s2group.content.group.queries import group_zone
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.content.news.rules import NewsCategory
from s2group.content.news.services import NewsDraft, version_of
from s2group.content.news.wording import category_name
from s2group.content.records.kinds import Values
from s2group.core.forms import DayField, PortalForm, at_most
from s2group.core.identifiers import new_token
from s2group.core.localized import LocalizedText
from s2group.editor.forms.controls import Names
from s2group.editor.forms.lists import control_of, rows_of
from s2group.editor.forms.records import ControlledForm, controlled

LONGEST_TITLE = 200
LONGEST_BODY = 20_000
# What goes along with an item, and its form asks by controls.
ALONG = ("pictures", "members", "papers")
# The address of the page that makes a new item.
RESERVED_SLUG = "new"
SLUG_TAKEN = lazy_gettext("This address is taken. Choose another one")
MOMENT_NEEDS_PUBLISH = lazy_gettext("Choose “Publish” to plan this moment, or empty the field to save a draft")
PLAN_NEEDS_MOMENT = lazy_gettext("Enter a moment to come, or choose “Publish” to show it at once")


def tidy(text: str | None) -> str:
    """As typed, without what a browser or a paste adds: CR before LF, blank ends."""
    return (text or "").replace("\r", "").strip()


class SetupForm(PortalForm):
    """The first administrator."""

    email = EmailField(lazy_gettext("E-mail address"), [InputRequired(lazy_gettext("Enter your e-mail address"))])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Choose a password"))])
    again = PasswordField(
        lazy_gettext("The same password again"),
        [InputRequired(lazy_gettext("Repeat the password")), EqualTo("password", lazy_gettext("The passwords differ"))],
    )


class MomentField(DateTimeLocalField):  # type: ignore[misc]
    """A day and time of the group's own clock; says in the portal's words how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment, or raise ValueError with what to type instead."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Write the moment as 2026-09-02T09:00")) from error


class TitleInOneLanguage:
    """Asks for a title in one language at least: it stands in for the missing one."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: "NewsForm", field: StringField) -> None:
        """Raise ValidationError where neither is there."""
        if not form.title:
            raise ValidationError(gettext("Write a title in Chinese or in English"))


class NewsForm(ControlledForm):
    """A news item in both languages; its controls are those of what goes along with it."""

    # Which state of the item the editor started from, to notice that somebody saved it since.
    version = HiddenField()
    form_key = HiddenField(default=new_token, filters=[lambda text: (text or "")[:40]])
    day = DayField(lazy_gettext("Day"), [InputRequired(lazy_gettext("Enter the day of the news"))])
    month_only = BooleanField(lazy_gettext("Only the month is known"))
    slug = StringField(
        lazy_gettext("Address"),
        [
            Optional(),
            at_most(80),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=lazy_gettext("Use small letters, digits and single hyphens")),
            NoneOf([RESERVED_SLUG], SLUG_TAKEN),
        ],
        filters=[tidy],
    )
    category = SelectField(
        lazy_gettext("Kind"), [DataRequired(lazy_gettext("Choose a kind"))], default=NewsCategory.NOTICE.value
    )
    pinned = BooleanField(lazy_gettext("Keep it above all other news"))
    publish_at = MomentField(lazy_gettext("Publish at"), [Optional()], format="%Y-%m-%dT%H:%M")
    title_zh = StringField(
        lazy_gettext("Title in Chinese"), [TitleInOneLanguage(), at_most(LONGEST_TITLE)], filters=[tidy]
    )
    title_en = StringField(lazy_gettext("Title in English"), [at_most(LONGEST_TITLE)], filters=[tidy])
    body_zh = TextAreaField(lazy_gettext("Text in Chinese"), [at_most(LONGEST_BODY)], filters=[tidy])
    body_en = TextAreaField(lazy_gettext("Text in English"), [at_most(LONGEST_BODY)], filters=[tidy])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.category.choices = [(category.value, category_name(category)) for category in NewsCategory]

    def moment(self) -> datetime | None:
        """When it is to be published, as typed in the group's time zone; None for at once."""
        typed: datetime | None = self.publish_at.data
        return typed.replace(tzinfo=group_zone()) if typed else None

    def says_when_for_saving(self, item: NewsItem | None, now: datetime) -> bool:
        """Whether saving without publishing keeps the moment as typed; otherwise the field says what to do instead."""
        moment = self.moment()
        if is_planned(item, now):
            problem = None if moment and moment > now else PLAN_NEEDS_MOMENT
        else:
            problem = MOMENT_NEEDS_PUBLISH if moment and not (item and item.published_at) else None
        self.publish_at.errors = [problem] if problem else []
        return problem is None

    @property
    def title(self) -> LocalizedText:
        """Both titles."""
        return LocalizedText(zh=self.title_zh.data, en=self.title_en.data)

    @property
    def body(self) -> LocalizedText:
        """Both texts."""
        return LocalizedText(zh=self.body_zh.data, en=self.body_en.data)

    def draft(self, more: Values) -> NewsDraft:
        """What was typed, once it has been validated; `more` is what its controls read."""
        return NewsDraft(
            slug=self.slug.data,
            day=self.day.data.replace(day=1) if self.month_only.data else self.day.data,
            month_only=self.month_only.data,
            title=self.title,
            body=self.body,
            category=NewsCategory(self.category.data),
            pinned=self.pinned.data,
            form_key=self.form_key.data,
            more=more,
        )


def news_form(item: NewsItem | None, names: Names, shown: dict[str, Any]) -> NewsForm:
    """The form of an item, or of a new one; `names` are those of the members who may go along."""
    values = NEWS.of(item) if item else None
    fields = [NEWS.by_name[name] for name in ALONG]
    controls = [
        control_of(NEWS.name, field, names, rows_of(field, values[field.name] if values else None)) for field in fields
    ]
    return controlled(NewsForm, controls, values, shown)


def is_planned(item: NewsItem | None, now: datetime) -> bool:
    """Whether the item waits to be published."""
    return item is not None and item.published_at is not None and item.published_at > now


def fields_of(item: NewsItem, zone: tzinfo) -> dict[str, Any]:
    """What the form shows of an item that exists; moments as they are in `zone`."""
    return {
        "version": version_of(item),
        "day": item.day,
        "month_only": item.month_only,
        "slug": item.slug,
        "category": item.category,
        "pinned": item.pinned,
        "publish_at": item.published_at.astimezone(zone) if item.published_at else None,
        "title_zh": item.title.zh,
        "title_en": item.title.en,
        "body_zh": item.body.zh,
        "body_en": item.body.en,
    }
