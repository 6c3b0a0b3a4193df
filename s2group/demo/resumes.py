"""Papers of the fictional applicants, as PDF. Needs reportlab, which only development installs."""

import io
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import HRFlowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.flowables import Flowable

from s2group.core.localized import Locale, LocalizedText
from s2group.demo.people import Applicant

# Adobe's name for a Song face that every viewer brings or replaces; nothing has to be embedded.
FONTS: dict[Locale, str] = {"zh": "STSong-Light", "en": "Helvetica"}
INK, RULE = HexColor("#1a1e23"), HexColor("#ddd6c9")
FICTION = LocalizedText("虚构材料，仅供演示", "Fictional, for demonstration only")
EDUCATION = LocalizedText("教育经历", "Education")
TESTS = LocalizedText("外语成绩", "Language tests")
RESEARCH = LocalizedText("科研经历", "Research")
PAPERS = LocalizedText("论文", "Papers")
RANK = LocalizedText(
    "排名 {rank} / {cohort_size}，绩点 {gpa} / {gpa_scale}", "Rank {rank} of {cohort_size}, GPA {gpa} of {gpa_scale}"
)
NETWORK = LocalizedText(
    "用 PyTorch 训练神经网络，方向是{interest}：准备数据、训练模型、分析错误。",
    "Trained neural networks in PyTorch for {interest}: data, models, analysis of errors.",
)
COURSE = LocalizedText("课程设计：{interest}的文献调研。", "Course project: a survey of {interest}.")
TRANSCRIPT = LocalizedText("成绩单", "Transcript")
COURSES = LocalizedText(
    "数字信号处理|模式识别|操作系统|概率论", "Signal Processing|Pattern Recognition|Systems|Probability"
)
LETTER = LocalizedText("推荐信", "Letter of recommendation")
PRAISE = LocalizedText(
    "我很高兴推荐 {name}。这位同学在我的课上一直很认真。", "I am glad to recommend {name}, who did careful work for me."
)
# Whose résumé gives so many points more than the form, for the comparison of the two to find.
REMEMBERED_WRONGLY, ANOTHER = range(520, 540), 54
SCORED = (("cet4", "CET-4"), ("cet6", "CET-6"), ("ielts", "IELTS"))


def resume_pdf(applicant: Applicant) -> bytes:
    """The applicant's résumé in their language; the same bytes every time."""
    return _pdf(applicant.name, applicant, _story(applicant))


def transcript_pdf(applicant: Applicant) -> bytes:
    """A transcript with some courses and marks."""
    locale = applicant.locale
    courses = COURSES[locale].split("|")
    marks = [f"{course}  {70 + (applicant.number * place) % 30}" for place, course in enumerate(courses, 3)]
    return _pdf(TRANSCRIPT[locale], applicant, _section(applicant.name, marks, locale))


def letter_pdf(applicant: Applicant, referee: str) -> bytes:
    """What the referee with this name writes about the applicant."""
    locale = applicant.locale
    words = [PRAISE[locale].format(name=applicant.name), referee]
    return _pdf(LETTER[locale], applicant, _section(LETTER[locale], words, locale))


def _pdf(title: str, applicant: Applicant, story: Iterable[Flowable]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONTS["zh"]))
    out = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 22 * mm)
    document = SimpleDocTemplate(out, pagesize=A4, title=title, author=applicant.name, invariant=1, **margins)
    document.build(
        [_text(title, applicant.locale, size=20), _text(FICTION[applicant.locale], applicant.locale, size=8), *story]
    )
    return out.getvalue()


def _story(applicant: Applicant) -> Iterator[Flowable]:
    locale, facts = applicant.locale, applicant.facts
    yield _text(f"{applicant.email} · {facts['phone']}", locale)
    places = " · ".join(facts[name] for name in ("university", "college", "major"))
    yield from _section(EDUCATION[locale], [places, RANK[locale].format(**facts)], locale)
    yield from _section(TESTS[locale], _tests(facts), locale)
    work = NETWORK if facts["neural_network"] == "yes" else COURSE
    research = [work[locale].format(interest=applicant.interest), facts["statement"]]
    yield from _section(RESEARCH[locale], research, locale)
    papers = [f"{paper['title']}. {paper['venue']}." for paper in facts["papers"]]
    yield from _section(PAPERS[locale], papers, locale)


def _tests(facts: dict[str, Any]) -> list[str]:
    """The tests with a score; one that is awaited or was not taken has none. Some remember another CET-4 score."""
    said = {**facts, "cet4": facts["cet4"] + ANOTHER} if facts.get("cet4") in REMEMBERED_WRONGLY else facts
    return [f"{label} {said[name]}" for name, label in SCORED if isinstance(said.get(name), int | float)]


def _section(heading: str, lines: list[str], locale: Locale) -> Iterator[Flowable]:
    """A heading over its lines; neither where there are none."""
    if lines:
        yield Spacer(1, 14)
        yield _text(heading, locale, size=13)
        yield HRFlowable(width="100%", color=RULE, spaceBefore=2, spaceAfter=6)
    for line in lines:
        yield _text(line, locale)


def _text(words: str, locale: Locale, *, size: int = 10) -> Flowable:
    wrap = {"wordWrap": "CJK"} if locale == "zh" else {}
    style = ParagraphStyle("text", fontName=FONTS[locale], fontSize=size, leading=size * 1.7, textColor=INK, **wrap)
    return Paragraph(escape(words), style)
