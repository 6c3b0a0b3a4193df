"""The papers that the group shows first."""

from typing import cast

from s2group.content.group.models import GroupProfile
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import papers_with_keys, present_keys
from s2group.core.localized import LocalizedText


def selected_papers(group: GroupProfile | None) -> list[tuple[Publication, LocalizedText]]:
    """Each with what it says in a line."""
    chosen = {str(each["paper"]): each["says"] for each in (group.selected if group else [])}
    keys = present_keys(list(chosen))
    lines = {keys[key]: LocalizedText.of(cast("dict[str, str]", says)) for key, says in chosen.items()}
    return [(paper, lines[paper.key]) for paper in papers_with_keys(list(lines))]
