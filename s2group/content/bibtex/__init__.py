"""BibTeX and biblatex: standard entries, and a few fields of our own that exports leave out."""

from s2group.content.bibtex.entry import KEY
from s2group.content.bibtex.latex import plain_latex
from s2group.content.bibtex.papers import OUR_FIELDS, Author, Paper
from s2group.content.bibtex.reading import Complaint, Reading, read_leniently, read_papers
from s2group.content.bibtex.writing import written

__all__ = [
    "KEY",
    "OUR_FIELDS",
    "Author",
    "Complaint",
    "Paper",
    "Reading",
    "plain_latex",
    "read_leniently",
    "read_papers",
    "written",
]
