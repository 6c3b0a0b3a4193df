"""How strict the reviewers are, and whose mean changes with that."""

from flask import render_template
from flask_login import current_user

from s2group.core.permissions import Action, allow
from s2group.evaluation.calibration.queries import calibration_for, names_of, names_of_reviewers
from s2group.evaluation.calibration.rules import FEWEST
from s2group.review.views.blueprint import blueprint

MOST_SHOWN = 20


@blueprint.get("/calibration/")
@allow(Action.REVIEW_APPLICATIONS)
def calibration() -> str:
    """Raw and adjusted means side by side, from the ratings that the reader may see."""
    found = calibration_for(current_user)
    moved = sorted(found.applications, key=lambda each: -abs(each.adjusted - each.mean))[:MOST_SHOWN]
    return render_template(
        "review/calibration.html",
        found=found,
        moved=[each for each in moved if each.adjusted != each.mean],
        reviewers=names_of_reviewers([each.reviewer_id for each in found.leanings]),
        applications=names_of(current_user, [each.application_id for each in moved]),
        fewest=FEWEST,
    )
