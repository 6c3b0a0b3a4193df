"""What follows from what an editor types of a paper."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.people.models import Member
from s2group.content.publications.bib_writing import entry_for_readers
from s2group.content.publications.bibtex.keys import key_for
from s2group.content.publications.bibtex.papers import LINK_FIELDS
from s2group.content.publications.bibtex.writing import venue_field
from s2group.content.publications.files import tie
from s2group.content.publications.importing import identity_of
from s2group.content.publications.models import Publication
from s2group.content.publications.rules.papers import Identity, identity_shared
from s2group.content.records.errors import ContentError
from s2group.content.records.kinds import Values
from s2group.content.records.rules import title_key

# The links that follow from identifiers, and how their addresses begin.
PAGES = {"doi": ("DOI", "https://doi.org/"), "arxiv": ("arXiv", "https://arxiv.org/abs/")}
# In which order a page shows them; others come last.
ORDER = ("paper", *(label for label, _ in PAGES.values()), *LINK_FIELDS.values())
FIELD_OF_MARK = {"DOI": "doi", "arXiv": "arxiv", "title": "title"}


def key_of_paper(values: Values) -> str:
    """The last part of the address of a paper that has none yet."""
    return key_for(values["authors"][0]["name"], values["year"], values["title"])


def as_edited(session: Session, row: Publication, values: Values) -> Values:
    """The paper with the links of its DOI and its arXiv number, and an entry for readers that says the same.

    Raises ContentError where it is another paper of the record, and where nothing says what its picture shows.
    """
    _expect_another(session, row, values)
    if values["teaser"] and not values["teaser_alt"]:
        problem = lazy_gettext("nothing says what the picture shows")
        remedy = lazy_gettext("Say what the picture shows, for whoever does not see it")
        raise ContentError(values["title"], problem, remedy, field="teaser_alt")
    links = dict(values["links"])
    for name, (label, page) in PAGES.items():
        if values[name] != getattr(row, name):
            links.pop(label, None)
            if values[name] and page + values[name] not in links.values():
                links[label] = page + values[name]
    said = {**values, "links": _in_order(links)}
    if venue_field(values["kind"]) == "publisher":
        # What has no other place appeared with its publisher.
        said["publisher"] = values["publisher"] or values["venue"]
        said["venue"] = values["venue"] or values["publisher"]
    return {**said, "bibtex": entry_for_readers(said)}


def tie_paper(session: Session, row: Publication) -> None:
    """Tie the authors of one paper to the members that they are, and the paper to its venue."""
    tie(session, session.scalars(select(Member)), [row])


def _in_order(links: Mapping[str, str]) -> dict[str, str]:
    places = {label: place for place, label in enumerate(ORDER)}
    return dict(sorted(links.items(), key=lambda link: places.get(link[0].partition(" ")[0], len(places))))


def _expect_another(session: Session, row: Publication, values: Values) -> None:
    """A DOI and an arXiv number belong to one paper; a new one must be new by its title too. Raises ContentError."""
    key = title_key(values["title"])
    identity = Identity(values["kind"], key, values["doi"], values["arxiv"], values["year"], values["venue"])
    columns = {"title": Publication.title_key, "doi": Publication.doi, "arxiv": Publication.arxiv}
    for name, value in identity.marks:
        for other in session.scalars(select(Publication).where(columns[name] == value, Publication.id != row.id)):
            mark = FIELD_OF_MARK.get(identity_shared(identity, identity_of(other)) or "", "")
            if mark and (mark != "title" or row.id is None):
                problem = lazy_gettext("its %(mark)s is that of %(key)s", mark=mark, key=other.key)
                remedy = lazy_gettext("Another paper has this already: look for it among the papers")
                raise ContentError(values["key"], problem, remedy, field=mark)
