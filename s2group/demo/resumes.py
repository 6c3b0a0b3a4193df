"""Résumés of the fictional applicants, as PDF. Needs reportlab, which only development installs."""

import io
from collections.abc import Iterator
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
FICTION = LocalizedText("虚构简历，仅供演示", "A fictional CV, for demonstration only")
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
PAPER = LocalizedText(
    "{name}，示例作者。关于{interest}的第 {number} 个虚构实验。虚构会议。",
    "{name}, Sample Author. Fictional experiment {number} on {interest}. Conference on Invented Results.",
)
SCORED = (("cet4", "CET-4"), ("cet6", "CET-6"), ("ielts", "IELTS"))


def resume_pdf(applicant: Applicant) -> bytes:
    """The applicant's résumé in their language; the same bytes every time."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONTS["zh"]))
    out = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 22 * mm)
    document = SimpleDocTemplate(out, pagesize=A4, title=applicant.name, author=applicant.name, invariant=1, **margins)
    document.build(list(_story(applicant)))
    return out.getvalue()


def _story(applicant: Applicant) -> Iterator[Flowable]:
    locale, answers = applicant.locale, applicant.answers
    yield _text(applicant.name, locale, size=20)
    yield _text(f"{applicant.email} · {answers['phone']}", locale)
    yield _text(FICTION[locale], locale, size=8)
    places = " · ".join(answers[name] for name in ("university", "college", "major"))
    yield from _section(EDUCATION[locale], [places, RANK[locale].format(**answers)], locale)
    yield from _section(TESTS[locale], _tests(answers), locale)
    work = NETWORK if answers["neural_network"] == "yes" else COURSE
    research = [work[locale].format(interest=applicant.interest), answers["statement"]]
    yield from _section(RESEARCH[locale], research, locale)
    yield from _section(PAPERS[locale], _papers(applicant), locale)


def _tests(answers: dict[str, Any]) -> list[str]:
    """The tests with a score; one that is awaited or was not taken has none."""
    return [f"{label} {answers[name]}" for name, label in SCORED if isinstance(answers.get(name), int | float)]


def _papers(applicant: Applicant) -> list[str]:
    words = PAPER[applicant.locale]
    numbers = range(1, applicant.answers["papers_top_three"] + 1)
    return [words.format(name=applicant.name, interest=applicant.interest, number=number) for number in numbers]


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
