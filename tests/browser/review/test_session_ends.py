"""A session that ends while somebody rates: what the server has as a draft comes back, and what is typed stays."""

from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from s2group import create_app
from s2group.accounts.models import BrowserSession
from s2group.core import clock
from s2group.core.database import transaction
from s2group.evaluation.reviews.models import Review
from s2group.extensions import db
from tests.browser.staff import PASSWORD, Staff
from tests.support.server import Portal


def test_what_was_typed_outlives_the_session(browser: Browser, portal: Portal, pi: Staff, received: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    pi.sign_in(page)
    address = f"{portal.url}/en/review/{received}/"
    page.goto(address)
    page.fill("[name=shared_note]", "Saved while typing.")
    expect(page.locator("[data-save-status]")).to_have_text("Saved as a draft")
    with create_app(portal.environ).app_context():
        with transaction() as session:
            session.execute(update(BrowserSession).values(ended_at=clock.now()))
        page.fill("[name=shared_note]", "Saved while typing. Typed too late.")
        expect(page.locator("[data-save-status]")).to_contain_text("What you typed is on this page")
        page.locator(".save .go").click()
        page.wait_for_load_state()
        assert "Typed too late." in page.locator("body").inner_text() + page.locator("body").inner_html()
        assert [review.draft and review.draft["shared_note"] for review in db.session.scalars(select(Review))] == [
            "Saved while typing."
        ]
        db.session.remove()
        db.engine.dispose()
    page.goto(f"{portal.url}/en/account/login")
    page.fill("[name=email]", pi.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main input[type=submit]").first.click()
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(address)
    assert page.locator("[name=shared_note]").input_value() == "Saved while typing."
    page.context.close()
