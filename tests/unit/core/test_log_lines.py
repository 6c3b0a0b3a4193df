"""Lines of the log: what they hold, and what they never hold."""

import json
import logging
import sys
from typing import Any

import pytest

from s2group.core.log_lines import formatter, mask

REFERENCE = "7K3M-Q0ZT-9XHB-4WPD"
TOKEN = "q8_Zk3mPTr5vYx0-aBcDeFgHiJkLmNoP"
MOMENT = 1788329163.25  # 2026-09-02 06:06:03.25 UTC


def record(message: str, *args: object, error: Exception | None = None, **extra: Any) -> logging.LogRecord:
    about_error = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("s2group", logging.ERROR, "", 1, message, args, about_error)
    made.created = MOMENT
    made.__dict__.update(extra)
    return made


def caught(error: Exception) -> Exception:
    try:
        raise error
    except type(error):
        found = sys.exc_info()[1]
        assert isinstance(found, Exception)
        return found


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"GET /apply/received/{REFERENCE}/", "GET /apply/received/***/"),
        (f"/en/apply/status/{REFERENCE.lower()}/", "/en/apply/status/***/"),
        (f"/review/{REFERENCE}/resume/1.webp", "/review/***/resume/1.webp"),
        (f"/account/setup/{TOKEN}/", "/account/setup/***/"),
        (f"Error handling request /account/setup/{TOKEN}", "Error handling request /account/setup/***"),
        ("/publications/?q=secret&year=2026 was asked", "/publications/ was asked"),
        ("'/members/?name=secret' failed", "'/members/' failed"),
        ("no mail to applicant.one+two@mail.example.org.", "no mail to ***."),
        ("/unsubscribe/applicant%40example.org", "/unsubscribe/***"),
    ],
)
def test_what_tells_of_a_person_or_opens_a_page_is_masked(said: str, kept: str) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "mail <0123456789abcdef0123456789abcdef@lab.example.edu>: accepted (250)",
        "/static/css/portal.css",
        f"file {'ab' * 32}, which no row names, was set aside",
        "Is it there? 3 differences",
        "/news/2026-09-02-1/",
    ],
)
def test_what_helps_to_find_a_fault_stays(said: str) -> None:
    assert mask(said) == said


def test_a_line_of_json_holds_everything_under_fixed_names() -> None:
    made = record("file of %s is\nmissing", REFERENCE, request_id="abc", fields={"count": 2, "path": f"/x/{TOKEN}/"})
    line = formatter("json").format(made)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-09-02T06:06:03.250+00:00",
        "level": "error",
        "logger": "s2group",
        "request_id": "abc",
        "message": "file of *** is\nmissing",
        "fields": {"count": 2, "path": "/x/***/"},
    }


def test_a_line_that_is_about_no_request_says_so() -> None:
    assert json.loads(formatter("json").format(record("started")))["request_id"] is None


def test_an_error_is_told_without_its_own_words() -> None:
    made = record("the upload failed", error=caught(ValueError("测试甲 is no number")))
    fields = json.loads(formatter("json").format(made))["fields"]
    assert fields["error"] == "ValueError"
    assert "in caught" in fields["frames"]
    for kind in ("json", "text"):
        assert "测试甲" not in formatter(kind).format(made)


def test_an_error_of_the_disk_tells_which_but_not_which_file() -> None:
    made = record("the upload failed", error=caught(OSError(28, "No space left on device", "测试甲.pdf")))
    assert json.loads(formatter("json").format(made))["fields"]["error"] == "OSError [28] No space left on device"


def test_people_read_the_same_as_text() -> None:
    made = record("asked for /x?name=secret", request_id="abc", process=7)
    assert formatter("text").format(made) == ("[2026-09-02 06:06:03 +0000] [7] [ERROR] s2group: asked for /x [abc]")
