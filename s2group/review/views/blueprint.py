"""The one blueprint of the reviewers' pages."""

from flask import Blueprint
from flask_login import current_user

from s2group.admissions.models import Application
from s2group.evaluation import blind

blueprint = Blueprint("review", __name__, url_prefix="/review")


@blueprint.app_template_filter()
def named(application: Application) -> str:
    """What the reader may call the applicant."""
    return blind.shown_name(current_user, application)


@blueprint.app_template_filter()
def blacked(text: str, application: Application) -> str:
    """What somebody wrote about the application, as the reader may read it."""
    return blind.for_reader(text, application, current_user)


@blueprint.app_template_global()
def is_blind(application: Application) -> bool:
    """Whether the reader must not know whose application it is."""
    return blind.is_blind_for(current_user, application)
