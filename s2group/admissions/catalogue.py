"""Every question that a route may ask, by topic, and every kind of document; a route chooses among them by name."""

from collections.abc import Iterable

# The topics in the order in which an applicant meets them, and the fields of each. The answers are kept under these
# names; `name` and `email` have columns of their own.
TOPICS: dict[str, tuple[str, ...]] = {
    "about": ("name", "name_pinyin", "email", "phone", "wechat"),
    "studies": (
        "university", "college", "major", "entry_month", "graduation_month", "gpa", "gpa_scale", "rank", "cohort_size",
        "rank_scope", "exemption_status",
    ),
    "exam": ("exam_total", "exam_politics", "exam_english", "exam_subject_one", "exam_subject_two"),
    "english": ("cet4", "cet6", "ielts", "toefl"),
    "research": (
        "research_line", "neural_network", "papers_top_three", "weekly_hours", "months", "term", "declared",
    ),
    "works": ("papers", "awards", "projects", "repositories"),
    "statement": ("statement", "research_plan"),
}  # fmt: skip
FIELDS = tuple(field for fields in TOPICS.values() for field in fields)
# No application is without them, so no route needs to name them.
ALWAYS_ASKED = ("name", "email")
ALWAYS_SENT = ("resume",)
DOCUMENTS = ("resume", "transcript", "rank_proof", "language_certificate", "research_plan", "other")
# How many rows a list may have.
MOST_ROWS = {"papers": 5, "awards": 6, "projects": 4, "repositories": 4}
EXAM_SUBJECTS = ("exam_politics", "exam_english", "exam_subject_one", "exam_subject_two")
# One of these alone says little, and may be wrong beside an earlier other one.
READ_TOGETHER = (
    frozenset({"gpa", "gpa_scale"}),
    frozenset({"rank", "cohort_size"}),
    frozenset({"exam_total", *EXAM_SUBJECTS}),
)
# The answers to a route's own questions are kept under names that no field of the catalogue has.
OWN = "x_"


def in_order(names: Iterable[str]) -> list[str]:
    """The fields with these names in the order in which they are asked; other names are left out."""
    wanted = set(names)
    return [field for field in FIELDS if field in wanted]
