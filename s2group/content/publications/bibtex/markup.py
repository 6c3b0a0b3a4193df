"""What stands on and around the names of authors without being part of them: raised marks, bold type, notes."""

import re

from s2group.content.publications.bibtex.latex import INSIDE, LINKED, TAG, unescaped

# Commands that draw a mark.
DRAWN = {
    "ast": "*", "star": "*", "asterisk": "*", "textasteriskcentered": "*", "dag": "†", "dagger": "†", "textdagger": "†",
    "ddag": "‡", "ddagger": "‡", "textdaggerdbl": "‡", "S": "§", "textsection": "§", "P": "¶", "textparagraph": "¶",
    "parallel": "‖", "sharp": "♯", "Letter": "✉", "Envelope": "✉", "faEnvelope": "✉", "faEnvelopeO": "✉",
    "clubsuit": "♣", "diamondsuit": "♦", "heartsuit": "♥", "spadesuit": "♠", "diamond": "◇", "triangle": "△",
}  # fmt: skip
ENVELOPES = "✉📧🖂✍"
# What words such as '(equal contribution)' become while the list is cut.
EQUAL = "＝"
MARKS = f"*†‡§¶‖∥⁎∗＊※△▲☆★◇◆♦♠♣♥♡#♯✝\ufe0f\ufe0e{ENVELOPES}{EQUAL}"
SIGN = f"[{re.escape(MARKS)}]"
DRAWING = re.compile(rf"\\({'|'.join(sorted(DRAWN, key=len, reverse=True))})(?![A-Za-z])(?:\s*\{{\}})?")
RAISED = re.compile(
    rf"<sup\b[^<>]*>.*?</sup>|\\(?:textsuperscript|textsubscript|inst)\s*{INSIDE}|\$[\s{{}}]*\^[^$]*\$"
    rf"|(?<!\\)\^\s*(?:{INSIDE}|\d+(?:,\d+)*|(?:{SIGN}|[a-z])(?!\w))|\$[^$\w\\]*\$",
    re.IGNORECASE,
)
HUNG_ON = re.compile(
    rf"\\(?:thanks|footnotemark|footnote|orcidlink|orcidID|orcid|authornote|fnmsep)\b\s*(?:\[[^\]]*\])?(?:{INSIDE})?"
)
BRACKETED = re.compile(
    r"\s*[(（\[]\s*(?:(?P<corresponding>(?:co-?\s?)?corr(?:\.|esponding)(?:\s+authors?)?|(?:共同)?通[讯信](?:作者)?)"
    r"|equal(?:ly)?(?:\s+contribut\w+)?|co-?\s?first(?:\s+authors?)?|(?:共同|并列)第?一(?:作者?|作)|同等贡献)\s*[)）\]]",
    re.IGNORECASE,
)
SWITCH = re.compile(
    rf"\{{\s*\\(?:bf|bfseries|it|itshape|em|sc|scshape|sl|rm|sf|tt|normalfont)\b\s*{INSIDE[2:]}"  # its first brace
)
# A command of several letters around several letters dresses a name; accents have one of either.
DRESS = re.compile(r"\\(?!url\b)[A-Za-z]{2,}\*?\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\}){2,})\}")
MARKDOWN = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])([*_])(?=[^\W\d_])([^*_]+?)(?<=[\w.])\3(?![^\W\d_])")
ESCAPED = re.compile(r"\\([*#_])")
RAISED_SIGNS = re.compile(r"[¹²³⁰⁴-⁹ᵃ-ᶻ⁺](?:\s?[,，]?\s?[¹²³⁰⁴-⁹ᵃ-ᶻ⁺])*")
# Marks and numbers between brackets: 'Lin[1,*]'.
BRACKETED_SIGNS = re.compile(rf"\s*[(（\[](?:{SIGN}|\d{{1,2}}|[\s,])+[)）\]]")
# By which DBLP tells people of one name apart.
HOMONYM = re.compile(r"(?<=[^\W\d_])\s0\d{3}(?=\s*(?:[,;，；、&]|and\b|$))")
# 'Lin,* Bao,*' as printers set it.
BEHIND_THE_COMMA = re.compile(rf"([,，])({SIGN}+)(?=\s|$)")
# The numbers of affiliations at the end of a name.
NUMBERED = re.compile(rf"(?<=[^\W\d_])({SIGN}*)\d{{1,2}}(?:\s?,\s?\d{{1,2}})*(?={SIGN}*\s*(?:[,;，；、&]|and\b|$))")


def bare_names(written: str) -> str:
    """A list of authors without markup; of marks only the signs are left, right behind their names."""
    text = BRACKETED.sub(lambda found: ENVELOPES[0] if found["corresponding"] else EQUAL, unescaped(written))
    text = DRAWING.sub(lambda found: DRAWN[found[1]], HUNG_ON.sub("", text))
    text = RAISED.sub(lambda found: signs_in(found[0]), text)
    text = BRACKETED_SIGNS.sub(lambda found: signs_in(found[0]), text)
    text = TAG.sub("", LINKED.sub(r"\2", text))
    for _outer_and_inner in range(2):
        text = DRESS.sub(r"\1", SWITCH.sub(r"\1", text))
    text = RAISED_SIGNS.sub("", ESCAPED.sub(r"\1", text))
    text = MARKDOWN.sub(lambda found: found[2] or found[4], text)
    return BEHIND_THE_COMMA.sub(r"\2\1", NUMBERED.sub(r"\1", HOMONYM.sub("", text)))


def signs_in(text: str) -> str:
    """The marks of a text, one after the other."""
    return "".join(sign for sign in text if sign in MARKS)


def without_signs(text: str) -> str:
    """The text without its marks."""
    return "".join(sign for sign in text if sign not in MARKS)
