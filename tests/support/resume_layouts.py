"""Fictional résumés in ten layouts and two languages, some of whose statements differ from a form's on purpose."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

FONT = "STSong-Light"
UNIVERSITIES = {
    "zh": ("虚构师范大学", "样本理工大学", "示例民族大学", "演示工业大学"),
    "en": ("Fictional Normal University", "Sample University of Technology", "Specimen Minzu University",
           "Demonstration Polytechnic University"),
}  # fmt: skip
TITLES = {
    "zh": ("一种虚构的蒙古语韵律预测方法", "面向低资源语言的示例语音合成", "基于虚构语料的情感识别研究",
           "多说话人样本语音转换的若干实验"),
    "en": ("An invented method for predicting Mongolian prosody", "Sample speech synthesis for low-resource languages",
           "Emotion recognition on a fictional corpus revisited", "Experiments on invented multi-speaker conversion"),
}  # fmt: skip
AUTHORS = {"zh": "测试·林甲，测试·陈乙", "en": "Test Lin One, Test Chen Two"}
VENUE = {"zh": "虚构会议 2025，第一作者", "en": "Conference on Invented Results 2025, first author"}
FIELDS = ("cet4", "cet6", "ielts", "gpa", "rank", "university", "email", "papers", "entry_month", "graduation_month")
# Ten layouts, each in Chinese and in English, parted by lines of "==". In a line, "||" parts the cells of a table and
# "[[…]]" is left out where it names what the applicant has not; ">>" begins a second column and "--" a second page.
LAYOUTS = [
    [text.strip("\n") for text in layout.split("==\n")]
    for layout in Path(__file__).with_name("resume_layouts.txt").read_text().split("====\n")
]
OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
WIDE = str.maketrans("0123456789/:", "０１２３４５６７８９／：")


@dataclass(frozen=True)
class Resume:
    """A form's answers, the résumé beside them, and the fields in which the two differ."""

    answers: dict[str, Any]
    email: str
    pdf: bytes
    planted: frozenset[str]

    @property
    def compared(self) -> int:
        """How many fields both of them state."""
        return sum(field in self.answers or field == "email" for field in FIELDS)


def resumes(seed: int, count: int = 60) -> list[Resume]:
    """The résumés; the same ones for the same seed."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    chance = Random(seed)
    return [_resume(number % len(LAYOUTS), (number // len(LAYOUTS)) % 2, chance) for number in range(count)]


def _resume(layout: int, language: int, chance: Random) -> Resume:
    locale = ("zh", "en")[language]
    answers, email = _answers(locale, chance), f"applicant{chance.randrange(100, 999)}@example.org"
    stated = [field for field in FIELDS if field == "email" or field in answers]
    planted = chance.sample(stated, chance.randrange(4))
    said = {**answers, "email": email}
    for field in planted:
        said |= _otherwise(field, said, locale, chance)
    return Resume(answers, email, _pdf(LAYOUTS[layout][language], said, locale), frozenset(planted))


def _answers(locale: str, chance: Random) -> dict[str, Any]:
    cohort, entry = chance.randrange(40, 260), chance.choice((2021, 2022, 2023))
    answers: dict[str, Any] = {
        "cet4": chance.randrange(426, 660),
        "gpa": round(chance.uniform(3.0, 3.95), 2),
        "gpa_scale": "4.0",
        "rank": chance.randint(1, cohort // 4),
        "cohort_size": cohort,
        "university": chance.choice(UNIVERSITIES[locale]),
        "papers": [{"title": title} for title in chance.sample(TITLES[locale], chance.choice((1, 2)))],
        "entry_month": f"{entry}-09",
        "graduation_month": f"{entry + 4}-06",
    }
    if chance.random() < 0.7:
        answers["cet6"] = chance.randrange(426, 640)
    if chance.random() < 0.4:
        answers["ielts"] = chance.choice((6.0, 6.5, 7.0, 7.5))
    return answers


def _otherwise(field: str, said: dict[str, Any], locale: str, chance: Random) -> dict[str, Any]:
    """What the résumé says of the field in place of what the form says."""
    value = said[field]
    match field:
        case "cet4" | "cet6":
            return {field: value + chance.choice((-37, 9, 54))}
        case "ielts":
            return {field: value - 0.5}
        case "gpa":
            return {field: round(value - 0.21, 2)}
        case "rank":
            return {field: value + chance.choice((1, 4, 10))}
        case "university":
            return {field: chance.choice([name for name in UNIVERSITIES[locale] if name != value])}
        case "email":
            return {field: value.replace("applicant", "somebody")}
        case "papers":
            title, *others = value
            return {field: [{"title": _retitled(title["title"], locale)}, *others]}
    return {field: f"{int(value[:4]) + chance.choice((-1, 1))}{value[4:]}"}


def _retitled(title: str, locale: str) -> str:
    """As somebody writes it who remembers it wrongly."""
    middle = len(title) // 2
    return title[:middle] + {"zh": "模型", "en": "models "}[locale] + title[middle + 2 :]


def _pdf(layout: str, said: dict[str, Any], locale: str) -> bytes:
    out = io.BytesIO()
    pages = [_page(page.strip("\n").split("\n"), said, locale) for page in layout.split("--\n")]
    story = pages[0] if len(pages) == 1 else [*pages[0], PageBreak(), *pages[1]]
    SimpleDocTemplate(out, pagesize=A4, margin=20 * mm, invariant=1).build(story)
    return out.getvalue()


def _page(lines: list[str], said: dict[str, Any], locale: str) -> list[Flowable]:
    if ">>" in lines:
        cut = lines.index(">>")
        columns = [[_filled(lines[:cut], said, locale), _filled(lines[cut + 1 :], said, locale)]]
        return [Table(columns, colWidths=[55 * mm, 110 * mm])]
    return _filled(lines, said, locale)


def _filled(lines: list[str], said: dict[str, Any], locale: str) -> list[Flowable]:
    values = _values(said)
    found: list[Flowable] = []
    for line in lines:
        if line == "{papers}":
            found += [_text(f"[{n}] {AUTHORS[locale]}. {paper['title']}. {VENUE[locale]}")
                      for n, paper in enumerate(said["papers"], 1)]  # fmt: skip
            continue
        words = OPTIONAL.sub(lambda part: part[1] if _names(part[1]) <= values.keys() else "", line)
        if words and _names(words) <= values.keys():
            found.append(_row(words.format(**values)))
    return found


def _values(said: dict[str, Any]) -> dict[str, Any]:
    start, end = said["entry_month"], said["graduation_month"]
    top = f"{100 * said['rank'] / said['cohort_size']:.1f}"
    return {**said, "start": start.replace("-", "."), "end": end.replace("-", "."), "from": start[:4], "to": end[:4],
            "top": top}  # fmt: skip


def _names(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


def _row(words: str) -> Flowable:
    if words.startswith("wide:"):
        words = words.removeprefix("wide:").translate(WIDE)
    cells = [_text(cell) for cell in words.split("||")]
    return cells[0] if len(cells) == 1 else Table([cells], colWidths=[40 * mm, 110 * mm])


def _text(words: str) -> Flowable:
    style = ParagraphStyle("line", fontName=FONT, fontSize=10, leading=16, wordWrap="CJK")
    return Paragraph(escape(words), style)
