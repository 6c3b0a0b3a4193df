"""Every text of the interface has its Chinese, and the catalogue holds nothing else."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

CATALOGUE = Path("s2group/translations/zh_Hans_CN/LC_MESSAGES/messages.po")
METHODS = [("s2group/**.py", "python"), ("templates/**.*", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def _texts_in_use() -> set[str]:
    found = extract_from_dir(".", METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_text_is_translated_and_none_is_left_over() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and all(message.string if isinstance(message.string, tuple) else [message.string])
    }
    assert not any(message.fuzzy for message in catalogue if message.id)
    in_use = _texts_in_use()
    assert in_use - translated == set(), "texts without Chinese"
    assert translated - in_use == set(), "Chinese for texts that nothing uses"


def test_after_a_day_or_a_time_chinese_has_no_blank() -> None:
    """A day ends in 日, and a time in the bracket around its zone."""
    blank = re.compile(r"%\((?:time|day|moment)\)s [\u4e00-\u9fff]")
    assert [
        line for line in CATALOGUE.read_text().splitlines() if line.startswith("msgstr") and blank.search(line)
    ] == []
