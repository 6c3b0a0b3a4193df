"""BibTeX and biblatex: standard entries, and a few fields of our own that exports leave out."""

from s2group.content.publications.bibtex.keys import KEY, key_for
from s2group.content.publications.bibtex.latex import plain_latex
from s2group.content.publications.bibtex.papers import Author, Paper
from s2group.content.publications.bibtex.reading import Complaint, Reading, read_leniently, read_papers
from s2group.content.publications.bibtex.writing import written

__all__ = [
    "KEY",
    "Author",
    "Complaint",
    "Paper",
    "Reading",
    "key_for",
    "plain_latex",
    "read_leniently",
    "read_papers",
    "written",
]
