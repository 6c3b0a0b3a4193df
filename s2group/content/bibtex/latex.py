"""LaTeX as the reader's text."""

import re

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

LATEX_MARKS = re.compile(r"[\\{}$~]|--|``|''")

_decoder = LatexNodes2Text(math_mode="text")


def plain_latex(text: str) -> str:
    """LaTeX as the reader's text: `Schr{\\"o}der` is `Schröder`.

    Line breaks become spaces; what cannot be seen is left out.
    """
    if LATEX_MARKS.search(text):
        # To LaTeX a bare % hides the rest of the line; in a title it is a percent sign.
        text = _decoder.latex_to_text(re.sub(r"(?<!\\)%", r"\%", text))
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
