"""What the applicant has done in research, and wants to do."""

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from s2group.admissions.catalogue import MOST_ROWS
from s2group.admissions.rules import LARGEST_COUNT
from s2group.apply.forms import shapes
from s2group.apply.forms.fields import Answered, LineField, NumberField, ParagraphsField, Row, RowsField
from s2group.apply.forms.fieldsets.question import ORDINAL, PICK_ONE, Question, answers_to, asked, numeric

SHORTEST_TEXT = 300
LONGEST_STATEMENT = 1500
LONGEST_PLAN = 3000
HOURS_A_WEEK = 168
MOST_MONTHS = 60


def _link(message: object = lazy_gettext("Link: enter a web address such as https://example.org/paper")) -> LineField:
    return LineField(
        lazy_gettext("Link"), [Optional()], longest=500, reads=shapes.web_link, message=message,
        render_kw={"type": "url", "inputmode": "url"},
    )  # fmt: skip


class Paper(Row):
    """A paper of the applicant."""

    title = LineField(lazy_gettext("Title"), [Answered(lazy_gettext("Enter the title of the paper"))], longest=300)
    venue = LineField(lazy_gettext("Conference or journal"), [Optional()], longest=200)
    status = SelectField(
        lazy_gettext("How far it is"),
        [Answered(lazy_gettext("Say how far the paper is"))],
        choices=[SelectChoice(value="", label="—"), *answers_to("status")],
        invalid_choice_message=PICK_ONE,
    )
    position = NumberField(
        lazy_gettext("Your position in the author list"),
        [Answered(lazy_gettext("Enter your place among the authors, such as 1"))],
        fits=lambda place: isinstance(place, int) and 1 <= place <= LARGEST_COUNT,
        message=lazy_gettext("Your place among the authors: enter a whole number such as 1"),
        before=ORDINAL,
        after="作者|位|st|nd|rd|th",
        render_kw=numeric(),
    )
    link = _link()


class Award(Row):
    """A prize or a scholarship."""

    title = LineField(lazy_gettext("Award"), [Answered(lazy_gettext("Enter what the award is called"))], longest=200)
    level = LineField(lazy_gettext("Level, such as national first prize"), [Optional()])
    year = NumberField(
        lazy_gettext("Year"),
        [Optional()],
        fits=lambda year: isinstance(year, int) and shapes.EARLIEST_YEAR <= year <= shapes.LATEST_YEAR,
        message=lazy_gettext("Year: enter four digits such as 2025"),
        after="年",
        render_kw=numeric(),
    )


class Project(Row):
    """Something the applicant built or took part in."""

    title = LineField(
        lazy_gettext("Project"), [Answered(lazy_gettext("Enter what the project is called"))], longest=200
    )
    role = LineField(lazy_gettext("Your part in it"), [Optional()], longest=200)
    summary = ParagraphsField(lazy_gettext("In two or three sentences"), [Optional()], longest=600)


class Repository(Row):
    """Code that can be read."""

    link = _link(lazy_gettext("Link: enter a web address such as https://example.org/code"))


RESEARCH: dict[str, Question] = {
    "research_line": asked(
        "research_line",
        SelectField,
        lazy_gettext("Choose the research area that interests you most"),
        options={"choices": [], "default": "", "invalid_choice_message": PICK_ONE},
    ),
    "neural_network": asked(
        "neural_network",
        RadioField,
        hint=lazy_gettext("With TensorFlow, PyTorch or another framework."),
        options={"choices": answers_to("neural_network"), "invalid_choice_message": PICK_ONE},
    ),
    "papers_top_three": asked(
        "papers_top_three",
        NumberField,
        hint=lazy_gettext("At conferences or in journals of the field. None is 0."),
        attributes=numeric(),
        options={
            "fits": lambda papers: isinstance(papers, int) and papers <= LARGEST_COUNT,
            "message": lazy_gettext("Papers: enter a whole number such as 0 or 2, or leave it empty"),
            "after": "篇|papers?",
        },
    ),
    "weekly_hours": asked(
        "weekly_hours",
        NumberField,
        lazy_gettext("Enter how many hours a week you have for research"),
        attributes=numeric(),
        options={
            "fits": lambda hours: isinstance(hours, int) and hours <= HOURS_A_WEEK,
            "message": lazy_gettext("Hours a week: enter a whole number such as 12"),
            "after": "个?小时(/周|每周)?|h|hours?",
        },
    ),
    "months": asked(
        "months",
        NumberField,
        lazy_gettext("Enter how many months you can take part"),
        attributes=numeric(),
        options={
            "fits": lambda months: isinstance(months, int) and months <= MOST_MONTHS,
            "message": lazy_gettext("Months: enter a whole number such as 6"),
            "after": "个?月|months?",
        },
    ),
    "term": asked(
        "term",
        LineField,
        lazy_gettext("Say when you can take part"),
        hint=lazy_gettext("Such as: from the autumn term of 2027."),
    ),
    "declared": asked(
        "declared",
        SelectMultipleField,
        hint=lazy_gettext("Tick what you can say of yourself."),
        options={"choices": [], "option_widget": CheckboxInput(), "validate_choice": False},
    ),
}
WORKS: dict[str, Question] = {
    "papers": asked(
        "papers",
        RowsField,
        lazy_gettext("Enter at least one paper"),
        hint=lazy_gettext("Published, accepted, submitted or in preparation; at most five."),
        options={"row": Paper, "another": lazy_gettext("Add another paper"), "most": MOST_ROWS["papers"]},
    ),
    "awards": asked(
        "awards",
        RowsField,
        lazy_gettext("Enter at least one award"),
        hint=lazy_gettext("The ones that say most about you; at most six."),
        options={"row": Award, "another": lazy_gettext("Add another award"), "most": MOST_ROWS["awards"]},
    ),
    "projects": asked(
        "projects",
        RowsField,
        lazy_gettext("Enter at least one project"),
        hint=lazy_gettext("In research, in a course or on your own; at most four."),
        options={"row": Project, "another": lazy_gettext("Add another project"), "most": MOST_ROWS["projects"]},
    ),
    "repositories": asked(
        "repositories",
        RowsField,
        lazy_gettext("Enter at least one repository"),
        hint=lazy_gettext("Code of yours that the group can read; at most four."),
        options={
            "row": Repository,
            "another": lazy_gettext("Add another repository"),
            "most": MOST_ROWS["repositories"],
        },
    ),
}
STATEMENT: dict[str, Question] = {
    "statement": asked(
        "statement",
        ParagraphsField,
        lazy_gettext("Write why you would like to join"),
        hint=lazy_gettext(
            "What you would like to work on, and why here. %(least)s to %(most)s characters.",
            least=SHORTEST_TEXT,
            most=LONGEST_STATEMENT,
        ),
        attributes={"data-shortest": str(SHORTEST_TEXT), "data-longest": str(LONGEST_STATEMENT)},
        options={"shortest": SHORTEST_TEXT, "longest": LONGEST_STATEMENT},
    ),
    "research_plan": asked(
        "research_plan",
        ParagraphsField,
        lazy_gettext("Write your research plan"),
        hint=lazy_gettext(
            "What you would like to find out, and how. %(least)s to %(most)s characters.",
            least=SHORTEST_TEXT,
            most=LONGEST_PLAN,
        ),
        attributes={"data-shortest": str(SHORTEST_TEXT), "data-longest": str(LONGEST_PLAN)},
        options={"shortest": SHORTEST_TEXT, "longest": LONGEST_PLAN},
    ),
}
