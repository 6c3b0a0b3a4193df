"""/metrics for Prometheus: counts and ages. It is there only where METRICS_TOKEN is set."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

from flask import Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from s2group.core import clock
from s2group.core.permissions import public
from s2group.custody.queries import Figures, figures
from s2group.documents.inspection import CHECKED, NOT_MACHINE_CHECKED
from s2group.mail.rules import State

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# https://prometheus.io/docs/instrumenting/exposition_formats/
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
INSPECTIONS = (CHECKED, NOT_MACHINE_CHECKED)
NOW = timedelta()

# When a counter was made says nothing here: several processes add up to one.
disable_created_metrics()  # type: ignore[no-untyped-call]


class CountRequests:
    """WSGI middleware that counts every answer by the class of its status."""

    def __init__(self, app: "WSGIApplication", registry: CollectorRegistry) -> None:
        self.app = app
        self.answers = Counter("s2group_requests", "Answers by class of status.", ["class"], registry=registry)
        for name in CLASSES:  # so that each is there, with 0, before the first
            self.answers.labels(name)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def counted(status, headers, exc_info=None):  # type: ignore[no-untyped-def]
            self.answers.labels(f"{status[0]}xx").inc()
            return start_response(status, headers, exc_info)

        return self.app(environ, counted)


class FiguresCollector(Collector):
    """The figures of the database at the moment somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure. An age is 0 where nothing waits, and missing where nothing ever was."""
        now = clock.now()
        return _figures(figures(now), now)


def init_app(app: Flask) -> None:
    """Add the page, and count requests for it, where METRICS_TOKEN is set.

    Under gunicorn the processes count together, in the folder that PROMETHEUS_MULTIPROC_DIR names.
    """
    if app.config["METRICS_TOKEN"]:
        counted = CollectorRegistry()
        app.wsgi_app = CountRequests(app.wsgi_app, counted)  # type: ignore[method-assign]
        app.extensions["request_counts"] = counted
        app.add_url_rule("/metrics", view_func=metrics)


@public
def metrics() -> Response:
    """The figures, for whoever shows the token."""
    shown = request.headers.get("Authorization", "").encode()
    if not secrets.compare_digest(shown, b"Bearer " + current_app.config["METRICS_TOKEN"].encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(FiguresCollector())
    return Response(generate_latest(registry) + generate_latest(_request_counts()), content_type=CONTENT_TYPE)


def _request_counts() -> CollectorRegistry:
    """Those of all processes under gunicorn, else those of this one."""
    folder, counted = current_app.config["PROMETHEUS_MULTIPROC_DIR"], CollectorRegistry()
    if folder is None:
        counted = current_app.extensions["request_counts"]
    else:
        MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
    return counted


def _figures(found: Figures, now: datetime) -> Iterator[GaugeMetricFamily]:
    newest, uninspected = found.newest_application, found.oldest_uninspected
    yield _one("applications", "Applications.", found.applications)
    if newest:
        yield _one("newest_application_age_seconds", "Since the newest application.", (now - newest).total_seconds())
    yield _family("mails", "Mails by state.", "state", dict.fromkeys(get_args(State), 0) | found.mails)
    unsent = (found.oldest_unsent or NOW).total_seconds()
    yield _one("oldest_unsent_mail_age_seconds", "Since the oldest mail that waits.", unsent)
    inspections = dict.fromkeys(INSPECTIONS, 0) | found.documents
    yield _family("documents", "Stored files by inspection.", "inspection", inspections)
    waiting = (now - (uninspected or now)).total_seconds()
    yield _one("oldest_uninspected_document_age_seconds", "Since the oldest file not inspected.", waiting)
    yield _one("lost_files", "Stored files that are gone or damaged.", found.lost_files)
    ages = {job.name: (now - job.begun_at).total_seconds() for job in found.jobs}
    yield _family("chore_age_seconds", "Since each job began last.", "chore", ages)
    failed = {job.name: "failed" in job.report for job in found.jobs}
    yield _family("chore_failed", "Whether the job failed last.", "chore", failed)
    for job in found.jobs:
        if "differences" in job.report:
            yield _one("check_differences", "What the last check found.", job.report["differences"])


def _one(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"s2group_{name}", help_text, value=value)


def _family(name: str, help_text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"s2group_{name}", help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
