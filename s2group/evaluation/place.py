"""Where an application stands among those that its reader walks through."""

from sqlalchemy import Select

from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.paging import Place, place_by_key


def place_among(scope: Select[ApplicationFacts], application: Application) -> Place:
    """Its place among these, newest first; the neighbours by their references. In one statement."""
    facts = application.facts
    return place_by_key(
        scope.join(ApplicationFacts.application),
        order=(ApplicationFacts.submitted_at, ApplicationFacts.application_id),
        at=(facts.submitted_at, facts.application_id),
        name=Application.reference,
    )
