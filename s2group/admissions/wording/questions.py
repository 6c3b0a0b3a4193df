"""What the questions of the catalogue, their answers and the documents are called."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext

from s2group.admissions.rules.route_form import RouteForm
from s2group.core.localized import Locale

# By field, in the order in which an applicant meets them.
LABELS = {
    "name": lazy_gettext("Name"),
    "name_pinyin": lazy_gettext("Name in pinyin"),
    "email": lazy_gettext("E-mail address"),
    "phone": lazy_gettext("Mobile phone"),
    "wechat": lazy_gettext("WeChat ID"),
    "university": lazy_gettext("University"),
    "college": lazy_gettext("College"),
    "major": lazy_gettext("Major"),
    "entry_month": lazy_gettext("Start of your studies"),
    "graduation_month": lazy_gettext("Graduation, or when you expect it"),
    "gpa": lazy_gettext("GPA"),
    "gpa_scale": lazy_gettext("GPA scale"),
    "rank": lazy_gettext("Rank"),
    "cohort_size": lazy_gettext("Students in your cohort"),
    "rank_scope": lazy_gettext("Ranked among"),
    "exemption_status": lazy_gettext("Recommended-exemption quota"),
    "exam_total": lazy_gettext("Exam total"),
    "exam_politics": lazy_gettext("Exam: politics"),
    "exam_english": lazy_gettext("Exam: foreign language"),
    "exam_subject_one": lazy_gettext("Exam: first subject"),
    "exam_subject_two": lazy_gettext("Exam: second subject"),
    "cet4": lazy_gettext("CET-4"),
    "cet6": lazy_gettext("CET-6"),
    "ielts": lazy_gettext("IELTS"),
    "toefl": lazy_gettext("TOEFL"),
    "research_line": lazy_gettext("Research area of interest"),
    "neural_network": lazy_gettext("Built or trained a neural network"),
    "papers_top_three": lazy_gettext("Papers as one of the first three authors"),
    "weekly_hours": lazy_gettext("Hours a week"),
    "months": lazy_gettext("Months"),
    "term": lazy_gettext("When you can take part"),
    "declared": lazy_gettext("Which apply to you?"),
    "papers": lazy_gettext("Papers"),
    "awards": lazy_gettext("Awards"),
    "projects": lazy_gettext("Projects"),
    "repositories": lazy_gettext("Code repositories"),
    "statement": lazy_gettext("Statement"),
    "research_plan": lazy_gettext("Research plan"),
    "referees": lazy_gettext("Referees"),
}
# What an application shows: name and address stand above it, and what was ticked stands in the outcomes.
QUESTIONS = {name: label for name, label in LABELS.items() if name not in ("name", "email", "declared")}
ANSWERS = {
    ("gpa_scale", "other"): lazy_gettext("Another scale"),
    ("rank_scope", "major"): lazy_gettext("The students of my major"),
    ("rank_scope", "class"): lazy_gettext("The students of my class"),
    ("rank_scope", "college"): lazy_gettext("The students of my college"),
    ("exemption_status", "has"): lazy_gettext("Granted"),
    ("exemption_status", "expected"): lazy_gettext("Expected"),
    ("exemption_status", "unsure"): lazy_gettext("Not sure yet"),
    ("exemption_status", "no"): lazy_gettext("Not granted"),
    ("neural_network", "yes"): lazy_gettext("Yes"),
    ("neural_network", "no"): lazy_gettext("No"),
    ("cet4", "awaited"): lazy_gettext("Result awaited"),
    ("cet4", "not_taken"): lazy_gettext("Not taken"),
    ("cet6", "awaited"): lazy_gettext("Result awaited"),
    ("cet6", "not_taken"): lazy_gettext("Not taken"),
    # Of a paper.
    ("status", "published"): lazy_gettext("Published, online or in print"),
    ("status", "accepted"): lazy_gettext("Accepted for publication"),
    ("status", "submitted"): lazy_gettext("Submitted for review"),
    ("status", "in_preparation"): lazy_gettext("In preparation"),
}
DOCUMENTS = {
    "resume": lazy_gettext("CV"),
    "transcript": lazy_gettext("Transcript"),
    "rank_proof": lazy_gettext("Proof of rank"),
    "language_certificate": lazy_gettext("Language certificate"),
    "research_plan": lazy_gettext("Research plan"),
    "other": lazy_gettext("Another document"),
}


def label_of(name: str, form: RouteForm, locale: Locale) -> str:
    """What a question of the form is called in `locale`, which is being spoken; one that is gone by its bare name."""
    question = form.question(name)
    return question.label[locale] if question else str(LABELS.get(name, name))


def time_needed(forms: Iterable[RouteForm]) -> str:
    """About how long it takes to fill in the longest of these forms."""
    takes_longer = any(form.takes_longer for form in forms)
    return str(gettext("about twenty minutes") if takes_longer else gettext("about ten minutes"))
