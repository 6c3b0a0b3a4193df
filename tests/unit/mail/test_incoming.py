"""Mail that people saved, from whatever program, and what somebody may have made of one."""

import time
from datetime import UTC, datetime

import pytest

from s2group.mail.incoming import LONGEST_TEXT, MOST_FILES, Incoming, UnreadableMailError, read_mail, text_of_html
from tests.support.replying import saved_mail

OURS = f"<{'0a' * 16}@portal.example.org>"
TOKEN = "t" * 43


def read(head: str, body: bytes = b"Hello\n") -> Incoming:
    return read_mail(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + body)


def test_a_plain_reply_is_read() -> None:
    quoted = f"Yes.\n\n> https://portal.example.org/en/apply/link/{TOKEN}/\n"
    mail = read_mail(saved_mail("Re: Interview", text=quoted, answers=OURS, files={"证明.pdf": b"%PDF-1.7"}))
    assert (mail.sender, mail.subject, mail.answers) == ("applicant@example.org", "Re: Interview", [OURS])
    assert mail.sent_at == datetime(2026, 9, 3, 1, 30, tzinfo=UTC)
    assert mail.text == "Yes.\n\n> https://portal.example.org/en/apply/link/······/"
    assert [(file.name, file.content) for file in mail.files] == [("证明.pdf", b"%PDF-1.7")]
    assert mail.mark == read_mail(saved_mail("Re: Interview", text="Other words")).mark
    assert mail.mark != read_mail(saved_mail(message_id="<2@mail.example.org>")).mark


def test_what_chinese_programs_write_is_read() -> None:
    """As QQ Mail and Foxmail do: gb18030 that is called gb2312, names as encoded words, HTML alone."""
    html = (
        "<html><head><style>p{color:red}</style></head><body><div>老师好：</div><div>我能来，谢谢<br>镕㐀</div></body>"
    )
    mail = read(
        "From: =?gb18030?B?suLK1LzX?= <1@qq.example.org>\nSubject: =?gb2312?B?u9i4tKO6w+bK1A==?=\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_1"\n',
        b'--=_1\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n' + html.encode("gb18030")
        + b'\r\n--=_1\r\nContent-Type: application/pdf; name="=?gb18030?B?1qTD9y5wZGY=?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--=_1--\r\n",
    )  # fmt: skip
    assert (mail.sender, mail.subject) == ("1@qq.example.org", "回复：面试")
    assert mail.text == "老师好：\n我能来，谢谢\n镕㐀"
    assert [(file.name, file.content) for file in mail.files] == [("证明.pdf", b"%PDF")]
    assert mail.sent_at is None


def test_html_becomes_text_alone() -> None:
    assert text_of_html("<script>alert(1)</script><P>a &lt;b&gt;</P><p>c\nd<br><br>e</p><img src=x onerror=y>") == (
        "a <b>\nc d\ne"
    )


@pytest.mark.parametrize(
    "head",
    [
        "From: a\nSubject: =?utf-8?B?====?=\nDate: never\nContent-Type: text/plain; charset=nonsense\n",
        "From: =?unknown?Q?=FF?= <b@example.org\nSubject: =?x?B?a?= =?utf-8?q?=0aBcc:x?=\nDate: 99 Foo 99999 99:99\n",
        "From: \xff\xfe <>\nSubject: \xd6\xd0\nContent-Type: multipart/mixed\nContent-Disposition: attachment\n",
        "From: x\nContent-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: base64\n",
        "From: x\nContent-Disposition: attachment; filename*=nonsense'x'%ff%0a../../e.pdf\n",
    ],
)
def test_what_is_hostile_is_text_or_nothing(head: str) -> None:
    mail = read(head, b"\xff\x00Hello\x1b[31m\n")
    for said in (mail.sender, mail.subject, *(file.name for file in mail.files)):
        assert said == said.strip()
        assert said.isprintable()
    assert "\x1b" not in mail.text
    assert "\x00" not in mail.text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"From: x\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 200_000,
        b"From: x\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000)),
    ],
)
def test_what_is_no_mail_or_too_much_of_one_is_refused_at_once(raw: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(UnreadableMailError):
        read_mail(raw)
    assert time.monotonic() - began < 5


def test_what_is_long_is_cut() -> None:
    mail = read_mail(saved_mail(text="很长" * LONGEST_TEXT, files={f"{n}.pdf": b"%PDF" for n in range(MOST_FILES + 5)}))
    assert (len(mail.text), len(mail.files)) == (LONGEST_TEXT, MOST_FILES)
