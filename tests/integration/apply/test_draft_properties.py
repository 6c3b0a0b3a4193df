"""Whatever an applicant does with a draft, in whatever order: one application comes of it, with the last answers taken.

A machine plays somebody with two tabs on a laptop and one on a phone, who types right and wrong, comes back to older
pages, loses the session, and presses every button twice. What the portal must have kept is worked out beside it.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group.admissions.models import AdmissionRoute, Application, Draft, DraftDocument
from s2group.admissions.services import drafts
from s2group.apply.views import links
from s2group.core import clock
from s2group.documents import inspection
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import RESUME, hidden_fields, load_fictional_content
from tests.support.extent import chosen
from tests.support.forms import as_shown

FORM = {
    "required": ["phone", "university"],
    "optional": ["exemption_status", "cet4", "ielts", "repositories"],
    "optional_documents": ["transcript"],
}
PAGES = {
    "about": ("name", "email", "phone"),
    "studies": ("university", "exemption_status"),
    "english": ("cet4", "ielts"),
    "works": ("repositories",),
}
NEEDED = ("name", "email", "phone", "university")
KINDS = ("resume", "transcript")
MOST_REPOSITORIES = 4
# How many sequences each database sees, and of how many steps.
EXAMPLES = {"sqlite": chosen(short=10, long=30), "postgresql": chosen(short=2, long=8)}
STEPS = 25
WRONG = object()
numbers = count()
TABS = st.integers(0, 2)
TOPICS = st.sampled_from(sorted(PAGES))
SELDOM = st.sampled_from([False, False, False, True])

Texts = dict[str, Any]


def meanings(number: int) -> dict[str, dict[str, Any]]:
    """What can be typed in each field, and what is kept of it. Nobody else has the address."""
    mine = f"One-{number}@example.org"
    return {
        "name": {"Test Applicant": "Test Applicant", "测试甲": "测试甲", "—": WRONG, "": WRONG},
        # Another address gives the draft another key, and other browsers lose it: tests of ended rights tell of that.
        "email": {mine.replace("example", "EXAMPLE"): mine, mine: mine, "nobody": WRONG, "": WRONG},
        "phone": {
            "138 0013 8000": "+8613800138000", "+8613800138000": "+8613800138000", "+6581234567": "+6581234567",
            "12": WRONG, "": WRONG,
        },
        "university": {"Test University": "Test University", "其他大学": "其他大学", "u" * 101: WRONG, "": WRONG},
        "exemption_status": {"has": "has", "expected": "expected"},
        "cet4": {"441": 441, "500": 500, "7": WRONG, "": None},
        "ielts": {"6.5": 6.5, "6": 6, "10": WRONG, "": None},
        "link": {
            "https://example.org/a": {"link": "https://example.org/a"}, "https://example.org/b": {
                "link": "https://example.org/b"
            }, "my code": WRONG, "": None,
        },
    }  # fmt: skip


@dataclass
class Tab:
    """A page as it stands in a browser: what was typed, and how often its topic had been saved when it came."""

    topic: str
    texts: Texts
    seen: str
    version: int


@dataclass
class Kept:
    """What the portal must have."""

    answers: dict[str, Any] = field(default_factory=dict)
    # What stands in the place of an answer, as it was typed.
    typed: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PAGES, 0))
    files: dict[str, str] = field(default_factory=dict)
    receipt: str = ""
    # Whether a link was mailed to the address that stands in the answers.
    is_invited: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.typed and all(self.answers.get(name) for name in NEEDED) and "resume" in self.files


class Applicant(RuleBasedStateMachine):
    """Every rule is something that an applicant does."""

    app: Flask
    route_id: int
    draft: int

    def __init__(self) -> None:
        super().__init__()
        number = next(numbers)
        self.means = meanings(number)
        self.key = f"{number:032}"
        self.address = f"/en/apply/draft/{self.key}/"
        self.laptop, self.phone = self.app.test_client(), self.app.test_client()
        self.tabs: dict[int, Tab | None] = dict.fromkeys(range(3))
        self.kept = Kept()

    # What somebody does.

    @initialize(is_known=st.booleans(), has_resume=st.booleans())
    def begin(self, is_known: bool, has_resume: bool) -> None:
        route = db.session.get_one(AdmissionRoute, self.route_id)
        self.draft = drafts.start_draft(route=route, key=self.key, answers={}, locale="en", now=clock.now()).id
        if is_known:
            self.answer_what_is_needed()
        if has_resume:
            self.upload("resume", "a.pdf", is_right=True, is_lost=False, tries_again=False)

    @rule(tab=TABS, topic=TOPICS)
    def open(self, tab: int, topic: str) -> None:
        response = self.ask(self.browser(tab).get, self.address + f"{topic}/")
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        assert response.status_code == 200
        self.tabs[tab] = self.shown(response, topic, version=self.kept.versions[topic])
        assert self.tabs[tab].texts == self.texts_of_what_is_kept(topic)  # type: ignore[union-attr]
        return None

    @rule(data=st.data(), number=TABS, topic=TOPICS, is_lost=SELDOM, goes_back=st.booleans())
    def save(self, data: st.DataObject, number: int, topic: str, is_lost: bool, goes_back: bool) -> None:
        tab = self.opened(number, topic)
        self.type_something(data, tab)
        response = self.post(number, tab, is_lost=is_lost)
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        expected = self.expect(tab, is_lost=is_lost)
        assert response.status_code == expected
        if expected == 303:
            assert response.location.startswith(self.address)
            self.is_left(number, tab, goes_back=goes_back)
        else:
            # Whoever is told of the other answers, or has saved, knows how things stand.
            version = tab.version if is_lost else self.kept.versions[tab.topic]
            self.tabs[number] = self.comes_back(response, tab, version=version)
        return None

    @rule(data=st.data(), number=TABS, topic=TOPICS, is_lost=SELDOM)
    def save_silently(self, data: st.DataObject, number: int, topic: str, is_lost: bool) -> None:
        tab = self.opened(number, topic)
        self.type_something(data, tab)
        response = self.post(number, tab, is_lost=is_lost, autosave="1")
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        expected = self.expect(tab, is_lost=is_lost)
        assert response.status_code == (409 if expected == 409 else 200)
        told = response.json or {}
        assert ("" in told["errors"]) is (is_lost or expected == 409)
        if not told["errors"].get(""):
            wrong = {name for name in PAGES[tab.topic] if self.meaning(tab, name) is WRONG}
            assert {re.sub(r"-\d-link", "", name) for name in told["errors"]} == wrong
            tab.seen, tab.version = str(told["seen"]), self.kept.versions[tab.topic]
        return None

    @rule(data=st.data(), number=TABS, is_lost=SELDOM)
    def press_a_row_button(self, data: st.DataObject, number: int, is_lost: bool) -> None:
        tab = self.opened(number, "works", is_only=True)
        self.type_something(data, tab)
        rows = tab.texts["repositories"]
        button = data.draw(st.sampled_from(["add", *map(str, range(len(rows)))]))
        response = self.post(number, tab, is_lost=is_lost, rows=f"repositories:{button}")
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        assert response.status_code == 200
        if button != "add":
            del rows[int(button)]
        if not rows or (button == "add" and len(rows) < MOST_REPOSITORIES):
            rows.append("")
        self.tabs[number] = self.comes_back(response, tab, version=tab.version)
        return None

    @rule(
        kind=st.sampled_from(KINDS), name=st.sampled_from(["a.pdf", "b.pdf"]), is_right=st.booleans(),
        is_lost=SELDOM, tries_again=st.booleans(),
    )  # fmt: skip
    def upload(self, kind: str, name: str, is_right: bool, is_lost: bool, tries_again: bool) -> None:
        response = self.post_file(kind, is_lost=is_lost, **{kind: (io.BytesIO(RESUME if is_right else b"x"), name)})
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        assert response.status_code == (303 if is_right and not is_lost else 422)
        if is_right and is_lost and tries_again:
            # The file need not be chosen again: the page that came back names it.
            hidden = hidden_fields(response.text)
            again = {name: hidden[name] for name in ("csrf_token", f"{kind}_token")}
            response = self.ask(self.phone.post, self.address + f"files/{kind}/", data=again)
            assert response.status_code == 303
        if response.status_code == 303:
            self.kept.files[kind] = name
        return None

    @rule(kind=st.sampled_from(KINDS), is_lost=SELDOM)
    def remove_a_file(self, kind: str, is_lost: bool) -> None:
        response = self.post_file(kind, is_lost=is_lost, remove="y")
        if self.kept.receipt:
            return self.leads_to_the_receipt(response)
        assert response.status_code == (422 if is_lost else 303)
        if not is_lost:
            self.kept.files.pop(kind, None)
        return None

    @rule(is_mine=st.booleans())
    def ask_for_the_link_again(self, is_mine: bool) -> None:
        address = self.kept.answers.get("email") if is_mine else "stranger@example.org"
        page = self.ask(self.phone.get, "/en/apply/continue/")
        data = hidden_fields(page.text) | {"email": address or "stranger@example.org"}
        assert self.ask(self.phone.post, "/en/apply/continue/", data=data).status_code == 200
        self.kept.is_invited |= bool(is_mine and address and not self.kept.receipt)

    @precondition(lambda self: self.kept.is_invited)
    @rule()
    def resume_on_a_new_phone(self) -> None:
        self.phone, self.tabs[2] = self.app.test_client(), None
        ours = (OutboxMail.message == "draft_continue", OutboxMail.topic == f"draft-{self.draft}")
        text = db.session.scalars(select(OutboxMail.text).where(*ours).order_by(OutboxMail.id.desc())).first() or ""
        found = re.search(r"/apply/continue/[\w-]+/", text)
        if self.kept.receipt and not found:
            return  # a mail that was still waiting went with the draft
        assert found
        page = self.ask(self.phone.get, "/en" + found[0])
        if self.kept.receipt:
            assert page.status_code == 410
            return
        response = self.ask(self.phone.post, "/en" + found[0], data=hidden_fields(page.text))
        assert (response.status_code, response.location) == (303, self.address)

    @rule(is_lost=SELDOM, agrees=st.booleans())
    def submit_twice(self, is_lost: bool, agrees: bool) -> None:
        data = {"csrf_token": self.token(self.laptop), **({"consent": "y"} if agrees else {})}
        if is_lost:
            self.laptop.delete_cookie("session")
        for _ in range(2):
            response = self.ask(self.laptop.post, self.address + "check/", data=data)
            self.answers_to_a_submission(response, may_be_sent=agrees and not is_lost)

    # What must be true of it.

    def answers_to_a_submission(self, response: TestResponse, *, may_be_sent: bool) -> None:
        if self.kept.receipt:
            self.leads_to_the_receipt(response)
        elif self.kept.is_complete and may_be_sent:
            assert response.status_code == 303
            assert response.location.startswith("/en/apply/received/")
            self.kept.receipt = response.location
        else:
            assert response.status_code == 422

    def leads_to_the_receipt(self, response: TestResponse) -> None:
        assert (response.status_code, response.location) == (303, self.kept.receipt)

    def expect(self, tab: Tab, *, is_lost: bool) -> int:
        """The status of a save; what it leaves is kept here too."""
        meant = {name: self.meaning(tab, name) for name in PAGES[tab.topic]}
        right = {name: answer for name, answer in meant.items() if answer is not WRONG}
        if is_lost:
            return 422
        typed = {name: tab.texts[name] for name, answer in meant.items() if self.counts(name, answer, tab)}
        typed = {name: list(texts) if isinstance(texts, list) else texts for name, texts in typed.items()}
        others = {name: texts for name, texts in self.kept.typed.items() if name not in meant}
        is_older = tab.version != self.kept.versions[tab.topic]
        says_the_same = self.kept.typed == others | typed and all(
            self.kept.answers.get(name) == answer for name, answer in right.items()
        )
        if is_older and not says_the_same:
            return 409
        self.kept.typed = others | typed
        self.kept.is_invited &= right.get("email", ...) in (..., self.kept.answers.get("email"))
        self.kept.answers |= right
        self.kept.versions[tab.topic] += 1
        return 303 if len(right) == len(meant) else 422

    def counts(self, name: str, meant: Any, tab: Tab) -> bool:
        """Whether what stands in a field is kept as it was typed: what was emptied only where it had an answer."""
        texts = tab.texts[name] if isinstance(tab.texts[name], list) else [tab.texts[name]]
        return meant is WRONG and bool(any(texts) or self.kept.answers.get(name))

    def is_left(self, number: int, tab: Tab, *, goes_back: bool = False) -> None:
        """A page that was saved was the last before the next; one that the back button shows is as old as it was."""
        self.kept.is_invited |= bool(self.kept.answers.get("email"))
        self.tabs[number] = tab if goes_back else None

    @invariant()
    def the_portal_has_what_it_must_have(self) -> None:
        db.session.rollback()
        sent = db.session.execute(select(Application).where(Application.form_key == self.key)).scalars().all()
        begun = db.session.scalars(select(Draft).where(Draft.key == self.key)).all()
        assert (len(sent), len(begun)) == ((1, 0) if self.kept.receipt else (0, 1))
        if sent:
            assert self.kept.receipt == f"/en/apply/received/{sent[0].reference}/"
            assert sent[0].answers | {"name": sent[0].name, "email": sent[0].email} == self.kept.answers
            assert {entry.kind: entry.document.original_name for entry in sent[0].documents} == self.kept.files
        else:
            assert begun[0].answers == self.kept.answers
            rows = db.session.scalars(select(DraftDocument).where(DraftDocument.draft_id == begun[0].id))
            assert {row.kind: row.document.original_name for row in rows} == self.kept.files

    def teardown(self) -> None:
        """Whatever happened, it can be brought to an end: answer what is missing, and send it."""
        if not self.kept.receipt:
            self.answer_what_is_needed()
            self.upload("resume", "a.pdf", is_right=True, is_lost=False, tries_again=False)
            self.submit_twice(is_lost=False, agrees=True)
            assert self.kept.receipt
        assert self.ask(self.phone.get, self.kept.receipt).status_code == 200
        self.the_portal_has_what_it_must_have()
        db.session.rollback()

    # How it is done.

    def answer_what_is_needed(self) -> None:
        """What is needed, and what is unfinished, which would keep it from being sent."""
        unfinished = set(self.kept.typed)
        for topic in PAGES:
            names = [name for name in PAGES[topic] if name in NEEDED or name in unfinished]
            if not names:
                continue
            self.open(0, topic)
            tab = self.opened(0, topic)
            tab.texts |= {name: self.a_right_text(name) for name in names}
            assert self.post(0, tab, is_lost=False).status_code == self.expect(tab, is_lost=False) == 303
            self.is_left(0, tab)

    def a_right_text(self, name: str) -> Any:
        return [next(iter(self.means["link"]))] if name == "repositories" else next(iter(self.means[name]))

    def browser(self, tab: int) -> FlaskClient:
        return self.phone if tab == 2 else self.laptop

    @staticmethod
    def ask(request: Callable[..., TestResponse], address: str, **how: Any) -> TestResponse:
        """As each request of a real portal does, start with nothing read."""
        db.session.remove()
        return request(address, **how)

    def token(self, browser: FlaskClient) -> str:
        return hidden_fields(self.ask(browser.get, "/en/apply/continue/").text)["csrf_token"]

    def opened(self, number: int, topic: str, *, is_only: bool = False) -> Tab:
        """What stands in the tab; the topic, where nothing does or only it will do."""
        tab = self.tabs[number]
        if self.kept.receipt and not (tab and tab.topic == topic):
            tab = self.tabs[number] = Tab(topic, self.texts_of_what_is_kept(topic), "0", 0)
        if tab is None or (is_only and tab.topic != topic):
            self.open(number, topic)
            tab = self.tabs[number]
        assert tab
        return tab

    def type_something(self, data: st.DataObject, tab: Tab) -> None:
        for name in PAGES[tab.topic]:
            if name == "repositories":
                rows = tab.texts[name]
                rows[:] = [data.draw(self.texts("link", row)) for row in rows]
            else:
                tab.texts[name] = data.draw(self.texts(name, tab.texts[name]))

    def texts(self, name: str, shown: str | None) -> st.SearchStrategy[Any]:
        """What may be typed into a field; mostly something right."""
        right = [text for text, meaning in self.means[name].items() if meaning is not WRONG]
        return st.sampled_from([*right, *right, shown, *self.means[name]])

    def meaning(self, tab: Tab, name: str) -> Any:
        typed = tab.texts[name]
        if name == "repositories":
            rows = [self.means["link"][text] for text in typed]
            return WRONG if WRONG in rows else [entry for entry in rows if entry] or None
        # Where no radio is chosen, nothing is said.
        return self.kept.answers.get(name) if typed is None else self.means[name][typed]

    def post(self, number: int, tab: Tab, *, is_lost: bool, **more: str) -> TestResponse:
        browser = self.browser(number)
        texts = {name: text for name, text in tab.texts.items() if name != "repositories" and text is not None}
        rows = {f"repositories-{row}-link": text for row, text in enumerate(tab.texts.get("repositories", []))}
        data = {**texts, **rows, **more, "seen": tab.seen, "csrf_token": self.token(browser)}
        if is_lost:
            browser.delete_cookie("session")
        return self.ask(browser.post, self.address + f"{tab.topic}/", data=data)

    def post_file(self, kind: str, *, is_lost: bool, **data: Any) -> TestResponse:
        data["csrf_token"] = self.token(self.phone)
        if is_lost:
            self.phone.delete_cookie("session")
        return self.ask(self.phone.post, self.address + f"files/{kind}/", data=data)

    def shown(self, response: TestResponse, topic: str, *, version: int) -> Tab:
        page = as_shown(response.text)
        texts: Texts = {name: next(iter(page.get(name, [])), None) for name in PAGES[topic]}
        if topic == "works":
            texts = {"repositories": [page[name][0] for name in sorted(page) if name.startswith("repositories-")]}
        return Tab(topic, texts, page["seen"][0], version)

    def comes_back(self, response: TestResponse, tab: Tab, *, version: int) -> Tab:
        """The page, which must show what was typed, right or wrong."""
        page = self.shown(response, tab.topic, version=version)
        for name, typed in tab.texts.items():
            assert page.texts[name] == (typed if typed is not None else self.kept.answers.get(name))
        return page

    def texts_of_what_is_kept(self, topic: str) -> Texts:
        kept = {name: self.kept.answers.get(name) for name in PAGES[topic]}
        if topic == "works":
            typed = self.kept.typed.get("repositories")
            return {"repositories": typed or [entry["link"] for entry in kept["repositories"] or [{"link": ""}]]}
        radio = kept.get("exemption_status")
        texts: Texts = {name: "" if answer is None else str(answer) for name, answer in kept.items()}
        typed = {name: text for name, text in self.kept.typed.items() if name in PAGES[topic]}
        return texts | ({"exemption_status": radio} if topic == "studies" else {}) | typed


@pytest.fixture
def route(app: Flask, monkeypatch: pytest.MonkeyPatch) -> AdmissionRoute:
    load_fictional_content(app)
    # It runs in a process of its own, which takes its time; what it finds plays no part here.
    monkeypatch.setattr(inspection, "inspect", lambda _path: inspection.Inspection(inspection.CHECKED, pages=1))
    monkeypatch.setattr(links, "SECONDS", 0)
    route = db.session.scalars(select(AdmissionRoute).order_by(AdmissionRoute.id)).first() or pytest.fail()
    route.form = FORM
    db.session.commit()
    return route


def test_any_order_of_things_ends_in_one_application_with_the_last_answers(app: Flask, route: AdmissionRoute) -> None:
    machine = type("Machine", (Applicant,), {"app": app, "route_id": route.id})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES[db.engine.dialect.name],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
