"""Text as people mean it: without the signs that nobody sees, and what kinds of signs there are."""

import re
import unicodedata

# Invisible by themselves: controls but tab and line breaks, soft hyphens, marks of direction and of byte order, joiners
# of no width, fillers, variation selectors, tags. They come along from address books, PDF files and chat programs.
INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Where they follow a letter of these scripts they change how it is written: Arabic to Mongolian, and signs of emoji.
SHAPED = "\u0600-\u1aff"
PICTURES = "0-9#*\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\ufe0f"
UNSEEN = re.compile(
    f"[{INVISIBLE}]|(?<![{SHAPED}])[\u180e\u200c]|(?<![{SHAPED}{PICTURES}])\u200d|(?<![{PICTURES}])[\ufe00-\ufe0f]"
)
# Chinese characters, within the brackets of a pattern: the common ones, the compatible ones, the rare ones.
HAN_SIGNS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{HAN_SIGNS}]")
# A month as it is kept: 2025-01.
MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])")
# An e-mail address in letters that every mail program takes (RFC 5322, dot-atom), and how long one may be (RFC 5321,
# erratum 1690).
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(rf"{ATOM}(?:\.{ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
LONGEST_EMAIL = 254
# They turn the reading order round, so that a text looks like another one: "fdp.exe" for "exe.pdf".
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# How long a text for comparing may be: as long as a mail address (RFC 5321).
LONGEST_KEY = 254
# The categories of control characters, halves of surrogate pairs, line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """`text` without signs that nobody sees; tabs, line breaks and what shapes a letter or a picture stay."""
    return UNSEEN.sub("", text)


def plain(text: str) -> str:
    """As visible, without blank ends, and full-width letters, digits and signs as plain ones (NFKC)."""
    return unicodedata.normalize("NFKC", visible(text)).strip()


def comparable(text: str) -> str:
    """`text` as it is compared with others: capitals, blanks, width and composition of signs make no difference.

    At most LONGEST_KEY signs: the compatible forms of a sign may be many, and an index takes no more.
    """
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())[:LONGEST_KEY]
