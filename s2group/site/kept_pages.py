"""Keeps the public pages in front of the app, for as long as nothing changes that they show."""

from datetime import datetime
from functools import partial

from flask import Flask

from s2group.admissions import openings
from s2group.content.generation.queries import generation
from s2group.content.group.queries import group_day, group_zone
from s2group.content.news.queries import next_fed, next_publication
from s2group.core.days import end_of_day
from s2group.core.logs import request_id
from s2group.core.page_cache import PageCache, Periods
from s2group.extensions import db


def next_change(now: datetime) -> datetime:
    """When time alone next changes a public page: news that is planned or comes into the feed, a call, or another day
    where the group is."""
    midnight = end_of_day(group_day(now), group_zone())
    moments = midnight, next_publication(now), next_fed(now), openings.next_change(now)
    return min(moment for moment in moments if moment)


def keep_pages(app: Flask) -> PageCache:
    """What answers in front of `app`."""

    def current_generation() -> str:
        with app.app_context():
            return generation(db.engine)

    def change_after(now: datetime) -> datetime:
        with app.app_context():
            return next_change(now)

    return PageCache(
        app.wsgi_app,
        Periods(current_generation, change_after),
        session_cookie=app.config["SESSION_COOKIE_NAME"],
        request_id=partial(request_id, behind_proxy=app.config["TRUSTED_PROXIES"] > 0),
    )


def init_app(app: Flask) -> None:
    """Keep pages, but not for tests, which change the app beneath them."""
    if not app.testing:
        app.wsgi_app = keep_pages(app)  # type: ignore[method-assign]
