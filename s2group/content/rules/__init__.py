"""What follows from the group's record without asking anything else."""

from s2group.content.rules.projects import ProjectState, project_state
from s2group.content.rules.words import language_of, same_name_key, slug_of, title_key

__all__ = ["ProjectState", "language_of", "project_state", "same_name_key", "slug_of", "title_key"]
