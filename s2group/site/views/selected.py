"""The papers that the group shows first."""

from typing import cast

from s2group.content.group.models import GroupProfile
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import papers_with_keys
from s2group.core.localized import LocalizedText


def selected_papers(group: GroupProfile | None) -> list[tuple[Publication, LocalizedText]]:
    """Each with what it says in a line."""
    lines = {
        str(chosen["paper"]): LocalizedText.of(cast("dict[str, str]", chosen["says"]))
        for chosen in (group.selected if group else [])
    }
    return [(paper, lines[paper.key]) for paper in papers_with_keys(list(lines))]
