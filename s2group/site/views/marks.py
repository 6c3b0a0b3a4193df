"""How pages draw papers, people and research areas: in the tint and the motif of their area."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from s2group.content.group.models import GroupProfile, Partner, ResearchArea
from s2group.content.group.queries import group_profile
from s2group.content.people.models import Member
from s2group.content.people.pinyin import surname_of
from s2group.content.publications.listing import ListedPaper
from s2group.content.publications.models import Publication
from s2group.content.publications.queries import PaperInShort
from s2group.graphics.marks.drawing import portrait, strip
from s2group.graphics.marks.families import SOUNDS
from s2group.graphics.marks.record import Stroke, mosaic, recording, squares
from s2group.graphics.marks.subject import Subject, rhythm

# So many tints static/css/portal.css knows, counted from one; more areas begin again.
TINTS = 9


def tint_at(position: int | None) -> int:
    """The number of the tint of the area at this position, 0 for none."""
    return 0 if position is None else position % TINTS + 1


def tint(areas: Sequence[ResearchArea]) -> int:
    """The number of the tint of what belongs to these areas: that of the first."""
    return tint_at(areas[0].position if areas else None)


def area_mark(area: ResearchArea, width: int = 320, height: int = 96) -> Markup:
    """The drawing of an area, from its title."""
    title = area.title.en or area.title.zh
    return strip(_motif([area]), Subject(area.key, rhythm(title), voices=5), width, height)


def paper_mark(paper: Publication | ListedPaper, width: int = 320, height: int = 96) -> Markup:
    """The drawing of a paper: its title is the rhythm, its authors the voices, members among them the dark ink."""
    voices = len(paper.authors) or 1
    share = sum(bool(author.member) for author in paper.authors) / voices
    return strip(_motif(paper.areas), Subject(paper.key, rhythm(paper.title), voices, share), width, height)


def person_mark(member: Member, size: int = 64) -> Markup:
    """The ring round a person's surname, from the letters of the name."""
    subject = Subject(member.slug, rhythm(member.name.en or member.name.zh), voices=4)
    return portrait(_motif(member.areas), subject, surname_of(member.name), size)


def partner_mark(partner: Partner, width: int = 160, height: int = 64) -> Markup:
    """The drawing of an institution that the group works with, from its name."""
    return strip(_motif(()), Subject(partner.key, rhythm(partner.name.en or partner.name.zh)), width, height)


def group_mark(group: GroupProfile, width: int = 1088, height: int = 112) -> Markup:
    """The drawing of the whole group, from its name: for a page that is about nothing of the record."""
    name = group.name.en or group.name.zh
    return strip(group.motif, Subject(name, rhythm(name), voices=5), width, height)


def record_mark(papers: Sequence[PaperInShort], width: int, height: int, strokes: int) -> Markup:
    """All papers as one recording, or a mosaic where the group is not of sounds; empty where it draws none."""
    motif = _motif(())
    if motif == "none":
        return Markup("")
    drawn = [Stroke(paper.key, paper.year, tint_at(paper.area), paper.ccf) for paper in papers]
    return recording(drawn, width, height, strokes) if motif in SOUNDS else mosaic(drawn, width, height)


def year_mark(papers: Sequence[ListedPaper]) -> Markup:
    """The papers of a year as squares."""
    return squares([tint(paper.areas) for paper in papers])


def _motif(areas: Sequence[ResearchArea]) -> str:
    group = group_profile()
    own = areas[0].motif if areas else ""
    general = group.motif if group else "none"
    return own if own and general != "none" else general


def marks_for_templates() -> dict[str, Callable[..., Any]]:
    """The functions above, for the context of the public pages."""
    return {
        "area_mark": area_mark,
        "paper_mark": paper_mark,
        "partner_mark": partner_mark,
        "person_mark": person_mark,
        "record_mark": record_mark,
        "tint": tint,
        "year_mark": year_mark,
    }
