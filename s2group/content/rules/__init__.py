"""What follows from the group's record without asking anything else."""

from s2group.content.rules.citations import Cited, gbt7714, ieee
from s2group.content.rules.completion import completed, missing
from s2group.content.rules.names import PersonName, person_name
from s2group.content.rules.papers import Identity, family_first_key, identity_shared, person_key
from s2group.content.rules.projects import ProjectState, project_state
from s2group.content.rules.venues import venue_keys
from s2group.content.rules.words import language_of, same_name_key, slug_of, title_key

__all__ = [
    "Cited",
    "Identity",
    "PersonName",
    "ProjectState",
    "completed",
    "family_first_key",
    "gbt7714",
    "identity_shared",
    "ieee",
    "language_of",
    "missing",
    "person_key",
    "person_name",
    "project_state",
    "same_name_key",
    "slug_of",
    "title_key",
    "venue_keys",
]
