"""Which route a request is about, and what is said when none is open."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from s2group.admissions import queries
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.rules import Requirement, read_requirements
from s2group.apply.forms import ApplicationForm


def requirements_of(route: AdmissionRoute) -> list[Requirement]:
    """What `route` asks for at present."""
    return read_requirements(queries.current_requirements(route).requirements)


def asked_route(now: datetime) -> AdmissionRoute | None:
    """The open route that the request names, or else the first; None when nothing is open."""
    routes = [route for call in queries.open_calls(now) for route in call.routes]
    named = [route for route in routes if route.key == request.values.get("route")]
    return next(iter(named + routes), None)


def closed(form: ApplicationForm | None) -> ResponseReturnValue:
    """Nothing is open: say so, and give back what was typed, to be copied."""
    status = 409 if request.method == "POST" else 200
    return render_template("apply/closed.html", form=form if status == 409 else None), status
