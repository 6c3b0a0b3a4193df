"""What a résumé says otherwise than the form."""

import pytest

from s2group.documents.inspector import pdf
from s2group.evaluation.cross_check.rules import Difference, differences
from tests.support.resume_layouts import resumes

EMAIL = "applicant@example.org"


def found(answers: dict[str, object], text: str) -> list[tuple[str, str]]:
    return [(each.field, each.found) for each in differences(answers, EMAIL, text)]


def test_a_difference_has_its_place() -> None:
    assert differences({"cet4": 539}, EMAIL, "第一页\f教育经历\n英语四级 593  六级 512\n蒙古语母语") == [
        Difference("cet4", "539", "593", 2, "教育经历 英语四级", "六级 512 蒙古语母语")
    ]


@pytest.mark.parametrize(
    ("answers", "text", "expected"),
    [
        ({"cet4": 539, "cet6": 512}, "CET-4/6：593/512", [("cet4", "593")]),
        ({"cet4": 539, "cet6": 512}, "四六级 539、521", [("cet6", "521")]),
        ({"cet4": 539}, "CET-4 (2024.06): 539", []),
        ({"cet4": 539}, "CET-4（2023 年 12 月）：540 分", [("cet4", "540")]),
        ({"cet4": 539}, "CET-4 420 (2022), CET-4 539 (2023)", []),
        ({"cet4": 539}, "593 (CET-4)", [("cet4", "593")]),
        ({"cet4": 539}, "通过英语四级", []),
        ({"cet4": 539}, "ＣＥＴ－４：５３９", []),
        ({"cet4": "not_taken"}, "CET-4: 539", [("cet4", "539")]),
        ({"cet4": "awaited"}, "CET-4: 539", []),
        ({}, "CET-4: 539", []),
        ({"ielts": 7.0}, "IELTS 7.0 (L 7.5 R 8.0)", []),
        ({"ielts": 7.0}, "雅思 6.5", [("ielts", "6.5")]),
        ({"toefl": 100}, "TOEFL iBT: 97", [("toefl", "97")]),
        ({"gpa": 3.34, "gpa_scale": "4.0"}, "GPA 3.43/4.0", [("gpa", "3.43/4.0")]),
        ({"gpa": 3.34, "gpa_scale": "4.0"}, "GPA 3.34/4.0 (89.2/100)", []),
        ({"gpa": 3.34, "gpa_scale": "4.0"}, "平均分 89.2/100", []),
        ({"gpa": 3.34, "gpa_scale": "4.0"}, "GPA 3.34/5.0", [("gpa", "3.34/5.0")]),
        ({"rank": 5, "cohort_size": 191}, "排名 5/191", []),
        ({"rank": 5, "cohort_size": 191}, "ranked 5th out of 119", [("rank", "5th out of 119")]),
        ({"rank": 5, "cohort_size": 191}, "专业排名前 3%", []),
        ({"rank": 15, "cohort_size": 191}, "专业排名前 3%", [("rank", "前 3%")]),
        ({"rank": 5, "cohort_size": 191}, "数学建模竞赛排名 3/2000 队", []),
        ({"university": "虚构师范大学"}, "虚 构 师 范 大 学 本科", []),
        ({"university": "虚构师范大学"}, "样本理工大学 软件工程 本科", [("university", "样本理工大学")]),
        ({"university": "虚构师范大学"}, "Fictional Normal University, Bachelor", []),
        ({"university": "虚构师范大学"}, "访问交流：样本理工大学 软件工程", []),
        ({}, "applicant@example.org referee@example.org", []),
        ({}, "someone@example.org", [("email", "someone@example.org")]),
        ({"papers": [{"title": "A study of speech"}]}, "Papers: A Study of\nSpeech, 2025", []),
        ({"papers": [{"title": "A study of invented speech"}]}, "Papers: A study of imagined speech",
         [("papers", "A study of imagined speech")]),
        ({"papers": [{"title": "A study of invented speech"}]}, "Papers: nothing of the kind", []),
        ({"entry_month": "2023-09", "university": "虚构师范大学"}, "2022.09–2027.06 虚构师范大学",
         [("entry_month", "2022.09–2027")]),
        ({"entry_month": "2023-09"}, "2024.07 – 2024.12 创新训练项目", []),
        ({"cet4": 539}, "", []),
    ],
)  # fmt: skip
def test_differences(answers: dict[str, object], text: str, expected: list[tuple[str, str]]) -> None:
    assert found(answers, text) == expected


def test_sixty_resumes_of_ten_layouts() -> None:
    """At least 95 of a hundred planted differences are found, with at most 2 false hints for a hundred fields."""
    compared = planted = missed = false = 0
    for resume in resumes(seed=7):
        hints = {each.field for each in differences(resume.answers, resume.email, pdf.text(resume.pdf))}
        compared, planted = compared + resume.compared, planted + len(resume.planted)
        missed, false = missed + len(resume.planted - hints), false + len(hints - resume.planted)
    assert (compared, planted) == (COMPARED, PLANTED)
    assert missed <= 0.05 * planted
    assert false <= 0.02 * compared


# So that the measure cannot become empty.
COMPARED, PLANTED = 547, 99
