"""/metrics: counts and ages for Prometheus, in its text format. It is there only where METRICS_TOKEN is set."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

from flask import Flask, Response, current_app, request

from s2group.core import clock
from s2group.core.permissions import public
from s2group.custody.queries import Figures, figures
from s2group.documents.inspection import CHECKED, NOT_MACHINE_CHECKED
from s2group.mail.rules import State
from s2group.site.views.blueprint import blueprint
from s2group.site.views.request_counts import RequestCounts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# https://prometheus.io/docs/instrumenting/exposition_formats/
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
INSPECTIONS = (CHECKED, NOT_MACHINE_CHECKED)
NOW = timedelta()


class CountRequests:
    """Counts every answer of the app that it stands before."""

    def __init__(self, app: "WSGIApplication", counts: RequestCounts) -> None:
        self.app, self.counts = app, counts

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def counted(status, headers, exc_info=None):  # type: ignore[no-untyped-def]
            with suppress(OSError):  # a disk that is full or gone must not cost the answer
                self.counts.add(status)
            return start_response(status, headers, exc_info)

        return self.app(environ, counted)


def init_app(app: Flask) -> None:
    """Add the page, and count requests for it, where METRICS_TOKEN is set."""
    if app.config["METRICS_TOKEN"]:
        counts = RequestCounts(app.config["DATA_DIR"] / "request-counts")
        app.extensions["request_counts"] = counts
        app.wsgi_app = CountRequests(app.wsgi_app, counts)  # type: ignore[method-assign]


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The figures, for whoever shows the token."""
    shown = request.headers.get("Authorization", "").encode()
    if not secrets.compare_digest(shown, b"Bearer " + current_app.config["METRICS_TOKEN"].encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    now = clock.now()
    requests = current_app.extensions["request_counts"].read()
    lines = [*_figures(figures(now), now), *_family("requests_total", "class", requests, kind="counter")]
    return Response("\n".join(lines) + "\n", content_type=CONTENT_TYPE)


def _figures(found: Figures, now: datetime) -> Iterator[str]:
    """Every line but those about requests. An age is 0 where nothing waits, and missing where nothing ever was."""
    newest, uninspected = found.newest_application, found.oldest_uninspected
    yield from _one("applications", found.applications)
    if newest:
        yield from _one("newest_application_age_seconds", (now - newest).total_seconds())
    yield from _family("mails", "state", dict.fromkeys(get_args(State), 0) | found.mails)
    yield from _one("oldest_unsent_mail_age_seconds", (found.oldest_unsent or NOW).total_seconds())
    yield from _family("documents", "inspection", dict.fromkeys(INSPECTIONS, 0) | found.documents)
    yield from _one("oldest_uninspected_document_age_seconds", (now - (uninspected or now)).total_seconds())
    yield from _one("lost_files", found.lost_files)
    ages = {chore.name: (now - chore.begun_at).total_seconds() for chore in found.chores}
    yield from _family("chore_age_seconds", "chore", ages)
    yield from _family("chore_failed", "chore", {chore.name: "failed" in chore.report for chore in found.chores})
    for chore in found.chores:
        if "differences" in chore.report:
            yield from _one("check_differences", chore.report["differences"])


def _one(name: str, value: float) -> Iterator[str]:
    yield f"# TYPE s2group_{name} gauge"
    yield f"s2group_{name} {value:.15g}"


def _family(name: str, label: str, values: Mapping[str, float], *, kind: str = "gauge") -> Iterator[str]:
    """A line for each value. The labels are words of ours and need no escaping."""
    if values:
        yield f"# TYPE s2group_{name} {kind}"
    for key, value in values.items():
        yield f's2group_{name}{{{label}="{key}"}} {value:.15g}'
