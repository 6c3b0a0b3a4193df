"""The requirement check: which route suits me."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from s2group.admissions import wording
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.openings import RouteOpening, admissions_at
from s2group.admissions.rules import blocking, evaluate
from s2group.admissions.rules.fit import misfit
from s2group.admissions.wording import ExplainedOutcome
from s2group.apply.forms.questions import QuestionsForm, check_form
from s2group.apply.routes import asked_opening, closed
from s2group.apply.views.blueprint import POSTS, blueprint, checks_token_itself
from s2group.content.group.queries import area_titles
from s2group.core import clock
from s2group.core.i18n import current_locale
from s2group.core.identifiers import new_token
from s2group.core.permissions import personal
from s2group.extensions import limiter


@dataclass(frozen=True)
class Result:
    """What the answers say to one route; `in_the_way` are the requirements that would stop an application."""

    route: AdmissionRoute
    outcomes: list[ExplainedOutcome]
    in_the_way: list[ExplainedOutcome]

    def count(self, tone: str) -> int:
        """How many outcomes have this tone: good is met, bad is not met, wait is unknown."""
        return sum(outcome.tone == tone for outcome in self.outcomes)


@blueprint.route("/admissions/check/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
def check() -> ResponseReturnValue:
    """Say what the answers mean for each open route, or for the one that is named. Stores nothing."""
    admissions = admissions_at(clock.now())
    opening = asked_opening(admissions)
    if opening is None or opening.closure:
        return closed(admissions, opening, None)
    is_named = opening.route.key == request.values.get("route")
    openings = [opening] if is_named else admissions.open_routes
    form = check_form([each.requirements for each in openings], area_titles())
    results = _results(form, openings) if form.validate_on_submit() else []
    page = render_template(
        "apply/check.html",
        form=form,
        named=opening.route if is_named else None,
        results=results,
        typed=list(_typed(form)) if results else [],
        new_token=new_token,
    )
    return page, 422 if form.errors else 200


def _results(form: QuestionsForm, openings: Iterable[RouteOpening]) -> list[Result]:
    """The best fit first."""
    answers, locale = form.answers(), current_locale()
    judged = [(opening.route, evaluate(opening.requirements, answers)) for opening in openings]
    return [
        Result(route, wording.explained(outcomes, locale), wording.explained(blocking(outcomes), locale))
        for route, outcomes in sorted(judged, key=lambda each: misfit(each[1]))
    ]


def _typed(form: QuestionsForm) -> Iterator[tuple[str, str]]:
    """The answers as they were sent, so that the form of an application can start with them."""
    for field in form.questions:
        for value in request.form.getlist(field.name):
            if value:
                yield field.name, value
