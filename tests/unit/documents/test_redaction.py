"""What tells who somebody is lies under black boxes, exactly, and everything else of a page is as it was."""

import io
from collections.abc import Callable, Iterator, Sequence

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from s2group.documents.inspector import looking, pdf, redaction
from s2group.documents.inspector.redaction import BLACK, Text, draw, fold, spans
from tests.support.pdf import make_pdf
from tests.support.pictures import make_jpeg
from tests.support.resume_layouts import resumes

BOX = (2000, 2000)
WORDS = ("测试甲", "Qwertina Zyx", "13912345678")
LINES = ("The plan of 测 试甲 and of Qwertina  Zyx01", "speaks of 139-1234-5678, of speech and of nothing else")


def page(draw_more: Callable[[Canvas], None] = lambda _canvas: None, lines: Sequence[str] = LINES) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(500, 400))
    canvas.setFont("STSong-Light", 14)
    for number, line in enumerate(lines):
        canvas.drawString(50, 300 - 30 * number, line)
    draw_more(canvas)
    canvas.save()
    return out.getvalue()


def turned(data: bytes, degrees: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.pages[0].rotate(degrees)
    writer.pages[0].cropbox.lower_left = (20, 30)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def boxes_of(data: bytes, words: Sequence[str], size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Where pdfium's own search finds words, in pixels."""
    sheet = pypdfium2.PdfDocument(data)[0]
    text = sheet.get_textpage()
    for word in words:
        search, count = text.search(word), 0
        while place := search.get_next():
            count += 1
            for number in range(text.count_rects(*place)):
                yield redaction._in_pixels(sheet, size, text.get_rect(number))
        assert count, word


def colours(image: Image.Image) -> set[object]:
    return {colour for _, colour in image.getcolors(maxcolors=image.width * image.height) or ()}


def assert_hidden(data: bytes, words: Sequence[str], shown: Sequence[str], hidden: Sequence[str] = WORDS) -> None:
    """That what is found of `words` is black, that nothing changed but to black, and that `shown` is as it was."""
    before, after = pdf.draw(data, 1, BOX).convert("RGB"), draw(data, 1, BOX, hidden)
    assert after is not None
    assert after.size == before.size
    for box in boxes_of(data, words, after.size):
        assert colours(after.crop(box)) == {BLACK}
    changed = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value else 0)
    assert colours(Image.composite(after, Image.new("RGB", after.size), changed)) == {BLACK}
    for left, top, right, bottom in boxes_of(data, shown, after.size):
        inner = (left + 3, top + 3, right - 3, bottom - 3)
        assert before.crop(inner).tobytes() == after.crop(inner).tobytes()


@pytest.mark.parametrize("degrees", [None, 0, 90, 180, 270])
def test_words_are_black_and_all_else_is_as_it_was(degrees: int | None) -> None:
    data = page() if degrees is None else turned(page(), degrees)
    assert_hidden(data, ("测 试甲", "Qwertina  Zyx01", "139-1234-5678"), ("The plan", "and of nothing else"))


def test_a_picture_is_black_also_within_a_form() -> None:
    photograph = ImageReader(Image.new("RGB", (40, 50), "red"))

    def draw_form(canvas: Canvas) -> None:
        canvas.beginForm("card", 0, 0, 200, 200)
        canvas.drawImage(photograph, 10, 20, 40, 50)
        canvas.endForm()
        canvas.translate(300, 100)
        canvas.scale(1.5, 1.5)
        canvas.doForm("card")

    shown = draw(page(draw_form), 1, BOX, WORDS)
    assert shown
    assert pdf.draw(page(draw_form), 1, BOX).convert("RGB").getpixel((540, 350)) == (255, 0, 0)
    assert (255, 0, 0) not in colours(shown)


def test_what_a_form_field_or_a_note_says_is_not_drawn() -> None:
    def draw_field(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="who", value="Qwertina Zyx", x=50, y=100, width=200, height=30)

    data = page(draw_field)
    plain, shown = pdf.draw(data, 1, BOX).convert("L"), draw(data, 1, BOX, WORDS)
    assert shown
    field = (80, 420, 370, 450)
    assert len(colours(plain.crop(field))) > 1
    assert colours(shown.crop(field)) == {(255, 255, 255)}


def test_a_page_of_which_nobody_can_know_what_stands_on_it_is_not_drawn() -> None:
    def draw_scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 50), "gray")), 0, 0, 500, 250)

    def draw_outlines(canvas: Canvas) -> None:
        for number in range(120):
            canvas.circle(50 + number, 50, 3)

    for data in (page(draw_scan), page(draw_outlines), make_pdf("a scan"), page(lines=["\ue000\ue001 of " * 6])):
        assert draw(data, 1, BOX, WORDS) is None
        assert looking.redact(data, 1, BOX, WORDS) == b""
    assert looking.redact(make_jpeg(), 1, BOX, WORDS) == b""
    assert Image.open(io.BytesIO(looking.redact(page(), 1, BOX, WORDS))).format == "WEBP"


def test_a_sign_that_nobody_can_read_is_black() -> None:
    data = page(lines=(*LINES, "a sign \ue000 alone"))
    before, after = pdf.draw(data, 1, BOX).convert("RGB"), draw(data, 1, BOX, ())
    assert after
    assert ImageChops.difference(before, after).getbbox()


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Chen, Jia-ming and CHENJIAMING99", ["Chen Jiaming"], "_ and _"),
        ("陈 嘉\n明，陳嘉明", ["陈嘉明", "陳嘉明"], "_，_"),
        ("Li Na listens to Carolina; lina", ["Li Na"], "_ listens to Carolina; _"),
        ("Ｌｉ　Ｎａ and Lí Nà", ["Li Na"], "_ and _"),
        ("mail a.b@x.example.org or c(at)d.cn now", [], "mail _ or _ now"),
        ("call +86 139-1234-5678 or 0471-4992456, CET-4 539", [], "call _ or _, CET-4 539"),
        ("code: github.com/nobody at https://example.org/x", [], "code: _ at _"),
        ("本科于 虚构师范大学 软件学院 学习", [], "本科于 _ _ 学习"),
        ("Music\r\nFictional Normal University of Music, and Institute of Speech", [], "Music\r\n_, and _"),
        ("姓名：测试乙 性别：女", [], "_ 性别：女"),
    ],
)
def test_what_is_hidden_of_a_text(text: str, words: list[str], left: str) -> None:
    folded = [(sign, place) for place, each in enumerate(text) for sign in fold(each)]
    said = Text(text, "".join(sign for sign, _ in folded), [place for _, place in folded])
    signs = list(text)
    for start, end in spans(said, words):
        signs[start:end] = ["_"] * (end - start)
    shown = "".join(sign for place, sign in enumerate(signs) if sign != "_" or signs[place - 1 : place] != ["_"])
    assert shown == left


def test_of_twenty_resumes_nothing_of_the_person_is_left() -> None:
    """In ten layouts and two languages, by what the search of pdfium finds."""
    seen = 0
    for resume in resumes(seed=12, count=20):
        university, email = resume.answers["university"], resume.email
        image = draw(resume.pdf, 1, BOX, (university, email))
        assert image is not None
        sheet = pypdfium2.PdfDocument(resume.pdf)[0]
        text = sheet.get_textpage()
        for word in (university, "@"):
            search = text.search(word)
            while place := search.get_next():
                seen += 1
                for number in range(text.count_rects(*place)):
                    box = redaction._in_pixels(sheet, image.size, text.get_rect(number))
                    assert colours(image.crop(box)) == {BLACK}, word
    assert seen > 20
