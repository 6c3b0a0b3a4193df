"""How names are sorted: surname first, Chinese ones in pinyin, surnames as surnames are read."""

from s2group.core.localized import LocalizedText
from s2group.core.text import HAN

# Surnames that are read otherwise than the character elsewhere. ü is written v, as it is typed: lü then follows lu.
# fmt: off
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "种": "chong", "覃": "qin", "缪": "miao", "翟": "zhai", "阚": "kan", "郇": "xun", "佴": "nai", "都": "du",
    "能": "nai", "祭": "zhai", "粘": "nian", "黑": "he", "折": "she", "员": "yun", "秘": "bi", "繁": "po", "乐": "yue",
    "洗": "xian", "召": "shao", "句": "gou", "角": "jue", "卜": "bu", "重": "chong", "适": "kuo", "乜": "nie",
    "任": "ren", "吕": "lv",
}
COMPOUND_SURNAMES = {
    "欧阳": "ouyang", "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "澹台": "tantai", "令狐": "linghu",
    "单于": "chanyu", "乐正": "yuezheng", "司马": "sima", "司徒": "situ", "司空": "sikong", "司寇": "sikou",
    "上官": "shangguan", "诸葛": "zhuge", "夏侯": "xiahou", "皇甫": "huangfu", "公孙": "gongsun", "慕容": "murong",
    "宇文": "yuwen", "闻人": "wenren", "赫连": "helian", "濮阳": "puyang", "淳于": "chunyu", "太叔": "taishu",
    "申屠": "shentu", "公羊": "gongyang", "钟离": "zhongli", "轩辕": "xuanyuan", "鲜于": "xianyu", "闾丘": "lvqiu",
    "端木": "duanmu", "南宫": "nangong", "独孤": "dugu", "拓跋": "tuoba", "呼延": "huyan", "完颜": "wanyan",
    "第五": "diwu", "西门": "ximen", "东郭": "dongguo", "东方": "dongfang", "左丘": "zuoqiu", "梁丘": "liangqiu",
    "百里": "baili", "公冶": "gongye", "宗政": "zongzheng", "亓官": "qiguan", "巫马": "wuma", "漆雕": "qidiao",
    "谷梁": "guliang", "段干": "duangan", "羊舌": "yangshe", "纳兰": "nalan", "叶赫": "yehe", "爱新": "aixin",
}
# fmt: on


def sort_name(name: LocalizedText) -> str:
    """The name as lists sort it: 'zeng 曾 yi 一', and 'liu rui' where there is no Chinese one.

    The characters stand between, so that people of one surname stay together where two sound alike.
    """
    letters = "".join(HAN.findall(name.zh))
    if not letters:
        given, _, surname = " ".join((name.en or name.zh).split()).rpartition(" ")
        return f"{surname} {given}".strip().casefold()
    surname = surname_of(name)
    given = letters[len(surname) :]
    return f"{_surname(surname)} {surname} {' '.join(syllables(given))} {given}".strip()


def surname_of(name: LocalizedText) -> str:
    """The characters of the surname, both of a compound one; without a Chinese name the first letter of the other."""
    letters = "".join(HAN.findall(name.zh))
    if not letters:
        return (name.en or name.zh).split()[-1][:1].upper()
    return letters[:2] if len(letters) > 2 and letters[:2] in COMPOUND_SURNAMES else letters[:1]


def _surname(surname: str) -> str:
    known = COMPOUND_SURNAMES.get(surname) or SURNAMES.get(surname)
    return known or "".join(syllables(surname))


def syllables(characters: str) -> list[str]:
    """How characters are read, one by one.

    The dictionaries are imported only when they are needed: they would cost every start of the portal half a second.
    """
    from pypinyin import lazy_pinyin

    return lazy_pinyin(characters)
