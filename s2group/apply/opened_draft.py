"""A draft as a request opens it: read once at the door, and passed on to whatever the page is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NoReturn, Self

from flask import abort, make_response, redirect, render_template, request, session, url_for

from s2group.admissions.models import AdmissionRoute, Draft
from s2group.admissions.queries import application_by_form_key, area_titles_for, current_requirements
from s2group.admissions.rules import Requirement, read_requirements
from s2group.admissions.rules.route_form import RouteForm, read_form
from s2group.admissions.services.drafts import documents_of, draft_by_key, ends_at
from s2group.admissions.wording import Areas
from s2group.documents.models import Document

# The steps after the topics: the files, and the last look at everything.
FILES = "files"
CHECK = "check"
# In the session: the addresses that drafts have now, by those they had in this browser.
LED_ON = "drafts"


@dataclass(frozen=True)
class OpenedDraft:
    """A draft at the moment `now`, with the form and the requirements of its route and the files that it would send.

    `areas` is what the group's research areas are called, by their keys.

    The answers are read from the row, so they are up to date after a save; the files are those that were there when it
    was opened, until `refreshed`.
    """

    draft: Draft
    form: RouteForm
    requirements: list[Requirement]
    documents: Mapping[str, Document]
    areas: Areas
    now: datetime

    @property
    def key(self) -> str:
        """The draft's address."""
        return self.draft.key

    @property
    def route(self) -> AdmissionRoute:
        """What the draft applies for."""
        return self.draft.route

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they are saved."""
        return self.draft.answers

    @property
    def frozen(self) -> list[str]:
        """The fields whose answers can no longer be changed."""
        return self.form.frozen_answers(self.answers, self.now)

    @property
    def unfinished(self) -> set[str]:
        """The questions in the place of whose answers something was typed that is none yet."""
        return set(self.form.unfinished_answers(self.draft.unfinished, self.answers, self.now))

    @property
    def missing(self) -> set[str]:
        """The questions that must be answered before the draft can be sent, and are not."""
        return set(self.form.missing_answers(self.answers, self.now))

    def place_of(self, step: str) -> tuple[int, int]:
        """Which of how many steps it is; the files and the last look come after the topics."""
        names = [*self.form.topics, FILES, CHECK]
        return names.index(step) + 1, len(names)

    def address_of(self, step: str) -> str:
        """The address of a topic or of the files."""
        if step == FILES:
            return url_for("apply.files", key=self.key)
        return url_for("apply.topic", key=self.key, topic=step)

    def address_after(self, topic: str) -> str:
        """The address of the step that follows a topic; the files come after the last."""
        steps = [*self.form.topics, FILES]
        return self.address_of(steps[steps.index(topic) + 1])

    def has(self, kind: str, document: Document) -> bool:
        """Whether this is the file of its kind."""
        there = self.documents.get(kind)
        return there is not None and there.id == document.id

    def refreshed(self) -> Self:
        """The same with the files that are there now, after one came or went."""
        return replace(self, documents=documents_of(self.draft))


def open_draft(key: str, *, now: datetime) -> OpenedDraft:
    """The draft with this address; otherwise as draft_at."""
    draft = draft_at(key, now=now)
    requirements = read_requirements(current_requirements(draft.route).requirements)
    form = read_form(draft.route.form)
    return OpenedDraft(draft, form, requirements, documents_of(draft), area_titles_for(form.fields), now)


def draft_at(key: str, *, now: datetime) -> Draft:
    """The bare draft with this address; otherwise the request ends with the receipt it became, or where to go on.

    A draft that got another address from this browser is found under the former one too.
    """
    draft = draft_by_key(key)
    if draft is None:
        key = _led_on(key)
        draft = draft_by_key(key)
    if draft is None or ends_at(draft) < now:
        _leave(key, has_ended=draft is not None)
    return draft


def lead_on(former: str, draft: Draft) -> None:
    """Let this browser, and no other, go on with a draft whose address was `former` until now."""
    if draft.key != former:
        led = session.get(LED_ON, {})
        session[LED_ON] = {key: draft.key if now == former else now for key, now in led.items()} | {former: draft.key}


def _led_on(former: str) -> str:
    """The key that the draft has now. A page is asked for again by it; what is posted to the former one is taken."""
    key = str(session.get(LED_ON, {}).get(former, former))
    if key != former and request.method != "POST":
        abort(redirect(url_for(str(request.endpoint), **{**(request.view_args or {}), "key": key}), 303))
    return key


def _leave(key: str, *, has_ended: bool) -> NoReturn:
    sent = application_by_form_key(key)
    if sent:
        abort(redirect(url_for("apply.receipt", reference=sent.reference), 303))
    abort(make_response(render_template("apply/draft_gone.html"), 410 if has_ended else 404))
