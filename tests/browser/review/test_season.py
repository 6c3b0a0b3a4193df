"""A season at the desk by keyboard alone, from the first look to the place that moves to the waiting list.

With the keys of the desk, and once without JavaScript, by Tab, Enter and the space bar.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from s2group import create_app
from s2group.admissions.interviews import telling
from s2group.admissions.interviews.models import Interview, InterviewRound
from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.core import clock
from s2group.core.database import transaction
from s2group.evaluation.releases.services import take_effect
from s2group.extensions import db
from tests.browser.axe import problems
from tests.browser.staff import Staff, add_account
from tests.browser.views import View
from tests.support.databases import SqliteDatabases, settings
from tests.support.interviewing import a_round, slots
from tests.support.keyboard import Keyboard
from tests.support.refereeing import ANSWERS, apply_with_referees
from tests.support.server import Portal, running_portal
from tests.support.smtp import Mailbox

# In which view which route is walked: each has an applicant for the one place, and one who waits for it.
SEASONS: dict[str, View] = {
    "phd-assessment": (1280, "light", ""),
    "national-exam-master": (360, "dark", "/en"),
    "recommended-exemption-master": (1280, "dark", "/en"),
}
WITHOUT_SCRIPT = "recommended-exemption-master"
NAMES = {"phd-assessment": "Keyaa", "national-exam-master": "Keybb", WITHOUT_SCRIPT: "Keycc"}


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def season(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: SqliteDatabases, mailbox: Mailbox
) -> Iterator[Portal]:
    """A portal with two applicants on each route of SEASONS, one place for them, and a round of interviews."""
    folder = tmp_path_factory.mktemp("season")
    environ = settings(folder, sqlite_databases.fresh(folder)) | mailbox.environ
    with running_portal(environ) as portal:
        with meanwhile(portal):
            _open_calls()
            for route in SEASONS:
                _apply(route)
        yield portal


@contextmanager
def meanwhile(portal: Portal) -> Iterator[None]:
    """What happens in the portal beside the browser."""
    with create_app(portal.environ).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def _open_calls() -> None:
    with transaction() as session:
        session.execute(update(Call).values(hide_ratings=True, closes_at=clock.now() + timedelta(days=30)))
        session.execute(update(AdmissionRoute).where(AdmissionRoute.key.in_(SEASONS)).values(places=1))


def _apply(key: str) -> None:
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == key)).one()
    for number, rank in enumerate(("First", "Second")):
        name = f"{NAMES[key]} {rank}"
        apply_with_referees(
            [], key=f"key-{name}", name=name, email=f"{NAMES[key].lower()}-{number}@example.org", route=route,
            answers=ANSWERS, locale="en" if SEASONS[key][2] else "zh", now=clock.now() - timedelta(hours=2 - number),
        )  # fmt: skip
    found = a_round(key, choose_until=clock.now() + timedelta(days=2))
    slots(found, day=clock.now().date() + timedelta(days=5))


@pytest.fixture(scope="module")
def pi(season: Portal) -> Staff:
    add_account(season, "reviewer")
    return add_account(season, "pi")


@dataclass
class Desk:
    """The desk in one language, at a keyboard."""

    portal: Portal
    page: Page
    language: str
    has_script: bool

    @property
    def keys(self) -> Keyboard:
        return Keyboard(self.page)

    def open(self, path: str) -> Keyboard:
        """Type an address."""
        self.page.goto(f"{self.portal.url}{self.language}{path}")
        return self.keys


def reference_of(name: str) -> str:
    found = db.session.scalar(select(Application.reference).where(Application.name == name))
    assert found
    return found


def after_the_hold(portal: Portal) -> None:
    """The minutes pass in which a release or an invitation can be taken back."""
    with meanwhile(portal):
        take_effect(now=clock.now() + timedelta(minutes=11))
        telling.take_effect(now=clock.now() + timedelta(minutes=11))


def told(desk: Desk) -> None:
    """Release whatever is decided: look at the mails, let them go, and wait."""
    keys = desk.open("/review/releases/")
    keys.activate("main form button.go")
    keys.activate("button[value=go]")
    after_the_hold(desk.portal)


def moved(desk: Desk, reference: str, to: str) -> None:
    """Move by the key M on the application's page."""
    keys = desk.open(f"/review/{reference}/")
    if desk.has_script:
        keys.press("m")
    else:
        keys.reach(".doing .tool > summary")
        keys.press("Enter")
    keys.activate(f".tool button[name=to][value={to}]")


@pytest.fixture(
    params=[
        "phd-assessment",
        pytest.param("national-exam-master", marks=pytest.mark.long),
        WITHOUT_SCRIPT,
    ],
    ids=["zh-1280", "en-360", "without-javascript"],
)
def route(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def at(browser: Browser, season: Portal, route: str) -> Iterator[Callable[[], Desk]]:
    """Sits down at a browser of one's own."""
    (width, scheme, language), contexts = SEASONS[route], []

    def sit_down() -> Desk:
        has_script = route != WITHOUT_SCRIPT
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=has_script
        )
        contexts.append(context)
        return Desk(season, context.new_page(), language, has_script)

    yield sit_down
    for context in contexts:
        context.close()


def test_a_season_by_keyboard(at: Callable[[], Desk], route: str, season: Portal, pi: Staff, mailbox: Mailbox) -> None:
    desk, name = at(), NAMES[route]
    with meanwhile(season):
        first, second = reference_of(f"{name} First"), reference_of(f"{name} Second")
    signs_in(desk, pi)
    finds_reads_and_rates(desk, name, first, second)
    assigns(desk, second)
    takes_a_move_back(desk, first)
    tells_of_interviews(desk, first, second)
    applicant = at()
    opens_own_status(applicant, first, f"{name.lower()}-0@example.org", mailbox)
    invites(desk, route, number=2)
    chooses_a_slot(applicant, first)
    offers_one_place(desk, first, second)
    refuses(applicant, first)
    lets_the_list_move_up(desk, second)
    takes_a_table_along(desk, name)


def signs_in(desk: Desk, pi: Staff) -> None:
    keys = desk.open("/review/")
    keys.write("[name=email]", pi.email)
    keys.write("[name=password]", "four plain words together")
    keys.go("Enter")
    expect(desk.page.locator("h1")).to_have_text("Desk" if desk.language else "评审台")


def finds_reads_and_rates(desk: Desk, name: str, first: str, second: str) -> None:
    keys = desk.open("/review/applications/")
    if desk.has_script:
        keys.press("/")
        keys.page.keyboard.insert_text(name.lower())
    else:
        keys.write("#q", name.lower())
    keys.go("Enter")
    assert desk.page.locator("[data-rows] tbody tr").count() == 2
    if desk.has_script:
        keys.press("j")
        keys.go("Enter")
    else:
        keys.activate("[data-rows] tbody th a")
    assert second in desk.page.url  # the newest is on top
    walks_and_rates(desk, first, second) if desk.has_script else rates(desk, first, second)
    desk.open(f"/review/{second}/")
    assert desk.page.locator(".rate input:checked").first.input_value() == "4"
    assert desk.page.locator("[name=shared_note]").input_value() == "Solid work."


def walks_and_rates(desk: Desk, first: str, second: str) -> None:
    keys = desk.keys
    assert problems(desk.page) == []
    keys.go("j")
    assert first in desk.page.url
    keys.go("k")
    assert second in desk.page.url
    keys.press("4", "c")
    keys.page.keyboard.insert_text("Solid work.")
    keys.press("Escape")
    keys.go("Control+Enter")
    assert first in desk.page.url
    keys.press("5")
    keys.go("Control+Enter")


def rates(desk: Desk, first: str, second: str) -> None:
    keys = desk.keys
    for reference, note in ((second, "Solid work."), (first, "")):
        assert reference in desk.page.url
        keys.reach(".rate input")
        for _ in range(3):
            keys.press("ArrowRight")
        keys.write("[name=shared_note]", note)
        keys.activate(".save .go")


def assigns(desk: Desk, reference: str) -> None:
    keys = desk.open(f"/review/{reference}/")
    keys.reach("details:has(#reviewer) > summary")
    keys.press("Enter")
    keys.page.wait_for_selector("#reviewer")
    value = desk.page.locator("#reviewer option", has_text="reviewer").get_attribute("value")
    keys.choose("#reviewer", str(value))
    keys.activate("details:has(#reviewer) button[value=add]")
    expect(desk.page.locator("details:has(#reviewer) > summary")).to_contain_text("reviewer")


def takes_a_move_back(desk: Desk, reference: str) -> None:
    moved(desk, reference, "screening")
    if desk.has_script:
        desk.keys.go("u")
    else:
        desk.keys.activate("[data-key=u]")
    with meanwhile(desk.portal):
        state = select(Application.state).where(Application.reference == reference)
        assert db.session.scalar(state) == "submitted"


def tells_of_interviews(desk: Desk, *references: str) -> None:
    for reference in references:
        moved(desk, reference, "screening")
        moved(desk, reference, "interview")
    keys = desk.open("/review/releases/")
    keys.activate("main form button.go")
    keys.activate("button[value=go]")
    keys.activate("button[value=take_back]")
    with meanwhile(desk.portal):
        shown = select(Application.shown_state).where(Application.reference.in_(references))
        assert set(db.session.scalars(shown)) == {"submitted"}
    keys.activate("button[value=go]")
    after_the_hold(desk.portal)


def opens_own_status(desk: Desk, reference: str, address: str, mailbox: Mailbox) -> None:
    keys = desk.open(f"/apply/status/{reference}/")
    keys.activate("form[action$='/link/'] button")
    mailbox.wait_for(address, containing="/apply/continue/")
    link = re.search(r"/apply/continue/[\w-]+/", "".join(letter.text for letter in mailbox.letters_to(address)))
    assert link
    keys = desk.open(link[0])
    keys.activate("main form button")
    assert reference in desk.page.url


def invites(desk: Desk, route: str, *, number: int) -> None:
    with meanwhile(desk.portal):
        key = db.session.scalar(select(InterviewRound.key).where(InterviewRound.routes.any(key=route)))
    keys = desk.open("/review/interviews/")
    keys.activate(f"main a[href$='/{key}/']")
    for _ in range(number):
        keys.reach("[name=reference]:not(:checked)")
        keys.press("Space")
    keys.activate("form:has([name=reference]) button")
    after_the_hold(desk.portal)


def chooses_a_slot(desk: Desk, reference: str) -> None:
    keys = desk.open(f"/apply/status/{reference}/")
    keys.activate("a[href*='/interview/']")
    keys.reach("[name=slot]")
    keys.press("Space")
    keys.activate("main form[method=post] button")
    with meanwhile(desk.portal):
        chosen = select(Interview.slot_id).join(Application).where(Application.reference == reference)
        assert db.session.scalar(chosen)


def offers_one_place(desk: Desk, first: str, second: str) -> None:
    moved(desk, first, "offer")
    moved(desk, second, "waitlist")
    told(desk)


def refuses(desk: Desk, reference: str) -> None:
    keys = desk.open(f"/apply/status/{reference}/")
    keys.activate("a[href$='/refuse/']")
    keys.activate("main form button")
    expect(desk.page.locator(".notice.good")).to_be_visible()


def lets_the_list_move_up(desk: Desk, reference: str) -> None:
    keys = desk.open("/review/board/")
    keys.activate(f"form[action*='{reference}'] button[value=offer]")
    told(desk)
    with meanwhile(desk.portal):
        shown = select(Application.shown_state).where(Application.reference == reference)
        assert db.session.scalar(shown) == "offer"


def takes_a_table_along(desk: Desk, name: str) -> None:
    keys = desk.open(f"/review/applications/?q={name}")
    keys.activate("a[href*='/review/export/']")
    keys.reach("button[value=csv]")
    with desk.page.expect_download() as download:
        keys.press("Enter")
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 3
    assert sum(f"{name} First" in row for row in rows) == 1
