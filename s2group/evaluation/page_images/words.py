"""The words by which an applicant, their university or their referees are told: what a blind reader does not see."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from s2group.admissions.models import Application
from s2group.content.people.pinyin import COMPOUND_SURNAMES, sort_name, syllables
from s2group.content.search.rules import simplified
from s2group.core.localized import LocalizedText
from s2group.core.text import HAN, HAN_SIGNS

# A shorter word alone, such as one letter, is no name.
SHORTEST, SHORTEST_ALONE = 2, 3
HAN_RUN = re.compile(f"[{HAN_SIGNS}]+")
LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Answers that tell who somebody is as they stand.
AS_THEY_STAND = ("phone", "wechat", "college")
# How kinds of universities are called in short: 内蒙古师范大学 is 内蒙古师大, 内师大.
KINDS = {
    "师范": ("师大",), "理工": ("理工", "理工大"), "科技": ("科大",), "电子科技": ("电子科大", "成电"),
    "农业": ("农大",), "工业": ("工大",), "交通": ("交大",), "财经": ("财大",), "医科": ("医大",),
    "民族": ("民大",), "邮电": ("邮电", "邮"), "外国语": ("外国语", "外"), "航空航天": ("航",),
    "政法": ("政法",), "林业": ("林大",), "海洋": ("海大",),
}  # fmt: skip
# Universities whose English name is not that of their pinyin, and what they are called in short.
RENAMED = {
    "北京大学": "Peking University", "清华大学": "Tsinghua University",
    "内蒙古大学": "Inner Mongolia University", "内蒙古师范大学": "Inner Mongolia Normal University",
    "内蒙古工业大学": "Inner Mongolia University of Technology",
    "内蒙古农业大学": "Inner Mongolia Agricultural University",
    "内蒙古科技大学": "Inner Mongolia University of Science", "中山大学": "Sun Yat-sen University",
    "苏州大学": "Soochow University", "哈尔滨工业大学": "Harbin Institute of Technology",
    "哈尔滨工程大学": "Harbin Engineering University", "西北工业大学": "Northwestern Polytechnical University",
    "电子科技大学": "University of Electronic Science and Technology", "西藏大学": "Tibet University",
    "中国科学技术大学": "University of Science and Technology of China", "东南大学": "Southeast University",
    "华中科技大学": "Huazhong University of Science", "西安交通大学": "Xi'an Jiaotong University",
    "北京邮电大学": "Beijing University of Posts", "北京航空航天大学": "Beihang University",
    "北京理工大学": "Beijing Institute of Technology", "西北大学": "Northwest University",
    "西南大学": "Southwest University", "东北大学": "Northeastern University",
    "国防科技大学": "National University of Defense Technology", "中国人民大学": "Renmin University",
    "厦门大学": "Xiamen University", "暨南大学": "Jinan University",
    "中国科学院大学": "University of Chinese Academy of Sciences",
    "华南理工大学": "South China University of Technology", "大连理工大学": "Dalian University of Technology",
    "新加坡国立大学": "National University of Singapore",
}  # fmt: skip


def hidden_words(application: Application) -> tuple[str, ...]:
    """All of them, each once, in a fixed order; where the answers change, they do."""
    answers: Mapping[str, Any] = application.answers
    return tuple(sorted({word for word in map(str.strip, _words(application, answers)) if len(word) >= SHORTEST}))


def _words(application: Application, answers: Mapping[str, Any]) -> Iterator[str]:
    yield from names(application.name, str(answers.get("name_pinyin") or ""))
    yield from _address(application.email)
    yield from (str(answers[field]) for field in AS_THEY_STAND if answers.get(field))
    yield from universities(str(answers.get("university") or ""))
    for row in answers.get("repositories") or ():
        yield str(row.get("link") or "")
    for row in answers.get("referees") or ():
        yield from names(str(row.get("name") or ""))
        yield from _address(str(row.get("email") or ""))


def names(name: str, pinyin: str = "") -> Iterator[str]:
    """A person's name as it may be written: in Han and Latin letters, either part first, the given one in short."""
    han = "".join(HAN.findall(name))
    if han:
        surname = han[:2] if len(han) > 2 and han[:2] in COMPOUND_SURNAMES else han[:1]
        given = han[len(surname) :]
        yield from _characters(han)
        yield from _characters(given) if len(given) > 1 else ()
        yield from _of_syllables(surname, given)
    latin = LATIN_WORD.findall(HAN_RUN.sub(" ", name))
    for words in (latin, LATIN_WORD.findall(pinyin)):
        yield from _orders(words)
        yield from (word for word in words if len(word) >= SHORTEST_ALONE and not han)


def universities(name: str) -> Iterator[str]:
    """A university's name in the other language, too, as far as it follows from its own, and its common short forms."""
    yield name
    chinese = [each for each, english in RENAMED.items() if english.casefold() in name.casefold()]
    for each in dict.fromkeys([*HAN_RUN.findall(name), *chinese]):
        yield from _characters(each)
        yield from _short_forms(each)
        english = RENAMED.get(each) or _english(each)
        yield from (english, initials(english))
    yield initials(name)


def initials(name: str) -> str:
    """IMU for Inner Mongolia University; empty where it would be shorter than three letters."""
    short = "".join(word[0] for word in name.split() if word[0].isupper())
    return short if len(short) > SHORTEST else ""


def _characters(han: str) -> Iterator[str]:
    """As they stand, in simplified and in traditional characters."""
    yield from (han, han.translate(simplified()), han.translate(_traditional()))


@cache
def _traditional() -> dict[int, str]:
    """For str.translate: the usual traditional form of each simplified character."""
    tables = json.loads(files("zhconv").joinpath("zhcdict.json").read_text(encoding="utf-8"))
    return str.maketrans({plain: sign for plain, sign in tables["zh2Hant"].items() if len(plain) == len(sign) == 1})


def _of_syllables(surname: str, given: str) -> Iterator[str]:
    """In pinyin, as surnames are read."""
    read = HAN_RUN.sub(" ", sort_name(LocalizedText(zh=surname + given, en=""))).split()
    if len(read) < SHORTEST:
        return
    first, *rest = read
    yield from _orders([first, "".join(rest)])
    yield from _orders([first, *rest])
    if len("".join(rest)) >= SHORTEST_ALONE:
        yield "".join(rest)


def _orders(words: list[str]) -> Iterator[str]:
    """With the first or the last part as the surname, the others whole or by their first letters."""
    if len(words) < SHORTEST:
        return
    for surname, given in ((words[0], words[1:]), (words[-1], words[:-1])):
        short = "".join(word[0] for word in given)
        for rest in dict.fromkeys(("".join(given), short)):
            yield from (f"{surname} {rest}", f"{rest} {surname}")


def _address(email: str) -> Iterable[str]:
    """The address, and what stands before the @, which is often used as a name elsewhere."""
    local = email.partition("@")[0]
    return (email, local) if len(local) > SHORTEST_ALONE else (email,)


def _short_forms(name: str) -> Iterator[str]:
    stem = re.sub("(大学|学院)$", "", name)
    if stem == name:
        return
    yield from (f"{stem}大", f"{stem[0]}大")
    for kind, shorts in KINDS.items():
        place = stem.removesuffix(kind)
        if place and place != stem:
            yield from (f"{begin}{short}" for begin in (place, place[0]) for short in shorts)


def _english(name: str) -> str:
    stem = re.sub("(大学|学院)$", "", name)
    return f"{''.join(syllables(stem)).title()} University" if stem != name else ""
