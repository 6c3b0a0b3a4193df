"""Cutting a BibTeX file into its entries, however it was typed.

People's files hold what BibTeX itself would refuse: no comma between fields, a field twice, a brace too many. What can
mean only one thing is read, and said in `mended`; an entry that cannot be read never takes the next one with it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext

NEW_LINE = re.compile(r"\r\n?")
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?\n)??---[ \t]*(\n|\Z)", re.DOTALL)
BEGINNING = re.compile(r"[ \t]*@[ \t]*(?P<kind>[A-Za-z]\w*)\s*(?P<open>[{(])")
ON_A_NEW_LINE = re.compile(rf"^{BEGINNING.pattern}", re.MULTILINE)
BEHIND_ANOTHER = re.compile(rf"\}}\s*(?={BEGINNING.pattern}[^\s{{}},=]*\s*,)")
BETWEEN_FIELDS = re.compile(r"(\n[ \t]*%[^\n]*|\s|,)*")
NO_WORDS = re.compile(r"%|@comment\b", re.IGNORECASE)
NAME = re.compile(r"#?\s*[^\s={},\"#]+(?=\s*=)")
BRACE_TOO_MANY = re.compile(r"\}\s*,?\s*[A-Za-z][\w+:-]*\s*=\s*[{\"\d]")
BRACES = re.compile(r"(?<!\\)[{}]")
ALL_BRACES = re.compile(r"[{}]")
BRACES_AND_QUOTES = re.compile(r"(?<!\\)[{}\"]")
QUOTE_AT_THE_END = re.compile(r"(?<!\\)\"(?=\s*(?:[,}#)]|\Z|\n))")
WORD = {"}": re.compile(r"[^\s,#{}\"]+"), ")": re.compile(r"[^\s,#{}\")]+")}
WORDS = re.compile(r"[^,#{}\"\n]+")
END_OF_WORD = re.compile(rf"\s*(?:[,#}})]|\Z|\n|{NAME.pattern})")
SPACE = re.compile(r"\s*")
MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))
CLOSING = {"{": "}", "(": ")"}
DEEPER = {"{": 1, "}": -1, "(": 1, ")": -1}


@dataclass(frozen=True)
class Entry:
    """One entry: the names of its fields in small letters, `@string`s filled in, and what had to be mended."""

    line: int
    kind: str
    key: str
    fields: Mapping[str, str]
    mended: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """What cannot be read, from this line on: a broken entry, or words that stand outside of any entry."""

    line: int
    problem: str
    entry_lost: bool = True


class _BrokenError(Exception):
    """An entry cannot be read; the text goes on with the next one."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def scan(text: str) -> Iterator[Entry | Unreadable]:
    """The entries of a file in its order, and what is unreadable. Front matter and comments are skipped."""
    text = NEW_LINE.sub("\n", text.replace("\0", "").removeprefix("\ufeff"))
    if found := FRONT_MATTER.match(text):
        text = "\n" * found[0].count("\n") + text[found.end() :]
    return _Scanner(text).blocks()


@dataclass
class _Scanner:
    text: str
    at: int = 0
    # Where the block that is being read must have ended, for there the next one begins.
    limit: int = 0
    strings: dict[str, str] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [found.end() for found in re.finditer("\n", self.text)]

    def blocks(self) -> Iterator[Entry | Unreadable]:
        while True:
            found = BEGINNING.match(self.text, self.space()) or ON_A_NEW_LINE.search(self.text, self.at)
            outside, self.at = self.at, found.start() if found else len(self.text)
            yield from self.words_outside(outside, self.at)
            if not found:
                return
            line = self.line(found.start("kind"))
            try:
                yield from self.block(found, line)
            except _BrokenError as error:
                self.at = self.limit
                problem = lazy_gettext("the entry cannot be read: %(problem)s", problem=error.problem)
                yield Unreadable(line, problem)

    def line(self, at: int) -> int:
        return bisect_right(self.lines, at) + 1

    def space(self) -> int:
        found = SPACE.match(self.text, self.at)
        return found.end() if found else self.at

    def words_outside(self, start: int, end: int) -> Iterator[Unreadable]:
        """BibTeX takes them for a comment; what looks like fields is an entry whose @ was forgotten."""
        lines = [line.strip() for line in self.text[start:end].splitlines()]
        told = [line for line in lines if line.strip("}, ") and not NO_WORDS.match(line)]
        if told:
            at = self.text.index(told[0], start)
            lost = any(re.match(r"[\w-]+\s*=\s*[{\"]", line) for line in told)
            problem = lazy_gettext("text outside an entry: %(text)r", text=told[0][:60])
            yield Unreadable(self.line(at), problem, entry_lost=lost)

    def block(self, found: re.Match[str], line: int) -> Iterator[Entry]:
        kind, closing = found["kind"].lower(), CLOSING[found["open"]]
        self.mended, self.at, self.limit = [], found.end(), self.next_beginning(found.end())
        if kind in ("comment", "preamble"):
            self.skip(found.end("open") - 1, closing)
        elif kind == "string":
            self.strings |= dict(self.fields(closing))
        else:
            key = self.key(closing)
            fields = self.each_once(self.fields(closing))
            yield Entry(line, kind, key, fields, tuple(self.mended))

    def skip(self, opening: int, closing: str) -> None:
        """A comment may have whole entries in it; one that never ends does not take the next with it."""
        beginning, self.limit = self.limit, len(self.text)
        marks = BRACES if closing == "}" else re.compile(r"[()]")
        self.at = self.matching(opening, marks) or beginning

    def key(self, closing: str) -> str:
        """What stands before the first comma; where there is none, all but the name of the first field."""
        end = re.compile(rf"[,={re.escape(closing)}]").search(self.text, self.at)
        stop = end.start() if end else len(self.text)
        head = self.text[self.at : stop]
        if "\n@" in head:
            raise _BrokenError(lazy_gettext("it has no fields"))
        if end and end[0] == "=":
            head = re.sub(r"\S+\s*$", "", head)
            if head.strip():
                self.mended.append(lazy_gettext("the comma after the key is missing"))
        self.at += len(head)
        return " ".join(head.split())

    def fields(self, closing: str) -> Iterator[tuple[str, str]]:
        while True:
            comma = "," in self.text[self.at : (start := self.between_fields())]
            self.at = start
            if closing == "}" and BRACE_TOO_MANY.match(self.text, self.at):
                self.mended.append(lazy_gettext("a closing brace is too many"))
                self.at += 1
                continue
            if self.ends(closing):
                return
            name = NAME.match(self.text, self.at)
            if name is None:
                self.junk(closing)
                continue
            field_name = "".join(name[0].split()).lower()
            if not comma and self.at and self.text[:start].rstrip()[-1:] in ("}", '"'):
                self.mended.append(lazy_gettext("the comma before %(name)s is missing", name=field_name))
            self.at = self.text.index("=", name.end()) + 1
            yield field_name, self.value(closing)

    def between_fields(self) -> int:
        found = BETWEEN_FIELDS.match(self.text, self.at)
        return found.end() if found else self.at

    def ends(self, closing: str) -> bool:
        """Whether the entry ends here; then the text goes on behind it."""
        if self.text.startswith(closing, self.at):
            self.at += 1
            return True
        if self.at >= self.limit:
            self.mended.append(lazy_gettext("the closing brace is missing"))
            return True
        return False

    def junk(self, closing: str) -> None:
        """Skip what is no field, up to the next comma."""
        start = self.at
        if self.text[self.at] == "{":
            self.at = self.group_end(self.at)
        else:
            found = re.compile(rf"[,\n{re.escape(closing)}]").search(self.text, self.at + 1)
            self.at = found.start() if found else len(self.text)
        self.mended.append(lazy_gettext("%(text)r is no field", text=self.text[start : self.at][:40].strip()))

    def value(self, closing: str) -> str:
        """One or several parts, tied by #."""
        parts = [self.part(closing)]
        while self.text.startswith("#", self.space()) and not NAME.match(self.text, self.space()):
            self.at = self.space() + 1
            parts.append(self.part(closing))
        return "".join(parts).strip()

    def part(self, closing: str) -> str:
        self.at = start = self.space()
        if start >= self.limit:
            return ""
        if self.text.startswith("{", start):
            self.at = self.group_end(start)
            return self.text[start + 1 : self.at - 1]
        if self.text.startswith('"', start):
            self.at = self.quote_end(start)
            return self.text[start + 1 : self.at - 1]
        found = WORD[closing].match(self.text, start)
        if found and not END_OF_WORD.match(self.text, found.end()):
            found = WORDS.match(self.text, start)
        self.at = found.end() if found else start
        return self.named(found[0].strip()) if found else ""

    def named(self, word: str) -> str:
        """What an `@string` of this name says; numbers, months and whatever nobody has named are what they are."""
        if word.lower() in self.strings:
            return self.strings[word.lower()]
        if word[0].isalpha() and word.lower() not in MONTHS:
            self.mended.append(lazy_gettext("no @string is called %(name)s, and it stands without braces", name=word))
        return word

    def group_end(self, start: int) -> int:
        """Where the group ends that begins with the brace at `start`.

        Programs differ in whether an escaped brace counts: the reading that ends is right.
        """
        for each in (BRACES, ALL_BRACES):
            if end := self.matching(start, each):
                return end
        problem = lazy_gettext("a brace is not closed (line %(line)s)", line=self.line(start))
        raise _BrokenError(problem)

    def quote_end(self, start: int) -> int:
        """Where the text between quotation marks ends: at one outside of braces, else at one before a comma."""
        if end := self.matching(start + 1, BRACES_AND_QUOTES, ends='"'):
            return end
        found = QUOTE_AT_THE_END.search(self.text, start + 1)
        if found and found.start() < self.limit:
            return found.end()
        problem = lazy_gettext("a quotation mark is not closed (line %(line)s)", line=self.line(start))
        raise _BrokenError(problem)

    def matching(self, start: int, marks: re.Pattern[str], ends: str = "})") -> int | None:
        """Behind the first of `ends` that stands outside of all braces opened since `start`."""
        depth = 0
        for mark in marks.finditer(self.text, start, self.limit):
            depth = max(depth + DEEPER.get(mark[0], 0), 0)
            if depth == 0 and mark[0] in ends:
                return mark.end()
        return None

    def next_beginning(self, at: int) -> int:
        """Where the next entry begins; the end of the text where there is none."""
        found = ON_A_NEW_LINE.search(self.text, at)
        end = found.start() if found else len(self.text)
        behind = BEHIND_ANOTHER.search(self.text, at, end)
        return behind.end() if behind else end

    def each_once(self, fields: Iterator[tuple[str, str]]) -> dict[str, str]:
        """Of a field that stands there twice the first that says something."""
        kept: dict[str, str] = {}
        for name, value in fields:
            if kept.get(name) and value and " ".join(value.split()) != " ".join(kept[name].split()):
                if name == "author":
                    problem = lazy_gettext("author stands there twice; keep one, with `and` between two people")
                    raise _BrokenError(problem)
                self.mended.append(lazy_gettext("%(name)s stands there twice; the first is taken", name=name))
            kept[name] = kept.get(name) or value
        return kept
