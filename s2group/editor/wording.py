"""How the editor calls kinds of records and their fields, and what it says to write in them."""

from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext

from s2group.admissions.call_fields import MailAddresses
from s2group.content.news.files import NEWS
from s2group.content.outgoing_links.models import FailingLink
from s2group.content.outgoing_links.rules import LinkFault
from s2group.content.people.fields import PersonDay
from s2group.content.people.wording import ROLES
from s2group.content.pictures.fields import PicturePath
from s2group.content.pictures.uploads import Fault
from s2group.content.publications.kind import PUBLICATION
from s2group.content.records.fields import (
    Emails,
    Field,
    LocalizedTexts,
    References,
    Tables,
    Text,
    Texts,
)


class KindWords(NamedTuple):
    """What the editor calls the records of a kind, and the button that makes one."""

    many: str
    add: str = ""


KIND_WORDS = {
    "profile": KindWords(lazy_gettext("The group")),
    "research_area": KindWords(lazy_gettext("Research areas"), lazy_gettext("Add a research area")),
    "member": KindWords(lazy_gettext("Members"), lazy_gettext("Add a member")),
    "publication": KindWords(lazy_gettext("Papers"), lazy_gettext("Add a paper")),
    "venue": KindWords(lazy_gettext("Journals and conferences"), lazy_gettext("Add a journal or conference")),
    "project": KindWords(lazy_gettext("Projects"), lazy_gettext("Add a project")),
    "release": KindWords(lazy_gettext("Data, code and models"), lazy_gettext("Add data, code or a model")),
    "sample": KindWords(lazy_gettext("Recordings")),
    "partner": KindWords(lazy_gettext("Partners"), lazy_gettext("Add a partner")),
    "page": KindWords(lazy_gettext("Free pages"), lazy_gettext("Add a page")),
}
# How their records are called in lists, news among them.
KIND_NAMES = {**{name: words.many for name, words in KIND_WORDS.items()}, NEWS.name: lazy_gettext("News")}
# By the names of fields; where a kind means something else by one, by both.
LABELS = {
    "short_name": lazy_gettext("Short name"),
    "seal": lazy_gettext("Character of the seal"),
    "name": lazy_gettext("Name"),
    "institution": lazy_gettext("Institution"),
    "claim": lazy_gettext("Heading of the home page"),
    "lede": lazy_gettext("Lines under the heading"),
    "about": lazy_gettext("About the group"),
    "privacy": lazy_gettext("Additions to the privacy notice"),
    "address": lazy_gettext("Postal address"),
    "emails": lazy_gettext("E-mail addresses"),
    "timezone": lazy_gettext("Time zone"),
    "exchange_cases": lazy_gettext("Exchanges"),
    "links": lazy_gettext("Links"),
    "filings": lazy_gettext("Filing numbers"),
    "motif": lazy_gettext("Drawing"),
    "selected": lazy_gettext("Papers shown first"),
    "key": lazy_gettext("Address"),
    "slug": lazy_gettext("Address"),
    "title": lazy_gettext("Title"),
    "summary": lazy_gettext("Summary"),
    "url": lazy_gettext("Web address"),
    "note": lazy_gettext("What you do together"),
    "degree": lazy_gettext("Kind of degree"),
    "cohort": lazy_gettext("Year of entry"),
    "status": lazy_gettext("Standing"),
    "focus": lazy_gettext("Focus"),
    "order": lazy_gettext("Place in the order"),
    "joined": lazy_gettext("Joined on"),
    "left": lazy_gettext("Left on"),
    "destination": lazy_gettext("Went on to"),
    "lines": lazy_gettext("Research areas"),
    "biography": lazy_gettext("Biography"),
    "aliases": lazy_gettext("Other spellings of the name"),
    "co_supervision": lazy_gettext("Supervised together with"),
    "email": lazy_gettext("E-mail address"),
    "photo": lazy_gettext("Photo"),
    "education": lazy_gettext("Education"),
    "experience": lazy_gettext("Experience"),
    "internships": lazy_gettext("Internships"),
    "honours": lazy_gettext("Honours"),
    "talks": lazy_gettext("Talks"),
    "services": lazy_gettext("Services"),
    "software": lazy_gettext("Software"),
    "projects": lazy_gettext("Projects"),
    "news": lazy_gettext("News"),
    "members": lazy_gettext("Members"),
    "pictures": lazy_gettext("Pictures"),
    "alt": lazy_gettext("What the picture shows"),
    "award": lazy_gettext("Award"),
    "abstract": lazy_gettext("Abstract"),
    "repository": lazy_gettext("Repository on GitHub"),
    "keywords": lazy_gettext("Keywords"),
    "impact": lazy_gettext("What came of it"),
    "teaser": lazy_gettext("Picture"),
    "teaser_alt": lazy_gettext("What the picture shows"),
    "funder": lazy_gettext("Funder"),
    "programme": lazy_gettext("Programme"),
    "grant_number": lazy_gettext("Grant number"),
    "start": lazy_gettext("First month"),
    "end": lazy_gettext("Last month"),
    "people": lazy_gettext("Members"),
    "papers": lazy_gettext("Papers"),
    "kind": lazy_gettext("Kind"),
    "licence": lazy_gettext("Licence"),
    "year": lazy_gettext("Year"),
    "file": lazy_gettext("File"),
    "transcript": lazy_gettext("What is heard"),
    "speaker": lazy_gettext("Who is heard"),
    "body": lazy_gettext("Text"),
    "period": lazy_gettext("When"),
    "text": lazy_gettext("Words of the entry"),
    "label": lazy_gettext("Words of the link"),
    "says": lazy_gettext("A sentence on it"),
    "authors": lazy_gettext("Authors"),
    "and_others": lazy_gettext("And others"),
    "venue": lazy_gettext("Journal or conference"),
    "volume": lazy_gettext("Volume"),
    "number": lazy_gettext("Issue"),
    "pages": lazy_gettext("Pages of the paper"),
    "publisher": lazy_gettext("Publisher"),
    "ccf": lazy_gettext("Class in the list of the CCF"),
    "caai": lazy_gettext("Class in the list of the CAAI"),
    "jcr": lazy_gettext("Quartile in the JCR"),
    "doi": "DOI",
    "arxiv": "arXiv",
    "opens_at": lazy_gettext("Opens"),
    "closes_at": lazy_gettext("Closes"),
    "grace_minutes": lazy_gettext("Minutes of grace"),
    "answer_days": lazy_gettext("Days until an applicant is answered"),
    "recipients": lazy_gettext("Who gets each application by mail"),
    "copies": lazy_gettext("Who gets a copy"),
    "mail_locale": lazy_gettext("Language of that mail"),
    "hide_ratings": lazy_gettext("Reviewers see others' ratings only after their own is in"),
    "blind": lazy_gettext("Reviewers do not learn who applies"),
    "retention_days": lazy_gettext("Days until an application is deleted"),
    "files_retention_days": lazy_gettext("Days until files nobody needs any more are deleted"),
    "notice": lazy_gettext("Notice"),
    "contact": lazy_gettext("Whom to ask"),
    "purpose": lazy_gettext("What the data are used for"),
    "benefits": lazy_gettext("What you get"),
    "timeline": lazy_gettext("Dates to know"),
    "at": lazy_gettext("Moment"),
    "questions_answers": lazy_gettext("Questions and answers"),
    "question": lazy_gettext("Question"),
    "answer": lazy_gettext("Answer"),
    "subject_label": lazy_gettext("How the subject of the mail to the group begins"),
    "places": lazy_gettext("Places"),
    "filled": lazy_gettext("All places are taken"),
    "rubric": lazy_gettext("By what is rated"),
    "form": lazy_gettext("What is asked"),
    "questions": lazy_gettext("Questions of its own"),
    "dates": lazy_gettext("Dates of single questions"),
    "hint": lazy_gettext("A few words more"),
    "options": lazy_gettext("Answers to choose from"),
    "longest": lazy_gettext("Most characters"),
    "required_from": lazy_gettext("Required from"),
    "frozen_from": lazy_gettext("Stays as it is from"),
    "criterion": lazy_gettext("What is rated"),
    "lowest": lazy_gettext("Lowest mark"),
    "highest": lazy_gettext("Highest mark"),
    "weight": lazy_gettext("Weight"),
    "low_means": lazy_gettext("What the lowest mark means"),
    "high_means": lazy_gettext("What the highest mark means"),
    "first_route": lazy_gettext("Name of its route"),
    "alternatives": lazy_gettext("What counts as well"),
    "level": lazy_gettext("How much it weighs"),
    "wording": lazy_gettext("Words of your own"),
    "requirements": lazy_gettext("Requirements"),
    "bibtex": "BibTeX",
}
LABELS_OF_KINDS = {
    ("profile", "paper"): lazy_gettext("Paper"),
    ("profile", "name"): lazy_gettext("Name of the group"),
    ("member", "role"): lazy_gettext("Position in the group"),
    ("partner", "name"): lazy_gettext("Name of the partner"),
    ("publication", "label"): lazy_gettext("What it is"),
    ("publication", "kind"): lazy_gettext("Kind of work"),
    ("publication", "title"): lazy_gettext("Title of the paper"),
    ("venue", "name"): lazy_gettext("Full name"),
    ("venue", "aliases"): lazy_gettext("Other spellings"),
    ("project", "role"): lazy_gettext("Part of the group"),
    ("project", "title"): lazy_gettext("Title of the project"),
    ("news", "file"): lazy_gettext("Picture"),
    ("news", "day"): lazy_gettext("Day"),
    ("news", "month_only"): lazy_gettext("Only the month is known"),
    ("news", "category"): lazy_gettext("Kind"),
    ("news", "pinned"): lazy_gettext("Keep it above all other news"),
    ("news", "at"): lazy_gettext("Publish at"),
    ("news", "draft"): lazy_gettext("Draft"),
    ("call", "title"): lazy_gettext("Title of the call"),
    ("call", "text"): lazy_gettext("What happens"),
    ("route", "label"): lazy_gettext("Question"),
    ("route", "name"): lazy_gettext("Short name in files and exports"),
    ("route", "key"): lazy_gettext("Short name in files and exports"),
    ("route", "title"): lazy_gettext("Name of the route"),
}
WORDS_OF_CHOICES = {
    "zh": "中文",
    "en": "English",
    **ROLES,
    "academic": lazy_gettext("Academic degree"),
    "professional": lazy_gettext("Professional degree"),
    "current": lazy_gettext("Still in the group"),
    "alumni": lazy_gettext("No longer in the group"),
    "lead": lazy_gettext("The group leads it"),
    "participant": lazy_gettext("The group takes part"),
    "dataset": lazy_gettext("Data set"),
    "code": lazy_gettext("Code"),
    "model": lazy_gettext("Model"),
    "demo": lazy_gettext("Demo"),
    "article": lazy_gettext("Journal paper"),
    "inproceedings": lazy_gettext("Conference paper"),
    "preprint": lazy_gettext("Preprint"),
    "thesis": lazy_gettext("Thesis"),
    "book": lazy_gettext("Book"),
    "patent": lazy_gettext("Patent"),
    "software": lazy_gettext("Software"),
    "misc": lazy_gettext("Other"),
    "paper": lazy_gettext("Paper"),
    "PDF": "PDF",
    "project": lazy_gettext("Project page"),
    "video": lazy_gettext("Video"),
    "poster": lazy_gettext("Poster"),
    "slides": lazy_gettext("Slides"),
    "waveform": lazy_gettext("Waveform"),
    "turns": lazy_gettext("Turns of a conversation"),
    "ridges": lazy_gettext("Ridges"),
    "spectrum": lazy_gettext("Spectrum"),
    "splice": lazy_gettext("Splice"),
    "echoes": lazy_gettext("Echoes"),
    "stems": lazy_gettext("Stems"),
    "grid": lazy_gettext("Grid"),
    "graph": lazy_gettext("Graph"),
    "strata": lazy_gettext("Strata"),
    "none": lazy_gettext("No drawing"),
    **{rank: rank for rank in ("A", "B", "C", "Q1", "Q2", "Q3", "Q4")},
}
MARKDOWN = lazy_gettext("Markdown: **bold**, [words](https://…), lists with -")
LAST_PART = lazy_gettext("The last part of the address: small letters, digits and single hyphens")
HINTS = {
    "key": LAST_PART,
    "slug": LAST_PART,
    "about": MARKDOWN,
    "biography": MARKDOWN,
    "body": MARKDOWN,
    "privacy": lazy_gettext(
        "Such as who watches over data at your university. Every version is kept. Markdown: **bold**, [words](https://…)"
    ),
    "impact": lazy_gettext("One on each line. Markdown: **bold**, [words](https://…)"),
    "order": lazy_gettext("A number that decides before everything else; empty, the year of entry decides."),
    "emails": lazy_gettext("One on each line; the first one stands at the foot of every page."),
    "aliases": lazy_gettext("One on each line; papers under these names become theirs."),
    "opens_at": lazy_gettext("By the clocks of the time zone below"),
    "closes_at": lazy_gettext("By the clocks of the time zone below; without it the call stays open all year."),
    "grace_minutes": lazy_gettext("For so long after closing a draft that was begun before may still be sent."),
    "answer_days": lazy_gettext("The receipt promises it."),
    "recipients": lazy_gettext("One address on each line; answers of applicants go to the first one."),
    "blind": lazy_gettext("Names, addresses and universities are hidden from reviewers, and blacked out in files."),
    "retention_days": lazy_gettext("After the call has closed, or after the last decision where that is later"),
    "files_retention_days": lazy_gettext("Of applications that were declined or withdrawn"),
    "subject_label": lazy_gettext("It is followed by the name and the major of the applicant."),
    "places": lazy_gettext("How many can be admitted, where that is known"),
    "filled": lazy_gettext("The route takes no more applications then."),
    "notice": MARKDOWN,
    "contact": MARKDOWN,
    "timezone": lazy_gettext("Such as Asia/Shanghai; days and deadlines are shown in it."),
}
HINTS_OF_KINDS = {
    ("publication", "authors"): lazy_gettext(
        "One on each line, first name first. Behind a name: † for equal contribution, * for whom to write to, ~ for "
        "somebody who only bears the name of a member."
    ),
    ("publication", "venue"): lazy_gettext("As the paper names it, or its short name such as ICASSP"),
    ("publication", "doi"): lazy_gettext("Such as 10.1109/5.771073; its page is linked by itself."),
    ("publication", "arxiv"): lazy_gettext("Such as 2105.02446; its page is linked by itself."),
    ("venue", "short_name"): lazy_gettext("It stands on the badge of a paper, such as ICASSP."),
    ("venue", "aliases"): lazy_gettext("One on each line; papers that name it so belong to it."),
}
# Of fields that entries of a list have.
HINTS_OF_ENTRIES = {
    "options": lazy_gettext("Of a choice, one on each line: 中文 | English. What stands before is kept."),
    "key": lazy_gettext("Left empty, it is made from the question."),
    "lowest": lazy_gettext("Otherwise 1"),
    "highest": lazy_gettext("Otherwise 5"),
    "weight": lazy_gettext("How much it counts in the overall mark, otherwise 1"),
    "low": lazy_gettext("Of a number alone"),
    "high": lazy_gettext("Of a number alone"),
    "longest": lazy_gettext("Of a text alone"),
}
FAULTS_OF_PICTURES = {
    Fault.TOO_LARGE: lazy_gettext("This picture is too large: choose one below 30 MB"),
    Fault.TOO_MANY_PIXELS: lazy_gettext("This picture has too many pixels: save it smaller, at most 50 megapixels"),
    Fault.UNREADABLE: lazy_gettext("This is no picture that can be shown: choose a JPEG, PNG or WebP"),
    Fault.BUSY: lazy_gettext("The portal is busy and could not look at the picture: choose it once more"),
}
# Why a link leads nowhere.
LINK_FAULTS = {
    LinkFault.STATUS: lazy_gettext("There is nothing any more (answer %(status)s)"),
    LinkFault.NO_SUCH_HOST: lazy_gettext("No machine has this name"),
    LinkFault.NOT_PUBLIC: lazy_gettext("Leads to a network that visitors do not reach"),
    LinkFault.NO_CONNECTION: lazy_gettext("The machine takes no connection"),
    LinkFault.SLOW: lazy_gettext("No answer in time"),
    LinkFault.CERTIFICATE: lazy_gettext("The certificate is not valid"),
    LinkFault.REDIRECTS: lazy_gettext("It leads on without end"),
    LinkFault.NO_ANSWER: lazy_gettext("The answer cannot be understood"),
}


def label_of(kind: str, field: Field[Any]) -> str:
    """What the editor calls a field."""
    if label := getattr(field, "label", ""):
        return str(label)
    name = field.name.rpartition("-")[2]
    return str(LABELS_OF_KINDS.get((kind, name)) or LABELS[name])


def word_of(choice: str, field: Field[Any]) -> str:
    """What the editor calls one of the values of a choice."""
    if names := getattr(field, "names", None):
        return str(names.get(choice, choice))
    return str(WORDS_OF_CHOICES[choice] if choice else gettext("None"))


def hint_of(kind: str, field: Field[Any]) -> str:
    """What to know before writing; often nothing."""
    if hint := HINTS_OF_KINDS.get((kind, field.name)) or HINTS.get(field.name):
        return str(hint)
    if getattr(field, "kind", "") == PUBLICATION.name:
        one = gettext("Its title, or the last part of the address of its page")
        return str(
            one
            if isinstance(field, Text)
            else gettext("The title of each, or the last part of its address, one on a line")
        )
    if (inner := field.name.rpartition("-")[2]) != field.name and inner in HINTS_OF_ENTRIES:
        return str(HINTS_OF_ENTRIES[inner])
    match field:
        case Tables() | LocalizedTexts():
            return str(gettext("An entry that is emptied goes. Saving gives room for another one."))
        case Texts() | Emails() | MailAddresses():
            return str(gettext("One on each line"))
        case References():
            return str(gettext("The last part of the address of each, one on a line"))
        case PicturePath():
            return str(gettext("A file that is chosen takes its place; emptied, there is none."))
        case PersonDay():
            return str(gettext("A day such as 2024-09-01, or a month such as 2024-09"))
    return ""


def link_fault(failing: FailingLink) -> str:
    """Why a link leads nowhere."""
    return str(LINK_FAULTS[LinkFault(failing.fault)]) % {"status": failing.status}


def key_taken(kind: str) -> str:
    """What is said where another record goes by this key."""
    if kind == "venue":
        return str(gettext("Another journal or conference has this short name"))
    return str(gettext("This address is taken. Choose another one"))
