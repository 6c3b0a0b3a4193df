"""An applicant who walks through the steps of a draft as a person does: page by page, with thumbs."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page

from tests.support.pdf import make_pdf

PARAGRAPHS = "测试用的文字，没有别的意思。" * 24
# By the name of the input; what a page does not ask is left alone.
ANSWERS: dict[str, str] = {
    "name": "测试甲", "name_pinyin": "Ceshi Jia", "email": "jia@example.org", "phone": "13800000000",
    "wechat": "ceshi_jia", "university": "示例大学", "college": "计算机学院", "major": "软件工程",
    "entry_month": "2023-09", "graduation_month": "2027-06", "gpa": "3.7", "gpa_scale": "4.0", "rank": "3",
    "cohort_size": "58", "rank_scope": "major", "exemption_status": "has", "exam_total": "380", "exam_politics": "70",
    "exam_english": "72", "exam_subject_one": "118", "exam_subject_two": "120", "cet4": "441", "cet6": "430",
    "ielts": "6.5", "toefl": "5", "neural_network": "yes", "weekly_hours": "12", "months": "10", "term": "2027 年秋",
    "papers-0-title": "一篇不存在的论文", "papers-0-venue": "虚构会议", "papers-0-status": "published",
    "papers-0-position": "1", "papers-0-link": "https://example.org/paper", "awards-0-title": "虚构奖学金",
    "awards-0-level": "校级", "awards-0-year": "2025", "projects-0-title": "虚构项目", "projects-0-role": "实现",
    "projects-0-summary": "两句话。", "repositories-0-link": "https://example.org/code", "statement": PARAGRAPHS,
    "research_plan": PARAGRAPHS, "referees-0-name": "推荐人一", "referees-0-email": "one@example.net",
    "referees-0-position": "教授，示例大学", "referees-1-name": "推荐人二", "referees-1-email": "two@example.net",
    "referees-1-position": "研究员，示例大学", "x_hope": "学会做实验", "x_courses": "5",
}  # fmt: skip
FORM = "main form[method=post]"


@dataclass
class Walker:
    """Somebody with a page open; `answers` may be changed before the walk."""

    page: Page
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))
    resume: bytes = field(default_factory=make_pdf)
    # Without a script, a file is uploaded by the button of the form.
    has_script: bool = True
    # Where the list of steps is, once there is a draft.
    steps_page: str = ""

    def begin(self, portal: str, route: str) -> None:
        """From the home page to the steps of a draft for a route."""
        self.page.goto(f"{portal}/")
        self.page.locator("main a[href$='/admissions/']").first.click()
        self.page.locator(f"main a[href*='/apply/?route={route}']").first.click()
        self.save()
        self.page.wait_for_url("**/apply/draft/*/")
        self.steps_page = self.page.url

    def fill_everything(self) -> None:
        """Every step, in the order of the list."""
        for address in self.steps():
            self.page.goto(address)
            if address.endswith("/files/"):
                self.upload_everything()
            else:
                self.fill_page()
                self.save()

    def steps(self) -> list[str]:
        """The addresses of the steps but the last look."""
        links = self.page.locator(".steps a")
        found = [str(link.evaluate("link => link.href")) for link in links.all()]
        return [address for address in found if not address.endswith("/check/")]

    def fill_page(self) -> None:
        """Answer whatever the page asks."""
        for name, kind in self._inputs():
            found = self.page.locator(f"main [name='{name}']")
            if kind == "checkbox":
                for box in found.all():
                    box.check()
            elif kind == "radio":
                self._choose(found, self.answers.get(name))
            elif kind == "select-one":
                self._select(found, self.answers.get(name))
            elif name in self.answers:
                found.fill(self.answers[name])

    def upload_everything(self) -> None:
        """A file into every place; the résumé is the walker's own."""
        for kind in self.page.evaluate("[...document.querySelectorAll('[data-slot]')].map(slot => slot.id)"):
            content = self.resume if kind == "place-resume" else make_pdf(kind)
            self.upload(kind.removeprefix("place-"), content)
        if not self.has_script:
            self.save()

    def upload(self, kind: str, content: bytes) -> None:
        """Choose one file; where it is uploaded at once, wait until the page shows it."""
        file: FilePayload = {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": content}
        self.page.set_input_files(f"#{kind}", file)
        if self.has_script:
            self.page.wait_for_selector(f"#place-{kind} .shelf")

    def submit(self) -> str:
        """Look at everything, agree, send; the reference on the receipt."""
        self.page.goto(self.steps_page + "check/")
        self.page.check("[name=consent]")
        self.save()
        self.page.wait_for_url("**/apply/received/*/")
        return self.page.url.rstrip("/").rpartition("/")[2]

    def save(self) -> None:
        """Press the last button of the page's form, and wait for the next page."""
        with self.page.expect_navigation():
            self.page.locator(f"{FORM} button[type=submit]:not([name])").last.click()

    def _inputs(self) -> list[tuple[str, str]]:
        found: list[list[Any]] = self.page.evaluate(
            "[...document.querySelectorAll('main form [name]')]"
            ".filter(field => field.type != 'hidden' && field.type != 'submit' && field.type != 'file')"
            ".map(field => [field.name, field.type])"
        )
        return list(dict.fromkeys((str(name), str(kind)) for name, kind in found))

    def _choose(self, found: Locator, answer: str | None) -> None:
        wanted = [radio for radio in found.all() if radio.get_attribute("value") == answer]
        (wanted or found.all())[0].check()

    def _select(self, found: Locator, answer: str | None) -> None:
        values = [str(value) for value in found.evaluate("list => [...list.options].map(option => option.value)")]
        chosen = answer if answer in values else next((value for value in values if value), "")
        if found.get_attribute("name") not in ("cet4_status", "cet6_status"):
            found.select_option(chosen)
