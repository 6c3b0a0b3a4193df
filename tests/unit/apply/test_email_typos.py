"""Which addresses are asked about, and which are left alone."""

import pytest

from s2group.apply.forms.email_typos import (
    NEIGHBOURS,
    PROVIDERS,
    likely_address,
    likely_addresses,
    with_likely_addresses,
)

MISTYPED = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.cn": "gmail.com",
    "gmailcom": "gmail.com",
    "gmial.con": "gmail.com",
    "163.con": "163.com",
    "163.cmo": "163.com",
    "163.cn": "163.com",
    "164.com": "163.com",
    "1163.com": "163.com",
    "136.com": "163.com",
    "126.comm": "126.com",
    "126.cm": "126.com",
    "216.com": "126.com",
    "qq.cm": "qq.com",
    "qq.con": "qq.com",
    "qq.om": "qq.com",
    "qq.cn": "qq.com",
    "qqq.com": "qq.com",
    "qqcom": "qq.com",
    "oulook.com": "outlook.com",
    "outlok.com": "outlook.com",
    "outlook.cm": "outlook.com",
    "hotmial.com": "hotmail.com",
    "hotnail.com": "hotmail.com",
    "hotmail.co": "hotmail.com",
    "hotmail.cn": "hotmail.com",
    "outlook.cn": "outlook.com",
    "foxmial.com": "foxmail.com",
    "foxmail.cn": "foxmail.com",
    "iclod.com": "icloud.com",
    "sian.com": "sina.com",
    "yaho.com": "yahoo.com",
    "yhaoo.com": "yahoo.com",
    "example.con": "example.com",
    "imu.edu.con": "imu.edu.cn",
}
RIGHT = [
    *PROVIDERS,
    *NEIGHBOURS,
    "imu.edu.cn",
    "mails.imu.edu.cn",
    "mail.imu.edu.cn",
    "mails.tsinghua.edu.cn",
    "mit.edu",
    "gmail.edu",
    "ox.ac.uk",
    "u-tokyo.ac.jp",
    "mails.ucas.ac.cn",
    "vip.163.com",
    "vip.126.com",
    "vip.qq.com",
    "vip.sina.com",
    "sina.com.cn",
    "139.com",
    "163.net",
    "188.com",
    "189.cn",
    "21cn.com",
    "263.net",
    "fastmail.com",
    "gmx.com",
    "googlemail.com",
    "live.cn",
    "live.com",
    "me.com",
    "q.com",
    "sohu.com",
    "tom.com",
    "yeah.net",
    "yahoo.co.jp",
    "yahoo.com.cn",
    "hotmail.fr",
    "outlook.jp",
    "msn.com",
    "mac.com",
    "aliyun.com",
    "proton.me",
    "aq.com",
    "example.org",
    "example.cm",
    "localhost",
]


@pytest.mark.parametrize(("typed", "meant"), MISTYPED.items())
def test_a_slip_is_asked_about(typed: str, meant: str) -> None:
    assert likely_address(f"Ceshi.Jia@{typed}") == f"Ceshi.Jia@{meant}"
    assert likely_address(f"Ceshi.Jia@{typed.upper()}") == f"Ceshi.Jia@{meant}"


@pytest.mark.parametrize("domain", sorted(RIGHT))
def test_what_exists_is_left_alone(domain: str) -> None:
    assert likely_address(f"ceshi@{domain}") is None
    assert likely_address(f"ceshi@{domain.upper()}") is None


@pytest.mark.parametrize("address", ["", "ceshi", "gmial.com", "ceshi@"])
def test_what_is_no_address_is_for_others_to_say(address: str) -> None:
    assert likely_address(address) is None


def test_what_is_suggested_is_not_asked_about_again() -> None:
    for meant in MISTYPED.values():
        assert likely_address(f"ceshi@{meant}") is None


def test_addresses_are_asked_about_topic_by_topic() -> None:
    jia, yi = {"name": "Jia", "email": "jia@gmial.com"}, {"name": "Yi", "email": "yi@example.org"}
    answers = {"email": "bing@163.con", "referees": [jia, yi]}
    assert likely_addresses(answers, "about") == {"bing@163.con": "bing@163.com"}
    assert likely_addresses(answers, "referees") == {"jia@gmial.com": "jia@gmail.com"}
    assert (
        likely_addresses(answers, "studies") == likely_addresses({}, "about") == likely_addresses({}, "referees") == {}
    )
    assert with_likely_addresses(answers, "about") == {"email": "bing@163.com"}
    assert with_likely_addresses(answers, "referees") == {"referees": [jia | {"email": "jia@gmail.com"}, yi]}


def test_no_two_people_are_given_one_address() -> None:
    rows = [{"email": "jia@gmial.com"}, {"email": "JIA@gmail.com"}, {"email": "yi@gmial.com"}, {"email": "yi@gmai.com"}]
    assert likely_addresses({"email": "", "referees": rows}, "referees") == {"yi@gmial.com": "yi@gmail.com"}
    assert likely_addresses({"email": "jia@gmai.com", "referees": rows}, "about") == {}
